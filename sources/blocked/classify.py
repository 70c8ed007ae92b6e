"""Refuses pages in place of the content: challenge, captcha, login, an error page with status 200; empty or cut off.

Words alone are no evidence, since a page may write about captchas, or have one beside its own form. A block needs a
marker *and* the absence of content: little text, nothing that repeats. In doubt the page counts as content. The
features of such pages are data: `signatures.toml`. Pure.
"""

import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from sources.blocked.outline import Outline, is_empty, is_html, where_cut
from sources.blocked.unfilled import MUCH_DATA, Sparse, find_sparse
from sources.errors import BadDocument, Blocked, EmptyBody, SourceError
from sources.formats.decode import decode
from sources.formats.download import LARGE, pieces_of
from sources.formats.links import absolute
from sources.model import Page

# The features of such pages, and what is said of them, with their reasons. Patterns are compiled when they are first
# needed, as most pages need few.
_SIGNATURES: dict[str, Any] = tomllib.loads(Path(__file__).with_name("signatures.toml").read_text("utf-8"))
# Code, who serves the page, the most visible letters of a block page, and strings that must all occur in its markup.
_MARKERS = [
    (code, who, most, strings.split(" & "))
    for code, who, most, *alternatives in _SIGNATURES["markers"]
    for strings in alternatives
]
_TITLES: Mapping[str, str] = _SIGNATURES["titles"]
_PHRASES: Mapping[str, str] = _SIGNATURES["phrases"]


@cache
def _compile(pattern: str) -> re.Pattern[str]:
    """One of these patterns, whose lines are alternatives."""
    return re.compile("|".join(map(str.strip, pattern.strip().splitlines())))


_LONGEST_MESSAGE = 2048  # characters
_SPACE = "\ufeff \t\r\n"
_HEAD = 65_536  # bytes
_GUARDS = ("challenge_page", "captcha", "access_denied", "rate_limited")
_STATUS_IN_WORDS = r"(error )?\d{3}\b.*|forbidden"
# DataDome and PerimeterX answer JSON requests in JSON.
_JSON_CAPTCHA = re.compile(
    r'\{\s*"url"\s*:\s*"https?://[\w.-]*captcha-delivery\.com|\{.*"appid"\s*:\s*"px.*"blockscript"', re.DOTALL
)
_FINER = {"access_denied": ("geo_blocked", "rate_limited"), "error_page": ("maintenance", "geo_blocked")}
_CAPTCHA_IMAGE = r"<img\b[^<>]*captcha"

# The most letters of a page that consists of one statement.
_VERY_FEW = 350
_FEW = 700
_SOME = 1500
_UNFILLED = 150  # the most letters of a page that is not filled yet: "Loading…" and a site's name
_NEXT_TO_NONE = 60

# Pattern texts: `re` compiles them on first use, which is rare.
_DATA = r"""<script\b[^<>]{0,200}?(?:application/(?:ld\+)?json|>[\s\w.\[\]'"]{0,80}=\s{0,9}[\[{])"""
_REFRESH = (
    r"""<meta\b[^<>]{0,99}http-equiv\s?=\s?["']?refresh[^<>]{0,99}content\s?=\s?["']?\s{0,9}(\d{1,9})[^<>]{0,99}?"""
    r"""url\s{0,9}=\s{0,9}["']?([^"'<>\s]+)"""
)
_SENT_ON = r"""location(?:\.href)?\s*=\s*["']([^"']+)|location\.(?:replace|assign)\(\s*["']([^"']+)"""
_SOON = 10  # seconds


class BlockVerdict(NamedTuple):
    """A classified response: a stable code, and who serves it ("" if unknown)."""

    code: str
    who: str = ""

    def why(self, *, rendered: bool = False) -> str:
        """What it is, for people; `rendered` if a browser made the page."""
        said = _SIGNATURES["explanations"] | _SIGNATURES["refusals"] | (_SIGNATURES["rendered"] if rendered else {})
        return str(said[self.code]).format(who=f" of {self.who}" if self.who else "")

    def error(self, url: str, *, rendered: bool = False) -> Blocked:
        """The failure of the page at this address."""
        return Blocked(f"{url} is {self.why(rendered=rendered)}", code=self.code)


@dataclass(frozen=True)
class KnownResponse:
    """The parts of a response that are known.

    `asked` is the address before redirects, `url` the one after; header names are in lower case; `text` is the body,
    and `title` the page's title when there is no body.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    asked: str = ""
    url: str = ""
    text: str = ""
    title: str | None = None


def check_content(page: Page, *, rendered: bool = False) -> None:
    """Raise Blocked, EmptyBody or BadDocument (`truncated`) when a page is certainly not the content. `rendered` says
    that a browser made it.
    """
    text = _readable(page)
    block = (
        classify(KnownResponse(page.status, page.headers, page.get.url, page.url, text)) if text is not None else None
    )
    if block:
        raise block.error(page.url, rendered=rendered)
    if not any(piece.strip(b"\xef\xbb\xbf \t\r\n") for piece in pieces_of(page.content)):
        raise EmptyBody(f"{page.url} answered {page.status} with an empty body")
    if not text:
        return
    if is_html(text) and is_empty(text):
        raise EmptyBody(f"{page.url} is an HTML page with nothing in it")
    ends_early = "json" in page.content_type and text[:1] in ("{", "[") and text.rstrip()[-1:] not in ("}", "]")
    if ends_early and any(b"}\n{" in piece for piece in pieces_of(page.content)):
        return  # one document to a line: who reads them knows whether the last may be cut
    if cut := "in the middle of its JSON" if ends_early else where_cut(text):
        raise BadDocument(f"{page.url} ends {cut}: the answer was cut off", code="truncated")


def explain_unfilled(page: Page, *, rendered: bool = False) -> Blocked | None:
    """A better error than NotFound for a page that only a script would fill, or that shows another one in a frame, else
    None.
    """
    found = find_sparse_page(page)
    if found and found.frame:
        why = f"with hardly a word but another page in a frame; give that address as url: {found.frame}"
        return Blocked(f"{page.url} is a page {why}", code="html_redirect")
    if found is None or not found.unfilled:
        return None
    why = BlockVerdict("needs_javascript").why(rendered=rendered)
    named = why if rendered else why.replace(":", f" ({found.unfilled}):", 1)
    return Blocked(f"{page.url} is {named}", code="needs_javascript")


def explain_sign_in(page: Page) -> Blocked | None:
    """The error for a page that is a form to sign in, though its own address was asked for, else None."""
    asks = find_sparse_page(page) is not None and Outline(page.text).password
    return BlockVerdict("login_page").error(page.url) if asks else None


def find_sparse_page(page: Page) -> Sparse | None:
    """What there is on an HTML page with hardly a word of its own; None for any other page."""
    text = _readable(page)
    with suppress(SourceError):
        return find_sparse(page.html, page.url) if text and is_html(text) else None
    return None


def _readable(page: Page) -> str | None:
    """The text to inspect: of markup or a short text, the ends of large JSON; None when none is needed."""
    head = page.content[:64].lstrip(b"\xef\xbb\xbf\xfe\xff \t\r\n\0")[:1]
    if head == b"<" or page.content_type in ("text/html", "application/xhtml+xml"):
        if len(page.content) > LARGE:
            begins = decode(page.content[:_HEAD], page.headers.get("content-type", ""), page.encoding).lstrip(_SPACE)
            if begins and not is_html(begins):
                return begins  # of other markup no more is looked at
        return page.text.lstrip(_SPACE)
    if len(page.content) <= _LONGEST_MESSAGE and (head in (b"{", b"[", b"") or page.content_type in ("", "text/plain")):
        return page.text.strip("\ufeff \t\r\n\0")
    if head in (b"{", b"["):
        return (head + page.content[-64:].rstrip(b" \t\r\n\0")[-1:]).decode("ascii", "replace")
    return None


def classify(answer: KnownResponse) -> BlockVerdict | None:
    """The block that the response is; None when it may be the content, or has an unambiguous error status."""
    verdict = _by_header(answer) or _by_body(answer) or _by_address(answer)
    if verdict and (answer.status < 400 or _refines(verdict.code, answer.status)):
        # Where a challenge does not say whose it is, the Server header does; a login is the site's own.
        server = answer.headers.get("server", "").lower() if verdict.code in _GUARDS else ""
        named = (name for start, name in _SIGNATURES["servers"].items() if server.startswith(start))
        return verdict if verdict.who else BlockVerdict(verdict.code, next(named, ""))
    if answer.status == 451:
        return BlockVerdict("geo_blocked")
    refused = BlockVerdict(f"http_{answer.status}")
    return refused if refused.code in _SIGNATURES["refusals"] else None


def _refines(code: str, status: int) -> bool:
    """Whether a page's words are more precise than its error status."""
    if code in ("challenge_page", "captcha"):
        return True
    if code == "maintenance":
        return status >= 500
    return status not in (404, 410, 429) and code in ("geo_blocked", "access_denied", "login_page", "rate_limited")


def _by_header(answer: KnownResponse) -> BlockVerdict | None:
    for code, who, name, begins in _SIGNATURES["headers"]:
        if (value := answer.headers.get(name)) is not None and value.strip().lower().startswith(begins):
            return BlockVerdict(code, who)
    return None


def _by_body(answer: KnownResponse) -> BlockVerdict | None:
    text = answer.text
    if text.startswith("{"):
        return BlockVerdict("captcha") if len(text) <= _LONGEST_MESSAGE and _JSON_CAPTCHA.match(text.lower()) else None
    if text and not is_html(text):
        return _by_message(answer)
    page = Outline(text, None if text else answer.title)
    if text and page.full:
        # An error page within a site's whole menu: title and heading must agree.
        if page.tabular or len(page.titles) > 3 or page.records or page.prose:
            return None
        for code in ("maintenance", "soft_404"):
            agreed = _names(code, page.headings) or _says(code, " | ".join(page.headings))
            if _names(code, page.titles) and agreed:
                return BlockVerdict(code)
        return None
    verdict = (
        _by_marker(page) or _by_title(page, answer) or _by_phrase(page) or _by_captcha(page) or _by_form(page, answer)
    )
    return verdict or (_by_nothing(page, answer) if text and answer.status < 400 else None)


def _by_message(answer: KnownResponse) -> BlockVerdict | None:
    """Classify a short plain text: with an error status any, else only a message of a line or two."""
    lines = answer.text.strip().splitlines()
    text = " ".join(answer.text[:_LONGEST_MESSAGE].lower().replace("’", "'").split())
    if text.startswith("<") or len(text) > 600:
        return None
    if code := re.fullmatch(r"error code: (\d{4})", text):
        named = {"1009": "geo_blocked", "1015": "rate_limited"}.get(code[1], "access_denied")
        return BlockVerdict(named, "Cloudflare")
    message = len(lines) < 4 and len(text) < 300 and not re.search(r"[;\t]", text)
    for kind, pattern in _PHRASES.items():
        found = _compile(pattern).search(text)
        if found and (answer.status >= 400 or (message and found.start() < min(40, len(lines[0])))):
            return BlockVerdict(kind)
    return None


def _by_marker(page: Outline) -> BlockVerdict | None:
    for code, who, most, parts in _MARKERS:
        if all(part in page.lower for part in parts):
            quoted = any(part in page.shown for part in parts)
            if not quoted and page.letters <= most and not (page.repeats and most < _FEW):
                return BlockVerdict(code, who)
    return None


def _by_title(page: Outline, answer: KnownResponse) -> BlockVerdict | None:
    """Classify a title, or a first heading, that is the name of an error and nothing else."""
    titles, heading = page.titles, page.heading
    if answer.status >= 400:  # "403 Forbidden" adds nothing to the status
        titles = [part for part in titles if not re.fullmatch(_STATUS_IN_WORDS, part)]
        heading = "" if re.fullmatch(_STATUS_IN_WORDS, heading) else heading
    for code in _TITLES:
        if code == "login_page":  # logins are classified by their form
            continue
        named = next((part for part in titles if _names(code, [part])), "")
        if named and not answer.text:
            return BlockVerdict(code)
        if (named and _is_meant(code, named, heading, page)) or (_names(code, [heading]) and _is_bare(page, _FEW)):
            finer = (each for each in _FINER.get(code, ()) if _says(each, page.shown))
            return BlockVerdict(next(finer, code))
    sent_to_ask = "request access" in titles and _is_elsewhere(answer.asked, answer.url)
    return BlockVerdict("access_denied") if sent_to_ask and page.letters <= _SOME else None


def _is_meant(code: str, title: str, heading: str, page: Outline) -> bool:
    """Whether a title that names an error is meant so: it may be that of an article, or of a page with a list."""
    agrees = any(_names(code, [each]) or _code_of_phrase(each) for each in page.headings)
    if page.prose or (page.repeats and (not agrees or page.records)):
        return False
    stated = page.letters <= _VERY_FEW and (not heading or _code_of_phrase(page.stated))
    return agrees or title not in _SIGNATURES["weak"] or bool(stated)


def _by_phrase(page: Outline) -> BlockVerdict | None:
    """Classify by a phrase in title or heading, or in a very short text."""
    if not page.text or not _is_bare(page, _FEW) or _compile(_SIGNATURES["reports"]).search(page.shown):
        return None
    where = page.stated if page.letters <= _VERY_FEW else " | ".join((*page.titles[:1], page.heading))
    code = _code_of_phrase(where)
    return BlockVerdict(code) if code and not (code == "captcha" and _has_own_form(page)) else None


def _by_captcha(page: Outline) -> BlockVerdict | None:
    """Classify a captcha on a page without other fields and content."""
    if not page.text or not _is_bare(page, _VERY_FEW) or _has_own_form(page):
        return None
    shown = any(widget in page.lower for widget in _SIGNATURES["widgets"]) or re.search(_CAPTCHA_IMAGE, page.lower)
    return BlockVerdict("captcha") if shown else None


def _has_own_form(page: Outline) -> bool:
    """Whether the page has other fields than a captcha's: then the captcha guards that form, not the page."""
    return page.questions > (1 if re.search(_CAPTCHA_IMAGE, page.lower) else 0)


def _by_form(page: Outline, answer: KnownResponse) -> BlockVerdict | None:
    """Classify a form that asks for a password, with a matching title or nothing around it."""
    if not page.password or page.letters > _SOME or page.records or _code_of_address(answer.asked) == "login_page":
        return None
    headed = _compile(_TITLES["login_page"]).fullmatch(page.heading) or (
        page.letters <= _UNFILLED and page.questions <= 2
    )
    named = _names("login_page", page.titles) and not (page.repeats and page.letters > _FEW)
    return BlockVerdict("login_page") if named or (headed and not page.repeats) else None


def _by_address(answer: KnownResponse) -> BlockVerdict | None:
    """Classify a redirect to a typical address of such pages, when there is hardly any content."""
    code = _code_of_address(answer.url) if _is_elsewhere(answer.asked, answer.url) else None
    if code is None or code == _code_of_address(answer.asked) or (answer.text and not is_html(answer.text)):
        return None
    page = Outline(answer.text)
    if page.full or page.records or (code != "login_page" and not _is_bare(page, _FEW)):
        return None
    menu = page.repeats and not page.password and page.letters > _FEW
    return None if menu or page.letters > _SOME else BlockVerdict(code)


def _by_nothing(page: Outline, answer: KnownResponse) -> BlockVerdict | None:
    """Classify a page that only JavaScript would fill, or that only redirects."""
    if page.letters > _UNFILLED or page.repeats:
        return None
    refresh = re.search(_REFRESH, page.lower)
    target = refresh[2] if refresh and int(refresh[1]) <= _SOON else ""
    if not refresh and page.letters <= _NEXT_TO_NONE:
        script = re.search(_SENT_ON, " ".join(page.find_unseen("script")))
        target = (script[1] or script[2]) if script else ""
    if target and _code_of_address(target) == "login_page" and _code_of_address(answer.asked) != "login_page":
        return BlockVerdict("login_page")
    if target and refresh and absolute(answer.url, target) not in (answer.url, answer.asked):
        return BlockVerdict("html_redirect")
    scripts = page.find_unseen("script")
    data = sum(len(script) for script in scripts if re.match(_DATA, script))
    if not scripts or page.full or page.questions > 1 or data > MUCH_DATA:  # a kind may parse data
        return None
    asked_for = any("javascript" in each for each in (page.shown, *page.find_unseen("noscript")))
    return BlockVerdict("needs_javascript") if asked_for or page.letters == 0 else None


def _is_bare(page: Outline, most: int) -> bool:
    return page.letters <= most and not page.repeats and not page.prose and page.links <= 8


def _names(code: str, texts: list[str]) -> bool:
    return any(map(_compile(_TITLES[code]).fullmatch, texts))


def _says(code: str, text: str) -> bool:
    return bool(_compile(_PHRASES[code]).search(text))


def _code_of_phrase(text: str) -> str:
    return next((code for code, pattern in _PHRASES.items() if _compile(pattern).search(text)), "")


def _code_of_address(address: str) -> str | None:
    """The code that an address suggests, by its host's first label and the segments of its path."""
    host, path = _place(address)
    label = host.partition(".")[0]
    segments = [re.sub(r"\.\w{2,5}$", "", each) for each in path.lower().split("/")]
    by_host = next((code for code, pattern in _SIGNATURES["hosts"].items() if _compile(pattern).fullmatch(label)), None)
    return by_host or next(
        (code for code, pattern in _SIGNATURES["paths"].items() if any(map(_compile(pattern).fullmatch, segments))),
        None,
    )


def _is_elsewhere(asked: str, url: str) -> bool:
    """Whether a redirect led from one address to another place; False where one is unknown."""
    return bool(asked and url) and _place(asked) != _place(url)


def _place(address: str) -> tuple[str, str]:
    """Host and path of an address, empty when it cannot be parsed: pages have malformed ones."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", ""
    return parts.hostname or "", parts.path.rstrip("/")
