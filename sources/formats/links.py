"""Resolves links of pages, which may be malformed."""

import re
from urllib.parse import urljoin, urlsplit

LONGEST_URL = 8_192  # characters; longer URLs are not requested, and not parsed
# What servers put into the links of a page anew at each visit: names of sessions, and signs against caches.
_SESSION = re.compile(
    r";jsessionid=[^?#;]*|(?<=[?&])(?:phpsessid|jsessionid|session_?id|sid|_|nonce|csrf_?token|token|rnd|rand|ts)=[^&#]*&?",
    re.IGNORECASE,
)


def remove_session(url: str) -> str:
    """An address without the parameters that belong to one visit: the same place at the next one."""
    return _SESSION.sub("", url).rstrip("?&")


def is_web_address(url: str) -> bool:
    """Whether it is http or https, names a host, and is not longer than LONGEST_URL."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return False
    return len(url) <= LONGEST_URL and parts.scheme in {"http", "https"} and bool(parts.hostname)


def explain_too_long(url: str) -> str:
    """The message for a URL beyond LONGEST_URL."""
    return f"an address of {len(url):,} characters is not asked ({url[:60]!r}...): at most {LONGEST_URL:,}"


def absolute(base: str, link: str) -> str:
    """The absolute address of a link; the link itself when it is invalid, such as "http://[". Never raises."""
    if len(link) > LONGEST_URL:
        return link
    try:
        return urljoin(base, link)
    except ValueError:
        return link
