"""One check of a source, and the decision on its outcome. `watcher/cycle.py` shows the whole pipeline.

context        a source with what its check needs; loads the state of many together
pipeline       the check: fetch, read, believe, diff, match
fetching       gets pages; revalidates the stored ones first; the interface through which a check fetches and offloads
newest         reads the newest version: what altered, by deltas, or in full
details        reads the pages of entries, and compares them
matching       which entities changes mention: found in the thread, or in a subprocess
cleared        mentions that somebody has ruled out
log_limit      which changes become events of their own, and how much of them
event_factory  makes the events of an outcome
outcome        the outcome of a check, and its result
decide         from an outcome to what is written; health and habits: failing, suspicious, quiet, restless
"""
