"""Saved pages of real registers, before and after, and with lines edited: both ways of reading tell the same."""

from __future__ import annotations

import random
import tomllib
from itertools import pairwise

import pytest

from sources import Source, SourceError
from sources.loader import kind
from tests.altered import compare_any, page_of, source_of
from tests.captures import CAPTURES, needed
from tests.watcher.check.test_pipeline_captures import PAIRS, Pair

pytestmark = needed
SETS = {name: pair for name, pair in PAIRS.items() if kind(tomllib.loads(pair.options)["kind"]).cut is not Source.cut}
SETS |= {
    "un": Pair('kind = "xml"\nitems = "INDIVIDUAL"\nkey = "DATAID"', "un-consolidated-pair"),
    "ofac": Pair('kind = "xml"\nitems = "sdnEntry"\nkey = "uid"', "us-ofac-consolidated-xml", "*2021-05*"),
    "sema": Pair('kind = "xml"\nitems = "record"\nkey = ["Country", "Item"]', "ca-sema-xml", "*even*"),
    "lei": Pair('kind = "xml"\nitems = "LEIRecord"\nkey = "LEI"', "gleif-golden-copy"),
    "debarred": Pair('kind = "worldbank_debarred"', "wb-debarment-json", "*2026*"),
    "entity list": Pair('kind = "us_entity_list"', "us-csl-source-lists", "el*"),
    "ransoms": Pair('kind = "csv"\nkey = "id"', "opensanctions-ransomwhere"),
    "sdn": Pair('kind = "ofac_sdn"', "us-ofac-sdn", "sdn-2019*"),
}
WHOLE = {  # why these are always read whole
    "fara registrants": "a value spans lines",
    "fara principals": "values span lines",
    "eais 2014": "rows repeat, and the line above them changes",
    "bnm": "cells have paragraphs",
    "israel addresses": "cells that say that they span",
    "israel orders": "cells that say that they span",
}


def edited(body: bytes, number: int) -> bytes:
    """The page with a line left out, put twice, moved, or with a digit changed."""
    chance, lines = random.Random(number), body.splitlines(keepends=True)
    at, put = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[at:at] = chance.choice(([], [lines[at]], [lines[put]]))
    del lines[put : put + chance.randrange(2)]
    return b"".join(lines).replace(b"%d" % chance.randrange(100), b"7", chance.randrange(2))


@pytest.mark.parametrize("name", SETS)
def test_captures_differ_alike_by_their_records_and_whole(name: str) -> None:
    pair: Pair = SETS[name]
    options = tomllib.loads(pair.options)
    source = source_of(options.pop("kind"), **options)
    bodies = [file.read_bytes() for file in sorted((CAPTURES / pair.folder).glob(pair.match)) if file.is_file()]
    compared = [*pairwise(bodies), *((body, edited(body, at)) for body in bodies[:2] for at in range(6))]
    taken = 0
    for before, after in compared:
        try:
            found = compare_any(source, page_of(before), page_of(after))
        except SourceError:  # as it was it cannot be read
            continue
        if found.altered is not None:
            taken += 1
            assert (found.altered, found.error) == (found.whole, None)
    print(f"{name}: the altered records were enough in {taken} of {len(compared)}")
    assert taken or name in WHOLE
