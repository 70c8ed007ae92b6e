"""The labelled texts of this folder: precision and recall, by language and by class, and the reason for each error.

The labels follow three rules. A text names an entity if it contains a form of its name, in any spelling, case, script or
language; knowledge from elsewhere does not count. Compounds, products and subsidiaries that contain the name count. Links,
domains, other people's handles, namesakes, ordinary words and derived verbs do not. Each set was
written before the code that it measures, in the classes that open its notes; people, ships, aircraft and wallets in them are
invented.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from alerts.matching.watchlist import Watchlist
from alerts.options import Entity
from sources import Entry

FOLDER = Path(__file__).parent
SETS = {
    "first": (0.97, 0.97),
    "second": (0.96, 0.96),
    "third": (0.98, 0.94),
    "fourth": (0.98, 0.97),
    "fifth": (0.98, 0.98),
    "sixth": (0.98, 0.94),
    "seventh": (0.94, 0.91),
    "eighth": (0.90, 0.94),
    "ninth": (0.89, 0.91),
    "tenth": (0.90, 0.93),
    "eleventh": (0.93, 0.92),
    "twelfth": (0.93, 0.91),
    "thirteenth": (0.89, 0.93),
    "fourteenth": (0.93, 0.95),
    "fifteenth": (0.93, 0.92),
    "sixteenth": (0.94, 0.95),
    "seventeenth": (0.92, 0.96),
    "eighteenth": (0.97, 0.93),
    "nineteenth": (0.93, 0.92),
    "twentieth": (0.97, 0.93),
    "twenty-first": (0.93, 0.95),
    "twenty-second": (0.96, 0.96),
    "twenty-third": (0.89, 0.93),
}
"""Precision and recall of each set, at least."""


def texts(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def watchlist(name: str) -> Watchlist:
    listed = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))["entities"]
    return Watchlist({item.pop("id"): Entity.model_validate(item) for item in listed})


def rates(right: int, wrong: int, missed: int) -> tuple[float, float]:
    return right / max(1, right + wrong), right / max(1, right + missed)


def test_some_half_of_the_labelled_texts_name_nobody_and_they_are_in_thirty_languages():
    items = [item for name in SETS for item in texts(name)]
    assert len(items) >= 4_500
    assert sum(not item["labels"] for item in texts("first")) >= len(texts("first")) / 2
    assert all(sum(not item["labels"] for item in texts(name)) >= 0.45 * len(texts(name)) for name in SETS)
    assert len({item["lang"] for item in items}) >= 30


@pytest.mark.parametrize("name", SETS)
def test_entities_are_found_under_every_spelling_and_not_under_somebody_elses_name(name, capsys):
    known = watchlist(name)
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    errors = []
    for item in texts(name):
        findings = known.findings(Entry(item["id"], "-", text=item["text"]))
        told, want = {found.mention.entity for found in findings if not found.against}, set(item["labels"])
        for group in ("all", f"language {item['lang']}", f"class {item['note'].partition(']')[0][1:]}"):
            for place, part in enumerate((told & want, told - want, want - told)):
                counts[group][place] += len(part)
        errors += [f"{item['id']} {item['note']} {sorted(told)} for {sorted(want)}: {item['text']}"] * (told != want)
    with capsys.disabled():
        print(f"\n{name}")
        for group, count in sorted(counts.items()):
            print(
                "{:20} precision {:.3f}  recall {:.3f}   right {} wrong {} missed {}".format(
                    group, *rates(*count), *count
                )
            )
        print("\n".join(errors))
    precision, recall = rates(*counts["all"])
    assert precision >= SETS[name][0]
    assert recall >= SETS[name][1]
