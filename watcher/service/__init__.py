"""The program as a service: one shot, daemon or worker, and what it does besides checking.

daemon              loads, checks what is due until stopped, finishes
once                one check of every source
cluster             a daemon as one of several workers on a PostgreSQL server
schedule            the interface between a daemon and its schedule
timetable           the schedule of a daemon that checks all sources alone
former_names        renamed sources go on with their state
check_requests      the checks that people ask for
sender              the delivery thread
presence            records in the state that a daemon is running
put_off             what waits while the state cannot be used
signals             signals as requests
systemd             READY, STATUS, WATCHDOG
logs                one line for each record, without secrets
status_counters     the health of the sources, and counts of recent checks
heartbeat           the dead man's switch
housekeeping        once a day: deletes old rows and old evidence
"""
