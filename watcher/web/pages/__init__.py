"""The pages for people, a module for each: it reads from the state, and fills the template of the same name.

`sign_in`     sign in by token or password, sign out
`today`       what changed since the last visit, what is held, what fails, what is checked next
`changes`     the log with filters; one change with its fields, and who was alerted; mark as handled
`proof`       a change's pages before and after, as text that nothing runs in, and its proof as a .zip
`entries`     search over all sources; one entry with its history
`past`        a source at an earlier time, and between two
`cases`       the entities, and the story of one
`sources`     how each source fares; one with its schedule; its held snapshot, and accept
`deliveries`  what waits, was given up, was sent; retry, drop
`evidence`    the chain of hashes, time stamps, verify
`add`         an address, and the source that is proposed for it
"""
