"""A row of a PDF file that changes: the alert and the proof lead to its page."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from reportlab.platypus import LongTable, SimpleDocTemplate

from tests.conftest import Reply


def register(status: str, above: int = 0) -> Reply:
    """A table over several pages, in which number 80 has this status."""
    rows = [("No", "Status"), *((f"new {number}", "Active") for number in range(above))]
    rows += [(str(number), status if number == 80 else "Active") for number in range(100)]
    out = io.BytesIO()
    grid = [("GRID", (0, 0), (-1, -1), 0.5, "black")]
    SimpleDocTemplate(out).build([LongTable(rows, repeatRows=1, style=grid)])
    return Reply(out.getvalue(), type="application/pdf")


def test_an_alert_and_its_proof_lead_to_the_page(
    site: Any, configure: Callable[..., Path], watch: Callable[..., Any], folder: Path
) -> None:
    url = site.url("/register.pdf")
    configure(
        f'[evidence]\n[http]\nprivate_addresses = "allow"\nspacing = "0s"\n'
        f'[sources.it]\nkind = "pdf_table"\nurl = "{url}"\nkey = "No"\n'
    )
    site.page("/register.pdf", lambda _: register("Active"))
    watch("--once")
    site.page("/register.pdf", lambda _: register("Revoked"))
    (said,) = json.loads(watch("--once", "--json").out)["sources"]
    (change,) = said["changes"]
    assert (change["key"], change["fields"]["Status"]["after"]) == ("80", "Revoked")
    assert change["url"] == f"{url}#page=3"
    assert watch("evidence", str(change["id"]), "--out", str(folder / "proof")).code == 0
    texts = [file.read_text("utf-8", "replace") for file in (folder / "proof").rglob("*.html")]
    assert any(f"{url}#page=3" in text for text in texts)


def test_rows_that_move_to_another_page_are_no_change(
    site: Any, configure: Callable[..., Path], watch: Callable[..., Any]
) -> None:
    configure(
        f'[http]\nprivate_addresses = "allow"\nspacing = "0s"\n'
        f'[sources.it]\nkind = "pdf_table"\nurl = "{site.url("/register.pdf")}"\nkey = "No"\n'
    )
    site.page("/register.pdf", lambda _: register("Active"))
    watch("--once")
    site.page("/register.pdf", lambda _: register("Active", above=40))
    (said,) = json.loads(watch("--once", "--json").out)["sources"]
    assert {change["change"] for change in said["changes"]} == {"added"}
    assert len(said["changes"]) == 40
