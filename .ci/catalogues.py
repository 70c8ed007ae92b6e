#!/usr/bin/env python3
"""The catalogues of sentences: written anew from code and templates, or checked. A translator fills in what is empty.

.ci/catalogues.py            each alerts/locale/LANGUAGE/LC_MESSAGES/watch.po has the sentences of today, those that
                             are new without a translation; compiles them
.ci/catalogues.py --check    says which sentences lack a translation, or have one with other places, and fails
"""

import sys
from collections.abc import Iterator
from contextlib import redirect_stderr
from datetime import UTC, datetime
from io import BytesIO, StringIO
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from alerts.language import LANGUAGES, LOCALE
from hatch_build import compile_catalogues

SPOKEN = ("alerts", "watcher")
METHODS = [("**.py", "python"), ("**/templates/**", "jinja2")]
ONE, SEVERAL = ("phrase", "mark", "sentence_line"), ("phrase_many", "mark_many")
KEYWORDS = dict.fromkeys(ONE) | dict.fromkeys(SEVERAL, (1, 2)) | {"more_line": (2, 3)}
MARKUP = '<>"'  # of a template, in which a sentence may stand in an attribute
NEVER = datetime(2026, 1, 1, tzinfo=UTC)  # else each run would change the head of each file


def extract() -> Catalog:
    """The sentences of the code and its templates."""
    found = Catalog(project="Registry Watch", charset="utf-8")
    with redirect_stderr(StringIO()):  # Babel warns of each f-string that is put into a sentence
        for package in SPOKEN:
            for _, _, sentence, notes, _ in extract_from_dir(
                ROOT / package, METHODS, keywords=KEYWORDS, comment_tags=["Translators:"], strip_comment_tags=True
            ):
                found.add(sentence, auto_comments=notes)
    return found


def bring_up_to_date(language: str, sentences: Catalog) -> tuple[Catalog, bytes]:
    """A language's catalogue with the sentences of today, and its file's text."""
    path = LOCALE / language / "LC_MESSAGES" / "watch.po"
    with path.open("rb") if path.exists() else BytesIO() as text:
        catalogue = read_po(text, locale=language)
    catalogue.update(sentences, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.creation_date = catalogue.revision_date = NEVER
    catalogue.header_comment = f"# The sentences of Registry Watch in the language {language}."
    written = BytesIO()
    write_po(written, catalogue, width=120, no_location=True, sort_output=True)
    return catalogue, written.getvalue()


def places_of(sentence: str) -> set[str]:
    """The names of a sentence's places."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def faults_of(message: Message, plurals: int) -> Iterator[str]:
    """What is wrong with the translation of a sentence: none, other places, other markup."""
    english = [message.id] if isinstance(message.id, str) else [*message.id]
    told = [message.string] if isinstance(message.string, str) else [*(message.string or ())]
    if not all(told) or len(told) != (1 if isinstance(message.id, str) else plurals):
        yield f"lacks a translation: {english[0]}"
        return
    allowed = set.union(*map(places_of, english))
    for each in told:
        try:
            places = places_of(each)
        except ValueError as error:
            yield f"has a form with bad braces ({error}): {each}"
            continue
        needed = allowed if isinstance(message.id, str) else allowed - {"number"}
        if not needed <= places <= allowed:
            yield f"has other places: {english[0]} -> {each}"
        if any(each.count(sign) != english[-1].count(sign) for sign in MARKUP):
            yield f"has other markup: {english[0]} -> {each}"


def main() -> int:
    """Write the catalogues, or check them."""
    check, sentences, faults = "--check" in sys.argv, extract(), list[str]()
    for language in LANGUAGES[1:]:
        path = LOCALE / language / "LC_MESSAGES" / "watch.po"
        catalogue, written = bring_up_to_date(language, sentences)
        if check:
            if not path.exists() or path.read_bytes() != written:
                faults.append(f"{path.relative_to(ROOT)} is not up to date: make catalogues")
            faults += [
                f"{path.relative_to(ROOT)} {fault}"
                for message in catalogue
                if message.id
                for fault in faults_of(message, catalogue.num_plurals)
            ]
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(written)
    if not check:
        compile_catalogues(ROOT)
    for fault in faults:
        print(fault)
    print(
        f"{sum(1 for each in sentences if each.id)} sentences in {len(LANGUAGES) - 1} languages, {len(faults)} faults"
    )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
