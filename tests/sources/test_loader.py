from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from pydantic import ValidationError

import sources.kinds
from alerts.language import LANGUAGES
from sources import Source
from sources.loader import KindError, glossary, kind, kinds, names
from sources.text import clean

CLASS = '"""A kind."""\nfrom sources import Source\nclass {name}(Source):\n    """Reads {name}."""\n    size: int = 1\n'


@pytest.fixture
def catalog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty catalog in place of the real one."""
    folder = tmp_path / "a_catalog"
    folder.mkdir()
    (folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("sources.loader.CATALOG", "a_catalog")
    monkeypatch.setattr("sources.loader.plugins", list)
    for name in [name for name in sys.modules if name.partition(".")[0] == "a_catalog"]:
        monkeypatch.delitem(sys.modules, name)
    return folder


def plugin(monkeypatch: pytest.MonkeyPatch, *points: tuple[str, str]) -> None:
    found = [EntryPoint(name, value, "registry_watch.sources") for name, value in points]
    monkeypatch.setattr("sources.loader.plugins", lambda: found)


def test_every_kind_of_the_catalog_loads_and_explains_itself() -> None:
    found = kinds()
    assert {"table", "json", "feed", "telegram", "rkn_landing"} <= set(found)
    assert found.problems == {}
    for name, cls in found.items():
        assert cls.kind == name
        assert cls.__doc__
        assert all(field.description for option, field in cls.model_fields.items() if option not in Source.model_fields)


def test_a_kind_is_its_file_and_no_other_is_imported() -> None:
    code = (
        "import sys; from sources.loader import kind; kind('json');"
        "print([m for m in sys.modules if m.startswith('sources.kinds.')], 'feedparser' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "['sources.kinds.json'] False"


def test_an_unknown_kind_suggests_a_near_one_or_lists_all() -> None:
    with pytest.raises(KindError, match='no kind "tabel": did you mean "table"'):
        kind("tabel")
    with pytest.raises(KindError, match=r'there are .*"feed".*"telegram"'):
        kind("no-such-thing-at-all")


@pytest.mark.parametrize("name", ["__init__", "../table", "table.py", "", "sources.kinds.table"])
def test_only_names_of_kinds_are_kinds(name: str) -> None:
    with pytest.raises(KindError, match="no kind"):
        kind(name)


def test_a_file_must_define_one_public_kind(catalog: Path) -> None:
    (catalog / "one.py").write_text(CLASS.format(name="One") + CLASS.format(name="_Helper"))
    (catalog / "two.py").write_text(CLASS.format(name="A") + CLASS.format(name="B"))
    (catalog / "none.py").write_text("from sources import Source\n")
    assert kind("one").__name__ == "One"
    for name, seen in (("two", '"A", "B"'), ("none", "it has none")):
        with pytest.raises(KindError, match=seen):
            kind(name)
    assert set(kinds()) == {"one"}
    assert set(kinds().problems) == {"two", "none"}


def test_a_preset_is_its_kind_with_other_defaults(catalog: Path) -> None:
    (catalog / "base.py").write_text(CLASS.format(name="Base"))
    (catalog / "some_register.toml").write_text(
        'kind = "base"\nhelp = "A register."\nlabel = "The register"\n'
        'url = "https://example.org"\nevery = "5m"\nsize = 3\n'
    )
    preset = kind("some_register")
    source = preset.model_validate({})
    assert (preset.kind, preset.__name__, preset.__doc__) == ("some_register", "SomeRegister", "A register.")
    assert preset.default_label == "The register"
    assert (source.url, source.every, source.label) == ("https://example.org", timedelta(minutes=5), "")
    assert source.model_dump()["size"] == 3
    assert preset.model_validate({"url": "http://127.0.0.1/"}).url == "http://127.0.0.1/"
    assert (kind("base").kind, kind("base").model_fields["size"].default) == ("base", 1)
    with pytest.raises(ValidationError):
        preset.model_validate({"size": "many"})


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('kind = "base"\nsise = 2', 'no option "sise"'),
        ('kind = "base"\nsize = "many"', "size|valid integer"),
        ('kind = "absent"', 'no kind "absent"'),
        ("size = 2", 'no kind ""'),
        ("kind = ", "Invalid value"),
        ('kind = "poor"', "a preset itself"),
    ],
)
def test_a_preset_that_is_wrong_says_so(text: str, what: str, catalog: Path) -> None:
    (catalog / "base.py").write_text(CLASS.format(name="Base"))
    (catalog / "poor.toml").write_text(text)
    with pytest.raises(KindError, match=what):
        kind("poor")
    assert set(kinds()) == {"base"}


def test_a_plugins_entry_point_is_a_kind(catalog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (catalog.parent / "a_plugin.py").write_text(CLASS.format(name="Crates"))
    plugin(monkeypatch, ("crates", "a_plugin:Crates"))
    monkeypatch.delitem(sys.modules, "a_plugin", raising=False)
    assert kind("crates").__name__ == "Crates"
    assert kind("crates").kind == "crates"


def test_a_plugin_that_fails_is_a_problem_of_its_own(catalog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (catalog / "base.py").write_text(CLASS.format(name="Base"))
    (catalog.parent / "a_bad_plugin.py").write_text("raise RuntimeError('no licence')\n")
    plugin(monkeypatch, ("bad", "a_bad_plugin:Bad"), ("gone", "no_such_module:X"), ("text", "textwrap:dedent"))
    assert kind("base").kind == "base"
    with pytest.raises(KindError, match=r'kind "bad".*a_bad_plugin:Bad.*RuntimeError: no licence'):
        kind("bad")
    found = kinds()
    assert (set(found), set(found.problems)) == ({"base"}, {"bad", "gone", "text"})
    assert "no subclass of sources.Source" in str(found.problems["text"])


def test_a_name_used_twice_names_both(catalog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (catalog / "base.py").write_text(CLASS.format(name="Base"))
    plugin(monkeypatch, ("base", "a_plugin:Base"), ("x", "p:X"), ("x", "q:X"))
    with pytest.raises(KindError, match=r"a_catalog/base\.py and in the entry point a_plugin:Base"):
        kind("base")
    with pytest.raises(KindError, match=r"p:X.*q:X"):
        kind("x")
    assert set(kinds().problems) == {"base", "x"}


def test_glossaries_are_of_kinds_that_exist_in_each_language_but_the_register_s() -> None:
    of_kinds = {file.stem for file in (Path(sources.kinds.__path__[0]) / "glossaries").iterdir()}
    assert len(of_kinds) > 5
    assert of_kinds <= set(names())
    for kind_name in of_kinds:
        for value, said in glossary(kind_name).items():
            assert (said.keys() <= set(LANGUAGES), len(said) >= 8) == (True, True), (kind_name, value)
            assert all(clean(text) == text and 0 < len(text) <= 500 for text in said.values()), (kind_name, value)
            assert clean(value) == value
