"""What would be, without doing it: nothing is sent, and a source's own state stays as it is.

try_source       reads one source without checking it
would_hold       whether the next check would find that suspicious
held             a held snapshot: what it would bring, and taking it
replay           checks a source over pages of the past
replay_evidence  checks a source over the pages kept as evidence
dated_pages      saved pages in a folder, in the order in which they were saved
saved_pages      serves a saved page in place of a site
rule_trial       which alert rules are for a change, and why others are not
"""
