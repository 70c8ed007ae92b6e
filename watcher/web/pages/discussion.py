"""What is said at the desk about a change, a case or a held snapshot, and what people make of it; the links by which
one is handed on, and the page that such a link shows to whoever has it. Everybody who is signed in comments; the rest
is for editors.

What a link shows is its subject as it is now, as far as who gave the link out sees it, and nothing else: not whom the
desk watches besides, what was said, nor who was told. From it nothing can be reached but the registers themselves.
"""

import re
from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from functools import partial
from typing import Annotated, Any, NamedTuple, TypeVar
from urllib.parse import quote

from fastapi import APIRouter, Body, Depends, Form, HTTPException, Query, Request
from pydantic import StringConstraints
from starlette.responses import RedirectResponse, Response

from alerts.case.view import view_of
from alerts.event.change_json import MarksJson, marks_json
from alerts.language import phrase, speaking
from alerts.message.wording import neutralize
from sources.text import headline
from state.model import UNMARKED, Comment, Importance
from state.storage.discussion import LAST, Share, case_subject, change_subject, snapshot_subject
from watcher.config.arguments import parse_time
from watcher.config.settings import EVERYTHING, Sight
from watcher.errors import UsageError
from watcher.reports.case import story_of
from watcher.web import actions, viewers
from watcher.web.api import ACTIONS, RESPONSES, NoParameters, Number, Numbered, NumberedPaging
from watcher.web.desk import A_PART, Desk, WholeDesk
from watcher.web.pages.evidence import pack_proof
from watcher.web.queries import IdInPath, IdInQuery, find_change, source_path
from watcher.web.render import page
from watcher.web.viewers import TheAdmin, TheDesk, TheEditor, TheOwner, Viewer, address_of, check_attempts, present_role

router = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1", tags=["discussion"], dependencies=viewers.FOR_TOKENS)

LONGEST = 10_000  # characters of a comment
PAGE = 100  # links
MOST = 100  # events of a case that a link shows
_A_WEEK = timedelta(days=7)
_MENTION = re.compile(r"(?<![\w@])@([\w.@+-]*\w)")
# No search engine keeps it, and no register learns where a reader came from.
_APART = {"X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer"}

Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST, pattern=r"^[^\x00]+$")]
Text = Annotated[str, Form()]
To = Annotated[str | None, Body(embed=True, max_length=200, pattern=r"^[^\x00]*$")]
ThePart = Annotated[NumberedPaging, Query()]
T = TypeVar("T", Comment, Share)


class Subject(NamedTuple):
    """What is talked about: its name in the state, and for people, the address that its forms are below, that of its
    page, whether somebody sees what is said of it, and the name of its proof ("" where it has none).
    """

    name: str
    title: str
    path: str
    page: str
    is_in: Callable[[Sight], bool]
    proof: str = ""


def change_in(desk: TheDesk, number: IdInPath) -> Subject:
    """The change in an address. Raises HTTPException (404)."""
    event = find_change(desk, number)
    path, is_in = f"/changes/{number}", partial(Sight.sees, source=event.source, entities=event.entities)
    title = neutralize(headline(event.data["title"]))
    return Subject(change_subject(number), title, path, path, is_in, f"proof {number}" if event.proof else "")


def case_in(desk: TheDesk, entity: str) -> Subject:
    """The case in an address. Raises HTTPException (404)."""
    if entity not in desk.config.entities and not desk.store.log.events(entity=entity, limit=1):
        raise HTTPException(404, phrase("there is no such entity, and no change that mentions it"))
    name, path = case_subject(entity), f"/cases/{quote(entity, safe='')}"
    return Subject(name, entity, path, path, lambda sight: not sight.sources and sight.sees_entity(entity))


def snapshot_in(desk: TheDesk, name: str, snapshot: str) -> Subject:
    """The held snapshot in an address. Raises HTTPException (404)."""
    found = actions.held(desk, name)
    if found is None or found.id != snapshot:
        raise HTTPException(404, phrase("no such snapshot is held, or no longer"))
    return of_snapshot(name, snapshot)


def of_snapshot(source: str, snapshot: str) -> Subject:
    """A held snapshot: it is of a whole source, whoever is mentioned in it."""
    page, is_in = f"{source_path(source)}/held", partial(Sight.sees, source=source, entities=())
    return Subject(snapshot_subject(snapshot, source), source, f"{page}/{snapshot}", page, is_in)


def find_people(desk: Desk, subject: Subject, among: Collection[str] | None = None) -> list[str]:
    """Who is known here, by name, and may see a subject: all, of whom a limited person is told those of the
    configuration, or those `among` these.
    """
    users = desk.whole.config.web.users
    known = {name for name in users if among is None or name in among}
    if among is not None or desk.sight == EVERYTHING:
        known |= {*desk.store.discussion.people(among)}
    return sorted(name for name in known if subject.is_in(users[name].sight if name in users else EVERYTHING))


def say(desk: Desk, who: Viewer, subject: Subject, text: str) -> Comment:
    """Say something about a subject; those whose name stands in it after an @ are told by mail, and in browsers."""
    from watcher.delivery.letters import notify  # it loads what mails are made of

    mentioned = [name for name in find_people(desk, subject, _MENTION.findall(text)) if name != who.name]
    said = desk.store.discussion.comment(subject.name, who.name, text, mentioned, desk.clock())
    url, config = f"{desk.config.web.base_url or ''}{subject.page}#said", desk.whole.config
    for name in mentioned:
        with speaking(config.language_of(name)):
            title = phrase("{name} mentions you: {subject}", name=who.name, subject=subject.title)
        notify(config, desk.whole.store, name, title, said.text, url, said.at)
    return said


def unsay(desk: Desk, who: Viewer, subject: Subject, number: int) -> None:
    """Delete one's own comment, or as an admin any. Raises HTTPException (404)."""
    others = who.may_configure
    if not desk.store.discussion.delete_comment(subject.name, number, who.name, desk.clock(), others=others):
        why = phrase("there is no comment {number} here that {name} may delete", number=number, name=who.name)
        raise HTTPException(404, why)


def give_to(desk: Desk, editor: Viewer, subject: Subject, to: str | None) -> None:
    """Assign a subject to somebody, or to nobody. Raises UsageError for who is not known, or may not see it."""
    if to is not None and to != editor.name and not find_people(desk, subject, [to]):
        raise UsageError(phrase("to: nobody of that name is known here who may see it"))
    desk.store.discussion.mark(subject.name, "assigned", to, editor.name, desk.clock())


def hand_on(desk: Desk, editor: Viewer, subject: Subject, until: str, base_url: object, *, proof: bool) -> str:
    """Give out a link to a subject, or to its proof, that is good until a time; its address, which is said once. Raises
    UsageError.
    """
    end = parse_time(until, "until", desk.config.timezone)
    actions.check_end(desk, end)
    if proof and not subject.proof:
        raise UsageError(phrase("proof: no page of it was kept"))
    token = desk.store.shares.add(subject.proof if proof else subject.name, editor.name, end, desk.clock())
    return f"{desk.config.web.base_url or str(base_url).rstrip('/')}/shared/{token}"


def talk_of(desk: Desk, subject: Subject, below: int | None) -> dict[str, Any]:
    """What the part of a page about what was said of a subject shows: its last comments, or those below a number."""
    comments = desk.store.discussion.comments(subject.name, below=below, limit=LAST + 1)
    return {
        "subject": subject,
        "is_open": subject.is_in(desk.sight),
        "marks": desk.store.discussion.find([subject.name], last=0).get(subject.name, UNMARKED),
        "comments": comments[:LAST][::-1],
        "earlier": comments[LAST - 1].id if len(comments) > LAST else None,
        "people": find_people(desk, subject),
        "shares": desk.store.shares.given_out({subject.name, subject.proof}),
        "until": f"{desk.clock().astimezone(desk.config.timezone) + _A_WEEK:%Y-%m-%dT%H:%M}",
    }


def _part(found: Sequence[T], limit: int) -> Numbered[T]:
    """As much as was asked for of what was found, which is one more where there is more."""
    return {"items": list(found[:limit]), "next": found[limit - 1].id if len(found) > limit else None}


def _add_comments(prefix: str, find: Callable[..., Subject]) -> None:
    """The routes of what is said about one kind of subject, and of what people make of it."""

    def find_open(desk: TheDesk, about: Annotated[Subject, Depends(find)]) -> Subject:
        if not about.is_in(desk.sight):
            raise HTTPException(403, phrase(A_PART))
        return about

    About = Annotated[Subject, Depends(find_open)]  # noqa: N806 - it is a type

    def marks_of(desk: Desk, about: Subject) -> MarksJson:
        return marks_json(desk.store.discussion.find([about.name]).get(about.name, UNMARKED))

    @router.post(f"{prefix}/comments")
    def send(desk: TheDesk, who: TheOwner, about: About, text: Annotated[Said, Form()]) -> Response:
        say(desk, who, about, text)
        return RedirectResponse(f"{about.page}#said", 303)

    @router.post(f"{prefix}/comments/{{comment}}/delete")
    def take_back(desk: TheDesk, who: TheOwner, about: About, comment: IdInPath) -> Response:
        unsay(desk, who, about, comment)
        return RedirectResponse(f"{about.page}#said", 303)

    @router.post(f"{prefix}/marks")
    def mark(
        desk: TheDesk, editor: TheEditor, about: About, importance: Annotated[Importance, Form()], to: Text = ""
    ) -> Response:
        give_to(desk, editor, about, to.strip() or None)
        desk.store.discussion.mark(about.name, "importance", importance, editor.name, desk.clock())
        return RedirectResponse(f"{about.page}#said", 303)

    @api.get(f"{prefix}/comments", responses=RESPONSES)
    def comments(desk: TheDesk, about: About, part: ThePart) -> Numbered[Comment]:
        """The comments, the newest first."""
        found = desk.store.discussion.comments(about.name, below=part.cursor, limit=part.limit + 1)
        return _part(found, part.limit)

    @api.post(f"{prefix}/comments", responses=ACTIONS, status_code=201)
    def comment(
        desk: TheDesk, who: TheOwner, about: About, text: Annotated[Said, Body(embed=True)], _: NoParameters
    ) -> Comment:
        """Say something about it, as plain text; `@name` tells a colleague. A viewer may, too."""
        return say(desk, who, about, text)

    @api.delete(f"{prefix}/comments/{{comment}}", responses=ACTIONS, status_code=204)
    def delete(desk: TheDesk, who: TheOwner, about: About, comment: Number, _: NoParameters) -> None:
        """Delete one's own comment; an admin may delete any. The record of actions keeps that it was."""
        unsay(desk, who, about, comment)

    @api.post(f"{prefix}/assign", responses=ACTIONS)
    def assign(desk: TheDesk, editor: TheEditor, about: About, to: To, _: NoParameters) -> MarksJson:
        """Assign it to somebody who may see it; null: to nobody."""
        give_to(desk, editor, about, to)
        return marks_of(desk, about)

    @api.post(f"{prefix}/importance", responses=ACTIONS)
    def weigh(
        desk: TheDesk, editor: TheEditor, about: About, value: Annotated[Importance, Body(embed=True)], _: NoParameters
    ) -> MarksJson:
        """Say how important it is."""
        desk.store.discussion.mark(about.name, "importance", value, editor.name, desk.clock())
        return marks_of(desk, about)


def _add_links(prefix: str, find: Callable[..., Subject]) -> None:
    """The routes of the links by which one kind of subject is handed on."""
    About = Annotated[Subject, Depends(find)]  # noqa: N806 - it is a type

    @router.post(f"{prefix}/share")
    def show_link(
        request: Request, desk: TheDesk, editor: TheEditor, about: About, until: Text, proof: Text = ""
    ) -> Response:
        url = hand_on(desk, editor, about, until, request.base_url, proof=bool(proof))
        return page(request, "shares.html", url=url, subject=about, shares=(), more=None)

    @router.post(f"{prefix}/share/end")
    def end_links(desk: TheDesk, editor: TheEditor, about: About) -> Response:
        desk.store.shares.end({about.name, about.proof}, editor.name, desk.clock())
        return RedirectResponse(f"{about.page}#links", 303)

    @api.get(f"{prefix}/share", responses=RESPONSES)
    def links(desk: TheDesk, _: TheEditor, about: About, part: ThePart) -> Numbered[Share]:
        """The links that were given out, also those that are over, the newest first."""
        names = {about.name, about.proof}
        return _part(desk.store.shares.given_out(names, below=part.cursor, limit=part.limit + 1), part.limit)

    @api.post(f"{prefix}/share", responses=ACTIONS, status_code=201)
    def share(
        request: Request,
        desk: TheDesk,
        editor: TheEditor,
        about: About,
        _: NoParameters,
        until: Annotated[str, Body(max_length=100, description="a time, in the configured zone where it has none")],
        *,
        proof: Annotated[bool, Body(description="of a change: with its proof")] = False,
    ) -> dict[str, str]:
        """Give out a link that shows it to whoever has it, until a time: its `url`, which is said once."""
        return {"url": hand_on(desk, editor, about, until, request.base_url, proof=proof)}

    @api.delete(f"{prefix}/share", responses=ACTIONS, status_code=204)
    def end(desk: TheDesk, editor: TheEditor, about: About, _: NoParameters) -> None:
        """End all links to it, and to its proof, whoever gave them out."""
        desk.store.shares.end({about.name, about.proof}, editor.name, desk.clock())


_add_comments("/changes/{number}", change_in)
_add_comments("/cases/{entity:path}", case_in)
_add_comments("/sources/{name:path}/held/{snapshot}", snapshot_in)
_add_links("/changes/{number}", change_in)
_add_links("/cases/{entity:path}", case_in)


@api.get("/shares", responses=RESPONSES, name="shares")
def list_shares(desk: TheDesk, _: TheAdmin, part: ThePart) -> Numbered[Share]:
    """All links that were given out, the newest first; for admins."""
    return _part(desk.store.shares.given_out(below=part.cursor, limit=part.limit + 1), part.limit)


@router.get("/shares")
def shares(request: Request, desk: TheDesk, _: TheAdmin, below: IdInQuery = None) -> Response:
    """All links that were given out."""
    part = _part(desk.store.shares.given_out(below=below, limit=PAGE + 1), PAGE)
    return page(request, "shares.html", url=None, subject=None, shares=part["items"], more=part["next"])


@router.get("/shared/{token}")
def shared(request: Request, desk: WholeDesk, token: str) -> Response:
    """What a link shows."""
    kind, name, seen = _open(request, desk, token)
    about: dict[str, Any] = {"event": None, "case": None, "proof": kind == "proof", "token": token, "viewer": None}
    if kind == "case":
        story = story_of(seen.config, None, name, seen.store.log.events(entity=name, limit=MOST))
        about["case"] = view_of(story, desk.config.timezone, desk.clock())
    else:
        about["event"] = find_change(seen, int(name))
    return page(request, "shared.html", headers=_APART, **about)


@router.get("/shared/{token}/proof.zip")
def shared_proof(request: Request, desk: WholeDesk, token: str) -> Response:
    """The proof that a link hands on."""
    kind, name, seen = _open(request, desk, token)
    if kind != "proof" or desk.config.evidence is None or not seen.store.evidence.capture_of(int(name)):
        raise HTTPException(404, phrase("this link has no proof"), _APART)
    made = pack_proof(seen.store, desk.config.evidence.path, int(name), desk.config.timezone, desk.proof_turns)
    made.headers.update(_APART)
    return made


def _open(request: Request, desk: Desk, token: str) -> tuple[str, str, Desk]:
    """The kind and the name of what a link shows, and the desk as who gave it out sees it now. Raises HTTPException:
    404 for a link that never was, 410 for one that is over, also as that person is gone or does not see it any more.
    """
    share = desk.store.shares.find(token)
    if share is None:
        check_attempts(request, desk.share_throttle)
        desk.share_throttle.count_failure(address_of(request))
        raise HTTPException(404, phrase("there is no such link"), _APART)
    over = HTTPException(410, phrase("this link is over"), _APART)
    user = desk.config.web.users.get(share.who)
    if not share.is_open(desk.clock()) or present_role(desk, share.who) not in {"editor", "admin"}:
        raise over
    seen = desk.limited(user.sight if user else EVERYTHING)
    kind, _, name = share.subject.partition(" ")
    try:
        _ = case_in(seen, name) if kind == "case" else change_in(seen, int(name))
    except HTTPException:
        raise over from None
    return kind, name, seen
