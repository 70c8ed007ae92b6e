"""Proofs: pages that would act when they are opened, and folders from strangers that are to be verified."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path

from tests.torture.desks import register
from tests.torture.rows import Fault

AT_ONCE = 2
RENDERED = {".html", ".htm", ".xhtml", ".xml", ".svg"}  # what browsers run
ACTING = """<!doctype html><html><head><base href="//evil.test/"><meta http-equiv="refresh" content="900;url=//evil.test">
<script>alert(1)</script><link rel="stylesheet" href="//evil.test/a"></head><body onload="alert(2)">
<table><tr><th>name<th>branch<tr><td>Telegram<td>{}<tr><td>Zoom<td>none</table><iframe src="javascript:alert(3)"></iframe>
<img src="//evil.test/b" onerror="alert(4)"><form action="//evil.test/c"><input onfocus="alert(5)" autofocus></form></body>"""


def faults() -> Iterator[Fault]:
    for kind in ("text/html", "application/xhtml+xml", "image/svg+xml"):
        yield Fault(f"a page that acts, as {kind}", "bytes as they came, nothing to run", partial(inert, kind))


def inert(kind: str) -> str:
    """The proof of a change of a page with scripts, frames and pictures."""
    with register(
        top="[evidence]", more='[sources.acting]\nkind = "table"\nkey = "name"\nurl = "{site}/acting"'
    ) as case:
        case.configure(more=case.texts["more"].format(site=case.site.url("")))
        for branch in "AB":
            body = ACTING.format(branch).encode()
            case.site.page("/acting", body, type=kind)
            assert case.program.once().code == 0
        event = case.program.ask("SELECT max(id) FROM events WHERE kind = 'change'")
        assert case.program.run("evidence", str(event), "--out", "proof").code == 0
        proof = case.program.folder / "proof"
        kept = sha256(body).digest() in {sha256(file.read_bytes()).digest() for file in proof.iterdir()}
        assert case.program.run("verify", "proof").code == 0
        return f"bytes {'as they came' if kept else 'altered'}, {_to_run(proof)} to run"


def _to_run(folder: Path) -> str:
    return ", ".join(file.name for file in folder.glob("page-*") if file.suffix in RENDERED) or "nothing"
