"""Evidence: the exact responses behind changes, as WARC records in a hash chain.

options         the table `[evidence]`
store           the part of the Store for captures and the chain
writer          writes a capture within the transaction of its check
holdings        what a file has already: nothing is written into it twice
records/        what is written: pages and checks as WARC records
certificates    the fields of certificates. Pure
files           the folder: append and fsync, truncate what was not committed
reading         reads a capture back from its file
chain           links, and their verification. Pure
chain_export    the chain as a file of JSON lines. Pure
stamps          time stamps of the chain. Pure
verify          compares every length, hash and link with the files
expiry          which files are too old, or too many. Pure
"""
