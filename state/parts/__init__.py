"""The parts of the store, by what they keep.

staging        the entries of a large snapshot, in parts that nobody reads yet
worker_claims  which worker checks what
host_pace      how workers spare hosts together
daemons        which daemons are there, and how they fare
events         the log of changes and of health
outbox         deliveries that wait, and the messages made of them
delivery_rows  their rows: read, changed together, given up
channels       channels in trouble
entities       which watched entities were told of
entries        the entries of each source
pages          the pages of the last accepted snapshot, and of a held one
citations      what is known of an entity, for an alert to cite
proofs         which capture proves which event
retention      forgets what is old
"""
