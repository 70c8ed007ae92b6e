"""A proof as one HTML page without any other files, for readers who do not know this program. Pure.

It loads nothing, and every foreign text is escaped.
"""

from __future__ import annotations

from alerts.proof.facts import WARC, ProofFacts
from alerts.proof.view import view_of
from alerts.templating import render


def proof_page(exhibit: ProofFacts) -> bytes:
    """The page, in ASCII, as an attachment may arrive without its encoding."""
    return render("proof.html.j2", proof=view_of(exhibit), warc=WARC).encode("ascii", "xmlcharrefreplace")
