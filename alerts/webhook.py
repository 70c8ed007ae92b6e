"""Posts event webhooks, signed as Standard Webhooks says, by our own fetcher. Import this module only to send.

The address guard, the proxy, the authorities and the user agent are those of `[http]`. Its credentials and headers are
for sources, and are not sent.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from standardwebhooks.webhooks import Webhook

from alerts.message.wording import cut
from alerts.service_answer import ServiceAnswer, status_words
from sources import FetchError, Source
from sources.http.exchange import Answer
from sources.http.session import Fetcher, Posting
from sources.options import HttpOptions
from sources.text import clean
from state.model import Message

TIMEOUT = timedelta(seconds=20)  # Standard Webhooks: 15 to 30 s
_LONGEST = 160  # characters of an answer's body


def post(
    url: str, message: Message, signing: Sequence[str], http: HttpOptions, clock: Callable[[], datetime]
) -> ServiceAnswer | None:
    """Post the body of a message once. Returns None if the receiver accepted it (2xx), else its answer.

    Each secret of `signing` makes a signature: while a secret is replaced, a receiver may know either. Safe to call
    from several threads, outside an event loop.
    """
    headers = {"Content-Type": "application/json", **sign_headers(message, signing, clock())}
    return post_content(url, message.text.encode(), headers, http, clock)


def post_content(
    url: str,
    content: bytes,
    headers: Mapping[str, str],
    http: HttpOptions,
    clock: Callable[[], datetime],
    *,
    gone: Collection[int] = (HTTPStatus.GONE,),
) -> ServiceAnswer | None:
    """As `post`, of any content; a status of `gone` says that nothing will ever be accepted there."""
    try:
        posted = asyncio.run(_post(url, content, headers, http, clock))
        if 200 <= posted.status < 300:
            return None
        body = cut(clean(posted.body.decode("utf-8", "replace")), _LONGEST)
        said = f"the server answered {status_words(posted.status)}"
        said += " (redirects are not followed)" if 300 <= posted.status < 400 else f": {body}" if body else ""
        return ServiceAnswer(said, gone=posted.status in gone, wait=posted.retry_after, in_turn=posted.status == 429)
    except FetchError as error:
        return ServiceAnswer(f"it could not be sent: {error.message}")


def sign_headers(message: Message, signing: Sequence[str], now: datetime) -> Mapping[str, str]:
    """The headers of Standard Webhooks: the time is that of the attempt, the id the same in every one."""
    at = now.astimezone(UTC)
    headers = {"webhook-id": message.key, "webhook-timestamp": str(int(at.timestamp()))}
    signatures = [Webhook(secret).sign(message.key, at, message.text) for secret in signing]
    return headers | ({"webhook-signature": " ".join(signatures)} if signatures else {})


async def _post(
    url: str, content: bytes, headers: Mapping[str, str], http: HttpOptions, clock: Callable[[], datetime]
) -> Answer:
    options = http.model_copy(update={"auth": None, "headers": {}})
    async with aclosing(Fetcher(options, clock=clock)) as fetcher:
        return await Posting(fetcher, Source(timeout=TIMEOUT)).submit(url, content, headers)
