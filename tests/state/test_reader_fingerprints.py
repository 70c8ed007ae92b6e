"""When the fingerprint of a kind's reader changes. Kinds are plugins, written to a folder and imported from it."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from state.compare import reader_fingerprints
from state.compare.reader_fingerprints import reader_fingerprint

KIND = """
from sources import Entry, Source
from {package} import shared

class Kind(Source):
    def parse(self, page):
        from .late import split
        yield Entry(shared.key(page))
"""

CHANGE = "\nchanged = True\n"

Write = Callable[..., str]


@pytest.fixture
def fingerprint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """Writes a package with a kind and returns its fingerprint; each call makes another package of the same name."""
    monkeypatch.syspath_prepend(tmp_path)
    folder = tmp_path / "plugin_under_test"
    folder.mkdir()

    def write(**changed: str) -> str:
        texts = {"__init__": "", "kind": KIND, "shared": "key = str\n", "late": "split = str.split\n", "other": ""}
        for name, text in (texts | changed).items():
            (folder / f"{name}.py").write_text(text.replace("{package}", folder.name))
        for name in [name for name in sys.modules if name.partition(".")[0] == folder.name]:
            del sys.modules[name]
        importlib.invalidate_caches()
        return reader_fingerprint(importlib.import_module(f"{folder.name}.kind").Kind)

    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    yield write
    for name in [name for name in sys.modules if name.partition(".")[0] == folder.name]:
        del sys.modules[name]


def test_the_same_code_is_the_same_reader(fingerprint: Write) -> None:
    assert fingerprint() == fingerprint()


def test_a_mended_kind_is_another_reader(fingerprint: Write) -> None:
    assert fingerprint(kind=KIND.replace("shared.key(page)", "shared.key(page.text)")) != fingerprint()


@pytest.mark.parametrize(
    "said",
    [
        '"""A kind."""\n' + KIND,
        "# A kind.\n\n" + KIND,
        KIND.replace("class", '# Its class: "one".\nclass').replace(":\n", ":  # what's this\n"),
        KIND.replace(
            "(Source):\n", '(Source):  # "here"\n    """It doesn\'t\n\n    say \\"much\\" # really.\n    """\n\n'
        ),
        KIND.replace("page):\n", 'page):\n        """Parse it."""\n'),
    ],
)
def test_comments_and_docstrings_do_not_count(fingerprint: Write, said: str) -> None:
    assert said != KIND
    assert fingerprint(kind=said) == fingerprint()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('key = "a#b".strip\n', 'key = "a#c".strip\n'),
        ("key = '\"#b'.strip\n", "key = '\"#c'.strip\n"),
        ('key = """\n# b\n\n""".strip\n', 'key = """\n# c\n\n""".strip\n'),
        ('key = """\n# b\n\n""".strip\n', 'key = """\n# b\n""".strip\n'),
        ("key = r'''\n#b\n'''.strip  # it's\n", "key = r'''\n#c\n'''.strip  # it's\n"),
        ('def key(page):\n    """Parse."""\n    return 1\n', 'def key(page):\n    """Parse."""\n    return 2\n'),
    ],
)
def test_a_string_counts_whatever_is_in_it(fingerprint: Write, before: str, after: str) -> None:
    assert fingerprint(shared=before) != fingerprint(shared=after)


def test_a_mended_module_that_the_kind_imports_is_another_reader(fingerprint: Write) -> None:
    assert fingerprint(shared="key = repr\n") != fingerprint()


def test_a_mended_module_that_is_imported_only_while_reading_is_another_reader(fingerprint: Write) -> None:
    assert fingerprint(late="split = str.splitlines\n") != fingerprint()


def test_a_module_that_the_kind_does_not_use_does_not_count(fingerprint: Write) -> None:
    assert fingerprint(other="import os\n") == fingerprint()


def test_what_a_used_module_uses_counts_too(fingerprint: Write) -> None:
    shared = "from plugin_under_test.other import key\n"
    assert fingerprint(shared=shared, other="key = str\n") != fingerprint(shared=shared, other="key = repr\n")


@pytest.mark.parametrize(
    "statement",
    [
        "from plugin_under_test import (  # what is shared (by all)\n    shared,\n    other as it,  # and this\n)\n",
        "from plugin_under_test import \\\n    other\n",
        "if True: import plugin_under_test.other as it; it.key\n",
        "def late():\n    from . import(other)\n",
        "def late():\n    yield from []\n    import plugin_under_test.other\n",
    ],
)
def test_an_import_counts_however_it_is_written(fingerprint: Write, statement: str) -> None:
    shared = f"key = str\n{statement}"
    assert fingerprint(shared=shared, other="key = str\n") != fingerprint(shared=shared, other="key = repr\n")


def test_a_kind_that_reads_html_depends_on_how_html_is_read(
    fingerprint: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = KIND.replace("key(page)", "key(page.html)")
    before, before_plain = fingerprint(kind=reading), fingerprint()
    real = Path.read_text
    monkeypatch.setattr(
        Path, "read_text", lambda path, *rest: real(path, *rest) + (CHANGE if path.name == "html.py" else "")
    )
    assert fingerprint(kind=reading) != before
    assert fingerprint() == before_plain


def test_every_kind_depends_on_how_pages_are_decoded(fingerprint: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    before, real = fingerprint(), Path.read_text
    monkeypatch.setattr(
        Path, "read_text", lambda path, *rest: real(path, *rest) + (CHANGE if path.name == "decode.py" else "")
    )
    assert fingerprint() != before


@pytest.mark.parametrize("name", ["words.toml", "tables/words.txt"])
def test_a_data_file_that_a_used_module_names_counts(fingerprint: Write, tmp_path: Path, name: str) -> None:
    shared = f'from pathlib import Path\n\nkey = (Path(__file__).parent / "{name}").read_text\n'
    data = tmp_path / "plugin_under_test" / name
    data.parent.mkdir(exist_ok=True)
    data.write_text("one")
    before = fingerprint(shared=shared)
    assert fingerprint(shared=shared) == before
    data.write_text("two")
    assert fingerprint(shared=shared) != before
    plain = fingerprint()
    data.write_text("three")
    assert fingerprint() == plain


def test_the_modules_that_the_fingerprint_names_exist() -> None:
    for name in (*reader_fingerprints.ALWAYS, *reader_fingerprints.FRAME, reader_fingerprints.HTML):
        assert find_spec(name), name


def test_no_module_is_loaded_for_a_fingerprint() -> None:
    code = """if True:
        import sys
        from sources.loader import kind
        from state.compare import reader_fingerprints
        feed, before = kind("feed"), set(sys.modules)
        reader_fingerprints.reader_fingerprint(feed)
        print(*(set(sys.modules) - before))"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not run.stdout.split()


def test_a_kind_made_without_a_file_has_a_fingerprint(fingerprint: Write) -> None:
    fingerprint()
    base = sys.modules["plugin_under_test.kind"].Kind
    preset = type("Preset", (base,), {"__module__": "nowhere", "__doc__": "A preset."})
    assert reader_fingerprint(preset) == reader_fingerprint(
        type("Other", (base,), {"__module__": "nowhere", "__doc__": ""})
    )
