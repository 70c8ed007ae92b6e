"""Pure decisions about a snapshot and the stored entries: differences, and whether it is plausible.

diff            compares a snapshot with the stored entries, matched by key and fingerprint
changes         compares two versions of an entry, field by field
text_parts      how a text changed, by words
plausibility    whether a snapshot is plausible, by its counts, losses and the source's own contract (`expect`);
                whether its structure moved, or only the form of its values, or most of its text has gone
forms           values that are only written otherwise: letter case, the form of a date or a number
reader_fingerprints  fingerprints of bodies, options, addresses, and of a kind's code and data
"""
