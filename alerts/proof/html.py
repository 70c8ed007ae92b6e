"""A proof as one HTML page that needs nothing else: for readers who have never heard of this program. Pure.

Nothing in it is loaded from anywhere, and every text from outside is escaped.
"""

from __future__ import annotations

from alerts.proof.facts import WARC, ProofFacts
from alerts.proof.view import view_of
from alerts.templating import render


def proof_page(exhibit: ProofFacts) -> bytes:
    """The page, in ASCII: as an attachment it may come without a word about its encoding."""
    return render("proof.html.j2", proof=view_of(exhibit), warc=WARC).encode("ascii", "xmlcharrefreplace")
