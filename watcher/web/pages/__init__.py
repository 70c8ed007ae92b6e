"""The pages for people, a module for each: it reads from the state, and fills the template of the same name. Where the
API has the same, its routes stand in that module, too.

`sign_in`     sign in by token or password, or at a provider of OpenID Connect; sign out
`act`         what a signed link in a message allows: approve, reject, acknowledge, verify an address, unsubscribe
`me`          a person's own: what he follows, his address, his browsers, his tokens
`today`       what needs a hand, what changed since the last visit, what is checked next; the first steps of all
`changes`     the log with filters; one change with its fields, its pages, its proof, and who was alerted
`entries`     search over all sources; one entry with its history; a source at an earlier time, and between two
`cases`       the entities, and the story of one
`discussion`  comments, assignment and importance of a change, a case, a held snapshot; links that hand one on
`sources`     how each source fares; one with its schedule; its held snapshot; check, accept, pause
`pushed`      entries that programs hand over, by the API
`screening`   which entries may be about somebody, by the API; that one is not, said once, at its page and its changes'
`deliveries`  what waits, was given up, was sent; retry, drop, approve, reject
`evidence`    the chain of hashes, time stamps, verify; the proof of a change as a .zip
`config`      what is configured: lists, a form for each object, what it would do
`add`         an address, and the source that is proposed for it

A new page stands here, in the docstring and in one of the first two lists, its API in the third, and nowhere else.
"""

from watcher.web.pages import (
    act,
    add,
    cases,
    changes,
    config,
    deliveries,
    discussion,
    entries,
    evidence,
    me,
    pushed,
    screening,
    sign_in,
    sources,
    today,
)

OPEN = (sign_in, act, discussion)  # whose addresses say themselves who may ask
# for who is signed in
CLOSED = (today, changes, screening, entries, cases, sources, deliveries, evidence, config, add, me)
# longer addresses come first
API = (discussion, changes, screening, cases, config, entries, pushed, sources, deliveries, me)
