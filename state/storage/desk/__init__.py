"""What people look at and ask for, at the desk and by commands.

browsing        pages of changes, and counts of them
entry_browsing  stored entries, of all sources or of one
records         handled changes, visits, actions
check_requests  checks that people ask for
feed_keys       what the keys of feeds are derived from
"""
