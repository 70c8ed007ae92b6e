"""Parses pages into entries, in the calling thread or in a subprocess, within limits.

engine        START HERE: drives a kind as a generator: requests pages, yields entries
known_filter  drops entries whose fingerprint is known; accumulates digest and profile; buffers the others in packs, to
              cross processes and to wait for storage
entry_fingerprints  fingerprints of entries and of whole snapshots; entries together with theirs
records       reads of a large page only what the page before it did not have
completeness  whether a source has read its whole list, and the number of entries that a register states
placement     where a page is parsed: in the calling thread or in a subprocess; functions that may run there, too
pool          the subprocesses that parse, shared fairly among hosts, their limits, and the use of what comes back
messages      typed messages between program and subprocess, in frames with limits in size; sources, pages, entries and
              errors as messages and back, with the validation of what comes
process_main  main function of the subprocess: one job at a time
sandbox       confines the subprocess (a filter of system calls, Landlock)
"""
