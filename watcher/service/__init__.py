"""The program as a service: one shot, daemon or worker, and what it does besides checking.

daemon          loads, checks what is due until stopped, finishes; its delivery thread
once            one check of every source
worker          a daemon as one of several workers on a PostgreSQL server
timetable       which sources are due: of a daemon that checks all sources alone
check_requests  the checks that people ask for
pushes          what programs push
presence        what daemons and workers report: health of the sources, counts of checks, that they are running
heartbeat       the dead man's switch
systemd         signals as requests; READY, STATUS, WATCHDOG
housekeeping    once a day: deletes old rows and old evidence
witnesses       asks third parties to stamp the chain of evidence, and to save pages
"""
