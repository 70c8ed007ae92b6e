"""The repositories of the state: what is kept of each subject.

entries         the entries of each source, and what was read on their own pages
staging         entries of a large snapshot, written in parts that are invisible until the last one
pages           the pages of the accepted snapshot, and of a suspicious one
events          the log of changes and of health, each with the capture that proves it
outbox          pending deliveries, the messages composed of them, and failing channels
delivery_rows   their rows: read, changed together, marked as dead
people          what waits for people: approvals, acknowledgements
clearings       entries that are not about an entity, as somebody has decided
desk            what people do: handled changes, visits, actions, checks that they ask for, feeds; and snoozes
discussion      what people say of changes, cases and held snapshots, and the links by which one is handed on
chats           messages with buttons, and what people press there
pushed          what programs pushed, and were answered
objects         what is configured at the desk, with all its revisions, and pauses
browsing        pages of changes and entries, and counts of them
entities        watched entities: whose stored entries were alerted, and what an alert may cite of them
readers         what each follows, and the letters that he gets of it
screening       the index of the names of entries, by which screening finds them
past            the captures that others kept of a source, and what was read in them
rhythms         when sources change, as learned, and the budget of requests that they share
translations    what machines said of changes, in other languages
retention       deletes what is old
damage          rows that cannot be read, as a disk gave back other bytes
daemons         running daemons and their status
workers         which worker checks which source, and the rate limits per host that they share
"""
