"""What `watch add` makes of saved pages that a script fills or pages, without a browser: no text without its entries.

`pytest -s` prints the table. What a person would want of each page was written down before the code.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests import captures

pytestmark = captures.needed

LOOPBACK = '[http]\nprivate_addresses = "allow"\nspacing = "0s"\n[browser]\ncommand = "there-is-none"\n'
SHELL = "needs_javascript"
# What a person wants: the kind, its entries, and whether they are said to be a part; or why nothing is proposed.
WANTED = {
    "script-filled-pages/HankookIlbo_2026_01_29.html": (SHELL, 0, False),
    "script-filled-pages/chi_citycouncil.html": (SHELL, 0, False),
    "script-filled-pages/uscfc_example_2.html": (SHELL, 0, False),
    "script-filled-pages/cook_landbank.html": ("list", 9, False),  # the month's events are in the page
    "aspnet-lists/asbca_example.html": ("list", 52, False),  # rows of its table without the names of months
    "aspnet-lists/il_elections_agenda.html": ("table", 12, False),
    "aspnet-lists/illappct_1st_dist_example.html": ("table", 10, False),
    "aspnet-lists/ohioctapp_9_example.html": ("table", 50, True),  # pages 2 to 10 by __doPostBack
    "us-court-opinion-lists/illappct_example.html": ("table", 1051, False),  # in truth page 1 of 2, and said so
    # a spinner lies over the page; on this site its pager's links lead to another path
    "us-warn-notices/test_cached_search_results-00-http200.html": ("table", 25, False),
}


def test_of_the_saved_shells_nine_in_ten_become_what_a_person_wants(
    site: Any, configure: Callable[..., Path], watch: Callable[..., Any]
) -> None:
    right, lines = 0, list[str]()
    for number, (name, wanted) in enumerate(WANTED.items()):
        site.page(f"/{number}", (captures.CAPTURES / name).read_bytes(), type="text/html")
        file = configure(LOOPBACK)
        ran = watch("add", site.url(f"/{number}"), "--yes", "--name", "it")
        said = " ".join((ran.out + ran.err).split())
        if ran.code:
            found = (SHELL if SHELL in said else "refused", 0, False)
        else:
            kind = tomllib.loads(file.read_text("utf-8"))["sources"]["it"]["kind"]
            counted = said.partition(f"read by the kind {kind}: ")[2].partition(" entr")[0]
            entries = int("".join(filter(str.isdigit, counted)))
            found = (kind, entries, "nothing counts as removed" in said)
        right += found == wanted
        lines.append(f"{name:62} {found!s:36} wanted {wanted!s:36} {'right' if found == wanted else 'WRONG'}")
    print(*lines, sep="\n")
    assert right >= 0.9 * len(WANTED)
