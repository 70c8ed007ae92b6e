"""Real captures checked one after the other: what the state says of the time between two of them is the file, read alone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from sources import Entry, Source
from tests.captures import CAPTURES, EAIS, needed
from watcher.check.fetching import entries_of
from watcher.config.load import load
from watcher.trials.replay import rehearsal
from watcher.trials.saved_pages import find_pages, read_saved_page

pytestmark = needed

PRINCIPALS = '["Registration_Number", "Foreign_Principal", "Foreign_Principal_Registration_Date"]'

# options, folder, files, and how many of the steps are accepted as another snapshot or the same one
SERIES = {
    "fires": ('kind = "json"\nitems = "AllYearIncidents"\nkey = "UniqueId"', "us-ca-fire-incidents", "*", 3),
    "minjust": ('kind = "json"\nitems = "@"\nkey = "id"\ntitle = "fullName"', "ru-minjust-inoagent-json", "*", 6),
    "fara registrants": ('kind = "csv"\nkey = "Registration_Number"', "us-fara-register", "*Registrants*", 3),
    "fara principals": (f'kind = "csv"\nkey = {PRINCIPALS}', "us-fara-register", "*Principals*", 2),
    "block list, 2012": (EAIS, "ru-rkn-eais-dumpcsv", "dump-2012-11-*", 2),
    "block list, 2013": (EAIS, "ru-rkn-eais-dumpcsv", "dump-2013-0*", 2),
    "block list, 2014": (EAIS, "ru-rkn-eais-dumpcsv", "dump-2014-04-*", 4),
    "cuba, the text": ('kind = "text"\nselect = "div.wp-block-classic"', "us-cuba-restricted-list", "*", 3),
    "cuba, paragraphs": (
        'kind = "list"\nitem = "div.wp-block-classic > p"\nlisting = "complete"',
        "us-cuba-restricted-list",
        "*",
        3,
    ),
}


def seen(entries: Iterable[Entry], ignore: Collection[str]) -> set[tuple[object, ...]]:
    """The entries without what is not compared, which stands as it was when they last changed."""
    return {
        (
            entry.key,
            entry.title,
            tuple(sorted((name, value) for name, value in entry.fields.items() if name not in ignore)),
            entry.published,
            entry.text,
        )
        for entry in entries
    }


def alone(source: Source, file: Path, at: datetime) -> list[Entry]:
    return list(entries_of(source, [read_saved_page(source, source.start(), file, at)], 1))


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", SERIES)
def test_between_two_steps_the_answer_is_the_file_of_the_first(
    name: str, configure: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    options, folder, match, steps = SERIES[name]
    config = load(configure(f'[sources.capture]\nurl = "https://register.example/all"\n{options}\n'))
    source = config.sources["capture"].model_copy(update={"max_pages": 1})
    found = find_pages(CAPTURES / folder, match=match)
    now, right = datetime(2020, 1, 1, tzinfo=UTC), 0
    accepted = list[tuple[datetime, Path]]()
    with rehearsal(replace(config, sources={"capture": source}), "capture", now) as stage:
        for capture in found:
            now = max(capture.at or now, now + timedelta(hours=1))
            result, _ = stage.check(now, partial(read_saved_page, source, file=capture.file, fetched=now))
            if result.status in {"baseline", "ok", "unchanged"}:
                accepted.append((now, capture.file))
        for at, file in accepted:
            told = seen(
                (each.entry for each in stage.store.history.entries("capture", at + timedelta(minutes=1))),
                source.ignore,
            )
            right += told == seen(alone(source, file, at), source.ignore)
    with capsys.disabled():
        print(f"\n{name}: {right} of {len(accepted)} accepted steps ({len(found)} files)")
    assert (right, len(accepted)) == (steps, steps)
