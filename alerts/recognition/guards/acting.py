"""Whether a name does what companies do. Pure."""

from __future__ import annotations

from alerts.recognition.guards.match_context import MatchContext
from alerts.recognition.language.acts import ACTS, LIKE_VERBS, NOT


def acts(look: MatchContext) -> bool:
    """Whether a verb follows that says what companies do."""
    index = look.match.end
    if not look.beside(index, back=False):
        return False
    folded = look.words.folded[index]
    if folded in NOT and index + 1 < len(look.words.words):
        folded = look.words.folded[index + 1]
    return folded.startswith(ACTS) or look.words.words[index].lower().endswith(
        LIKE_VERBS.get(look.words.language or "", ("\0",))
    )
