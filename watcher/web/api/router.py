"""The API's routers, together."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from fastapi.security import HTTPBearer

from watcher.web.api import cases, changes, deliveries, entries, sources

# viewers.py decides who may; this says in the description that a token does
_BEARER = HTTPBearer(auto_error=False, description="the token of `watch serve`")

router = APIRouter(prefix="/api/v1", dependencies=[Depends(_BEARER)])
for each in (changes, sources, entries, cases, deliveries):
    router.include_router(each.router)
