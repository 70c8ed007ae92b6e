"""Secrets planted wherever one can stand, in a world that repeats them, and looked for in all that is written."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.pauses import said_in
from tests.torture.databases import place_in
from tests.torture.planted import ALL, COMMANDS, Echo, forms, lives, program, run, state, write
from tests.torture.rows import Row

TITLE = "Planted secrets"
UNSENT = "MAIL_PASSWORD, BEAT_TOKEN"  # nobody takes mail, and with alerts that are not sent there is no heartbeat


def faults() -> Iterator[Row]:
    """A row for each command, for the state, and for the rights of the files."""
    with TemporaryDirectory() as name, place_in(Path(name)) as place, Echo() as site:
        folder = Path(name)
        write(folder, site.port, place.url)
        planted = program(folder, place.url)
        for command in COMMANDS:
            began = time.monotonic()
            text = run(planted, *command)
            yield row(f"watch {' '.join(command)}", text, time.monotonic() - began)
        began = time.monotonic()
        yield row("watch -v, reloaded and refused", lives(planted), time.monotonic() - began)
        stored = state(folder, place)
        whole = "entry /authorised" in stored and "WARC/1.1" in stored
        yield row("the state and the evidence, unpacked", stored if whole else " ".join(ALL.values()), 0)
        heard = site.heard()
        unsent = ", ".join(name for name, secret in ALL.items() if not any(form in heard for form in forms(secret)))
        yield Row("secrets that were not sent, so not repeated", UNSENT, unsent, 0)
        files = [*folder.glob("state.db*"), *folder.glob("*.lock"), *folder.glob("evidence/*")]
        rights = ", ".join(sorted({f"{file.stat().st_mode & 0o777:o}" for file in files}))
        yield Row("rights of the state's files", "600", rights, 0)


def row(where: str, text: str, seconds: float) -> Row:
    hits = [name for name, secret in ALL.items() for form in forms(secret) if form in text]
    seen = f"{len(hits)} hits{': ' + ', '.join(sorted(set(hits))) if hits else ''}"
    return Row(where, "0 hits", seen, seconds, pause=max((said.cpu for said in said_in(text)), default=None))
