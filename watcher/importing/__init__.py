"""`watch import`: the jobs of another program, as sources; and a list of names, as entities.

run             the command: read a file within limits (OPML, CSV, plain lists of addresses, and the following),
                look at pages, say what becomes of each job or row, ask, write
urlwatch        jobs.yaml of urlwatch and webchanges, and their filters
changedetection the backup of changedetection.io: its settings, its watches
job             a job: what it asks for as options of a source, what has no counterpart, why it was left out
targets         which kind reads what is selected; JSONPath and jq as JMESPath
"""
