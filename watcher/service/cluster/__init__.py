"""Several workers on one PostgreSQL server: what a daemon needs to share its work.

cluster_worker   START HERE: a daemon whose schedule is shared with others
shared_schedule  the schedule of one worker among several
shared_pacing    what workers share: limits for each host, and the heartbeat's round
job_queue        the workers' queue (procrastinate)
worker_list      the workers, as `watch status` shows them
"""
