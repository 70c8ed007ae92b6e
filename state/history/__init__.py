"""What a register said at an earlier time: each change leaves what undoes it, and an answer undoes from today's
entries.

undo        what undoes a change, as data; pure
recording   writes it, in the transaction of the change
records     reads it back, the newest first
past        rows as they were at a time; pure but for the rows of today
gaps        times that cannot be answered for, and why
tallies     how many checks there were
history     the part of the Store: a register at a time, and between two
life        one entry through all its values
"""
