"""What is configured: lists of sources, groups, entities, channels and rules, with what can be done to many at once; a
form for each, made from its model; and what it would do, before it is saved.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Annotated, Any
from urllib.parse import quote, unquote

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from sources import Source
from state.storage.objects import ANY, NEW, Edit
from watcher.config.arguments import parse_time
from watcher.config.edit import RefusedEdit, StaleEdit, TakenByFile, draft
from watcher.config.load import Placed
from watcher.config.schema import object_schema
from watcher.errors import UsageError
from watcher.reports.feeds import find_feed
from watcher.service.presence import without_edits
from watcher.web import actions
from watcher.web.actions import OBJECT_OF, Tables, find_object
from watcher.web.desk import Desk
from watcher.web.forms import FormModel, KeyPath, read_form
from watcher.web.queries import query
from watcher.web.render import page
from watcher.web.viewers import ADMIN, TheAdmin, TheDesk, Viewer

router = APIRouter(include_in_schema=False, dependencies=[ADMIN])

PAGE = 100  # objects
NEW_NAME = "new"  # in an address, where no object is called so
SHOWN = 20  # entries, or changes, of a trial
EDITS = 5  # of the last ones, each with a button to take it back
# what stands first in a form, and sums an object up in a list; a source's own options follow it
FIRST = {
    "source": ("kind", "url", "label", "every", "group"),
    "group": ("every", "authority", "enabled"),
    "entity": ("names", "context", "not"),
    "channel": ("url", "format"),
    "rule": ("to", "entities", "sources", "changes"),
}


async def _given(request: Request) -> FormData:
    """What a form sends."""
    return await request.form()


Given = Annotated[FormData, Depends(_given)]
_name = attrgetter("name")


@router.get("/config")
@router.get("/config/{table}")
def objects(request: Request, desk: TheDesk, table: Tables = "sources", find: str = "", after: str = "") -> Response:
    """All objects of a kind, by name."""
    found = _find(desk, OBJECT_OF[table], find)
    begin = bisect_right(found, after, key=_name) if after else 0
    shown = found[begin : begin + PAGE]
    log = desk.store.objects.log(PAGE)
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
        edits=[each for each in log if each.object == OBJECT_OF[table]][:EDITS],
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
        raise UsageError(f"choose {table} first, and what to do with them")
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
    if name == NEW_NAME and (object_, name) not in desk.config.objects:
        document = find_object(desk, object_, like).document if like else {}
        return _form(request, desk, table, "", document, NEW, None)
    placed = find_object(desk, object_, name)
    return _form(request, desk, table, name, placed.document, placed.revision or ANY, placed)


@router.post("/config/{table}/{name:path}")
def change(request: Request, desk: TheDesk, admin: TheAdmin, table: Tables, name: str, given: Given) -> Response:
    """Save what was filled in, or try it, or show it with the options of another kind."""
    object_, what = OBJECT_OF[table], _one(given, "form-do")
    placed = desk.config.objects.get((object_, name))
    if name == NEW_NAME and placed is None:
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
        raise UsageError("the form is broken: load the page again")
    return int(text)
