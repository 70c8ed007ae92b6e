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
held             a held snapshot: what it would bring
accept           takes it, once a person has seen that
case_file        a case's page in a file
whole_file       a file that is written whole or not at all
feeds            which feeds there are, and the keys of their addresses
atom             changes as an Atom feed
case_text        a case as text and as JSON
event_json       a change as JSON, and the schema of that
status_json      a source's health, and a delivery, as JSON
report           what a check came to
"""
