"""`watch doctor`: what an administrator asks first, each with what to do.

examine        runs all examinations; a fault of one is its finding
finding        a finding: what was looked at, how it is, what to do
program        versions, optional parts, the sandbox of the process that reads pages
machine        disk, clock, the units of systemd
state          the state: whether it can be opened and written, daemons, sources, deliveries
network        host names, certificates, proxies; nothing is fetched
configuration  its warnings, credentials, channels (nothing is sent) and rules
"""
