"""The table of sentences for filings at Companies House: sources/kinds/_filing_sentences.tsv.

    uv run --no-project --with pyyaml python .ci/filing_sentences.py filing_history_descriptions.yml COMMIT

The file is of https://github.com/companieshouse/api-enumerations, at that commit. Only the keys of descriptions and
their sentences are taken, less the marks of bold type.
"""
# ruff: noqa: INP001 - a script beside the program, not a part of it

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

import yaml

TABLE = Path(__file__).parents[1] / "sources" / "kinds" / "_filing_sentences.tsv"
HEAD = """\
# What the keys of descriptions of filings stand for, at Companies House: a sentence with {{places}}, then its keys.
# Made by .ci/filing_sentences.py from filing_history_descriptions.yml of github.com/companieshouse/api-enumerations,
# at {commit}. Contains public sector information of Companies House (Crown copyright),
# licensed under the Open Government Licence v3.0: https://www.nationalarchives.gov.uk/doc/open-government-licence/
# (the repository names no licence of its own; this is that of Crown copyright). What was changed: bold type is left
# out, and keys of one sentence are on one line.
"""


def main(file: str, commit: str) -> None:
    """Write the table."""
    listed = yaml.safe_load(Path(file).read_text("utf-8"))["description"]
    keys = defaultdict(list)
    for key, sentence in listed.items():
        if plain := " ".join(sentence.replace("**", "").split()):
            keys[plain].append(key)
    rows = (f"{sentence}\t{' '.join(sorted(those))}\n" for sentence, those in sorted(keys.items()))
    TABLE.write_text(HEAD.format(commit=commit) + "".join(rows), "utf-8")
    print(f"{len(listed)} keys, {len(keys)} sentences, {TABLE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
