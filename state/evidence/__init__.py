"""Evidence: the very responses that gave rise to changes, as WARC records in a chain of hashes.

options         what `[evidence]` may say
store           what the Store tells of captures
writer          one capture within the transaction of its check
page_records    a page's request and response as records, without secrets. Pure
capture_record  what a check says of itself, its pages and its changes. Pure
warc            records as bytes, and bytes as records. Pure
certificates    what certificates say of themselves. Pure
files           the folder: append and sync, cut off what no transaction knows
reading         a capture read back from its file
chain           links, and what breaks them. Pure
chain_export    the chain as a file of lines. Pure
stamps          time stamps of the chain. Pure
verify          every length, hash and link, against the files
expiry          which files are too old, or too many. Pure
"""
