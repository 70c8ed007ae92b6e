"""What is said about a change, a case or a held snapshot, as the forms of their pages send it; the links by which one
is handed on, and the page that such a link shows to whoever has it.

That page shows its subject as it is now, as far as who gave the link out sees it, and nothing else: not whom the desk
watches besides, what was said, nor who was told. From it nothing can be reached but the registers themselves.
"""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from alerts.case.view import view_of
from state.model import Importance
from watcher.config.settings import EVERYTHING
from watcher.reports.case import story_of
from watcher.web import discussing
from watcher.web.desk import Desk, WholeDesk
from watcher.web.discussing import Said, Subject, case_in, change_in, snapshot_in
from watcher.web.evidence import pack_proof
from watcher.web.pages.cases import MOST
from watcher.web.queries import IdInPath, IdInQuery, find_change
from watcher.web.render import page
from watcher.web.viewers import TheAdmin, TheDesk, TheEditor, TheOwner, address_of, check_attempts, present_role

router = APIRouter(include_in_schema=False)

Text = Annotated[str, Form()]
Weight = Annotated[Importance, Form()]
PAGE = 100  # links
# No search engine keeps it, and no register learns where a reader came from.
_APART = {"X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer"}


def _add_forms(prefix: str, find: Callable[..., Subject]) -> None:
    About = Annotated[Subject, Depends(find)]  # noqa: N806 - it is a type
    made = APIRouter(prefix=prefix)

    @made.post("/comments")
    def comment(desk: TheDesk, who: TheOwner, about: About, text: Annotated[Said, Form()]) -> Response:
        discussing.comment(desk, who, about, text)
        return RedirectResponse(f"{about.page}#said", 303)

    @made.post("/comments/{comment}/delete")
    def delete(desk: TheDesk, who: TheOwner, about: About, comment: IdInPath) -> Response:
        discussing.delete_comment(desk, who, about, comment)
        return RedirectResponse(f"{about.page}#said", 303)

    @made.post("/marks")
    def mark(desk: TheDesk, editor: TheEditor, about: About, importance: Weight, to: Text = "") -> Response:
        discussing.assign(desk, editor, about, to.strip() or None)
        desk.store.discussion.mark(about.name, "importance", importance, editor.name, desk.clock())
        return RedirectResponse(f"{about.page}#said", 303)

    router.include_router(made)


def _add_links(prefix: str, find: Callable[..., Subject]) -> None:
    About = Annotated[Subject, Depends(find)]  # noqa: N806 - it is a type
    made = APIRouter(prefix=prefix)

    @made.post("/share")
    def share(
        request: Request, desk: TheDesk, editor: TheEditor, about: About, until: Text, proof: Text = ""
    ) -> Response:
        url = discussing.share(desk, editor, about, until, request.base_url, proof=bool(proof))
        return page(request, "shares.html", url=url, subject=about, shares=(), more=None)

    @made.post("/share/end")
    def end(desk: TheDesk, editor: TheEditor, about: About) -> Response:
        desk.store.shares.end({about.name, about.proof}, editor.name, desk.clock())
        return RedirectResponse(f"{about.page}#links", 303)

    router.include_router(made)


_add_forms("/changes/{number}", change_in)
_add_forms("/cases/{entity:path}", case_in)
_add_forms("/sources/{name:path}/held/{snapshot}", snapshot_in)
_add_links("/changes/{number}", change_in)
_add_links("/cases/{entity:path}", case_in)


@router.get("/shares")
def shares(request: Request, desk: TheDesk, _: TheAdmin, below: IdInQuery = None) -> Response:
    """All links that were given out."""
    found = desk.store.shares.given_out(below=below, limit=PAGE + 1)
    more = found[PAGE - 1].id if len(found) > PAGE else None
    return page(request, "shares.html", url=None, subject=None, shares=found[:PAGE], more=more)


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
        raise HTTPException(404, "this link has no proof", _APART)
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
        raise HTTPException(404, "there is no such link", _APART)
    over = HTTPException(410, "this link is over", _APART)
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
