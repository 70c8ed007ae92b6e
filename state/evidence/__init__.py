"""Evidence: the exact responses behind changes, as WARC records in a hash chain.

options         the table `[evidence]`
store           the repository of captures and the chain; which files are too old, or too many
writer          writes a capture within the transaction of its check
records         what is written: pages and checks as WARC records. Pure
warc            records to bytes, and bytes to records; the folder of files: append and fsync, truncate what was not
                committed
reading         reads a capture back from its file
chain           links, their verification, and the chain as a file of JSON lines. Pure
verify          compares every length, hash and link with the files
past            the pages of captures that others kept, in files of their own
witnesses       what third parties testify: time stamps, copies; certificates of connections. Pure
"""
