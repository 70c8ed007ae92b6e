"""Uses of the evidence; state/evidence stores it.

proofs           builds the proof of one event
attachments      the proofs and screenshots that are attached to a message
verification     compares evidence with its chain, and time stamps with a given authority
untrusted_files  reads a folder or .zip from a stranger
inert_copies     a proof's pages as files that are safe to open
wacz             writes a proof's pages for ReplayWeb.page
"""
