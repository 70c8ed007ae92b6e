"""What several commands use.

open_existing    opens a state without creating one
arguments        parses the arguments that commands share
limit            the option --limit
try_source       reads one source without checking it
would_hold       whether the next check would find that suspicious
replay           checks a source over dated captures
dated_pages      saved pages in order of time
proof_folder     the pages in the folder of a proof
saved_pages      serves a saved page in place of a site
replay_evidence  checks a source over the pages kept as evidence
sync_cycle       a cycle for callers without an event loop
held             a suspicious snapshot, and the changes that it would bring
accept           accepts it, after a person has seen them
case_file        writes a case's page to a file
case_text        a case as text and as JSON
report           the result of a check, for people and as JSON
"""
