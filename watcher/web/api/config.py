"""What is configured, as tables in JSON: each object of the desk is read, written, deleted and tried. What stands in
files is read only. `watcher.config.edit` says what is taken.
"""

from typing import Annotated, Any, NotRequired

from fastapi import APIRouter, Body, Header, HTTPException
from pydantic import GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core.core_schema import CoreSchema
from starlette.responses import Response
from typing_extensions import TypedDict

from state.storage.objects import ANY, NEW, Edit
from watcher.config.load import Placed
from watcher.config.schema import object_schemas
from watcher.reports.past import EntryReport
from watcher.web import actions
from watcher.web.actions import OBJECT_OF, Tables, find_object
from watcher.web.api.parameters import ACTIONS, ErrorJson, NoParameters
from watcher.web.desk import Desk
from watcher.web.queries import LARGEST
from watcher.web.viewers import ADMIN, TheAdmin, TheDesk

router = APIRouter(prefix="/config", tags=["configuration"], dependencies=[ADMIN])


class _Shapes:
    """Describes a table of the configuration in OpenAPI, by the models of what it may be."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        what = "its options, as in watch.toml; `watch schema` has those of each kind of source"
        return {"anyOf": list(object_schemas().values()), "description": what}


Table = Annotated[dict[str, Any], _Shapes()]


class ObjectJson(TypedDict):
    """An object, and where it is from: a file and the line there, or the desk with the revision; secrets are masked."""

    object: str
    name: str
    file: str | None
    line: int | None
    revision: int | None
    document: Table


class ObjectList(TypedDict):
    """All objects of a kind, by name."""

    items: list[ObjectJson]


class ProblemJson(TypedDict):
    """What is wrong, at which key: of lists with the position, from 0."""

    path: list[str | int]
    message: str


class ProblemsJson(TypedDict):
    """Why a table is not taken, in the words of `watch check-config`; `error` is for what is no table at all."""

    problems: NotRequired[list[ProblemJson]]
    error: NotRequired[str]


class StaleJson(ErrorJson):
    """An object as it is now, null where it was deleted, and the table that was sent."""

    revision: int
    current: Table | None
    yours: Table | None


class TrialJson(TypedDict):
    """What was read, as `watch try --json` shows it: `part` says how much of the list it is, null where it is whole;
    `held` has the `reason` and the `message` where a check would not believe it.
    """

    entries: list[EntryReport]
    part: str | None
    held: dict[str, str] | None


def _says(description: str, model: type = ErrorJson) -> dict[str, Any]:
    return {"model": model, "description": description}


_READING = ACTIONS | {403: _says("the role is not admin")}
_WRITING = _READING | {
    403: _says("the role is not admin, or [web] edit = false"),
    404: _says("there is no such object"),
    409: _says("the name stands in a file; or what is to be deleted is still used"),
    412: _says("it is another revision by now", StaleJson),
    422: _says("the table is not valid", ProblemsJson),
    428: _says("neither If-Match nor If-None-Match says what is to be replaced"),
}
_ETAG = {"headers": {"ETag": {"description": "what If-Match has to send", "schema": {"type": "string"}}}}

IfMatch = Annotated[str | None, Header(max_length=200, description="the ETag of what is replaced, or *")]
IfNoneMatch = Annotated[str | None, Header(max_length=200, description="*: only if there is none of that name")]


@router.get("/{table}", responses=_READING)
def objects(desk: TheDesk, table: Tables, _: NoParameters) -> ObjectList:
    """All sources, groups, entities, channels or rules, of the files and of the desk, by name."""
    found = sorted(placed for placed in desk.config.objects.values() if placed.object == OBJECT_OF[table])
    return {"items": [placed._asdict() for placed in found]}  # type: ignore[misc]  # it has these fields


@router.get("/{table}/{name:path}", responses=_READING | {200: _ETAG})
def one(desk: TheDesk, table: Tables, name: str, response: Response, _: NoParameters) -> Table:
    """The table of one object."""
    return _table(response, find_object(desk, OBJECT_OF[table], name))


@router.put(
    "/{table}/{name:path}",
    responses=_WRITING | {200: _ETAG, 201: _ETAG | {"model": Table, "description": "it is new"}},
)
def put(
    desk: TheDesk,
    admin: TheAdmin,
    table: Tables,
    name: str,
    document: Table,
    response: Response,
    _: NoParameters,
    if_match: IfMatch = None,
    if_none_match: IfNoneMatch = None,
) -> Table:
    """Make an object, or replace it. `"********"` in the place of a secret keeps it as it is."""
    object_, expected = OBJECT_OF[table], NEW
    if if_none_match != "*":
        if if_match is None:
            raise HTTPException(428, "say what is replaced: If-Match: ETAG, or If-None-Match: * for a new one")
        expected = _expected(desk, object_, name, if_match)
    actions.configure(desk, admin, [Edit(object_, name, document, expected)])
    response.status_code = 201 if expected == NEW else 200
    return _table(response, find_object(desk, object_, name))


@router.delete("/{table}/{name:path}", responses=_WRITING, status_code=204, response_class=Response)
def delete(desk: TheDesk, admin: TheAdmin, table: Tables, name: str, _: NoParameters, if_match: IfMatch = None) -> None:
    """Delete an object of the desk. What was read from a source stays until `watch forget`."""
    object_ = OBJECT_OF[table]
    find_object(desk, object_, name)
    actions.configure(desk, admin, [Edit(object_, name, None, _expected(desk, object_, name, if_match or "*"))])


@router.post("/sources/{name:path}/try", responses=_WRITING)
def try_(
    desk: TheDesk,
    name: str,
    _: NoParameters,
    document: Annotated[Table | None, Body(description="the source as it would be; left out: as it is")] = None,
) -> TrialJson:
    """Read a source once, as it is or as it would be: nothing is stored."""
    return actions.try_source(desk, name, document)[0].dump()  # type: ignore[return-value]  # as TrialJson has it


def _table(response: Response, placed: Placed) -> dict[str, Any]:
    """An object's table, and its tag."""
    response.headers["ETag"] = f'"{placed.revision or "file"}"'
    return placed.document


def _expected(desk: Desk, object_: str, name: str, if_match: str) -> int:
    """The revision that a header asks for: one that no object has, where it is none of ours."""
    if if_match.strip() == "*" and (object_, name) in desk.config.objects:
        return ANY
    number = if_match.strip().removeprefix('"').removesuffix('"')
    return int(number) if number.isascii() and number.isdecimal() else LARGEST
