"""What is said at the desk about a change, a case or a held snapshot, and the links by which one is handed on.

Everybody who is signed in comments; the rest is for editors.
"""

import re
from collections.abc import Callable, Collection
from datetime import timedelta
from functools import partial
from typing import Annotated, Any, NamedTuple
from urllib.parse import quote

from fastapi import HTTPException
from pydantic import StringConstraints

from state.model import UNMARKED, Comment
from state.storage.discussion import LAST, case_subject, change_subject, snapshot_subject
from watcher.config.arguments import parse_time
from watcher.config.settings import EVERYTHING, Sight
from watcher.errors import UsageError
from watcher.web import actions
from watcher.web.desk import Desk
from watcher.web.queries import IdInPath, find_change, source_path
from watcher.web.viewers import TheDesk, Viewer

LONGEST = 10_000  # characters of a comment
Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST, pattern=r"^[^\x00]+$")]
_A_WEEK = timedelta(days=7)
_MENTION = re.compile(r"(?<![\w@])@([\w.@+-]*\w)")


class Subject(NamedTuple):
    """What is talked about: its name in the state, the address that its forms are below, that of its page, whether it
    is in somebody's sight, and the name of its proof ("" where it has none).
    """

    name: str
    path: str
    page: str
    is_in: Callable[[Sight], bool]
    proof: str = ""


def change_in(desk: TheDesk, number: IdInPath) -> Subject:
    """The change in an address. Raises HTTPException (404)."""
    event = find_change(desk, number)
    path, is_in = f"/changes/{number}", partial(Sight.sees, source=event.source, entities=event.entities)
    return Subject(change_subject(number), path, path, is_in, f"proof {number}" if event.proof else "")


def case_in(desk: TheDesk, entity: str) -> Subject:
    """The case in an address. Raises HTTPException (404)."""
    if entity not in desk.config.entities and not desk.store.log.events(entity=entity, limit=1):
        raise HTTPException(404, "there is no such entity, and no change that mentions it")
    path = f"/cases/{quote(entity, safe='')}"
    return Subject(case_subject(entity), path, path, partial(Sight.sees_entity, name=entity))


def snapshot_in(desk: TheDesk, name: str, snapshot: str) -> Subject:
    """The held snapshot in an address. Raises HTTPException (404)."""
    found = actions.held(desk, name)
    if found is None or found.id != snapshot:
        raise HTTPException(404, "no such snapshot is held, or no longer")
    return of_snapshot(name, snapshot)


def of_snapshot(source: str, snapshot: str) -> Subject:
    """A held snapshot: it is of a whole source, whoever is mentioned in it."""
    page, is_in = f"{source_path(source)}/held", partial(Sight.sees, source=source, entities=())
    return Subject(snapshot_subject(snapshot, source), f"{page}/{snapshot}", page, is_in)


def find_people(desk: Desk, subject: Subject, among: Collection[str] | None = None) -> list[str]:
    """Who is known here, by name, and may see a subject: all, of whom a limited person is told those of the
    configuration, or those `among` these.
    """
    users = desk.whole.config.web.users
    known = {name for name in users if among is None or name in among}
    if among is not None or desk.sight == EVERYTHING:
        known |= {*desk.store.discussion.people(among)}
    return sorted(name for name in known if subject.is_in(users[name].sight if name in users else EVERYTHING))


def comment(desk: Desk, who: Viewer, subject: Subject, text: str) -> Comment:
    """Say something about a subject; those whose name stands in it after an @ are told by mail, and in browsers."""
    from watcher.delivery.letters import notify  # noqa: PLC0415 - it loads what mails are made of

    mentioned = [name for name in find_people(desk, subject, _MENTION.findall(text)) if name != who.name]
    said = desk.store.discussion.comment(subject.name, who.name, text, mentioned, desk.clock())
    title, url = f"{who.name} mentions you: {subject.name}", f"{desk.config.web.base_url or ''}{subject.page}#said"
    for name in mentioned:
        notify(desk.whole.config, desk.whole.store, name, title, said.text, url, said.at)
    return said


def delete_comment(desk: Desk, who: Viewer, subject: Subject, number: int) -> None:
    """Delete one's own comment, or as an admin any. Raises HTTPException (404)."""
    others = who.may_configure
    if not desk.store.discussion.delete_comment(subject.name, number, who.name, desk.clock(), others=others):
        raise HTTPException(404, f"there is no comment {number} here that {who.name} may delete")


def assign(desk: Desk, editor: Viewer, subject: Subject, to: str | None) -> None:
    """Assign a subject to somebody, or to nobody. Raises UsageError for who is not known, or may not see it."""
    if to is not None and to != editor.name and not find_people(desk, subject, [to]):
        raise UsageError("to: nobody of that name is known here who may see it")
    desk.store.discussion.mark(subject.name, "assigned", to, editor.name, desk.clock())


def share(desk: Desk, editor: Viewer, subject: Subject, until: str, base_url: object, *, proof: bool) -> str:
    """Give out a link to a subject, or to its proof, that is good until a time; its address, which is said once. Raises
    UsageError.
    """
    now, end = desk.clock(), parse_time(until, "until", desk.config.timezone)
    if end <= now:
        raise UsageError("until: that is over already")
    if proof and not subject.proof:
        raise UsageError("proof: no page of it was kept")
    token = desk.store.shares.add(subject.proof if proof else subject.name, editor.name, end, now)
    return f"{desk.config.web.base_url or str(base_url).rstrip('/')}/shared/{token}"


def talk_of(desk: Desk, subject: Subject, below: int | None) -> dict[str, Any]:
    """What the part of a page about what was said of a subject shows: its last comments, or those below a number."""
    comments = desk.store.discussion.comments(subject.name, below=below, limit=LAST + 1)
    return {
        "subject": subject,
        "marks": desk.store.discussion.find([subject.name], last=0).get(subject.name, UNMARKED),
        "comments": comments[:LAST][::-1],
        "earlier": comments[LAST - 1].id if len(comments) > LAST else None,
        "people": find_people(desk, subject),
        "shares": desk.store.shares.given_out({subject.name, subject.proof}),
        "until": f"{desk.clock().astimezone(desk.config.timezone) + _A_WEEK:%Y-%m-%dT%H:%M}",
    }
