"""What a register said at an earlier time: each change leaves what undoes it; and what others kept of it before.

history        the repository of earlier times: entries, differences, gaps, the number of checks
life           one entry through all its values. Pure
everything     all that is known at one moment, as rows of tables
undo           what undoes a change, as data, written in its transaction, and applied to the rows of today; the times
               without a reading, and the number of checks
captured_past  a register and an entry's values in them, joined with the own ones. Pure
"""
