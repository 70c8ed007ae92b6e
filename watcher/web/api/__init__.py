"""The API, /api/v1: the state as JSON, and the actions of the pages. docs/api.md is for those who use it.

Changes, sources and deliveries are the objects of `--json` (watcher/reports); FastAPI makes /api/openapi.json of them.
The routes about what has a page stand beside it, in the module of `watcher.web.pages`.

`parameters`  what routes have in common: `{"items": [...], "next": CURSOR or null}`, and the errors
"""
