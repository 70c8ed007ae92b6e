"""The API, /api/v1: the state as JSON, and the actions of the pages. docs/api.md is for those who use it.

Changes, sources and deliveries are the objects of `--json` (watcher/reports); FastAPI makes /api/openapi.json of them.

`router`      the routers together, each below /api/v1
`paging`      what routes have in common: `{"items": [...], "next": CURSOR or null}`
`changes`     changes, one of them, its proof; mark as handled
`sources`     sources, one of them, its entries; check now, accept a held snapshot
`entries`     an entry with its history
`cases`       an entity's case
`deliveries`  deliveries; retry
"""
