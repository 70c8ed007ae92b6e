"""Uses of the evidence; state/evidence stores it.

proofs           builds the proof of one event
verification     compares evidence with its chain
authority        whether a given authority signed a time stamp
untrusted_files  reads a folder or .zip from a stranger
page_copies      a proof's pages as files that are safe to open
timestamps       has the chain time-stamped once a day
"""
