"""One check of a source, and the decision on its outcome. `watcher/cycle.py` shows the whole pipeline.

context        a source with what its check needs
check_io       the interface through which a check fetches and offloads
pipeline       the check: fetch, read, believe, diff, match
details        reads the pages of entries, and compares them
dated          fills dates into requests
fetching       gets pages; revalidates the stored ones first
steps          plausibility, difference and mentions
matching       which entities changes mention: found in the thread, or in a subprocess
events/        which changes become events of their own, and how much of them
event_factory  makes the events of an outcome
outcome        the outcome of a check, and its result
decide         from an outcome to what is written
captures       what of it is kept as evidence
widening       an edited source that reads further pages
unread         whether a time without a reading ends with a check
schedule       when a source is next due, and what its schedule learns
"""
