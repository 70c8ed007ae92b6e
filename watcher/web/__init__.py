"""The desk: a web page, feeds, an API and metrics over the same state. A process of its own, `watch serve`.

Nothing of the daemon imports this package, and nothing here runs a check: an action writes to the state, and the daemon
acts on it.

`server`           START HERE: the application, its middleware and its routes; listen, say where, live until a signal
`desk`             what every route works with: the configuration, the state, the clock, sources that were proposed
`viewers`          the person behind a request, by session, bearer token or a trusted proxy's header; roles and CSRF
`signing_in`       sessions, passwords, and the wait after failed attempts
`oidc`             a provider of OpenID Connect, as the desk asks it
`boundary`         middleware: hosts, origins of requests that write, headers of answers, sizes of bodies
`actions`          what editors do, at a page or by the API
`pages`            the pages for people, a module for each, and beside them the same as JSON for programs
`api`              what the routes of the API have in common
`queries`          what addresses ask for: numbers, filters, times, cursors
`render`           from values to pages
`forms`            forms for the tables of the configuration, and the tables that were filled in
`charts`           a source's health, changes and entries, and a week of its rhythm, as small pictures
`feeds`            what has a key in its address: Atom feeds; hooks, which hint that a source has changed; feeds' hubs
`search`           the index over the entries of all sources, and the thread that compares it with the state
`errors`           what a visitor sees when something is wrong
`monitoring`       /healthz and its reasons, /metrics for Prometheus
"""
