"""What is configured: lists of sources, groups, entities, channels and rules, with what can be done to many at once; a
form for each, made from its model; and what it would do, before it is saved. The API has the same as tables in JSON,
and `watcher.config.edit` says what is taken. What stands in files is read only.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Annotated, Any, NotRequired
from urllib.parse import quote, unquote

from fastapi import APIRouter, Body, Depends, Header, HTTPException, Request
from pydantic import GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core.core_schema import CoreSchema
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response
from typing_extensions import TypedDict

from alerts.language import phrase
from sources import Source
from state.storage.objects import ANY, NEW, Edit
from watcher.config.arguments import parse_time
from watcher.config.config_secrets import KeyPath
from watcher.config.edit import RefusedEdit, StaleEdit, TakenByFile, draft
from watcher.config.load import Placed
from watcher.config.schema import object_schema, object_schemas
from watcher.errors import UsageError
from watcher.reports.feeds import find_feed
from watcher.reports.past import EntryReport
from watcher.service.presence import without_edits
from watcher.web import actions
from watcher.web.actions import OBJECT_OF, Tables, find_object
from watcher.web.api import ACTIONS, ErrorJson, NoParameters
from watcher.web.desk import Desk
from watcher.web.forms import FormModel, read_form
from watcher.web.queries import LARGEST, query
from watcher.web.render import page
from watcher.web.viewers import ADMIN, FOR_TOKENS, SIGNED_IN, TheAdmin, TheDesk, Viewer

router = APIRouter(include_in_schema=False, dependencies=[SIGNED_IN, ADMIN])
api = APIRouter(prefix="/api/v1/config", tags=["configuration"], dependencies=[*FOR_TOKENS, ADMIN])

PAGE = 100  # objects
NEW_NAME = "-new"  # in an address: a name of no object, as it begins with -
SHOWN = 20  # entries, or changes, of a trial
EDITS = 5  # of the last ones, each with a button to take it back
# what stands first in a form, and sums an object up in a list; a source's own options follow it
FIRST = {
    "source": ("kind", "url", "label", "every", "group"),
    "group": ("every", "authority", "enabled"),
    "entity": ("names", "context", "not"),
    "channel": ("url", "format"),
    "rule": ("to", "entities", "sources", "changes", "health"),
}


async def _given(request: Request) -> FormData:
    """What a form sends."""
    return await request.form()


Given = Annotated[FormData, Depends(_given)]
_name = attrgetter("name")


@router.get("/config")
@router.get("/config/{table}")
def show_all(request: Request, desk: TheDesk, table: Tables = "sources", find: str = "", after: str = "") -> Response:
    """All objects of a kind, by name."""
    found = _find(desk, OBJECT_OF[table], find)
    begin = bisect_right(found, after, key=_name) if after else 0
    shown = found[begin : begin + PAGE]
    log = [each for each in desk.store.objects.log(PAGE) if each.object == OBJECT_OF[table]]
    last = {each.name: each for each in reversed(log)}  # of each object, which alone can be taken back
    return page(
        request,
        "objects.html",
        table=table,
        tables=OBJECT_OF,
        objects=[(each, object_path(table, each.name)) for each in shown],
        first=FIRST[OBJECT_OF[table]],
        found=len(found),
        find=find,
        pauses=desk.store.objects.pauses(),
        groups=sorted(desk.config.groups),
        deaf=without_edits(desk.store.daemons.all(workers=True), desk.clock()),
        edits=[each for each in log if last[each.name] is each][:EDITS],
        more=query({"find": find, "after": shown[-1].name}) if len(found) > begin + PAGE else None,
    )


@router.post("/config/{table}")
def change_many(desk: TheDesk, admin: TheAdmin, table: Tables, given: Given) -> Response:
    """Do one thing with the chosen objects, or with all that were found. An edit is made of all of them, or of none."""
    object_, find, what, until = OBJECT_OF[table], *(_one(given, f"form-{name}") for name in ("find", "do", "until"))
    names = [unquote(str(each)) for each in given.getlist("form-chosen")]
    every = _one(given, "form-all")
    chosen = _find(desk, object_, find) if every else [find_object(desk, object_, name) for name in names]
    changed = {
        "delete": None,
        "archive": {"enabled": False},
        "restore": {"enabled": True},
        "group": {"group": _one(given, "form-group") or None},
    }
    if what == "undo":
        actions.configure(desk, admin, undo=_number(given))
    elif not chosen or (what not in changed and (object_ != "source" or what not in {"check", "pause", "resume"})):
        raise UsageError(phrase("choose some of them first, and what to do with them"))
    elif what in changed:
        new = changed[what]
        edits = [Edit(object_, each.name, new and each.document | new, each.revision or ANY) for each in chosen]
        actions.configure(desk, admin, edits)
    elif what == "check":
        for each in chosen:
            actions.check(desk, admin, each.name)
    else:
        end = parse_time(until, "until", desk.config.timezone) if until else None
        actions.pause(desk, admin, list(map(_name, chosen)), end, paused=what != "resume")
    here = unquote(_one(given, "form-here"))  # from the form of one object
    there = (object_, here) in desk.config.objects
    return RedirectResponse(object_path(table, here) if there else f"/config/{table}?{query({'find': find})}", 303)


@router.get("/config/{table}/{name:path}")
def show(request: Request, desk: TheDesk, table: Tables, name: str, like: str = "") -> Response:
    """The form of an object; of a new one, which may be `like` another."""
    object_ = OBJECT_OF[table]
    if name == NEW_NAME:
        document = find_object(desk, object_, like).document if like else {}
        return _form(request, desk, table, "", document, NEW, None)
    placed = find_object(desk, object_, name)
    return _form(request, desk, table, name, placed.document, placed.revision or ANY, placed)


@router.post("/config/{table}/{name:path}")
def change(request: Request, desk: TheDesk, admin: TheAdmin, table: Tables, name: str, given: Given) -> Response:
    """Save what was filled in, or try it, or show it with the options of another kind."""
    object_, what = OBJECT_OF[table], _one(given, "form-do")
    placed = desk.config.objects.get((object_, name))
    if name == NEW_NAME:
        name = _one(given, "form-name")
    before = placed.document if placed else {}
    schema = object_schema(object_, before | {"kind": _one(given, "kind")}, desk.config.presets)
    document = read_form(schema, {key: list(map(str, given.getlist(key))) for key in given}, before)
    revision, told = _number(given), dict[str, Any]()
    try:
        if what == "try":
            told = {"tried": _try(desk, admin, object_, name or "unnamed", document)}
        elif what != "show":
            actions.configure(desk, admin, [Edit(object_, name, document, revision)])
            return RedirectResponse(object_path(table, name), 303)
    except RefusedEdit as refused:
        told = {"problems": refused.problems, "status": 422}
    except StaleEdit as stale:
        revision, both = stale.revision, (_toml(stale.document or {}), _toml(stale.edit.document or {}))
        told = {"trouble": str(stale), "both": both, "status": 412}
    except (TakenByFile, UsageError) as error:
        told = {"trouble": str(error), "status": 400 if isinstance(error, UsageError) else 409}
    return _form(request, desk, table, name, document, revision, placed, **told)


def _form(
    request: Request,
    desk: Desk,
    table: Tables,
    name: str,
    document: Mapping[str, Any],
    revision: int,
    placed: Placed | None,
    *,
    status: int = 200,
    problems: Sequence[tuple[KeyPath, str]] = (),
    **told: Any,
) -> Response:
    """The form of an object. What is `told` is what was `tried`, the `trouble`, and `both` texts."""
    object_, config, found = OBJECT_OF[table], desk.config, defaultdict[KeyPath, list[str]](list)
    for at, what in problems:
        found[at].append(what)
    schema = object_schema(object_, document, config.presets)
    own = [key for key in schema["properties"] if object_ == "source" and key not in Source.model_fields]
    named = {"channel": config.channels.keys(), "entity": config.entities.keys(), "group": config.groups.keys()}
    model = FormModel(
        schema,
        {f"{kind}-name": sorted(names) for kind, names in named.items()},
        found,
        config.groups.get(str(document.get("group")), {}),
        [*FIRST[object_], *own],
    )
    return page(
        request,
        "object.html",
        status=status,
        feed=find_feed(config, f"{table}/{name}"),
        table=table,
        object=object_,
        name=name,
        document=document,
        revision=revision,
        path=object_path(table, placed.name if placed else NEW_NAME),
        placed=placed,
        last=desk.store.objects.find(object_, placed.name) if placed else None,
        fields=model.fields(document),
        problems=[what for at, what in problems if not at or at[0] not in schema["properties"]],
        text=_toml(document) if placed and placed.file else "",
        pause=desk.store.objects.pauses().get(name) if object_ == "source" else None,
        **({"tried": None, "trouble": "", "both": ()} | told),
    )


def _try(desk: Desk, admin: Viewer, object_: str, name: str, document: dict[str, Any]) -> dict[str, Any]:
    """What an object would do: the entries of a source, the changes of an entity or a rule, a channel's test alert.
    Raises EditError and UsageError.
    """
    from watcher.trials.previews import preview_entity, preview_rule, preview_source

    if object_ == "source":
        trial, config = actions.try_source(desk, name, document)
        return {"trial": trial, "previews": preview_source(config, name, trial, desk.clock(), SHOWN)}
    config = draft(desk.config, desk.store, Edit(object_, name, document))
    if object_ == "channel":
        return {"sent": actions.send_test(desk, admin, name, config)}
    with actions.looking(desk):
        if object_ == "entity":
            return {"previews": list(preview_entity(name, config.entities[name], config, desk.store))}
        rule = next((rule for rule in config.alerts if rule.name == name), None)
        return {"previews": list(preview_rule(rule, config, desk.store)) if rule else []}


def object_path(table: Tables, name: str) -> str:
    """The address of an object's form; its name may have any character."""
    return f"/config/{table}/{quote(name, safe='')}"


def _find(desk: Desk, object_: str, find: str) -> list[Placed]:
    """The objects of a kind whose name, label or group has a text, by name."""
    wanted = find.strip().casefold()
    found = [each for each in desk.config.objects.values() if each.object == object_]
    told = [(each, [each.name, *(str(each.document.get(key, "")) for key in ("label", "group"))]) for each in found]
    return sorted((each for each, texts in told if wanted in "\n".join(texts).casefold()), key=_name)


def _toml(document: Mapping[str, Any]) -> str:
    import tomlkit  # a list has none to show

    return tomlkit.dumps(document)


def _one(given: FormData, name: str) -> str:
    return str(given.get(name) or "").strip()


def _number(given: FormData) -> int:
    """The revision that a form has seen. Raises UsageError."""
    text = _one(given, "form-revision") or "0"
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise UsageError(phrase("the form is broken: load the page again"))
    return int(text)


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


@api.get("/{table}", responses=_READING)
def objects(desk: TheDesk, table: Tables, _: NoParameters) -> ObjectList:
    """All sources, groups, entities, channels or rules, of the files and of the desk, by name."""
    found = _find(desk, OBJECT_OF[table], "")
    return {"items": [placed._asdict() for placed in found]}  # type: ignore[misc]  # it has these fields


@api.get("/{table}/{name:path}", responses=_READING | {200: _ETAG})
def one(desk: TheDesk, table: Tables, name: str, response: Response, _: NoParameters) -> Table:
    """The table of one object."""
    return _table(response, find_object(desk, OBJECT_OF[table], name))


@api.put(
    "/{table}/{name:path}", responses=_WRITING | {200: _ETAG, 201: _ETAG | {"model": Table, "description": "it is new"}}
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


@api.delete("/{table}/{name:path}", responses=_WRITING, status_code=204, response_class=Response)
def delete(desk: TheDesk, admin: TheAdmin, table: Tables, name: str, _: NoParameters, if_match: IfMatch = None) -> None:
    """Delete an object of the desk. What was read from a source stays until `watch forget`."""
    object_ = OBJECT_OF[table]
    find_object(desk, object_, name)
    actions.configure(desk, admin, [Edit(object_, name, None, _expected(desk, object_, name, if_match or "*"))])


@api.post("/sources/{name:path}/try", responses=_WRITING)
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
