"""The API, /api/v1: the state as JSON, and the actions of the pages. docs/api.md is for those who use it.

Changes, sources and deliveries are the objects of `--json` (watcher/reports); FastAPI makes /api/openapi.json of them.

`parameters`  what routes have in common: `{"items": [...], "next": CURSOR or null}`, and the errors
`changes`     changes, one of them, its proof; mark as handled; an entity's case
`sources`     sources, one of them, its entries, now and at a time; an entry with its history; check, accept
`deliveries`  deliveries; retry, approve, reject
`config`      sources, groups, entities, channels and rules as they are configured; write, delete, try, pause
`discussion`  comments, assignment, importance; links that hand a change, a case or a proof on
`me`          a person's own tokens
"""

from fastapi import APIRouter, Depends
from fastapi.security import HTTPBearer

from watcher.web.api import changes, config, deliveries, discussion, me, sources

# viewers.py decides who may; this says in the description that a token does
_BEARER = HTTPBearer(auto_error=False, description="the token of `watch serve`")

router = APIRouter(prefix="/api/v1", dependencies=[Depends(_BEARER)])
for each in (discussion, changes, config, sources, deliveries, me):
    router.include_router(each.router)
