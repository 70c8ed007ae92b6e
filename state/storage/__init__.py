"""The parts of the store.

staging         entries of a large snapshot, written in parts that are invisible until the last one
worker_claims   which worker checks which source
host_pace       rate limits per host, shared by all workers
daemons         running daemons and their status
events          the log of changes and of health, each with the capture that proves it
outbox          pending deliveries, and the messages composed of them
delivery_rows   their rows: read, changed together, marked as dead
people          what waits for people: approvals, acknowledgements
snoozes         sources and entities whose alerts wait until a time
channels        failing channels
entities        watched entities: whose stored entries were alerted, and what an alert may cite of them
entries         the entries of each source
details         what was read on the pages of entries
pages           the pages of the accepted snapshot, and of a suspicious one
desk            what people look at and ask for: changes, entries, actions, checks, feeds
rhythms         when sources change, as learned, and the budget of requests that they share
retention       deletes what is old
"""
