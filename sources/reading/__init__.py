"""Parses pages into entries, in the calling thread or in a subprocess, within limits.

engine        drives a kind as a generator: requests pages, yields entries
process_main  main function of the subprocess: one job at a time
processes     the parent's side: pool of subprocesses, hand-over
sandbox       confines the subprocess (seccomp, Landlock)
frames        framing of messages, with limits in size
messages      typed messages between program and subprocess
known_filter  drops entries whose fingerprint is known; accumulates digest and profile
entry_buffer  entries serialised in packs, to cross processes and to wait for storage
fingerprints  fingerprints of entries and of whole snapshots
profile       statistics of a snapshot: filled fields, odd keys
stated_total  the number of entries that a register states
completeness  whether a source has read its whole list
"""
