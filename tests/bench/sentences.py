"""How well names are found in sentences that nobody wrote for a rule: `make bench BENCH=sentences`.

Reads ../shared/sentences: sentences of news and encyclopedia in 14 languages, parallel, and the names that they have. They
are not part of the repository; without them the measure says so, and prints nothing else. Prints, by language, the false
mentions in 1,000 sentences, once with names that occur there and once with `NEUTRAL` ones, which do not; how many of the
labelled mentions are found; and how many sentences a second of processor time are looked through. A program of its own, so
that an earlier build can be measured as well.
"""

from __future__ import annotations

import gc
import json
import random
import re
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from alerts.matching.watchlist import Watchlist
from alerts.options import Entity
from sources import Entry
from tests.bench.matching import made_names
from tests.bench.tables import table

FOLDER = Path(__file__).parents[3] / "shared" / "sentences"
EUROPEAN = ("English", "Russian", "German", "Turkish", "Polish", "Czech", "French", "Spanish", "Finnish")
MANY = 844
"""Names with which the speed is measured: the two lists, and invented ones."""

NEUTRAL = tuple(
    name.strip()
    for line in """
Xiaomi, Huawei, Samsung, Lukoil, Gazprom, Rosneft, Siemens, Renault, Toyota, Nestlé, Danone, Carrefour, Lufthansa, Aeroflot
Ryanair, Petrobras, Glencore, Cargill, Maersk, Vodafone, Ericsson, Nokia, Lenovo, Alibaba, Tencent, ByteDance, Baidu, Yandex
Netflix, Dropbox, Nvidia, Palantir, Monsanto, Pfizer, Novartis, Wirecard, Rosatom, Severstal, Shell plc, Acme Trading LLC
Mario Draghi, Christine Lagarde, Elon Musk, Alexei Navalny, Sergey Lavrov, Roman Abramovich, Alisher Usmanov, Viktor Orbán
Narendra Modi, Jair Bolsonaro, Tim Cook, Warren Buffett, Jack Ma, Ali Khamenei, Kim Jong-un, Ursula von der Leyen
Wagner Group, Hezbollah, Oxfam, Greenpeace, Transparency International, Interpol, OPEC, Human Rights Watch
Roskomnadzor, BaFin, OFAC, FINMA, Ofcom, Rosfinmonitoring, Sberbank, Deutsche Bank, HSBC, Danske Bank, Barclays, UniCredit
Binance, Coinbase, Kraken, Garantex, Euronext, Tether, Telegram, WhatsApp, Viber, WeChat
""".splitlines()
    for name in line.split(",")
    if name.strip()
)
"""Companies, people, organisations, regulators, banks, exchanges and messengers that no sentence names."""


class Outcome(NamedTuple):
    """What was found with one list in the sentences of one language: the false mentions, the right ones, and those that a
    sentence has; each as the sentence's number, the entity, and for what was found its words and how.
    """

    false: list[tuple[str, str, str, str]]
    found: int
    labelled: int
    missed: list[tuple[str, str]]


def sentences(language: str) -> list[tuple[str, str]]:
    """The sentences of a language, with their numbers."""
    lines = (FOLDER / f"{language}.tsv").read_text(encoding="utf-8").splitlines()
    return [(number, text) for number, _, text in (line.partition("\t") for line in lines)]


def outcome(watchlist: Watchlist, lines: Iterable[tuple[str, str]], labels: Mapping[str, Sequence[str]]) -> Outcome:
    """Look for the names in sentences with these labels."""
    false: list[tuple[str, str, str, str]] = []
    missed: list[tuple[str, str]] = []
    found = labelled = 0
    for number, text in lines:
        wanted = set(labels.get(number, ()))
        told = {
            finding.entity: finding
            for finding in watchlist.recognizer.findings([("text", text)])  # as earlier builds have it, too
            if not finding.against
        }
        false += [(number, id_, one.words, one.how) for id_, one in told.items() if id_ not in wanted]
        found += len(wanted & told.keys())
        labelled += len(wanted)
        missed += [(number, id_) for id_ in sorted(wanted - told.keys())]
    return Outcome(false, found, labelled, missed)


def by_names(names: Iterable[Sequence[str]]) -> Watchlist:
    """A watchlist of entities with these names, under their numbers."""
    return Watchlist({f"e{at}": Entity(names=tuple(listed)) for at, listed in enumerate(names)})


def rate(watchlist: Watchlist, texts: Sequence[str]) -> float:
    """Sentences a second of processor time, the first time through; without what is built with the first words of a
    script, which a daemon builds once.
    """
    first, *entries = [Entry(at, "-", text=text) for at, text in enumerate(texts)]
    watchlist.mentions(first)
    began = time.process_time()
    for entry in entries:
        watchlist.mentions(entry)
    return len(entries) / (time.process_time() - began)


def part(found: int, of: int) -> str:
    """A part of a number."""
    return f"{found / of:.3f}" if of else "-"


def main(languages: Sequence[str], *, details: bool) -> int:
    """Print the tables."""
    gc.set_threshold(20_000, 10, 10)  # as the program does
    if not FOLDER.is_dir():
        print(f"The sentences are not part of the repository, and {FOLDER} is missing: nothing is measured.")
        return 0
    known = json.loads((FOLDER / "names.json").read_text(encoding="utf-8"))
    lists: dict[str, Callable[[], Watchlist]] = {
        "occur": lambda: Watchlist({id_: Entity(names=tuple(names)) for id_, names in known["names"].items()}),
        "neutral": lambda: by_names([name] for name in NEUTRAL),
    }
    listed = [*([name] for name in NEUTRAL), *known["names"].values()]
    invented = made_names(random.Random(MANY), 2 * MANY)
    listed += [[name] for name in invented][: MANY - len(listed)]
    rows, totals = [], dict.fromkeys(("neutral", "occur", "european", "others", "sentences"), 0)
    wanted = {"european": 0, "others": 0}
    print(f"{len(known['names'])} entities that occur, {len(NEUTRAL)} that do not.\n")
    for language in languages:
        lines = sentences(language)
        occur = outcome(lists["occur"](), lines, known["labels"])
        neutral = outcome(lists["neutral"](), lines, {})
        speed = rate(by_names(listed), [text for _, text in lines])
        group = "european" if language in EUROPEAN else "others"
        totals["sentences"] += len(lines)
        totals["neutral"] += len(neutral.false)
        totals["occur"] += len(occur.false)
        totals[group] += occur.found
        wanted[group] += occur.labelled
        per = [f"{1_000 * len(each.false) / len(lines):.1f}" for each in (neutral, occur)]
        rows.append([language, *per, part(occur.found, occur.labelled), f"{speed:,.0f}"])
        if details:
            print(language, "false, neutral:", *((NEUTRAL[int(id_[1:])], *rest) for _, id_, *rest in neutral.false))
            print(language, "false, occurring:", *((known["names"][id_][0], *rest) for _, id_, *rest in occur.false))
            print(language, "missed:", *((number, known["names"][id_][0]) for number, id_ in occur.missed))
    per = [f"{1_000 * totals[each] / totals['sentences']:.2f}" for each in ("neutral", "occur")]
    rows.append(["all", *per, "", ""])
    print(table(("language", "false, neutral", "false, occurring", "found", f"{MANY} names, a second"), rows, left=0))
    for group in ("european", "others"):
        print(f"found, {group}: {part(totals[group], wanted[group])} of {wanted[group]}")
    return 0


if __name__ == "__main__":
    chosen = [word for word in sys.argv[1:] if not re.match("-", word)]
    everything = sorted(path.stem for path in FOLDER.glob("*.tsv"))
    sys.exit(main(chosen or everything, details="--details" in sys.argv))
