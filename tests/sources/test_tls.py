from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpcore
import pytest

from sources import Page, TlsFailed, Unreachable
from tests.national import HOST, authority, tunnel_to

Ask = Callable[..., Page]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for localhost, with its key in the same file."""
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("the openssl command is not installed")
    folder = tmp_path_factory.mktemp("tls")
    made, key = folder / "cert.pem", folder / "key.pem"
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    command = [openssl, "req", "-x509", *curve, *names, "-days", "2", "-keyout", str(key), "-out", str(made)]
    subprocess.run(command, check=True, capture_output=True, timeout=20)
    made.write_text(made.read_text() + key.read_text())
    return made


@pytest.fixture
def secure(new_site: Callable[..., Any], certificate: Path) -> Any:
    """A site that speaks TLS with that certificate."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    site = new_site(context)
    site.page("/", "by TLS", etag='"1"')
    return site


def test_a_self_signed_certificate_is_not_trusted(secure: Any, ask: Ask) -> None:
    with pytest.raises(TlsFailed) as caught:
        ask(secure.url(host="localhost"))
    assert caught.value.message == (
        "the certificate of localhost is not trusted: self-signed certificate; give its authority's PEM file as ca_file"
    )
    assert secure.requests == []


def test_with_its_ca_file_it_is(secure: Any, ask: Ask, certificate: Path) -> None:
    assert ask(secure.url(host="localhost"), ca_file=str(certificate)).text == "by TLS"
    with pytest.raises(TlsFailed):
        ask(secure.url(host="localhost"))  # another source: its connection is not shared either


def test_an_authority_of_one_s_own_need_not_have_the_form_that_newer_pythons_ask_for(
    new_site: Callable[..., Any], ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def strict() -> ssl.SSLContext:
        context = real()
        context.verify_flags |= ssl.VERIFY_X509_STRICT
        return context

    real = httpcore.default_ssl_context
    monkeypatch.setattr("httpcore.default_ssl_context", strict)
    file, context = authority(tmp_path)  # which does not say what its key may be used for
    proxy, site = new_site(), new_site(context)
    proxy.raw(f"{HOST}:443", tunnel_to(site.port))
    site.page("/", "by TLS")
    assert ask(f"https://{HOST}/", proxy=proxy.url(), ca_file=str(file)).text == "by TLS"
    with pytest.raises(TlsFailed):
        ask(f"https://{HOST}/", proxy=proxy.url())


def test_a_certificate_for_another_host_is_refused(secure: Any, ask: Ask, certificate: Path) -> None:
    with pytest.raises(TlsFailed, match=r"certificate of 127\.0\.0\.1 is not valid: IP address mismatch"):
        ask(secure.url(), ca_file=str(certificate))


def test_a_server_without_tls_fails_the_handshake(site: Any, ask: Ask) -> None:
    site.page("/", "plain")
    with pytest.raises((TlsFailed, Unreachable), match=r"127\.0\.0\.1"):
        ask(site.url().replace("http:", "https:"))
    assert site.connections == 1


def test_a_redirect_from_https_to_http_is_refused(secure: Any, site: Any, ask: Ask, certificate: Path) -> None:
    secure.redirect("/away", site.url("/list?key=hush"))
    with pytest.raises(Exception, match=rf"redirects from https to http \({site.url('/list')}\)") as caught:
        ask(secure.url("/away", host="localhost"), ca_file=str(certificate))
    assert (caught.value.code, site.requests) == ("bad_redirect", [])


@pytest.mark.parametrize(("content", "why"), [(None, "cannot be read: No such file"), ("junk", "no certificate")])
def test_a_ca_file_that_is_of_no_use_is_named(ask: Ask, tmp_path: Path, content: str | None, why: str) -> None:
    file = tmp_path / "state-ca.pem"
    if content:
        file.write_text(content)
    with pytest.raises(TlsFailed, match=f"^ca_file {file} .*{why}"):
        ask("https://127.0.0.1:9/", ca_file=str(file))


def test_a_secure_connection_is_kept(secure: Any, ask: Ask, certificate: Path) -> None:
    for _ in range(3):
        ask(secure.url(host="localhost"), ca_file=str(certificate))
    assert secure.connections == 1
