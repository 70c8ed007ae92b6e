"""What can go wrong between a configured source and its entries.

    SourceError                     one source could not be checked; the others are not affected
    ├── FetchError                  no usable response (`retry_after`: when the server allows the next request)
    │   ├── Unreachable             no connection: name, network, refused, reset
    │   ├── TlsFailed               the certificate or the handshake
    │   ├── TimedOut                the request's deadline passed
    │   ├── AddressRefused          the address guard: a private or otherwise forbidden address
    │   ├── RobotsForbid            the site's robots.txt forbids the address, and `[http] robots = "obey"`
    │   ├── BadRedirect             a loop, too many hops, a scheme that is not followed
    │   ├── BadResponse             not HTTP, cut off, or not decodable as its headers claim
    │   ├── TooLarge                more bytes than `max_bytes`
    │   ├── BrowserFailed           the browser could not be started, crashed, or was killed at a limit
    │   ├── StepFailed              a step before the page is read could not be done
    │   └── HttpStatus              a status other than 2xx and 304
    └── ReadError                   a response came, but no entries can be read from it
        ├── EmptyBody               the body is empty
        ├── WrongContent            another type of document than the kind reads
        ├── BadDocument             the right type, but malformed
        ├── Blocked                 a page in place of the content: challenge, login, error page with 200 (classify.py)
        ├── NotFound                a column, path or element that the options name is missing
        ├── BadEntry                an entry without a key, or otherwise unusable
        ├── TooManyRequests         the check repeated the same request too often
        ├── ReaderFailed            the kind raised an exception that is not a SourceError
        └── ReaderTooSlow           the kind exceeded its time limit

Every class has a stable `code`, which is the `reason` in `--json`; the message is one line for people.
"""

from datetime import timedelta
from traceback import walk_tb


class SourceError(Exception):
    """One source could not be checked."""

    code = "error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code


class FetchError(SourceError):
    """No usable response; `retry_after` is the time for which the server asks to be left alone."""

    code = "fetch_failed"

    def __init__(self, message: str, *, code: str | None = None, retry_after: timedelta | None = None) -> None:
        super().__init__(message, code=code)
        self.retry_after = retry_after


class Unreachable(FetchError):
    """No connection: the name, the network, a refusal, a reset."""

    code = "unreachable"


class TlsFailed(FetchError):
    """The certificate is not trusted, or the handshake failed."""

    code = "tls"


class TimedOut(FetchError):
    """The request's deadline passed."""

    code = "timeout"


class AddressRefused(FetchError):
    """The host's address is one that `private_addresses` does not allow."""

    code = "address_refused"


class RobotsForbid(FetchError):
    """The site's robots.txt forbids the address, and the configuration obeys it."""

    code = "robots"


class BadRedirect(FetchError):
    """A redirect loop, too many hops, or a scheme that is not followed."""

    code = "bad_redirect"


class BadResponse(FetchError):
    """Not HTTP, cut off, or not decodable as its headers claim."""

    code = "bad_response"


class TooLarge(FetchError):
    """More bytes than `max_bytes`."""

    code = "too_large"


class BrowserFailed(FetchError):
    """The browser gave no page. The code says why: browser_missing, browser_crashed, browser_memory."""

    code = "browser_failed"


class StepFailed(FetchError):
    """A step of the option `steps`, or `wait_for`, found no such element in time."""

    code = "step_failed"


class HttpStatus(FetchError):
    """A status other than 2xx and 304. The code is `http_404` and the like, or the code of the error page's
    classification.
    """

    def __init__(
        self, status: int, message: str, *, code: str | None = None, retry_after: timedelta | None = None
    ) -> None:
        super().__init__(message, code=code or f"http_{status}", retry_after=retry_after)
        self.status = status


class ReadError(SourceError):
    """A response came, but no entries can be read from it."""

    code = "unreadable"


class EmptyBody(ReadError):
    """The response has no content."""

    code = "empty_body"


class WrongContent(ReadError):
    """Another type of document than the kind reads."""

    code = "wrong_content_type"


class BadDocument(ReadError):
    """The right type of document, but malformed; the code is `truncated` where it breaks off."""

    code = "bad_document"


class Blocked(ReadError):
    """A page in place of the content. The code says which: challenge_page, captcha, access_denied, rate_limited,
    geo_blocked, maintenance, login_page, soft_404, error_page, needs_javascript, html_redirect, preview_disabled.
    """

    code = "blocked"


class NotFound(ReadError):
    """A column, path or element that the options name is missing; the message lists those that exist."""

    code = "not_found"


class BadEntry(ReadError):
    """An entry that has no key, or is otherwise unusable."""

    code = "bad_entry"


class TooManyRequests(ReadError):
    """The check repeated the same request too often: the server never gave the final answer."""

    code = "too_many_requests"


class ReaderFailed(ReadError):
    """The kind raised an exception that is not a SourceError: a bug in the kind."""

    code = "reader_failed"


class ReaderTooSlow(ReadError):
    """The kind exceeded its time limit."""

    code = "reader_too_slow"


def locate_error(error: BaseException, own: str | None = None) -> str:
    """Where a foreign exception was raised: ` (/path/kind.py, line 17)`; of a kind whose file is `own` the last line
    there, else the innermost one. Empty for a SyntaxError, which says so itself.
    """
    places = [(frame.f_code.co_filename, line) for frame, line in walk_tb(error.__traceback__)]
    of_kind = [place for place in places if place[0] == own]
    if isinstance(error, SyntaxError) or not places:
        return ""
    file, line = (of_kind or places)[-1]
    return f" ({file}, line {line})"
