"""The cookies of one check. The rules are httpx's, which is loaded when a site sets one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sources.http1 import Headers
from sources.request import Request

if TYPE_CHECKING:
    import httpx


class Cookies:
    """What a site has set so far."""

    def __init__(self) -> None:
        self._jars: dict[int | None, httpx.Cookies] = {}  # by port: to a cookie, all ports of a host are one

    def for_request(self, request: Request) -> str:
        """The Cookie header: what the options give, and what the site set in this check."""
        given = request.headers.get("cookie", ("", ""))[1]
        jar = self._jars.get(request.address.port)
        if not jar:
            return given
        import httpx  # noqa: PLC0415 - slow to import, and seldom needed

        probe = httpx.Request("GET", request.address.text)
        probe.headers.encoding = "utf-8"  # of its own accord httpx takes nothing but ASCII
        jar.set_cookie_header(probe)
        return "; ".join(each for each in (given, probe.headers.get("cookie", "")) if each)

    def keep(self, request: Request, status: int, headers: Headers) -> None:
        """Keep what an answer sets."""
        if not any(name == "set-cookie" for name, _ in headers):
            return
        import httpx  # noqa: PLC0415 - slow to import, and seldom needed

        said = [(name.encode(), value.encode()) for name, value in headers]
        whole = httpx.Response(status, headers=said, request=httpx.Request(request.method, request.address.text))
        self._jars.setdefault(request.address.port, httpx.Cookies()).extract_cookies(whole)
