"""The desk: a web page, feeds, an API and metrics over the same state. A process of its own, `watch serve`.

Nothing of the daemon imports this package, and nothing here runs a check: an action writes to the state, and the daemon
acts on it.

`server`     listen, say where, live until a signal
`app`        START HERE: the application, its middleware and its routes
`desk`       what every route works with: the configuration, the state, the clock
`viewers`    the person behind a request, by session, bearer token or a trusted proxy's header; roles and CSRF
`access`     sessions, passwords, slow-down of attempts; the boundary: hosts, origins, headers, sizes
`actions`    what editors do, at a page or by the API
`pages`      the pages for people, a module for each
`api`        the same as JSON for programs
`feeds`      Atom feeds
`webhooks`   hints from outside that a source has changed
`rendering`  from values to pages
`addresses`  numbers in addresses, and the addresses of pages
`offers`     proposals that were shown, and may be written
`verification`  verifies the evidence on demand
`search`     the index over the entries of all sources, in a file beside the state
`errors`     what a visitor sees when something is wrong
`health`     /healthz and its reasons
`metrics`    /metrics for Prometheus
"""
