"""One check of a source, and the decision on its outcome. `watcher/cycle.py` shows the whole pipeline.

context        a source with what its check needs
check_io       the interface through which a check fetches and offloads
pipeline       the check: fetch, read, believe, diff, match
fetching       gets pages; revalidates the stored ones first
steps          plausibility, difference and mentions
matching       which entities changes mention: found in the thread, or in a subprocess
selection      which changes become events of their own
excerpt        the part of two long texts that differs
growth_cap     how much one source may add to the log of events
outcome        the outcome of a check, and its result
decide         from an outcome to what is written
results        from a commit to a result
event_factory  makes the events of an outcome
widening       an edited source that reads further pages
schedule       when a source is next due
lesson         what the schedule learned from a check
"""
