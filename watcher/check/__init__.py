"""One check, from due to found, and what is decided of it. `watcher/cycle.py` draws it.

context        a source with what its check needs
check_io       what a check may wait for
pipeline       the check: fetch, read, believe, diff, match
fetching       gets pages; asks first whether anything is new
steps          plausibility, difference and mentions
matching       whom changes mention: here, or in a process
selection      which changes are told one by one
excerpt        of two long texts, what differs
growth_cap     how much one source may add to the log
outcome        what a check found
decide         from an outcome to what is written
results        from what was committed to a result
event_factory  the events that an outcome gives rise to
widening       an edited source that reads further pages
schedule       when a source is next due
"""
