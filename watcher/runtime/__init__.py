"""Runs many checks at once: one event loop, threads beside it, commits one at a time.

scheduler     runs checks as coroutines, and long work in threads
host_pacing   when each request is sent: concurrency and spacing for each host
committer     how the outcome of a check is written: in a batch, at once, in steps, or not at all; one at a time
event_loop    the event loop, and its longest pauses
background    work at intervals, in threads beside it
"""
