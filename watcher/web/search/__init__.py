"""Search over the entries of all sources: an index in a file of its own, which `watch serve` keeps up to date.

The state stays as it is: checks write nothing more, and a state on a PostgreSQL server is searched in the same way. The
file is a cache. It is built again when it is damaged, and compared with the state when it is opened.

`words`     pure: what a person types as a query, and the words of an entry
`index`     the file: where it is, an FTS5 table of SQLite, and what is in it
`follower`  START HERE: the thread that compares the index with the state
"""
