"""When a source is checked: by its interval, its calendar, or as its own checks show that it changes.

Times within the week are seconds since 1970 in UTC. docs/schedule.md explains it, and says what it brings. All but the
pacemaker is pure: no I/O, no clock.

due_times   when a source is next due, and why; what its feed asks for; whether a time without a reading ends
week        the week in slots of five minutes, and the pace of one source over it
learning    what a check teaches, and what is kept of it
budget      the table `[schedule]`: how many requests there are, how sources share them, and what that brings
pacemaker   sets the pace of each source, between the state and the checks
"""
