"""The desk over a large state, as a workload: work_desk.py runs it.

`state`     puts sources, entries and changes into a state, in a process of its own
`served`    `watch serve`, or another server: its processor time, its memory; a browser for it
`pages`     what each page takes
`beside`    what page views cost a check that runs beside them
`overview`  the overview of changedetection.io, beside ours
"""
