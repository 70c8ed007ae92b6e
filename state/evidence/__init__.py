"""Evidence: the very responses that gave rise to changes, as WARC records in a chain of hashes.

options.py    what `[evidence]` may say
warc.py       pure: records as bytes, and bytes as records
pieces.py     pure: a page's request and response as records, without secrets
about.py      pure: what a check says of itself, its pages and its changes
files.py      the folder: append and sync, cut off what no transaction knows
keeper.py     one capture within the transaction of its check
chain.py      pure: links, and what breaks them
verify.py     every length, hash and link, against the files
expiry.py     pure: which files are too old, or too many
reading.py    a capture read back from its file
exported.py   pure: the chain as a file of lines
stamps.py     pure: time stamps of the chain
book.py       what the Store tells of captures
"""
