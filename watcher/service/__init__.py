"""The program's life: one shot, daemon or worker, and what it does beside checking.

daemon              load, check what is due until told to stop, finish
once                one check of every source
cluster_worker      a daemon whose schedule is shared with others
schedule            what a daemon asks of its schedule
timetable           the schedule of a daemon that checks all by itself
shared_schedule     the schedule of one worker among several
shared_pacing       what workers spare and complete together: hosts, the heartbeat's round
job_queue           the workers' queue (procrastinate)
check_requests      the checks that people ask for
worker_list         the workers, as `watch status` shows them
sender              the delivery thread
presence            tells the state that a daemon is there
signals             signals as requests
systemd             READY, STATUS, WATCHDOG
logs                one line an event, without secrets
status_counters     how the sources stand, and what happened lately
heartbeat           the dead man's switch
housekeeping        once a day: forget what is old
evidence_retention  once a day: remove old evidence
"""
