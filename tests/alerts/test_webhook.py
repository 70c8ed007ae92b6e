"""Events posted to programs, with a real server on loopback: signatures, answers, and what is not sent along."""

from __future__ import annotations

import json
import shutil
import subprocess
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from alerts.channel import Channel
from alerts.service_answer import ServiceAnswer
from sources.options import HttpOptions
from sources.secrets import Secrets

OLD, NEW = (f"whsec_{b64encode(bytes([number]) * 32).decode()}" for number in (1, 2))
BODY = json.dumps({"type": "change", "data": {"title": "Телеграм"}}, ensure_ascii=False)
NODE = """
const { Webhook } = require("standardwebhooks");
const { secret, headers, body } = JSON.parse(require("fs").readFileSync(0, "utf8"));
try { new Webhook(secret).verify(body, headers); console.log("taken"); } catch (error) { console.log("refused"); }
"""


def post(site: Any, letter: Any, path: str = "/events", secret: Any = NEW, **http: Any) -> ServiceAnswer | None:
    channel = Channel(url=site.url(path), format="event", secret=secret)
    options = HttpOptions(**{"private_addresses": "allow", **http})
    return channel.send(letter("key-7", text=BODY), secrets=Secrets(), http=options, clock=lambda: datetime.now(UTC))


def test_a_body_is_posted_with_a_signature_that_the_library_takes(site: Any, letter: Any) -> None:
    site.page("/events", "taken")
    assert post(site, letter) is None
    (asked,) = site.requests
    assert (asked.method, asked.body.decode(), asked.headers["webhook-id"]) == ("POST", BODY, "key-7")
    assert Webhook(NEW).verify(asked.body, asked.headers) == json.loads(BODY)


def test_another_body_or_another_secret_is_refused(site: Any, letter: Any) -> None:
    site.page("/events")
    post(site, letter)
    (asked,) = site.requests
    for secret, body in ((OLD, asked.body), (NEW, asked.body.replace("Телеграм".encode(), b"Max"))):
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(body, asked.headers)


def test_while_a_secret_is_replaced_both_are_taken(site: Any, letter: Any) -> None:
    site.page("/events")
    post(site, letter, secret=[NEW, OLD])
    (asked,) = site.requests
    assert all(Webhook(secret).verify(asked.body, asked.headers) for secret in (OLD, NEW))


def test_the_library_of_another_language_takes_it_and_refuses_another_body(site: Any, letter: Any) -> None:
    if not _node_has_the_library():
        pytest.skip('node cannot load the npm package "standardwebhooks": install it, and name its folder in NODE_PATH')
    site.page("/events")
    post(site, letter, secret=[NEW, OLD])
    (asked,) = site.requests
    bodies = {secret: asked.body.decode() for secret in (NEW, OLD)}
    assert [_by_node(secret, asked.headers, body) for secret, body in bodies.items()] == ["taken", "taken"]
    assert _by_node(NEW, asked.headers, BODY.replace("change", "changed")) == "refused"


def _node_has_the_library() -> bool:
    node = shutil.which("node")
    asked = [node, "-e", 'require("standardwebhooks")'] if node else ["false"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def _by_node(secret: str, headers: Any, body: str) -> str:
    given = json.dumps({"secret": secret, "headers": dict(headers), "body": body})
    return subprocess.run(["node", "-e", NODE], input=given, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize("status", [200, 201, 204])
def test_any_success_is_a_success_whatever_the_body(site: Any, letter: Any, status: int) -> None:
    site.page("/events", b"" if status == 204 else b"x" * 200_000, status=status)
    assert post(site, letter) is None


@pytest.mark.parametrize(
    ("status", "headers", "answer"),
    [
        (410, {}, ServiceAnswer("the server answered 410 Gone: why", gone=True)),
        (
            429,
            {"Retry-After": "90"},
            ServiceAnswer("the server answered 429 Too Many Requests: why", wait=timedelta(seconds=90), in_turn=True),
        ),
        (
            429,
            {},
            ServiceAnswer("the server answered 429 Too Many Requests: why", wait=timedelta(), in_turn=True),
        ),
        (
            503,
            {"Retry-After": "60"},
            ServiceAnswer("the server answered 503 Service Unavailable: why", wait=timedelta(seconds=60)),
        ),
        (500, {}, ServiceAnswer("the server answered 500 Internal Server Error: why")),
    ],
)
def test_what_the_server_answers_is_kept(
    site: Any, letter: Any, status: int, headers: Any, answer: ServiceAnswer
) -> None:
    site.page("/events", "why", status=status, headers=headers)
    assert post(site, letter) == answer
    assert len(site.requests) == 1


def test_a_redirect_is_not_followed(site: Any, letter: Any) -> None:
    site.page("/events", status=302, headers={"Location": "/other"})
    site.page("/other", "taken")
    assert post(site, letter) == ServiceAnswer("the server answered 302 Found (redirects are not followed)")
    assert [asked.path for asked in site.requests] == ["/events"]


def test_an_answer_that_breaks_off_after_the_status_is_a_success(site: Any, letter: Any) -> None:
    site.raw("/events", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nta")
    assert post(site, letter) is None


def test_the_address_guard_applies(site: Any, letter: Any) -> None:
    answer = post(site, letter, private_addresses="refuse")
    assert answer
    assert "not on the public internet" in answer.said
    assert site.requests == []


def test_the_credentials_of_sources_are_not_sent(site: Any, letter: Any) -> None:
    site.page("/events")
    post(site, letter, auth="ada:secret", headers={"X-Key": "abc"})
    (asked,) = site.requests
    assert {"authorization", "x-key"}.isdisjoint(asked.headers)


def test_nobody_there_is_an_answer_without_the_secret_part_of_the_address(letter: Any) -> None:
    channel = Channel(url="http://127.0.0.1:9/hooks/0123456789abcdef", format="event")
    options = HttpOptions(private_addresses="allow")
    answer = channel.send(letter(), secrets=Secrets(), http=options, clock=lambda: datetime.now(UTC))
    assert answer
    assert answer.said == "it could not be sent: could not reach 127.0.0.1: connection refused"
