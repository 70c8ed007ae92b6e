"""What a register said at an earlier time: each change leaves what undoes it.

history     the repository of earlier times: entries, differences, gaps, the number of checks
life        one entry through all its values. Pure
past        the stored undos of a source, applied to the rows of today
undo        what undoes a change, as data. Pure
recording   writes what undoes a change, in its transaction; the times without a reading, and the number of checks
"""
