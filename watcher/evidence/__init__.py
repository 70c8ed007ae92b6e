"""Uses of the evidence; state/evidence stores it.

proofs           builds the proof of one event, and writes it; its pages for ReplayWeb.page
verification     compares evidence with its chain, and time stamps with a given authority
inert_copies     a proof's pages as files that are safe to open
"""
