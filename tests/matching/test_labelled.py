"""The labelled texts of this folder: precision and recall, by language and by class, and the reason for each error.

The labels follow three rules. A text names an entity if it contains a form of its name, in any spelling, case, script or
language; knowledge from elsewhere does not count. Compounds, products and subsidiaries that contain the name count. Links,
domains, other people's handles, namesakes, ordinary words and derived verbs do not. The texts were written before the code
that they measure, in the classes that their notes name; people, ships, aircraft and wallets in them are invented.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import pytest
import yaml

from alerts.matching.watchlist import Watchlist
from alerts.options import Entity
from sources import Entry

FOLDER = Path(__file__).parent
TEXTS = [json.loads(line) for line in (FOLDER / "labelled.jsonl").read_text(encoding="utf-8").splitlines()]
ENTITIES = yaml.safe_load((FOLDER / "watchlist.yaml").read_text(encoding="utf-8"))["entities"]


@pytest.fixture(scope="module")
def watchlist() -> Watchlist:
    return Watchlist(
        {item["id"]: Entity.model_validate({k: v for k, v in item.items() if k != "id"}) for item in ENTITIES}
    )


def rates(right: int, wrong: int, missed: int) -> tuple[float, float]:
    return right / max(1, right + wrong), right / max(1, right + missed)


def test_half_of_the_labelled_texts_name_nobody_and_they_are_in_thirty_languages():
    assert len(TEXTS) >= 300
    assert sum(not item["labels"] for item in TEXTS) >= len(TEXTS) / 2
    assert len({item["lang"] for item in TEXTS}) >= 30


def test_entities_are_found_under_every_spelling_and_not_under_somebody_elses_name(watchlist, capsys):
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    errors = []
    for item in TEXTS:
        findings = watchlist.findings(Entry(item["id"], "-", text=item["text"]))
        told, want = {found.mention.entity for found in findings if not found.against}, set(item["labels"])
        for group in ("all", f"language {item['lang']}", f"class {item['note']}"):
            for place, part in enumerate((told & want, told - want, want - told)):
                counts[group][place] += len(part)
        errors += [f"{item['id']} {item['note']} {sorted(told)} for {sorted(want)}: {item['text']}"] * (told != want)
    with capsys.disabled():
        print()
        for group, count in sorted(counts.items()):
            print(
                "{:20} precision {:.3f}  recall {:.3f}   right {} wrong {} missed {}".format(
                    group, *rates(*count), *count
                )
            )
        print("\n".join(errors))
    precision, recall = rates(*counts["all"])
    assert precision >= 0.97
    assert recall >= 0.97
