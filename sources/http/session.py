"""The requests of one check: each from its `Get` to its `Page`, within its deadline and limits, and what is sent again
at once after a failure. Longer waits are the schedule's. A Fetcher makes the sessions, and has what they share.

Redirects are followed here and not by a library, since credentials must not follow to another site (`exchange.py`).
"""

from __future__ import annotations

import asyncio
import logging
import time
from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import httpx

from sources.errors import BadRedirect, BadResponse, DiskFull, TooLarge
from sources.formats.download import Body
from sources.formats.unpack import Spool, glimpse, unpack, unpack_into
from sources.http.connections import Connections
from sources.http.course import course
from sources.http.errors import Progress, broke_off, failure, going_on, never_connected, progress, too_late
from sources.http.exchange import (
    Answer,
    Outgoing,
    Validators,
    encode,
    follow_redirect,
    harmless,
    join_headers,
    new_headers,
    read_address,
    refusal,
    retry_after,
    same_site,
    set_headers,
    shown,
)
from sources.http.guard import Guard
from sources.http.resume import Beginnings, Transfer
from sources.model import Get, Page, Source
from sources.model.transcript import Hop, Transcript
from sources.options import HttpOptions, deadline, largest_page
from sources.placeholders import fill, find_carried
from sources.places import NEEDS_NO_ROOM, take_room

if TYPE_CHECKING:
    from sources.http.robots import Robots

ATTEMPTS = 3
PARTS = 6  # requests for one body that breaks off again and again
LEAST = 1_000_000  # bytes that each of them has to bring
PAUSE = 0.2  # seconds before the second attempt, doubled before the third; up to as much jitter is added
NO_MORE_AFTER = 3.0  # seconds: a failure that took longer, such as of a name server, would repeat

T = TypeVar("T")
_MOST_HOPS = 10
_SHORT_WAIT = timedelta(seconds=2)  # a Retry-After up to here is waited for; the schedule takes longer ones
_BUSY = {502, 503, 504}
SMALL = 65_536  # bytes of an unwanted body that are read, so that its connection can be reused
_QUICK, _QUICK_UNPACKED = 32_768, 1_000_000  # bytes of a body, packed and unpacked: takes some milliseconds


class Fetcher:
    """What the sessions of all checks share, in one event loop: connections, the address guard, robots.txt. `clock`
    gives the time (UTC) of pages.

    With `proving`, each page with a body carries the transcript of its exchange. `beginnings` has what broke off. Tests
    replace `guard` and `transport`.
    """

    def __init__(
        self,
        http: HttpOptions,
        *,
        clock: Callable[[], datetime],
        guard: Guard | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        proving: bool = False,
        beginnings: Beginnings | None = None,
    ) -> None:
        self.beginnings = beginnings or Beginnings()
        self.http, self.clock, self.proving = http, clock, proving
        self.headers = new_headers({"User-Agent": http.user_agent, "Accept": "*/*", "Accept-Encoding": "gzip"})
        self.guard = guard or Guard(http.private_addresses)
        self.connections = Connections(self.guard, transport, proving=proving)
        self.robots: Robots | None = None
        if http.robots != "ignore":
            from sources.http.robots import Robots  # noqa: PLC0415 - Protego is only needed here

            self.robots = Robots(http.user_agent)
        self._under_way, self._retired = 0, False
        self._closing: asyncio.Future[None] | None = None
        logging.getLogger("httpx").setLevel(logging.WARNING)  # at INFO it logs addresses, whose query may have a key
        logging.getLogger("httpcore").setLevel(logging.INFO)  # at DEBUG it logs cookies and the passwords of proxies

    def session(self, source: Source) -> Session:
        """A new session, for one check of a source."""
        return Session(self, source)

    @contextmanager
    def using(self) -> Iterator[None]:
        """Counts a request as in progress, so that `retire` closes no connection in use."""
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1
            self._close_if_retired()

    def retire(self) -> None:
        """Close the connections as soon as no request is in progress: a new fetcher has replaced this one."""
        self._retired = True
        self._close_if_retired()

    def _close_if_retired(self) -> None:
        if self._retired and not self._under_way:
            self._closing = asyncio.ensure_future(self.connections.aclose())

    async def aclose(self) -> None:
        """Close the pooled connections, in the event loop that opened them; the next request opens new ones. What broke
        off is left to the next process.
        """
        self.beginnings.close()
        await self.connections.aclose()


class Raw(NamedTuple):
    """A response as received: its body still packed, and truncated unless the status is 2xx.

    `began` is when the request was sent, if evidence is kept.
    """

    response: httpx.Response
    headers: dict[str, str]
    body: Body
    began: datetime | None


class Session:
    """The requests of one check, one at a time, with their own cookies.

    The source's headers and `auth` are sent to the site of the first request only, and `hops` redirects are followed.
    """

    _wanted = range(200, 300)  # statuses of bodies that are received in full

    def __init__(self, client: Fetcher, source: Source, *, hops: int = _MOST_HOPS) -> None:
        self._client, self._hops = client, hops
        self._options = source.under(client.http)  # one that was not loaded with `[http]` takes them over here
        self._seconds, self._most = deadline(self._options).total_seconds(), largest_page(self._options)
        self._deadline: asyncio.Timeout  # of the request under way
        self._held = 0  # bytes of the bodies so far: a check keeps them to its end
        self._home: httpx.URL | None = None
        self._jars: dict[int | None, httpx.Cookies] = {}  # by port: a cookie jar ignores the port of a host

    async def fetch(self, get: Get, validators: Validators | None = None) -> Page:
        """The page that answers `get`: its status is 2xx, or 304 when validators were sent and still match.

        Raises the subclasses of FetchError; no message has a password or a query in it.
        """
        return await self._page(get, self._outgoing(get), validators if get.conditional else None)

    async def post(self, url: str, content: bytes, content_type: str) -> Page:
        """As `fetch`, for protocols over HTTP POST (time stamps)."""
        get = Get(url, method="POST", headers={"Content-Type": content_type})
        return await self._page(get, self._outgoing(get)._replace(content=content), None)

    async def call(self, url: str, fields: Mapping[str, Any], file: tuple[str, bytes, str] | None = None) -> Answer:
        """What a method of an API answers to `fields`: as JSON, or as a form with a `document` (name, content, type).

        An error is no exception, and has the beginning of its body. Raises FetchError where no answer came.
        """
        made = httpx.Request("POST", url, data=fields, files={"document": file}) if file else None
        made = made or httpx.Request("POST", url, json=fields)
        out = self._outgoing(Get(url, method="POST", headers={"Content-Type": made.headers["content-type"]}))

        async def once(out: Outgoing) -> Answer:
            return await self._receive(out, await self._send(out, {}), [])

        return await self._in_time(out, once(out._replace(content=made.read())))

    async def obey(self, url: httpx.URL) -> None:
        """Raise RobotsForbid if the site's robots.txt forbids an address that something else requests."""
        if robots := self._client.robots:
            out = Outgoing("GET", url, self._client.headers)
            await self._in_time(out, robots.obey(url, self._client.clock, self._robots_at))

    def _outgoing(self, get: Get) -> Outgoing:
        """The first request of a `Get`, without Host, the check's cookies and validators.

        Of headers with one name the last one counts: the program's, those of the options, then the `Get`'s. On another
        site than the source's own, only harmless headers of the options are sent. Raises FetchError (`bad_url`,
        `bad_request`).
        """
        url, userinfo = read_address(get.url)
        if get.query:
            url = url.copy_merge_params(dict(get.query))
        self._home = self._home or url
        at_home, options, given = same_site(self._home, url), self._options, self._client.headers.copy()
        if auth := userinfo or ((at_home and options.auth) or "").encode():
            given["Authorization"] = f"Basic {b64encode(auth).decode()}"
        if options.headers:
            own = fill(options.headers, find_carried(get.carry)) if get.carry else options.headers
            set_headers(given, own if at_home else harmless(own))
        if get.headers:
            set_headers(given, get.headers)
        if get.form is None and get.json is None:
            return Outgoing(get.method, url, given)
        made = encode(get)
        headers = new_headers({"Content-Type": made.headers["content-type"]} if "content-type" in made.headers else {})
        headers.update(given)
        return Outgoing(get.method, url, headers, made.content)

    async def _page(self, get: Get, out: Outgoing, validators: Validators | None) -> Page:
        answer = await self._in_time(out, self._follow(out, validators))
        self._held += len(answer.content) + len(answer.gzip)
        return Page(
            get=get,
            url=str(answer.url),
            status=answer.status,
            headers=answer.headers,
            content=answer.content,
            fetched=self._client.clock(),
            encoding=self._options.encoding,
            transcript=answer.transcript,
            gzip=answer.gzip,
        )

    async def _in_time(self, out: Outgoing, work: Awaitable[T]) -> T:
        """The result of a request and all that belongs to it, within the deadline. Raises TimedOut."""
        reached = Progress(time.monotonic() + self._seconds)
        progress.set(reached)
        try:
            with self._client.using():
                async with asyncio.timeout(self._seconds) as self._deadline:
                    return await work
        except TimeoutError:
            late = too_late(reached.stage, self._peer(out.url), shown(out.url), self._seconds, reached.kept)
            raise late from None

    async def _follow(self, out: Outgoing, validators: Validators | None, *, rules: bool = False) -> Answer:
        """Follow redirects to the final response. Without `rules`, what robots.txt forbids is not requested."""
        asked, seen, hops = str(out.url), set[tuple[str, str, str]](), list[Hop]()
        given_at = validators and (validators.url or asked)
        for _ in range(self._hops + 1):
            here, cookies = str(out.url), self._cookies(out)
            hop = (out.method, here, cookies.get("Cookie", ""))  # the same address with a new cookie is no loop
            if hop in seen:
                raise BadRedirect(f"{shown(out.url)} redirects in a circle")
            seen.add(hop)
            if self._client.robots and not rules:
                await self._client.robots.obey(out.url, self._client.clock, self._robots_at)
            conditions = validators.conditions if validators and here == given_at else {}
            answer = await self._receive(out, await self._send(out, conditions | cookies), hops)
            if answer.redirects:
                hops.append(Hop(here, answer.status))
                out = follow_redirect(out, answer)
                continue
            if answer.status == 206 and "range" not in out.headers:
                raise BadResponse(f"{shown(out.url)} sent a part of the document, which was not asked for")
            if 200 <= answer.status < 300 or (answer.status == 304 and conditions):
                return answer
            raise await asyncio.to_thread(refusal, answer, asked)  # it parses the body
        raise BadRedirect(f"more than {self._hops} redirects, the last one to {shown(out.url)}")

    async def _robots_at(self, address: str) -> bytes:
        """What a site's robots.txt says."""
        asked = Outgoing("GET", httpx.URL(address), self._client.headers)
        return (await self._follow(asked, None, rules=True)).body

    def _cookies(self, out: Outgoing) -> dict[str, str]:
        """The Cookie header, if any: from the options, and from the cookies set in this check."""
        if not self._jars and "cookie" not in out.headers:
            return {}
        probe = httpx.Request("GET", out.url)
        probe.headers.encoding = "utf-8"  # httpx's default is ASCII only
        self._jars.get(out.url.port, httpx.Cookies()).set_cookie_header(probe)
        cookies = [each.headers["cookie"] for each in (out, probe) if "cookie" in each.headers]
        return {"Cookie": "; ".join(cookies)} if cookies else {}

    async def _send(self, out: Outgoing, extra: Mapping[str, str]) -> Raw:
        """Send one request; where that is safe and may help, tenacity repeats it at once.

        No attempt begins later than NO_MORE_AFTER seconds after the first one, or after the deadline.
        """
        began, outcomes = time.monotonic(), list[Raw | httpx.TransportError]()
        try:
            raw = await self._attempt(out, extra)
            if raw.response.status_code not in _BUSY:
                return raw
            outcomes.append(raw)
        except httpx.TransportError as error:
            outcomes.append(error)
        import tenacity  # noqa: PLC0415 - a request is rarely repeated
        from tenacity.stop import stop_after_attempt, stop_after_delay, stop_before_delay  # noqa: PLC0415
        from tenacity.wait import wait_exponential_jitter  # noqa: PLC0415

        async def attempt() -> Raw:
            if not outcomes:
                return await self._attempt(out, extra)
            first = outcomes.pop()
            if isinstance(first, httpx.TransportError):
                raise first
            return first

        def least_wait(state: tenacity.RetryCallState) -> float | None:
            assert state.outcome  # noqa: S101 - asked after each attempt
            return self._worth(out, state.outcome.exception() or state.outcome.result())

        now, jitter = time.monotonic(), wait_exponential_jitter(multiplier=PAUSE, jitter=PAUSE)
        retrying = tenacity.AsyncRetrying(
            stop=stop_after_attempt(ATTEMPTS)
            | stop_after_delay(began + NO_MORE_AFTER - now)
            | stop_before_delay(progress.get().ends - now),
            retry=lambda state: least_wait(state) is not None,
            wait=lambda state: max(jitter(state), least_wait(state) or 0.0),
            retry_error_callback=lambda state: state.outcome.result() if state.outcome else None,
        )
        try:
            return await retrying(attempt)
        except httpx.TransportError as error:
            raise failure(error, self._peer(out.url), self._seconds, self._proxy) from None

    def _worth(self, out: Outgoing, came: Raw | BaseException) -> float | None:
        """Whether another attempt may help after this outcome: the minimum wait in seconds, or None."""
        if isinstance(came, httpx.TransportError):
            return 0.0 if never_connected(came) or (out.safe and broke_off(came)) else None
        if isinstance(came, BaseException) or not out.safe or came.response.status_code not in _BUSY:
            return None
        wait = retry_after(came.headers, self._client.clock()) or timedelta()
        return wait.total_seconds() if wait <= _SHORT_WAIT else None

    async def _attempt(self, out: Outgoing, extra: Mapping[str, str]) -> Raw:
        """Send a request, and receive its response; where a large one breaks off, ask for the rest at once. Raises
        httpx.TransportError for failures before the headers, and FetchError.
        """
        # A proof is of one exchange, so what is one is not received in parts.
        with Transfer(self._client.beginnings, out, keeps=not self._client.proving) as transfer:
            for left in reversed(range(PARTS)):
                before = transfer.size
                try:
                    raw = await self._exchange(out, extra, transfer)
                except BadResponse as error:
                    if not left or transfer.size < before + LEAST:
                        raise BadResponse(f"{error.message}{going_on(transfer.size)}") from None
                    await asyncio.sleep(PAUSE)
                else:
                    if raw:
                        return raw
                finally:
                    progress.get().kept = transfer.size
            raise BadResponse(f"{shown(out.url)} does not answer as a whole what it did not in part")

    async def _exchange(self, out: Outgoing, extra: Mapping[str, str], transfer: Transfer) -> Raw | None:
        """The response to one request, joined to what is kept of its body; None where all has to be asked for again."""
        progress.get().stage = "connect"
        began = self._client.clock() if self._client.proving else None
        request = out.request({**extra, **transfer.conditions})
        response = await self._client.connections.send(request, self._options, safe=out.safe)
        try:
            progress.get().stage = "body"
            response.request = request
            answer = transfer.accept(response)
            if answer is None:
                return None
            headers = join_headers(answer.headers.raw)
            return Raw(answer, headers, await self._body(answer, headers, transfer), began)
        finally:
            await response.aclose()

    async def _body(self, response: httpx.Response, headers: Mapping[str, str], transfer: Transfer) -> Body:
        """The body, at most `max_bytes` long; for an error, only the beginning."""
        if response.status_code == 304 or response.request.method == "HEAD":
            return b""
        stream = response.stream
        assert isinstance(stream, httpx.AsyncByteStream)  # noqa: S101 - it came from an async transport
        if response.status_code not in self._wanted:
            return await beginning_of(stream)
        where = shown(response.url)
        try:
            with transfer.spool(self._most, where, response, headers) as spool:
                reached = course.get()
                async for piece in stream:
                    spool.write(piece)
                    reached.received = spool.size
                transfer.finish(spool.size)
                packed = spool.size > NEEDS_NO_ROOM and "content-encoding" in headers
                await self._make_room(self._most if packed else spool.size, where)
                return spool.content()
        except httpx.TransportError:
            raise BadResponse(f"the answer of {where} was cut off or is malformed") from None
        except (TooLarge, DiskFull):
            transfer.drop()
            raise

    async def _make_room(self, size: int, where: str) -> None:
        """Wait until there is room in memory for another body; the deadline of the request stands still meanwhile.

        Raises TooLarge where all bodies of the check together are too large.
        """
        size += self._held
        if size > (most := max(200_000_000, 2 * self._most)):  # bytes of all bodies of one check
            raise TooLarge(f"{where} and the pages before it have more than {most:,} bytes together")
        if size <= NEEDS_NO_ROOM or (ends := self._deadline.when()) is None:
            return
        loop = asyncio.get_running_loop()
        began = loop.time()
        self._deadline.reschedule(None)
        await take_room.get()(size)
        self._deadline.reschedule(ends + loop.time() - began)

    async def _receive(self, out: Outgoing, raw: Raw, hops: list[Hop]) -> Answer:
        """The unpacked response, after the redirects in `hops`; its cookies are stored."""
        response, status, headers = raw.response, raw.response.status_code, raw.headers
        if any(name.lower() == b"set-cookie" for name, _ in response.headers.raw):
            self._jars.setdefault(out.url.port, httpx.Cookies()).extract_cookies(response)
        packing = headers.get("content-encoding", "")
        if 200 <= status < 300:
            body = await self._unpack_body(raw.body, packing, shown(out.url))
            transcript, request = None, response.request
            witness = response.extensions.get("witness")
            if witness is not None and raw.began is not None:  # evidence is kept
                transcript = Transcript(
                    method=request.method,
                    target=request.url.raw_path.decode("ascii"),
                    sent=request.headers.raw,
                    content=request.content,
                    witness=witness,
                    body=raw.body,
                    proxied=bool(self._options.proxy),
                    began=raw.began,
                    ended=self._client.clock(),
                    hops=tuple(hops),
                )
            return Answer(out.url, status, headers, *body, transcript=transcript)
        return self._beginning(out, raw)

    def _beginning(self, out: Outgoing, raw: Raw) -> Answer:
        wait = retry_after(raw.headers, self._client.clock())
        if wait is None and raw.response.status_code == 429:  # it asks to wait without saying how long
            wait = timedelta()
        body = raw.body and glimpse(raw.body[:], raw.headers.get("content-encoding", ""), SMALL)
        return Answer(out.url, raw.response.status_code, raw.headers, body, retry_after=wait)

    async def _unpack_body(self, body: Body, packing: str, where: str) -> tuple[Body, Body]:
        """The body unpacked, and as the gzip stream that it came as: here if it is small before and after, else in a
        thread.
        """
        if not packing:
            return body, b""
        if len(body) <= _QUICK:
            with suppress(TooLarge):
                return unpack(body[:], packing, min(self._most, _QUICK_UNPACKED), where)
        with Spool(self._most, where) as spool:
            kept = await asyncio.to_thread(unpack_into, spool, body, packing)
            await self._make_room(spool.size + len(body), where)
            return spool.content(), kept

    @property
    def _proxy(self) -> str:
        """The host of the proxy, empty without one."""
        return httpx.URL(self._options.proxy).host if self._options.proxy else ""

    def _peer(self, url: httpx.URL) -> str:
        return f"{url.host} through the proxy {self._proxy}" if self._proxy else url.host


class Posting(Session):
    """A session for a document that is to arrive once.

    A redirect would turn it into a GET, or take it to another site. A body that is too long or broken off changes
    nothing about what the status says: the document has arrived, and must not be sent again.
    """

    _wanted = range(0)

    async def submit(self, url: str, content: bytes, headers: Mapping[str, str]) -> Answer:
        """Post a document: the answer has the beginning of the body alone. Raises FetchError where no answer came."""
        out = self._outgoing(Get(url, method="POST", headers=headers))._replace(content=content)
        return self._beginning(out, await self._in_time(out, self._send(out, {})))


async def beginning_of(stream: httpx.AsyncByteStream) -> bytes:
    """Read at most SMALL bytes of an unwanted body, so that the connection can be reused."""
    body = bytearray()
    with suppress(httpx.TransportError, TimeoutError):
        async with asyncio.timeout(1.0):
            async for piece in stream:
                body += piece
                if len(body) > SMALL:
                    break
    return bytes(body)
