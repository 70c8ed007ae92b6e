"""What programs push into sources of the kind `pushed`, by the API."""

from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Header, HTTPException, Request
from fastapi.concurrency import contextmanager_in_threadpool
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from typing_extensions import TypedDict

from alerts.event.change_json import ChangeJson
from sources import Page
from sources.errors import EmptyBody, ReadError, WrongContent
from sources.kinds.pushed import PushedBody, says_complete
from watcher.errors import UsageError
from watcher.web.api import CONFLICT, NoParameters
from watcher.web.desk import Desk, turn
from watcher.web.viewers import FOR_TOKENS, TheDesk, TheEditor

api = APIRouter(prefix="/api/v1/sources", tags=["sources"], dependencies=FOR_TOKENS)

_SCHEMAS = msgspec.json.schema_components([PushedBody])[1]
_SCHEMAS["PushedBody"]["properties"]["entries"]["items"] = _SCHEMAS["GivenEntry"]
_TAKES = {"requestBody": {"required": True, "content": {"application/json": {"schema": _SCHEMAS["PushedBody"]}}}}


class PushedJson(TypedDict):
    """What became of a push; `entries` is how many the source has now."""

    status: Literal["baseline", "ok", "unchanged", "suspicious"]
    entries: int
    changes: list[ChangeJson]


@api.post("/{name:path}/entries", responses=CONFLICT, openapi_extra=_TAKES, response_model_exclude_unset=True)
async def push(
    request: Request,
    desk: TheDesk,
    editor: TheEditor,
    name: str,
    _: NoParameters,
    idempotency_key: Annotated[str, Header(max_length=255, pattern=r"^[\x21-\x7e]*$")] = "",
) -> PushedJson:
    """Push entries into a source of the kind `pushed`. The same Idempotency-Key is answered as before."""
    _check_pushable(desk, name)
    async with contextmanager_in_threadpool(turn(desk.push_turns)):  # a body may be as large as a page
        try:
            body = await request.body()
        except ClientDisconnect:
            raise HTTPException(400, "the body ended before its end") from None
        return await run_in_threadpool(_take, desk.whole, editor.name, name, body, str(request.url), idempotency_key)


def _check_pushable(desk: Desk, name: str) -> None:
    """Raises HTTPException: 404 for a source that is not there, or not all of it; 409 for one that takes nothing."""
    source = None if desk.sight.entities else desk.config.sources.get(name)
    if source is None:
        raise HTTPException(404, "there is no such source in the configuration")
    if source.polled or not source.enabled or name in desk.config.paused:
        why = f"it is of the kind {source.kind}" if source.polled else "it is disabled or paused"
        raise HTTPException(409, f"{name}: {why}, and takes no entries from programs")


def _take(desk: Desk, who: str, name: str, body: bytes, address: str, key: str) -> Any:
    from watcher.service.pushes import take  # what compares takes memory that most servers never need

    try:
        headers, status = {"content-type": "application/json", "pushed-by": who}, 200 if says_complete(body) else 206
        page = Page(desk.config.sources[name].start(), address, status, headers, body, desk.clock())
        answer = take(desk.store, desk.config, name, page, key, desk.clock)
    except UsageError as error:
        raise HTTPException(409, str(error)) from None
    except ReadError as error:
        wrong = 400 if isinstance(error, WrongContent | EmptyBody) else 422
        raise HTTPException(wrong, desk.config.secrets.hide(error.message)) from None
    if answer["status"] != "unchanged":
        desk.record(who, "push", f"source {name}")
    return answer
