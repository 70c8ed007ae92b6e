"""The parts of the store.

staging         entries of a large snapshot, written in parts that are invisible until the last one
worker_claims   which worker checks which source
host_pace       rate limits per host, shared by all workers
daemons         running daemons and their status
events          the log of changes and of health
outbox          pending deliveries, and the messages composed of them
delivery_rows   their rows: read, changed together, marked as dead
channels        failing channels
entities        watched entities whose stored entries were alerted
entries         the entries of each source
pages           the pages of the accepted snapshot, and of a suspicious one
citations       earlier events about an entity, for an alert to cite
browsing        pages of changes, and counts of them, for people who look
entry_browsing  stored entries, of all sources or of one, for people who look
desk            handled changes, visits, actions
proofs          which capture proves which event
check_requests  checks that people ask for
feed_keys       what the keys of feeds are derived from
retention       deletes what is old
"""
