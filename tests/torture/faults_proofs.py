"""Proofs: pages that would act when they are opened, and folders from strangers that are to be verified."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.torture.desks import register
from tests.torture.rows import Fault
from watcher.errors import UsageError
from watcher.evidence.verification import of_folder

AT_ONCE = 2
RENDERED = {".html", ".htm", ".xhtml", ".xml", ".svg"}  # what browsers run
ACTING = """<!doctype html><html><head><base href="//evil.test/"><meta http-equiv="refresh" content="900;url=//evil.test">
<script>alert(1)</script><link rel="stylesheet" href="//evil.test/a"></head><body onload="alert(2)">
<table><tr><th>name<th>branch<tr><td>Telegram<td>{}<tr><td>Zoom<td>none</table><iframe src="javascript:alert(3)"></iframe>
<img src="//evil.test/b" onerror="alert(4)"><form action="//evil.test/c"><input onfocus="alert(5)" autofocus></form></body>"""

MOST_MEMORY = 300  # MB
SIZE = 14_000_000  # bytes of a .zip
# VmHWM, as ru_maxrss of a new process begins with what the process that started it had at its peak.
MEASURED = """
import sys
from pathlib import Path
from watcher.cli import main
code = main(sys.argv[1:])
status = Path("/proc/self/status").read_text()
print("peak", int(status.partition("VmHWM:")[2].split()[0]) // 1024)
sys.exit(code)
"""
ZERO = "0" * 64
HEADING = b'{"format": "registry-watch chain 1"}\n'


def faults() -> Iterator[Fault]:
    for kind in ("text/html", "application/xhtml+xml", "image/svg+xml"):
        yield Fault(f"a page that acts, as {kind}", "bytes as they came, nothing to run", partial(inert, kind))
    yield Fault("each file of a proof altered, gone, added, renamed", "all named; exit 0 when set right", each_file)
    for name, expected, put in BOMBS:
        yield Fault(f"verify 14 MB of .zip: {name}", f"{expected}, < {MOST_MEMORY} MB", partial(bomb, put, expected))


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


def each_file() -> str:
    """A folder of a page of HTML, before and after; verified in this process."""
    with register(top="[evidence]", more='[sources.page]\nkind = "table"\nkey = "name"\nurl = "{site}/page"') as case:
        case.configure(more=case.texts["more"].format(site=case.site.url("")))
        for branch in "AB":
            case.site.page("/page", f"<table><tr><th>name<th>branch<tr><td>Zoom<td>{branch}</table>", type="text/html")
            assert case.program.once().code == 0
        event = case.program.ask("SELECT max(id) FROM events WHERE kind = 'change'")
        assert case.program.run("evidence", str(event), "--out", "proof").code == 0
        proof, missed = case.program.folder / "proof", list[str]()
        names = sorted(file.name for file in proof.iterdir())
        for name in names:
            file, content = proof / name, (proof / name).read_bytes()
            middle = len(content) // 2
            for what, kept in (
                ("altered", {name: content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]}),
                ("longer", {name: content + b"\n"}),
                ("empty", {name: b""}),
                ("gone", {}),
                ("added", {name: content, f"{name}.new": content}),
                ("renamed", {f"old-{name}": content}),
            ):
                file.unlink()
                for put, whole in kept.items():
                    (proof / put).write_bytes(whole)
                problems = " ".join(map(str, _problems(proof)))
                missed += [] if name in problems or (problems and name == "chain.jsonl") else [f"{name} {what}"]
                for put in kept:
                    (proof / put).unlink()
                file.write_bytes(content)
        code = case.program.run("verify", "proof").code
        assert len(names) > 5
        return f"{', '.join(missed) + ' missed' if missed else 'all named'}; exit {code} when set right"


def _problems(proof: Path) -> list[object]:
    try:
        return list(of_folder(proof).problems)
    except UsageError as error:
        return [error]


def _to_run(folder: Path) -> str:
    return ", ".join(file.name for file in folder.glob("page-*") if file.suffix in RENDERED) or "nothing"


# ---- a .zip from a stranger


def bomb(put: Callable[[zipfile.ZipFile], None], expected: str) -> str:
    """What verifying it comes to, in a process of its own whose memory is measured."""
    with TemporaryDirectory(prefix="torture-") as name:
        file = Path(name) / "given.zip"
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
            put(packed)
        argv = [sys.executable, "-c", MEASURED, "verify", str(file)]
        ran = subprocess.run(argv, capture_output=True, text=True, timeout=120, check=False)
    said, memory = " ".join(ran.stderr.split()), int(ran.stdout.rpartition("peak ")[2])
    seen = expected if expected in f"exit {ran.returncode}, {said}" else f"exit {ran.returncode}, {said[-300:]}"
    return f"{seen}, {'<' if memory < MOST_MEMORY else f'{memory} and not <'} {MOST_MEMORY} MB"


def packed_chain(packed: zipfile.ZipFile) -> None:
    """800 MB of links."""
    with packed.open("chain.jsonl", "w", force_zip64=True) as chain:
        chain.write(HEADING)
        lines = b"".join(
            json.dumps({"number": at, "sha256": ZERO, "link": ZERO}).encode() + b"\n" for at in range(20_000)
        )
        while packed.fp and packed.fp.tell() < SIZE:
            chain.write(lines)


def packed_record(packed: zipfile.ZipFile) -> None:
    """A record that would unpack to 14 GB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    head = packer.compress(bytes(1_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(1_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)
    record = head + block * (SIZE // len(block))
    link = sha256(f"{ZERO}{ZERO}".encode()).hexdigest()
    said = {"number": 1, "sha256": ZERO, "link": link, "file": "pages.warc.gz", "offset": 0, "length": len(record)}
    packed.writestr("pages.warc.gz", record, zipfile.ZIP_STORED)
    packed.writestr("chain.jsonl", HEADING + f'{{"number": 0, "link": "{ZERO}"}}\n{json.dumps(said)}\n'.encode())


def one_line(packed: zipfile.ZipFile) -> None:
    packed.writestr("chain.jsonl", HEADING + b"[" * SIZE, zipfile.ZIP_STORED)


def many_files(packed: zipfile.ZipFile) -> None:
    for number in range(SIZE // 100):
        packed.writestr(zipfile.ZipInfo(f"{number}"), b"")


BOMBS = (
    ("800 MB of chain", "would unpack to", packed_chain),
    ("a record of 14 GB", "were altered", packed_record),
    ("a chain of one line", "is longer than", one_line),
    ("140,000 files", "its directory is larger than", many_files),
)
