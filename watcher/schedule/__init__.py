"""When a source changes, as its own checks show, and when to look again. Pure: no I/O, no clock.

Times are seconds since 1970 in UTC. docs/schedule.md explains it, and says what it brings.

week      the week in slots of five minutes, and the time since the last change in classes
estimate  from counts of changes to rates
learner   what is kept of a source, in 2 KB
lessons   what a check teaches
curve     the pace of one source over the week, and its next check
budget    how many requests there are, and how sources share them
pacing    one source among the others: when it is due, and why; what its feed asks for
forecast  what a budget brings
chart     a week of a source's rhythm, in lines for people
"""
