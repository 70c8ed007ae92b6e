"""What guards the desk. Who the person behind a request is, `watcher/web/viewers.py` decides with it.

`sessions`   sessions in memory, ended by sign-out, by age, or by the end of the process
`passwords`  argon2 hashes of passwords
`throttle`   sign-in attempts: each failure makes the next one wait longer
`boundary`   middleware: hosts, origins of requests that write, headers of answers, sizes of bodies
"""
