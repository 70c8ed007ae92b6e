"""Uses of the evidence; state/evidence stores it.

proofs           builds the proof of one event
verification     compares evidence with its chain, and time stamps with a given authority
inert_copies     a proof's pages as files that are safe to open
wacz             writes a proof's pages for ReplayWeb.page
"""
