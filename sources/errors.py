"""What can go wrong between a configured source and its entries: a FetchError (no usable response), or a ReadError (a
response came, but no entries can be read from it).

Every class has a stable `code`, which is the `reason` in `--json`; the message is one line for people.
"""

from datetime import timedelta
from traceback import walk_tb

from pydantic import ValidationError


class SourceError(Exception):
    """One source could not be checked; the others are not affected."""

    code = "error"

    def __init_subclass__(cls, code: str = "") -> None:
        """A class says its `code`, or has that of the class above."""
        cls.code = code or cls.code

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code


class FetchError(SourceError, code="fetch_failed"):
    """No usable response; `retry_after` is the time for which the server asks to be left alone."""

    def __init__(self, message: str, *, code: str | None = None, retry_after: timedelta | None = None) -> None:
        super().__init__(message, code=code)
        self.retry_after = retry_after


class Unreachable(FetchError, code="unreachable"):
    """No connection: the name, the network, a refusal, a reset."""


class TlsFailed(FetchError, code="tls"):
    """The certificate is not trusted, or the handshake failed."""


class TimedOut(FetchError, code="timeout"):
    """The request's deadline passed."""


class AddressRefused(FetchError, code="address_refused"):
    """The host's address is one that `private_addresses` does not allow."""


class RobotsForbid(FetchError, code="robots"):
    """The site's robots.txt forbids the address, and the configuration obeys it."""


class BadRedirect(FetchError, code="bad_redirect"):
    """A redirect loop, too many hops, or a scheme that is not followed."""


class BadResponse(FetchError, code="bad_response"):
    """Not HTTP, cut off, or not decodable as its headers claim."""


class TooLarge(FetchError, code="too_large"):
    """More bytes than `max_bytes`."""


class DiskFull(FetchError, code="disk_full"):
    """The disk has no room for the body."""


class BrowserFailed(FetchError, code="browser_failed"):
    """The browser gave no page. The code says why: browser_missing, browser_crashed, browser_memory."""


class StepFailed(FetchError, code="step_failed"):
    """A step of the option `steps`, or `wait_for`, found no such element in time."""


class HttpStatus(FetchError):
    """A status other than 2xx and 304. The code is `http_404` and the like, or the code of the error page's
    classification.
    """

    def __init__(
        self, status: int, message: str, *, code: str | None = None, retry_after: timedelta | None = None
    ) -> None:
        super().__init__(message, code=code or f"http_{status}", retry_after=retry_after)
        self.status = status


class ReadError(SourceError, code="unreadable"):
    """A response came, but no entries can be read from it."""


class EmptyBody(ReadError, code="empty_body"):
    """The response has no content."""


class WrongContent(ReadError, code="wrong_content_type"):
    """Another type of document than the kind reads."""


class BadDocument(ReadError, code="bad_document"):
    """The right type of document, but malformed; the code is `truncated` where it breaks off."""


class Blocked(ReadError, code="blocked"):
    """A page in place of the content. The code says which: challenge_page, captcha, access_denied, rate_limited,
    geo_blocked, maintenance, login_page, soft_404, error_page, needs_javascript, html_redirect, preview_disabled.
    """


class NotFound(ReadError, code="not_found"):
    """A column, path or element that the options name is missing; the message lists those that exist."""


class BadEntry(ReadError, code="bad_entry"):
    """An entry that has no key, or is otherwise unusable."""


class TooManyRequests(ReadError, code="too_many_requests"):
    """The check repeated the same request too often: the server never gave the final answer."""


class ReaderFailed(ReadError, code="reader_failed"):
    """The kind raised an exception that is not a SourceError: a bug in the kind."""


class ReaderTooSlow(ReadError, code="reader_too_slow"):
    """The kind exceeded its time limit."""


def fault_words(error: Exception, *at: str) -> str:
    """What is wrong, on one line; of options each with its key, below `at`."""
    if not isinstance(error, ValidationError):
        return " ".join(str(error).split())
    faults = [(".".join(map(str, (*at, *each["loc"]))), each["msg"]) for each in error.errors()]
    return "; ".join(f"{key}: {what}".removeprefix(": ").replace("Value error, ", "", 1) for key, what in faults)


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
