"""The folder of a proof as saved pages: its page before and after the change, without the other files."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from alerts.proof.facts import PAGE, WARC

_PAGE = re.compile(r"page-(?P<side>before|after)(?:-(?P<number>\d{1,6}))?\.(?P<ending>\w{1,9}(?:\.txt)?)")


def proof_pages(folder: Path) -> list[Path]:
    """The page before and after the change, if they exist; empty if the folder is not a proof.

    If the source has several pages, these are the first that differ: each is read alone.
    """
    if not ((folder / PAGE).is_file() and (folder / WARC).is_file()):
        return []
    found: dict[int, dict[str, Path]] = defaultdict(dict)
    for file in sorted(folder.iterdir(), key=lambda file: -len(file.name)):  # the page before its text
        if (match := _PAGE.fullmatch(file.name)) and file.is_file():
            found[int(match["number"] or 1)].setdefault(match["side"], file)
    pages = [found[number] for number in sorted(found)]
    chosen = next((page for page in pages if _differs(page)), pages[0] if pages else {})
    return [chosen[side] for side in ("before", "after") if side in chosen]


def _differs(page: dict[str, Path]) -> bool:
    return len(page) == 2 and page["before"].read_bytes() != page["after"].read_bytes()
