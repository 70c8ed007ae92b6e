"""Lines of real pages in seven languages, translated by a played engine that errs often: whatever is shown has each
watched name and each number of the original. Run with `-s` to see how many are shown.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from bs4 import BeautifulSoup

from alerts.translation import ask_about, tell
from state.model import Event, Mention
from tests.captures import CAPTURES, needed

pytestmark = needed

PAGES = {
    "Russian": "feeds-legacy-cyrillic/windows-1251-russian__*.xml",
    "Danish": "ota-broken-pages/hungry.dk*.md",
    "German": "ota-terms-versions/hood-*.md",
    "Slovak": "ota-terms-versions/autobazar*.md",
    "Lithuanian": "lt-fiu-freezes/*.html",
    "Japanese": "jp-meti-russia-page/*.html",
    "Arabic": "un-consolidated/*.xml",
}
# Of pages that have addresses and other languages, too, the lines with some of these
LETTERS = {"Russian": "[а-я]{3}", "Arabic": "[\u0621-\u064a]"}
EACH = 45  # changes of a language
_ENGLISH = itertools.cycle(["the", "court", "has", "found", "that", "it", "was", "of", "an", "order", "which"])
_PART = re.compile(r"\[\d+\]|[^\W\d_]+")


def lines(language: str) -> Iterator[str]:
    """The lines of the pages that could be a sentence, each once."""
    seen = set[str]()
    for page in sorted(CAPTURES.glob(PAGES[language])):
        for line in (
            BeautifulSoup(page.read_bytes(), "xml" if page.suffix == ".xml" else "lxml").get_text("\n").splitlines()
        ):
            told = " ".join(line.split())
            if 30 <= len(told) <= 400 and told not in seen and re.search(LETTERS.get(language, r"[^\W\d_]"), told):
                seen.add(told)
                yield told


def translate(number: int, text: str) -> str:
    """English words in the place of others, and in some answers a fault."""
    answer = _PART.sub(lambda found: found[0] if found[0][0] == "[" else next(_ENGLISH), text)
    if number % 5 == 0:
        return answer.replace("[1]", "", 1)
    if number % 7 == 0:
        return f"{answer} 17"
    return text if number % 11 == 0 else answer


@pytest.mark.parametrize("language", PAGES)
def test_names_and_numbers_are_kept_in_all_that_is_shown(change: Callable[..., Event], language: str) -> None:
    counts = Counter[str]()
    for number, line in enumerate(itertools.islice(lines(language), EACH)):
        name = max(re.findall(r"[^\W\d_]+", line), key=len)
        name = name[:6] if language == "Japanese" else name  # which has no spaces between words
        event = change("added", line, mentions=[Mention("it", name, name, "title")])
        asked = ask_about(event, "en")
        answers = {each.text: (translate(number, each.text), "E") for each in asked.values()}
        told = tell(asked, answers, "en")
        counts += Counter(changes=1, asked=bool(asked), shown=told is not None)
        if told is not None:
            shown = next(each.shown for each in asked.values())
            assert told["title"] is not None
            assert sorted(re.findall(r"\d+", told["title"])) == sorted(re.findall(r"\d+", shown))
            assert name in told["title"] or name not in shown
    print(language, dict(counts))
    assert counts["changes"] > 20
    assert counts["shown"] > counts["changes"] // 4
