"""Secrets in the encodings in which a site may repeat them: hidden, and restored exactly."""

from __future__ import annotations

import base64
import html
import json
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.secrets import Secrets
from state.db.redaction import Redactor

SECRET = "hush/ключ & 'more'<1>"


@pytest.mark.parametrize(
    "form",
    [
        SECRET,
        quote(SECRET, safe=""),
        quote(SECRET, safe="").lower(),
        html.escape(SECRET),
        html.escape(SECRET).replace("&#x27;", "&#39;"),
        json.dumps(SECRET)[1:-1],
        json.dumps(SECRET)[1:-1].replace("/", "\\/"),
        repr(SECRET)[1:-1],
        base64.b64encode(SECRET.encode()).decode().rstrip("="),
        base64.urlsafe_b64encode(SECRET.encode()).decode(),
        SECRET.encode().hex(),
        SECRET.encode().hex().upper(),
    ],
)
def test_a_secret_is_hidden_in_every_encoding_and_given_back(form: str) -> None:
    secrets = Secrets()
    secrets.add("${TOKEN}", SECRET)
    text = f"before {form} after"
    hidden = secrets.hide(text)
    assert "${TOKEN" in hidden
    assert form[:-1] not in hidden
    assert secrets.reveal(hidden) == text


@given(st.lists(st.text(st.sampled_from("ab1ж&/\\ "), min_size=4, max_size=20), min_size=3, max_size=6), st.data())
def test_a_large_text_is_hidden_as_its_parts_are(values: list[str], data: st.DataObject) -> None:
    secrets = Secrets()
    for at, value in enumerate(values):
        secrets.add(f"${{TOKEN_{at}}}", value)
    said = data.draw(st.text(st.sampled_from("ab1ж\udc80"), max_size=9)) + data.draw(st.sampled_from(values))
    for part in (said, said.encode("utf-16-le", "surrogatepass").decode("latin-1"), said[:-1]):
        assert secrets.hide(part + "." * 200_000) == secrets.hide(part + ".") + "." * 199_999


def test_a_secret_in_a_page_of_utf_16_is_sealed_and_unsealed() -> None:
    secrets = Secrets()
    secrets.add("${TOKEN}", SECRET)
    redactor = Redactor(secrets.hide, secrets.reveal)
    for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
        body = f"<p>{SECRET}</p>".encode(encoding)
        sealed = redactor.seal_bytes(body)
        assert SECRET.encode(encoding.removesuffix("-le"))[2:20] not in sealed
        assert b"${TOKEN:utf-16" in sealed
        assert redactor.unseal_bytes(sealed) == body


def test_encodings_of_a_short_secret_are_words() -> None:
    secrets = Secrets()
    secrets.add("${PIN}", "1234")
    assert secrets.hide("1234 and MTIzN") == "${PIN} and MTIzN"


@pytest.mark.parametrize(
    ("secret", "text", "hidden"),
    [
        ("desk", "helpdesk, desks, desk_1 and desk: no", "helpdesk, desks, ${WORD}_1 and ${WORD}: no"),
        ("почта", "почта и почтальон", "${WORD} и почтальон"),
        ("1234", "12345 entries, pin=1234&x", "12345 entries, pin=${WORD}&x"),
        ("pa55", "xpa55x", "x${WORD}x"),
        ("correcthorse", "xcorrecthorsex", "x${WORD}x"),
    ],
)
def test_a_short_word_is_hidden_where_it_stands_alone(secret: str, text: str, hidden: str) -> None:
    secrets = Secrets()
    secrets.add("${WORD}", secret)
    assert secrets.hide(text) == hidden


def test_what_is_public_is_never_hidden() -> None:
    secrets = Secrets(public={"telegram"})
    secrets.add("${WORD}", "telegram")
    assert secrets.hide("telegram: not sent") == "telegram: not sent"


@settings(deadline=None)
@given(st.text(min_size=8, max_size=30), st.text(max_size=20), st.text(max_size=20))
def test_what_was_hidden_is_given_back_exactly(secret: str, before: str, after: str) -> None:
    secrets = Secrets()
    secrets.add("${TOKEN}", secret.encode("utf-8", "replace").decode())
    text = f"{before}{secret}{after}"
    hidden = secrets.hide(text)
    assert "${TOKEN" in text or secrets.reveal(hidden) == text
