"""What docs/operate.md shows, above all of proxies and national certificate authorities, and its like on loopback."""

from __future__ import annotations

import re
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

OPERATE = Path(__file__).parents[1] / "docs" / "operate.md"
PROXY = "http://proxy.example.org:3128"
PROXY_ADDRESS = "10.0.0.10"
AUTHORITY = "russian-trusted-root-ca.pem"
HOST = "236-fz.rkn.gov.ru"
TABLE = (
    "<html><body><table><tr><th>Наименование<th>Информационный ресурс<th>Создание филиала"
    "<tr><td>Telegram Messenger Inc.<td>Telegram<td>{branch}</table></body></html>"
)
_CURVE = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


def shown() -> str:
    """The configuration that the document shows, as it stands there."""
    block = operate("Proxies, and national certificate authorities", "toml")
    words = (PROXY, f'["{PROXY_ADDRESS}/32"]', f'ca_file = "{AUTHORITY}"', 'kind = "rkn_landing"')
    assert all(word in block for word in words)
    return block


def operate(heading: str, language: str) -> str:
    """The first block in this language below a heading of docs/operate.md."""
    section = OPERATE.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    block = re.search(rf"```{language}\n(.*?)```", section, re.DOTALL)
    assert block
    return block[1]


def authority(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """The file of an authority that nobody else trusts, and a server's side with a certificate of it for HOST."""
    if not shutil.which("openssl"):
        pytest.skip("the openssl command is not installed")
    _openssl(
        folder,
        "req",
        "-x509",
        *_CURVE,
        "-subj",
        "/CN=National Root",
        "-days",
        "2",
        "-keyout",
        "ca.key",
        "-out",
        AUTHORITY,
    )
    _openssl(folder, "req", *_CURVE, "-subj", f"/CN={HOST}", "-keyout", "site.key", "-out", "site.csr")
    (folder / "names").write_text(f"subjectAltName=DNS:{HOST}\n")
    signed = ("-CA", AUTHORITY, "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names")
    _openssl(folder, "x509", "-req", "-in", "site.csr", *signed, "-out", "site.pem")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "site.pem", folder / "site.key")
    return folder / AUTHORITY, context


def _openssl(folder: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True, timeout=20)


def tunnel_to(port: int) -> Callable[[socket.socket], None]:
    """What a proxy does with a CONNECT: whatever was asked for, it leads to this port."""

    def talk(client: socket.socket) -> None:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as server:
            client.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            back = threading.Thread(target=pump, args=(server, client))
            back.start()
            pump(client, server)
            back.join()

    return talk


def pump(source: socket.socket, sink: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        return
