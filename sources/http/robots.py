"""What a site's robots.txt (RFC 9309) asks of programs: parsed by Protego, within limits."""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import NamedTuple

import httpx
from protego import Protego

from sources.errors import FetchError, HttpStatus, RobotsForbid
from sources.formats.decode import decode
from sources.http.exchange import shown

LARGEST = 512_000  # bytes of a robots.txt that count; RFC 9309 asks for 500 KiB
REMEMBERED = timedelta(days=1)  # RFC 9309: a copy should not be used for longer
AGAIN = timedelta(minutes=10)  # until a robots.txt that could not be read is requested again


class Rules(NamedTuple):
    """The rules of one site for this program. `trouble` says why they could not be read; then nothing is requested."""

    parsed: Protego | None
    agent: str
    trouble: FetchError | None = None

    def check(self, url: httpx.URL) -> None:
        """Raise RobotsForbid if they forbid this address, and why they could not be read as the failure that it is."""
        if self.trouble:
            what = f"{shown(url)} is not requested, as robots.txt could not be read: {self.trouble.message}"
            raise FetchError(what, code=self.trouble.code, retry_after=self.trouble.retry_after)
        if self.parsed and not self.parsed.can_fetch(str(url), self.agent):
            raise RobotsForbid(f'{shown(url)} is forbidden to programs by robots.txt ([http] robots = "obey")')


class Robots:
    """The rules of the sites that were asked, each for a day."""

    def __init__(self, user_agent: str) -> None:
        self._agent = agent_of(user_agent)
        self._known: OrderedDict[str, tuple[datetime, Rules]] = OrderedDict()

    async def obey(self, url: httpx.URL, clock: Callable[[], datetime], ask: Callable[[str], Awaitable[bytes]]) -> None:
        """Raise RobotsForbid if the rules of a site forbid an address, and FetchError if they cannot be read. `ask`
        gives what is at the site's robots.txt, or raises FetchError.
        """
        address = address_for(str(url))
        until, rules = self._known.get(address, (clock(), None))
        if rules is None or until <= clock():
            try:
                rules = await asyncio.to_thread(_rules_of, await ask(address), self._agent)
            except FetchError as error:
                # The rules of a site whose robots.txt was not sent: all is allowed if there is none (a status of 400
                # to 499), and nothing if it could not be read
                gone = isinstance(error, HttpStatus) and 400 <= error.status < 500 and error.status != 429
                rules = Rules(None, self._agent, None if gone else error)
            self._known[address] = clock() + (AGAIN if rules.trouble else REMEMBERED), rules
            while len(self._known) > 10_000:
                self._known.popitem(last=False)
        await asyncio.to_thread(rules.check, url)


def agent_of(user_agent: str) -> str:
    """The name by which a robots.txt may call this program: the first word of the user agent."""
    found = re.match(r"[A-Za-z_-]+", user_agent)
    return found[0] if found else "registry-watch"


def _rules_of(body: bytes, agent: str) -> Rules:
    """The rules in a robots.txt, as far as it is read."""
    return Rules(Protego.parse(decode(body[:LARGEST], "text/plain", "utf-8")), agent)


def address_for(url: str) -> str:
    """The address of the robots.txt that is for a page."""
    return str(httpx.URL(url).copy_with(path="/robots.txt", query=None, fragment=None))


def describe_rules(url: str, body: bytes, user_agent: str) -> str:
    """What a robots.txt asks of this program for a page, in words."""
    rules = _rules_of(body, agent_of(user_agent))
    try:
        rules.check(httpx.URL(url))
        said = "its robots.txt allows programs to request this page"
    except RobotsForbid:
        said = "its robots.txt asks programs not to request this page"
    delay = rules.parsed.crawl_delay(rules.agent) if rules.parsed else None
    return said if delay is None else f"{said}, and to wait {float(delay):g} s between requests"
