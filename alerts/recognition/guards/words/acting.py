"""Whether what a text says of a name is what companies and authorities do. Pure."""

from __future__ import annotations

from alerts.recognition.guards.match_context import MatchContext
from alerts.recognition.language.word_lists.acts import ACTS, HEADLINES, LIKE_VERBS, SKIPPED

_NO_ENDING = ("\0",)


def acts(look: MatchContext) -> bool:
    """Whether a verb follows that says what companies do."""
    index = look.match.end
    if not look.beside(index, back=False):
        return False
    folded = look.words.folded[index]
    if folded in SKIPPED and folded not in HEADLINES and index + 1 < len(look.words.words):
        folded = look.words.folded[index + 1]
    if folded in HEADLINES or folded.startswith(ACTS):
        return True
    return look.words.words[index].lower().endswith(LIKE_VERBS.get(look.words.language or "", _NO_ENDING))
