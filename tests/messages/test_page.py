"""docs/messages.md says what the program says, as do the pages of other languages, and its pictures are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from alerts.message.recipient import Form
from tests.alerts.test_message import Words, said
from tests.messages.cases import Case, cases, composed
from tests.messages.page import pages
from tests.torture.texts import Tags

DOCS = Path(__file__).parents[2] / "docs"
COMMANDS = re.compile(r"\bwatch (?:try|accept|status|log|case|evidence|deliveries|verify)\b")


def test_the_pages_are_as_the_program_writes_them() -> None:
    old = [file.name for file, text in pages().items() if file.read_text("utf-8") != text]
    assert old == [], "make pictures writes them anew"


def test_its_pictures_are_small() -> None:
    sizes = [path.stat().st_size for path in (DOCS / "pictures").glob("mail-*.png")]
    assert len(sizes) == 2 * len(cases()) + 1  # one in another language
    assert max(sizes) < 200_000


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
@pytest.mark.parametrize("form", list(Form))
def test_nobody_but_an_operator_reads_a_command_or_a_hash(case: Case, form: Form) -> None:
    made = composed(case, form)
    said = "\n".join(made) if form is Form.CHAT else made.text
    assert bool(COMMANDS.search(said)) is case.operator
    assert not re.search(r"\b[0-9a-f]{16}\b", said)


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
@pytest.mark.parametrize("form", [Form.DOCUMENT, Form.CHAT])
def test_who_reads_html_reads_all_that_the_text_says(case: Case, form: Form) -> None:
    made = composed(case, form)
    assert said(Words(made.html).words) == said(made.text)


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_a_mail_loads_and_runs_nothing(case: Case) -> None:
    tags = Tags(composed(case, Form.DOCUMENT).html).tags
    assert not {"img", "script", "link", "iframe"} & {tag for tag, _ in tags}
    assert not [name for _, given in tags for name in given if name.startswith("on") or name == "src"]
