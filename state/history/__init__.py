"""What a register said at an earlier time: each change leaves what undoes it.

history     the repository of earlier times: entries, differences, gaps, the number of checks
life        one entry through all its values. Pure
undo        what undoes a change, as data, and the rows of today with the stored undos applied
recording   writes what undoes a change, in its transaction; the times without a reading, and the number of checks
"""
