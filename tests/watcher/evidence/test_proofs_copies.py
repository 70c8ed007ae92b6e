"""The pages in a proof are safe to open: nothing in them runs, and the original bytes can be checked."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.watcher.evidence.test_proofs import run, steps

HOSTILE = """<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="refresh" content="3000;url=https://evil.test/">
<base href="https://evil.test/"><link rel="stylesheet" href="//evil.test/a.css"><script>alert(1)</script></head>
<body onload="alert(2)"><p class="it">Тelegram {branch}</p>
<p>The operator has to open a branch, to appoint somebody who speaks for it, to name its address on its pages, and to
answer the letters of citizens and of the authority within ten days, which the authority checks once in each month.</p><iframe src="https://evil.test/"></iframe><img src=x onerror=alert(3)>
<a href="javascript:alert(4)">more</a><form action="https://evil.test/"><input autofocus onfocus=alert(5)></form>
<svg onload="alert(6)"><script>alert(7)</script></svg></body></html>"""
SVG = '<?xml version="1.0"?><?xml-stylesheet href="//evil.test/a.xsl"?><svg xmlns="http://www.w3.org/2000/svg"><i><n>{branch}</n></i><script>alert(1)</script></svg>'
RENDERED = (".html", ".htm", ".xhtml", ".xml", ".svg", ".mht")


def pages(kept: Any, source: str, page: str, kind: str) -> list[bytes]:
    """A source whose page says A, then B; its evidence. Returns the bodies."""
    kept._configure(
        f'[evidence]\n[http]\nprivate_addresses = "allow"\nspacing = "0s"\n'
        f'[sources.list]\nurl = "{kept.site.url("/list")}"\n{source}'
    )
    bodies = [page.replace("{branch}", branch).encode() for branch in "AB"]
    for body in bodies:
        kept.site.page("/list", body, type=kind)
        found = kept.check()
        assert found["status"] in {"baseline", "ok"}, found
    return bodies


@pytest.mark.parametrize(
    ("source", "page", "kind", "raw"),
    [
        ('kind = "text"', HOSTILE, "text/html", "html.txt"),
        ('kind = "text"', HOSTILE, "Application/XHTML+xml; charset=utf-8", "xhtml.txt"),
        ('kind = "xml"\nitems = "i"\nkey = "n"', SVG, "image/svg+xml", "xml.txt"),
        ('kind = "text"', HOSTILE, "application/x-unheard-of", "bin"),
    ],
)
def test_what_a_browser_would_run_is_kept_as_it_came_under_a_name_that_is_shown_as_text(
    kept: Any, watch: Callable[..., Any], folder: Path, source: str, page: str, kind: str, raw: str
) -> None:
    before, after = pages(kept, source, page, kind)
    assert watch("evidence", "2").code == 0
    proof = folder / "proof-2"
    assert (proof / f"page-after.{raw}").read_bytes() == after
    assert (proof / f"page-before.{raw}").read_bytes() == before
    rendered = [file.name for file in proof.iterdir() if file.suffix in RENDERED]
    assert rendered == ["proof.html"]
    assert watch("verify", "proof-2").code == 0
    (command, answer), *_ = steps((proof / "proof.html").read_text())
    assert run(command, proof).stdout.strip() == answer == f"{sha256(after).hexdigest()}  page-after.{raw}"


def test_beside_an_html_page_stands_its_text(kept: Any, watch: Callable[..., Any], folder: Path) -> None:
    pages(kept, 'kind = "text"', HOSTILE, "text/html")
    assert watch("evidence", "2", "--out", "two.zip").code == 0
    with zipfile.ZipFile("two.zip") as packed:
        texts = {
            Path(name).name: packed.read(name).decode("utf-8-sig")
            for name in packed.namelist()
            if name.endswith(".txt")
        }
        page = packed.read("two/proof.html").decode()
    assert texts["page-after.txt"].splitlines()[0] == ">>> Тelegram B"
    assert "alert" not in texts["page-after.txt"]
    assert page.index('<a href="page-after.txt">') < page.index('<a href="page-after.html.txt">')


def test_a_page_without_text_has_none_beside_it(kept: Any, watch: Callable[..., Any], folder: Path) -> None:
    source = 'kind = "list"\nitem = "a"\nkey = "@title"\ntitle = "@title"'
    pages(kept, source, '<html><a href="/{branch}" title="{branch}"></a></html>', "text/html")
    assert watch("evidence", "2").code == 0
    assert {file.name for file in (folder / "proof-2").glob("page-after*")} == {"page-after.html.txt"}
