"""Whether what looks at foreign text takes time in proportion to it: `make bench BENCH=linear`.

Each text is looked at in a length and in eight times that; the processor times are compared. A ratio far above 8 would
let one page stop the program. A program of its own; prints a table, and exits with 1 when a ratio is above ALLOWED.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator

from alerts.answer import Record, answer_of
from alerts.casing import Casing
from alerts.finder import Words
from alerts.options import Entity
from alerts.tokens import spans_of, words_of
from alerts.watchlist import Watchlist
from alerts.words import harmless
from sources import Entry
from sources.catalog import sec_current
from sources.dates import read_date
from sources.feeds import _ATTRIBUTE, _LINK, _TITLE
from sources.handover import check_texts
from sources.marks import entry_mark
from sources.text import clean
from tests.bench.tables import table

ALLOWED = 16.0
LENGTH, TIMES = 20_000, 8
LEAST = 0.002  # seconds: what takes less than this in its long form tells nothing

NAMES = {
    "telegram": Entity(names=["Telegram", "Телеграм"]),
    "durov": Entity(names=["Pavel Durov", "Павел Дуров"]),
    "apple": Entity(names=["Apple"], context=["iPhone", "компания"], **{"not": ["Apple Music"]}),
    "smith": Entity(names=["Frederich Smith"]),
    "bank": Entity(names=["Сбербанк"], identifiers=["7707083893", "sberbank.ru", "CIK 1318605"]),
}
TEXTS = {
    **{part: part for part in ("telegram/", "Telegram ", "#Telegram ", "telegram.org.", "telegram@", "@telegram ")},
    **{part: part for part in ("x://telegram", "Frederich ", "Pavel A ", "Apple ", "Apple Music ", "Сбербанк-")},
    **{
        part: part
        for part in ("7707083893 ", "e\u0301 ", "電", "a", "A", "aB", "a - ", "://", "<title>", "<link ", "a=", '"')
    },
}


def matched() -> Callable[[str], object]:
    watchlist = Watchlist(NAMES)
    watchlist.mentions(Entry("1", "Telegram and all that is loaded for it"))
    return lambda text: watchlist.mentions(Entry("1", "a title", text=f"Apple said. A {text} Telegram"))


def begins(text: str) -> object:
    gap = "." + "".join(char for char in text if not char.isalnum()) + "\n" * len(text) + "#"
    said = f"a{gap}b"
    return Casing(Words(said, words_of(said), [], spans_of(said))).begins_sentence(1)


LOOKS: dict[str, Callable[[str], object]] = {
    "a watchlist": matched(),
    "where a sentence begins": begins,
    "clean": clean,
    "a fingerprint": lambda text: entry_mark(Entry("1", "x", text=text)),
    "what crosses": lambda text: check_texts([clean(text)]),
    "harmless": harmless,
    "a date": read_date,
    "a service's answer": lambda text: answer_of([Record("ERROR", f"error=500 Response Details: <html {text}")]),
    "a feed's links": lambda text: [_ATTRIBUTE.findall(link) for link in (*_LINK.findall(text), text)],
    "a page's title": _TITLE.search,
    "a title of the SEC": sec_current._TITLE.fullmatch,
}


def measured() -> Iterator[tuple[str, str, float, float]]:
    for name, look in LOOKS.items():
        worst = max((times(look, part) for part in TEXTS.values()), key=lambda each: each[2])
        yield name, repr(worst[0]), worst[1], worst[2]


def times(look: Callable[[str], object], part: str) -> tuple[str, float, float]:
    short, long = (min(took(look, part * (LENGTH * factor // len(part))) for _ in range(3)) for factor in (1, TIMES))
    return part, long, long / max(short, LEAST / TIMES) if long > LEAST else 0.0


def took(look: Callable[[str], object], text: str) -> float:
    began = time.process_time()
    look(text)
    return time.process_time() - began


def main() -> int:
    rows = list(measured())
    cells = [[name, part, f"{seconds:.3f}", f"{ratio:.1f}"] for name, part, seconds, ratio in rows]
    print(table(["what looks", "worst of", f"s for {LENGTH * TIMES:,} characters", f"x for {TIMES} x"], cells))
    return int(any(ratio > ALLOWED for *_, ratio in rows))


if __name__ == "__main__":
    sys.exit(main())
