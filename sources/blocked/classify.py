"""Classifies responses in place of the content: challenge, captcha, login, an error page with status 200. Pure.

Words alone are no evidence, since a page may write about captchas, or have one beside its own form. A block needs a
marker *and* the absence of content: little text, nothing that repeats. In doubt the page counts as content.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from sources.blocked.explanations import REFUSALS, Block
from sources.blocked.outline import Outline, is_html
from sources.blocked.signatures import (
    HEADERS,
    HOSTS,
    MARKERS,
    PATHS,
    PHRASES,
    REPORTS,
    SERVERS,
    TITLES,
    WEAK,
    WIDGETS,
    compiled,
)

_Verdict = tuple[str, str]  # code, and who serves the page

LONGEST_MESSAGE = 2048  # characters

_GUARDS = ("challenge_page", "captcha", "access_denied", "rate_limited")

_STATUS_IN_WORDS = r"(error )?\d{3}\b.*|forbidden"

# DataDome and PerimeterX answer JSON requests in JSON.
_JSON_CAPTCHA = re.compile(
    r'\{\s*"url"\s*:\s*"https?://[\w.-]*captcha-delivery\.com|\{.*"appid"\s*:\s*"px.*"blockscript"', re.DOTALL
)

_CLOUDFLARE_CODES = {"1009": "geo_blocked", "1015": "rate_limited"}

_CAPTCHA_IMAGE = r"<img\b[^<>]*captcha"

# The most letters of a page that consists of one statement.
_VERY_FEW = 350

_FEW = 700

_SOME = 1500


@dataclass(frozen=True)
class Answer:
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


def classify(answer: Answer) -> Block | None:
    """The block that the response is; None when it may be the content, or has an unambiguous error status."""
    verdict = _by_header(answer) or _by_body(answer) or _by_address(answer)
    if verdict and (answer.status < 400 or _refines(verdict[0], answer.status)):
        return Block(verdict[0], verdict[1] or _server(verdict[0], answer))
    if answer.status == 451:
        return Block("geo_blocked")
    refused = Block(f"http_{answer.status}")
    return refused if refused.code in REFUSALS else None


def _by_header(answer: Answer) -> _Verdict | None:
    for header in HEADERS:
        value = answer.headers.get(header.name)
        if value is not None and value.strip().lower().startswith(header.value):
            return header.code, header.who
    return None


def _by_body(answer: Answer) -> _Verdict | None:
    text = answer.text
    if text and not is_html(text):
        return _in_json(text) if text.startswith("{") else _in_words(answer)
    page = Outline(text, None if text else answer.title)
    if text and page.full:
        return _in_disguise(page)
    verdict = (
        _by_marker(page) or _by_title(page, answer) or _by_phrase(page) or _by_captcha(page) or _by_form(page, answer)
    )
    return verdict or (_by_nothing(page, answer) if text and answer.status < 400 else None)


def _in_json(text: str) -> _Verdict | None:
    return ("captcha", "") if len(text) <= LONGEST_MESSAGE and _JSON_CAPTCHA.match(text.lower()) else None


def _in_words(answer: Answer) -> _Verdict | None:
    """Classify a short plain text: with an error status any, else only a message of a line or two."""
    lines = answer.text.strip().splitlines()
    text = " ".join(answer.text[:LONGEST_MESSAGE].lower().replace("’", "'").split())
    if text.startswith("<") or len(text) > 600:
        return None
    if code := re.fullmatch(r"error code: (\d{4})", text):
        return _CLOUDFLARE_CODES.get(code[1], "access_denied"), "Cloudflare"
    for kind, pattern in PHRASES.items():
        found = compiled(pattern).search(text)
        message = len(lines) < 4 and len(text) < 300 and not re.search(r"[;\t]", text)
        if found and (answer.status >= 400 or (message and found.start() < min(40, len(lines[0])))):
            return kind, ""
    return None


def _in_disguise(page: Outline) -> _Verdict | None:
    """Classify an error page within a site's whole menu: title and heading must agree."""
    if page.tabular:
        return None
    codes = {code for code in ("soft_404", "maintenance") if _names(code, page.titles)}
    if not codes or len(page.titles) > 3 or page.records or page.prose:
        return None
    agreed = (
        code for code in sorted(codes) if _names(code, page.headings) or _says_so(code, " | ".join(page.headings))
    )
    return next(((code, "") for code in agreed), None)


def _by_marker(page: Outline) -> _Verdict | None:
    for marker in MARKERS:
        if all(part in page.lower for part in marker.parts):
            quoted = any(part in page.shown for part in marker.parts)
            content = page.letters > marker.most or (page.repeats and marker.most < _FEW)
            if not quoted and not content:
                return marker.code, marker.who
    return None


def _by_title(page: Outline, answer: Answer) -> _Verdict | None:
    """Classify a title, or a first heading, that is the name of an error and nothing else."""
    titles, heading = page.titles, page.heading
    if answer.status >= 400:  # "403 Forbidden" adds nothing to the status
        titles = [part for part in titles if not re.fullmatch(_STATUS_IN_WORDS, part)]
        heading = "" if re.fullmatch(_STATUS_IN_WORDS, heading) else heading
    for code, lines in TITLES.items():
        pattern = compiled(lines)
        named = next(filter(pattern.fullmatch, titles), "")
        if code == "login_page" or not (named or pattern.fullmatch(heading)):
            continue  # logins are classified by their form
        if named and not answer.text:
            return code, ""
        agree = any(pattern.fullmatch(each) or _code_of_phrase(each) for each in page.headings)
        lone = not page.repeats or (agree and not page.records)
        sure = (
            agree or named not in WEAK or (page.letters <= _VERY_FEW and (not heading or _code_of_phrase(page.stated)))
        )
        if named and lone and sure and not page.prose:
            return _precisely(code, page), ""
        if pattern.fullmatch(heading) and _is_bare(page, _FEW):
            return _precisely(code, page), ""
    sent_to_ask = "request access" in titles and is_elsewhere(answer.asked, answer.url)
    return ("access_denied", "") if sent_to_ask and page.letters <= _SOME else None


def _precisely(code: str, page: Outline) -> str:
    """Refine a general title ("Access Denied", "Error") by the text below it."""
    finer = {"access_denied": ("geo_blocked", "rate_limited"), "error_page": ("maintenance", "geo_blocked")}
    return next((each for each in finer.get(code, ()) if _says_so(each, page.shown)), code)


def _by_phrase(page: Outline) -> _Verdict | None:
    """Classify by a phrase in title or heading, or in a very short text."""
    if not page.text or not _is_bare(page, _FEW) or compiled(REPORTS).search(page.shown):
        return None
    where = page.stated if page.letters <= _VERY_FEW else " | ".join((*page.titles[:1], page.heading))
    code = _code_of_phrase(where)
    return (code, "") if code and not (code == "captcha" and _has_own_form(page)) else None


def _by_captcha(page: Outline) -> _Verdict | None:
    """Classify a captcha on a page without other fields and content."""
    if not page.text or not _is_bare(page, _VERY_FEW) or _has_own_form(page):
        return None
    shown = any(widget in page.lower for widget in WIDGETS) or re.search(_CAPTCHA_IMAGE, page.lower)
    return ("captcha", "") if shown else None


def _has_own_form(page: Outline) -> bool:
    """Whether the page has other fields than a captcha's: then the captcha guards that form, not the page."""
    return page.questions > (1 if re.search(_CAPTCHA_IMAGE, page.lower) else 0)


def _by_form(page: Outline, answer: Answer) -> _Verdict | None:
    """Classify a form that asks for a password, with a matching title or nothing around it."""
    if not page.password or page.letters > _SOME or page.records or code_of_address(answer.asked) == "login_page":
        return None
    headed = compiled(TITLES["login_page"]).fullmatch(page.heading) or (
        page.letters <= UNFILLED and page.questions <= 2
    )
    named = _names("login_page", page.titles) and not (page.repeats and page.letters > _FEW)
    return ("login_page", "") if named or (headed and not page.repeats) else None


def _by_address(answer: Answer) -> _Verdict | None:
    """Classify a redirect to a typical address of such pages, when there is hardly any content."""
    code = code_of_address(answer.url) if is_elsewhere(answer.asked, answer.url) else None
    if code is None or code == code_of_address(answer.asked) or (answer.text and not is_html(answer.text)):
        return None
    page = Outline(answer.text)
    if page.full or page.records or (code != "login_page" and not _is_bare(page, _FEW)):
        return None
    menu = page.repeats and not page.password and page.letters > _FEW
    return None if menu or page.letters > _SOME else (code, "")


def _by_nothing(page: Outline, answer: Answer) -> _Verdict | None:
    """Classify a page that only JavaScript would fill, or that only redirects."""
    if page.letters > UNFILLED or page.repeats:
        return None
    target = sends_on(page)
    if target and code_of_address(target) == "login_page" and code_of_address(answer.asked) != "login_page":
        return "login_page", ""
    if target and is_refresh(page) and not leads_to(target, answer.url, answer.asked):
        return "html_redirect", ""
    return ("needs_javascript", "") if is_shell(page, data=False) else None


def _is_bare(page: Outline, most: int) -> bool:
    return page.letters <= most and not page.repeats and not page.prose and page.links <= 8


def _names(code: str, texts: list[str]) -> bool:
    return any(map(compiled(TITLES[code]).fullmatch, texts))


def _says_so(code: str, text: str) -> bool:
    return bool(compiled(PHRASES[code]).search(text))


def _code_of_phrase(text: str) -> str:
    return next((code for code, pattern in PHRASES.items() if compiled(pattern).search(text)), "")


def _refines(code: str, status: int) -> bool:
    """Whether a page's words are more precise than its error status."""
    if code in ("challenge_page", "captcha"):
        return True
    if code == "maintenance":
        return status >= 500
    return status not in (404, 410, 429) and code in ("geo_blocked", "access_denied", "login_page", "rate_limited")


def _server(code: str, answer: Answer) -> str:
    """Who serves the page when it does not say: for a challenge the vendor of the Server header, for a login
    the site.
    """
    name = answer.headers.get("server", "").lower() if code in _GUARDS else ""
    return next((who for start, who in SERVERS.items() if name.startswith(start)), "")


UNFILLED = 150

"""The most letters of a page that is not filled yet: "Loading…" and a site's name."""

# Pattern texts: `re` compiles them on first use, which is rare.
_ROOT = (
    r"""<(?:div|main|section)\b[^<>]{0,200}?\bid\s{0,9}=\s{0,9}["']?(?:root|app|__next|__nuxt|application|main|svelte)"""
    r"[^<>]{0,200}>\s{0,99}(?:<!--[^<>]{0,200}-->\s{0,99})?</|<(?:[a-z]+-)?(?:app|root)\b[^<>]{0,200}>\s{0,99}</"
)

_DATA = r"""<script\b[^<>]{0,200}?(?:application/(?:ld\+)?json|>[\s\w.\[\]'"]{0,80}=\s{0,9}[\[{])"""

_MUCH_DATA = 2000  # characters of a script that has data

_REFRESH = (
    r"""<meta\b[^<>]{0,99}http-equiv\s?=\s?["']?refresh[^<>]{0,99}content\s?=\s?["']?\s{0,9}(\d{1,9})[^<>]{0,99}?"""
    r"""url\s{0,9}=\s{0,9}["']?([^"'<>\s]+)"""
)

_SENT_ON = r"""location(?:\.href)?\s*=\s*["']([^"']+)|location\.(?:replace|assign)\(\s*["']([^"']+)"""

_SOON = 10  # seconds

_NEXT_TO_NONE = 60  # letters

_SMALL = 2048  # characters


def is_refresh(page: Outline) -> bool:
    """Whether the redirect is by HTML (meta refresh) and not by a script."""
    return bool(re.search(_REFRESH, page.lower))


def sends_on(page: Outline) -> str:
    """The target to which a page without content redirects; "" when it does not, or only after a while."""
    if refresh := re.search(_REFRESH, page.lower):
        return refresh[2] if int(refresh[1]) <= _SOON else ""
    script = re.search(_SENT_ON, " ".join(page.unseen("script"))) if page.letters <= _NEXT_TO_NONE else None
    return (script[1] or script[2]) if script else ""


def is_shell(page: Outline, *, data: bool) -> bool:
    """Whether only JavaScript would fill the page. With `data` in a script it is none, as a kind may parse that."""
    scripts = page.unseen("script")
    if not scripts or page.full or page.letters > UNFILLED or page.repeats or page.questions > 1:
        return False
    if not data and sum(len(script) for script in scripts if re.match(_DATA, script)) > _MUCH_DATA:
        return False
    asked_for = any("javascript" in each for each in (page.shown, *page.unseen("noscript")))
    return asked_for or page.letters == 0 or bool(re.search(_ROOT, page.lower))


def is_empty(text: str) -> bool:
    """Whether the page is empty: no words, no numbers, no media or embedded content."""
    page = Outline(text)
    if len(text) > _SMALL or page.titles or re.search(r"\w", page.shown):
        return False
    return not re.search(r"<(script|img|i?frame|frameset|input|link|object|embed|svg|a|noscript)\b", page.lower)


def code_of_address(address: str) -> str | None:
    """The code that an address suggests, by its host's first label and the segments of its path."""
    host, path = _place(address)
    label = host.partition(".")[0]
    segments = [re.sub(r"\.\w{2,5}$", "", each) for each in path.lower().split("/")]
    by_host = next((code for code, pattern in HOSTS.items() if compiled(pattern).fullmatch(label)), None)
    return by_host or next(
        (code for code, pattern in PATHS.items() if any(map(compiled(pattern).fullmatch, segments))), None
    )


def is_elsewhere(asked: str, url: str) -> bool:
    """Whether a redirect led from one address to another place; False where one is unknown."""
    return bool(asked and url) and _place(asked) != _place(url)


def leads_to(target: str, url: str, asked: str) -> bool:
    """Whether a link on a page at `url` leads there again, or to the address that was asked for."""
    try:
        return urljoin(url, target) in (url, asked)
    except ValueError:
        return False


def _place(address: str) -> tuple[str, str]:
    """Host and path of an address, empty when it cannot be parsed: pages have malformed ones."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", ""
    return parts.hostname or "", parts.path.rstrip("/")
