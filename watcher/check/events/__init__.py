"""Which changes become events of the log, and how much of them.

selection   which changes become events of their own
growth_cap  how much one source may add to the log of events
"""
