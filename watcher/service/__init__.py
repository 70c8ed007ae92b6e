"""The program as a service: one shot, daemon or worker, and what it does besides checking.

daemon              loads, checks what is due until stopped, finishes
once                one check of every source
cluster_worker      a daemon whose schedule is shared with others
schedule            the interface between a daemon and its schedule
timetable           the schedule of a daemon that checks all sources alone
shared_schedule     the schedule of one worker among several
shared_pacing       what workers share: limits for each host, and the heartbeat's round
job_queue           the workers' queue (procrastinate)
worker_list         the workers, as `watch status` shows them
sender              the delivery thread
presence            records in the state that a daemon is running
signals             signals as requests
systemd             READY, STATUS, WATCHDOG
logs                one line for each record, without secrets
status_counters     the health of the sources, and counts of recent checks
heartbeat           the dead man's switch
housekeeping        once a day: deletes old rows
evidence_retention  once a day: deletes old evidence
"""
