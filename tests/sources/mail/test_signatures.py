"""What is said of a mail's signatures; name servers are played."""

from __future__ import annotations

from types import SimpleNamespace

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from sources.mail.signatures import Signatures

KEY = rsa.generate_private_key(65537, 2048)
PRIVATE = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
PUBLIC = b"".join(KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).split(b"\n")[1:-2])
HEAD = b"From: Bank <news@mail.bank.example>\r\nSubject: A warning\r\nDate: Mon, 02 Nov 2026 09:30:00 +0000\r\n"
MAIL = HEAD + b"\r\nTelegraph Ltd has no licence.\r\n"


def answer(name: str) -> bytes:
    return b"v=DKIM1; k=rsa; p=" + PUBLIC if name.startswith("s._domainkey.") else b""


def silent(name: str) -> bytes:
    raise OSError(name)


def signed(domain: bytes, mail: bytes = MAIL) -> bytes:
    return dkim.sign(mail, b"s", domain, PRIVATE, include_headers=[b"From", b"Subject"]) + mail


def judge(mail: bytes, look_up: object = answer, seconds: float = 60) -> str:
    return Signatures(look_up, seconds).judge(mail)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("mail", "said"),
    [
        (MAIL, "not signed"),
        (signed(b"bank.example"), "signed by bank.example"),
        (signed(b"bulk.example"), "signed by bulk.example, not by mail.bank.example, whose name it bears"),
        (signed(b"bank.example").replace(b"has no", b"has a"), "the signature of bank.example does not hold"),
        (signed(b"bulk.example", signed(b"bank.example")), "signed by bank.example"),
        (b"DKIM-Signature: nonsense\r\n" + MAIL, "the signature of mail.bank.example does not hold"),
        (b"ARC-Seal: nonsense\r\n" + MAIL, "not signed; ARC does not hold"),
    ],
)
def test_who_has_signed_is_said(mail: bytes, said: str) -> None:
    assert judge(mail) == said


@pytest.mark.parametrize(("look_up", "seconds"), [(silent, 60), (answer, -1)])
def test_where_no_name_server_answers_in_time_nothing_is_claimed(look_up: object, seconds: float) -> None:
    assert judge(signed(b"bank.example"), look_up, seconds) == "the signature of bank.example cannot be checked now"


def test_who_has_passed_it_on_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    found = SimpleNamespace(authserv_id="lists.example", results=[])
    reads = SimpleNamespace(parse=lambda _: found)  # in the place of a package that only signing needs
    monkeypatch.setattr(dkim, "authres", SimpleNamespace(AuthenticationResultsHeader=reads), raising=False)
    checked = b"Authentication-Results: lists.example; dkim=none; arc=none\r\n" + MAIL
    sealed = b"".join(dkim.arc_sign(checked, b"s", b"lists.example", PRIVATE, b"lists.example")) + checked
    assert judge(sealed) == "not signed; passed on by lists.example (ARC)"
    assert judge(sealed.replace(b"has no", b"has a")) == "not signed; ARC does not hold"


@pytest.mark.parametrize("mail", [b"", b"\0\xff" * 1000, b"DKIM-Signature:\r\n" * 50_000, b"From: " + b"(" * 50_000])
def test_no_mail_is_a_fault(mail: bytes) -> None:
    assert judge(mail)


def test_a_key_is_looked_up_once() -> None:
    asked = list[str]()
    signatures = Signatures(lambda name: asked.append(name) or answer(name), 60)  # type: ignore[func-returns-value]
    assert {signatures.judge(signed(b"bank.example")) for _ in range(3)} == {"signed by bank.example"}
    assert asked == ["s._domainkey.bank.example"]
