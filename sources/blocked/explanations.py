"""What is said of a response in place of the content, and what to do about it."""

from __future__ import annotations

from typing import NamedTuple


class Block(NamedTuple):
    """A classified response: a stable code, and who serves it ("" if unknown)."""

    code: str
    who: str = ""

    def why(self, *, rendered: bool = False) -> str:
        """What it is, for people; `rendered` if a browser made the page."""
        if self.code in REFUSALS:
            return REFUSALS[self.code]
        said = (rendered and _RENDERED.get(self.code)) or _SAYS[self.code]
        return said.format(who=f" of {self.who}" if self.who else "")


_SAYS = {
    "challenge_page": "a challenge page{who}, which only a browser passes",
    "captcha": "a captcha{who}, which only a person passes",
    "access_denied": "a page{who} that refuses this program or the network that it runs in",
    "rate_limited": "a page{who} that says there were too many requests; ask less often (every, spacing)",
    "geo_blocked": "a page{who} that says it is not shown in this country or network; a proxy elsewhere may help",
    "maintenance": "a page{who} that says the site is under maintenance, or closed for now",
    "login_page": "a login page{who}",
    "soft_404": "a page{who} that says there is no such page, though its status says there is",
    "error_page": "an error page{who}, though its status says all is well",
    "needs_javascript": "an empty page{who} that only JavaScript would fill: find the address that the script asks,"
    ' for instance in a browser\'s network tools, or let Chromium render the page: fetch = "browser"',
    "html_redirect": "a page{who} that only sends on to another one; give that address as url",
}
"""The description of each code; {who} is " of VENDOR", or empty."""

_RENDERED = {
    "challenge_page": "a challenge page{who}, which Chromium did not pass",
    "needs_javascript": "an empty page{who}, though Chromium rendered it: name another element in wait_for, which shows"
    " that the page is filled, allow it a longer timeout, or do in steps what fills it",
}
"""The same of a page that a browser rendered, where it is another one."""

REFUSALS = {
    "http_401": "a request for a user and a password (option auth)",
    "http_403": "a refusal of this program, or of the network or country that it runs in;"
    " another user_agent, further headers or a proxy may help",
    "http_407": "the proxy's request for a user and a password (option proxy)",
    "http_429": "a request to ask less often (every, spacing)",
}
"""The same of a status whose page gives no reason."""
