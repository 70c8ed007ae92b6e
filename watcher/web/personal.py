"""What people do for themselves, at their page or by the API: follow something, give an address for mails, let a
browser show alerts, make tokens. What somebody may not see is answered as what is not there.
"""

from __future__ import annotations

import fnmatch
import re
from datetime import datetime
from html import escape
from typing import Annotated, Literal
from uuid import uuid4

from fastapi import HTTPException
from pydantic import StringConstraints

from alerts.links import LASTING, verify_link
from sources.text import clean
from state.storage.desk import ApiToken
from state.storage.letters import Draft, LetterText
from state.storage.readers import MAIL, Follow, Interest, Subscription
from watcher.delivery.questions import LINKS
from watcher.errors import UsageError
from watcher.web.desk import Desk
from watcher.web.viewers import SCOPES, Viewer, least, present_role

MOST = 200  # follows of one reader
MOST_TOKENS = 100  # of a person
MOST_BROWSERS = 20  # of one reader
MOST_NAMES = 100  # entities or sources of one follow
LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1, without the brackets
# What a browser takes for an address in a form: HTML, 4.10.5.1.5
_LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
ADDRESS = re.compile(rf"[a-zA-Z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{_LABEL}(?:\.{_LABEL})*")
TokenName = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^\P{C}+$")]
TokenScope = Literal["read", "act", "admin"]
_ASKED = """Somebody who is signed in to Registry Watch as {who} wants what he follows to be mailed here.

If that is you, open this page and press its button:
{link}

The link works for {days} days. If it is not you, do nothing: then nothing is sent to this address."""


def follow(desk: Desk, viewer: Viewer, wish: Interest, address: str = "") -> Follow:
    """Follow something from now on. An address that is given along, and is another one than before, is sent a link.

    Raises HTTPException: 404 for what is not there, 422 for what cannot be followed, 429 as `give_address`.
    """
    wish = wish._replace(find=" ".join(wish.find.replace("\0", " ").split()))  # PostgreSQL takes a NUL in no text
    check(desk, wish)
    known = desk.store.readers.follows(viewer.name)
    if len(known) >= MOST:
        raise HTTPException(422, f"{MOST} things can be followed at most: end one first")
    reader = desk.store.readers.reader(viewer.name)
    if address and address not in {configured_address(desk, viewer), reader and reader.mail}:
        give_address(desk, viewer, address)
    number = desk.whole.store.readers.follow(viewer.name, wish, desk.clock())
    if number not in {each.id for each in known}:
        desk.record(viewer.name, "follow", f"follow {number}")
    return find_follow(desk, viewer, number)


def check(desk: Desk, wish: Interest) -> None:
    """Raises HTTPException: 404 for what is not there, 422 for what cannot be followed."""
    config = desk.config  # without what this person may not see
    gone = [f"entity: {name}" for name in wish.entities if name not in config.entities]
    gone += [f"source: {name}" for name in wish.sources if not fnmatch.filter(config.sources, name)]
    if gone:
        raise HTTPException(404, f"there is no such {clean(gone[0])[:100]}")
    if not (wish.entities or wish.sources or wish.find):
        raise HTTPException(422, "name an entity, a source, or words to find")
    if wish.by == MAIL:
        _check_mail(desk)


def find_follow(desk: Desk, viewer: Viewer, number: int) -> Follow:
    """A follow of this person. Raises HTTPException (404)."""
    if found := next((each for each in desk.store.readers.follows(viewer.name) if each.id == number), None):
        return found
    raise HTTPException(404, f"you follow nothing with the number {number}")


def unfollow(desk: Desk, viewer: Viewer, number: int) -> None:
    """End a follow. Raises HTTPException (404)."""
    find_follow(desk, viewer, number)
    if desk.store.readers.unfollow(number, viewer.name):
        desk.record(viewer.name, "unfollow", f"follow {number}")


def change(desk: Desk, viewer: Viewer, number: int, by: str, when: str) -> None:
    """Have a follow come in another way, or as soon as this, from now on. Raises HTTPException as `follow`."""
    wish = find_follow(desk, viewer, number).interest._replace(by=by, when=when)
    check(desk, wish)
    if desk.whole.store.readers.follow(viewer.name, wish, desk.clock()) != number:
        unfollow(desk, viewer, number)


def _check_mail(desk: Desk) -> None:
    if not can_mail(desk):
        raise HTTPException(422, "nothing is mailed to readers here: [web] base_url or a channel for them is missing")


def can_mail(desk: Desk) -> bool:
    """Whether what is followed can be mailed: there is a channel for it, and an address that links can have."""
    config = desk.whole.config
    return config.web.base_url is not None and any(each.readers for each in config.channels.values())


def configured_address(desk: Desk, viewer: Viewer) -> str | None:
    """The address that the configuration names for somebody, which nobody has to verify."""
    user = desk.whole.config.web.users.get(viewer.name)
    return user.mail if user else None


def give_address(desk: Desk, viewer: Viewer, address: str) -> None:
    """Send a link to an address, where mail goes once it was opened; the address before it counts no more.

    Raises HTTPException: 422 for what is no address, 429 where it is too soon for another link: nobody is flooded.
    """
    _check_mail(desk)
    if len(address) > LONGEST_ADDRESS or not ADDRESS.fullmatch(address):
        raise HTTPException(422, "that is no mail address, such as ada@example.org")
    configured = configured_address(desk, viewer)
    if configured and address != configured:
        raise HTTPException(422, f"the configuration names your address: {configured}")
    now = desk.clock()
    if wait := desk.sent_links.wait_or_add(viewer.name, address, now):
        seconds = str(round(wait.total_seconds()) or 1)
        raise HTTPException(429, f"links were sent just now: try again in {seconds} s", {"Retry-After": seconds})
    reader = desk.store.readers.reader(viewer.name)
    if reader is None or reader.mail != address:
        desk.store.readers.set_mail(viewer.name, address)
    key = desk.store.feed_keys.value_or_new(LINKS)
    link = verify_link(desk.config.web.base_url or "", key, viewer.name, address, now)
    text = _ASKED.format(who=clean(viewer.name), link=link, days=LASTING.days)
    html = f"<div>{escape(text)}</div>".replace("\n", "<br>").replace(escape(link), f'<a href="{link}">{link}</a>')
    letter = LetterText(uuid4().hex, "Is this your address?", text, html, link)
    desk.whole.store.letters.write([Draft(viewer.name, MAIL, address=address)], letter, now)


def subscribe(desk: Desk, viewer: Viewer, endpoint: str, p256dh: str, auth: str) -> None:
    """Let a browser show alerts. Raises HTTPException (422)."""
    from watcher.delivery.push import encrypt

    now = desk.clock()
    try:
        encrypt(Subscription(0, viewer.name, endpoint, p256dh, auth, now), b"x")
    except ValueError as error:
        raise HTTPException(422, str(error)) from None
    others = [each for each in desk.store.readers.pushes(viewer.name) if each.endpoint != endpoint]
    if len(others) >= MOST_BROWSERS:
        raise HTTPException(422, f"{MOST_BROWSERS} browsers can show alerts at most: remove one first")
    desk.store.readers.subscribe_push(viewer.name, endpoint, p256dh, auth, now)


def make_token(desk: Desk, owner: Viewer, name: str, scope: TokenScope, until: datetime | None) -> tuple[ApiToken, str]:
    """Make a token by which a program asks in this person's name, and what it is, which nobody is told again. It sees
    what its owner sees, and ends no later than the token by which it was asked for.

    Raises HTTPException: 403 for more than its owner may, 409 where there are too many; and UsageError for a time that
    is over.
    """
    now, role = desk.clock(), SCOPES[scope]
    if present_role(desk, owner.name) is None:
        raise HTTPException(403, f"{owner.name} has no [web.users.NAME] in the configuration, so no token either")
    if least(owner.role, role) != role:
        raise HTTPException(403, f"{owner.name} cannot give more than the role {owner.role} allows")
    ends = [end if end.tzinfo else end.replace(tzinfo=desk.config.timezone) for end in [until] if end]
    if ends and ends[0] <= now:
        raise UsageError("until: that is over already")
    until = min([*ends, *([owner.token.until] if owner.token and owner.token.until else [])], default=None)
    if len(desk.store.tokens.of(owner.name)) >= MOST_TOKENS:
        raise HTTPException(409, f"{owner.name} has {MOST_TOKENS} tokens: delete one first")
    number, token = desk.store.tokens.make(owner.name, name, scope, now, until)
    desk.record(owner.name, "make token", f"token {number}: {name} ({scope})")
    return ApiToken(number, owner.name, name, scope, now, until), token


def end_token(desk: Desk, owner: Viewer, number: int) -> None:
    """Delete one's token: it opens nothing from now on. Raises HTTPException (404)."""
    if not desk.store.tokens.end(number, owner.name):
        raise HTTPException(404, f"{owner.name} has no token {number}")
    desk.record(owner.name, "end token", f"token {number}")
