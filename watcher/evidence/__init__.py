"""Uses of the evidence; state/evidence stores it.

proofs           builds the proof of one event, with its pages as files that are safe to open, and writes it; its pages
                 for ReplayWeb.page
verification     compares evidence with its chain, and time stamps with a given authority
"""
