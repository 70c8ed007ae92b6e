"""Evidence as the program uses it; the store of it is state/evidence.

proofs           the proof of one event, put together
verification     compares evidence with its chain
authority        whether a stamp is of the authority that was named
cut_off_end      what lies beyond the end of a chain
untrusted_files  a folder or .zip from a stranger
page_copies      a proof's pages, safe to open
timestamps       has the chain stamped once a day
"""
