"""Runs many checks at once: one event loop, threads beside it, commits one at a time.

scheduler     runs checks as coroutines
host_pacing   when each request goes: places and spacing per host
offload       work in threads, awaited by the loop
thread_pool   the threads
prefetch      loads the state of many checks together
write_batch   batches the commits of unchanged checks
commit_queue  commits one at a time, large ones in steps
periodic      work that comes back every so often, in a thread
event_loop    the event loop, and its longest pause
"""
