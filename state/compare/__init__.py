"""Pure decisions about a snapshot and the stored entries: differences, plausibility, health.

diff                compares a snapshot with the stored entries
diff_plan           matches entries by key and fingerprint
field_diff          compares two versions of an entry, field by field
window_diff         which entries were removed from a rolling list, and which scrolled off
rekeying            recognises old entries under new keys
plausibility        whether a snapshot is plausible: counts and losses
mass_change         whether its structure moved: the same field of most entries
only_form           whether values are the same, written otherwise
text_loss           whether most of a page's text has gone
expectations        whether it meets the source's own contract (`expect`)
health              a source's health after a check
habits              a source's usual behaviour: quiet, restless
fingerprints        fingerprints of bodies, options and addresses
many_changes        the changes of a snapshot with very many new entries
reader_fingerprint  the fingerprint of a kind's code
common_prefix       how far two texts begin alike
"""
