"""Several workers on one PostgreSQL server: what a daemon needs to share its work.

worker       START HERE: a daemon whose due times, limits for each host and heartbeat are shared with others
job_queue    the workers' queue (procrastinate)
worker_list  the workers, as `watch status` shows them
"""
