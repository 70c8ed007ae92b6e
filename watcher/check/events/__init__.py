"""Which changes become events of the log, and how much of them.

selection   which changes become events of their own
excerpt     the part of two long texts that differs
growth_cap  how much one source may add to the log of events
"""
