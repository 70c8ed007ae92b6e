"""From what is known and what was read to a decision: differences, plausibility, health. Pure.

diff                a snapshot against what is known
diff_plan           what becomes of each entry
field_diff          two versions of an entry, field by field
window_diff         a rolling list before and after
rekeying            new entries, or old ones under other keys
plausibility        is a snapshot plausible: counts and losses
expectations        does it keep the source's own contract (`expect`)
health              a source's health after a check
habits              how a source usually behaves
fingerprints        fingerprints of bodies, of options, of places
many_changes        the changes of a snapshot in which much is new
reader_fingerprint  the fingerprint of the code that reads a kind
"""
