"""Comments, assignment and importance of changes, cases and held snapshots; links that hand a change, its proof, or a
case on to somebody without an account.
"""

from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar

from fastapi import APIRouter, Body, Depends, Query, Request

from alerts.event.change_json import MarksJson, marks_json
from state.model import UNMARKED, Comment, Importance
from state.storage.discussion import Share
from watcher.web import discussing
from watcher.web.api.parameters import ACTIONS, RESPONSES, NoParameters, Number, Numbered, NumberedPaging
from watcher.web.desk import Desk
from watcher.web.discussing import Said, Subject, case_in, change_in, snapshot_in
from watcher.web.viewers import TheAdmin, TheDesk, TheEditor, TheOwner

router = APIRouter(tags=["discussion"])

ThePart = Annotated[NumberedPaging, Query()]
Text = Annotated[Said, Body(embed=True)]
Value = Annotated[Importance, Body(embed=True)]
To = Annotated[str | None, Body(embed=True, max_length=200)]
Until = Annotated[str, Body(max_length=100, description="a time, in the configured zone where it has none")]
WithProof = Annotated[bool, Body(description="of a change: with its proof")]
T = TypeVar("T", Comment, Share)


def _part(found: Sequence[T], limit: int) -> Numbered[T]:
    """As much as was asked for of what was found, which is one more where there is more."""
    return {"items": list(found[:limit]), "next": found[limit - 1].id if len(found) > limit else None}


def _add_comments(prefix: str, find: Callable[..., Subject]) -> None:
    """The routes of what is said about one kind of subject, and of what people make of it."""
    About = Annotated[Subject, Depends(find)]  # noqa: N806 - it is a type
    made = APIRouter(prefix=prefix)

    def marks_of(desk: Desk, about: Subject) -> MarksJson:
        return marks_json(desk.store.discussion.find([about.name]).get(about.name, UNMARKED))

    @made.get("/comments", responses=RESPONSES)
    def comments(desk: TheDesk, about: About, part: ThePart) -> Numbered[Comment]:
        """The comments, the newest first."""
        found = desk.store.discussion.comments(about.name, below=part.cursor, limit=part.limit + 1)
        return _part(found, part.limit)

    @made.post("/comments", responses=ACTIONS, status_code=201)
    def comment(desk: TheDesk, who: TheOwner, about: About, text: Text, _: NoParameters) -> Comment:
        """Say something about it, as plain text; `@name` tells a colleague. A viewer may, too."""
        return discussing.comment(desk, who, about, text)

    @made.delete("/comments/{comment}", responses=ACTIONS, status_code=204)
    def delete(desk: TheDesk, who: TheOwner, about: About, comment: Number, _: NoParameters) -> None:
        """Delete one's own comment; an admin may delete any. The record of actions keeps that it was."""
        discussing.delete_comment(desk, who, about, comment)

    @made.post("/assign", responses=ACTIONS)
    def assign(desk: TheDesk, editor: TheEditor, about: About, to: To, _: NoParameters) -> MarksJson:
        """Assign it to somebody who may see it; null: to nobody."""
        discussing.assign(desk, editor, about, to)
        return marks_of(desk, about)

    @made.post("/importance", responses=ACTIONS)
    def weigh(desk: TheDesk, editor: TheEditor, about: About, value: Value, _: NoParameters) -> MarksJson:
        """Say how important it is."""
        desk.store.discussion.mark(about.name, "importance", value, editor.name, desk.clock())
        return marks_of(desk, about)

    router.include_router(made)


def _add_links(prefix: str, find: Callable[..., Subject]) -> None:
    """The routes of the links by which one kind of subject is handed on."""
    About = Annotated[Subject, Depends(find)]  # noqa: N806 - it is a type
    made = APIRouter(prefix=prefix)

    @made.get("/share", responses=RESPONSES)
    def links(desk: TheDesk, _: TheEditor, about: About, part: ThePart) -> Numbered[Share]:
        """The links that were given out, also those that are over, the newest first."""
        names = {about.name, about.proof}
        return _part(desk.store.shares.given_out(names, below=part.cursor, limit=part.limit + 1), part.limit)

    @made.post("/share", responses=ACTIONS, status_code=201)
    def share(
        request: Request,
        desk: TheDesk,
        editor: TheEditor,
        about: About,
        _: NoParameters,
        until: Until,
        *,
        proof: WithProof = False,
    ) -> dict[str, str]:
        """Give out a link that shows it to whoever has it, until a time: its `url`, which is said once."""
        return {"url": discussing.share(desk, editor, about, until, request.base_url, proof=proof)}

    @made.delete("/share", responses=ACTIONS, status_code=204)
    def end(desk: TheDesk, editor: TheEditor, about: About, _: NoParameters) -> None:
        """End all links to it, and to its proof, whoever gave them out."""
        desk.store.shares.end({about.name, about.proof}, editor.name, desk.clock())

    router.include_router(made)


_add_comments("/changes/{number}", change_in)
_add_comments("/cases/{entity:path}", case_in)
_add_comments("/sources/{name:path}/held/{snapshot}", snapshot_in)
_add_links("/changes/{number}", change_in)
_add_links("/cases/{entity:path}", case_in)


@router.get("/shares", responses=RESPONSES)
def shares(desk: TheDesk, _: TheAdmin, part: ThePart) -> Numbered[Share]:
    """All links that were given out, the newest first; for admins."""
    return _part(desk.store.shares.given_out(below=part.cursor, limit=part.limit + 1), part.limit)
