"""What commands are made of.

open_existing    opens a state without creating one
arguments        what a command is asked for
limit            the option --limit
try_source       reads one source for a look
would_hold       whether that would be held as suspicious
replay           a source over dated captures
dated_pages      saved pages in order of time
proof_folder     the pages in the folder of a proof
saved_pages      a saved page in the place of a site
replay_evidence  a source over the pages that were kept of it
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
