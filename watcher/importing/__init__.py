"""`watch import`: the jobs of another program, as sources; and a list of names, as entities.

run         the command: read, convert, show, ask, write
lists/      the formats of lists, and their jobs
job         a job: what becomes a source, what of it has no counterpart, or why it was left out
translate/  kinds, selectors, paths and requests in the terms of this program
look        the best kind for a page, where the job says none
entities    a CSV file of names
report      what is said of each job
place       where the tables are written, after validation
export      the sources as a list of feeds
"""
