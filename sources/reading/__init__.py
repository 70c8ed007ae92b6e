"""Reading pages into entries, in the thread or in a process of its own, within limits.

engine        drives a kind as a generator: asks for pages, yields entries
process_main  the child: a job at a time
processes     reading in processes of their own: pool, child, hand-over
sandbox       what such a process may do
frames        messages as frames of limited length
messages      the types of what crosses
inline_safe   which large pages need no process of their own
known_filter  drops entries whose fingerprint is known; sums up the rest
entry_buffer  many entries packed, to cross processes and to wait
row_batch     records of one table, fingerprinted together
fingerprints  fingerprints of entries and of whole snapshots
profile       what a snapshot looks like as a whole
stated_total  how many entries a register says it has
"""
