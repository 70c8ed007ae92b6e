"""Presets: the keys of a TOML file for a kind, and the errors for invalid ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from sources import Source
from sources.loader import KindError, kind, kinds

COURT = """
kind = "feed"
help = "Entries of one court."
label = "The court"
publisher = "The courts, Examplia"
jurisdiction = "EX"
topics = ["courts"]
proven = "documents"
verified = "2026-10"
documented = "https://courts.example/help"
asks = "patience"
needs_contact = true
republished = true
authority = "record"
url = "https://{court}.courts.example/rss?style={style}&case={number:0>4}"
expect = { max_entries = 500 }
[options.court]
description = "the court"
pattern = "^[a-z]+$"
[options.style]
description = "the style"
choices = ["", "a b", "c"]
default = ""
[options.number]
description = "the case"
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder of presets with one in it."""
    (tmp_path / "court.toml").write_text(COURT)
    return tmp_path


def test_a_preset_of_one_s_own_is_a_kind(own: Path) -> None:
    found = kind("court", own)
    assert (found.kind, found.__doc__, found.default_label) == ("court", "Entries of one court.", "The court")
    assert (found.proven, found.documented, found.asks, found.needs_contact, found.republished) == (
        "documents",
        "https://courts.example/help",
        "patience",
        True,
        True,
    )
    assert found.imprint == ("The courts, Examplia", "EX", ("courts",), "2026-10")
    assert found.rests_on is kind("feed")
    source = found.model_validate({"court": "north", "number": 7})
    assert (source.authority, source.expect.max_entries) == ("record", 500)
    assert "court" in kinds(own)
    assert "court" not in kinds()


@pytest.mark.parametrize(
    ("options", "url"),
    [
        ({"court": "north", "number": 7}, "https://north.courts.example/rss?case=0007"),
        ({"court": "n", "number": "0007", "style": "a b"}, "https://n.courts.example/rss?style=a%20b&case=0007"),
        ({"court": "n", "number": "a&b=c#d"}, "https://n.courts.example/rss?case=a%26b%3Dc%23d"),
        ({"court": "n", "number": 7, "url": "http://mirror.example/"}, "http://mirror.example/"),
    ],
)
def test_own_options_stand_in_the_address(options: dict[str, object], url: str, own: Path) -> None:
    assert kind("court", own).model_validate(options).start().url == url


@pytest.mark.parametrize(
    ("options", "where"),
    [
        ({"number": 7}, "court"),
        ({"court": "North", "number": 7}, "court"),
        ({"court": ["north"], "number": 7}, "court"),
        ({"court": "north", "number": 7, "style": "d"}, "style"),
        ({"court": "north", "number": True}, "number"),
        ({"court": "north", "number": 7, "judge": "x"}, "judge"),
    ],
)
def test_own_options_are_checked_as_any_kind_s(options: dict[str, object], where: str, own: Path) -> None:
    with pytest.raises(ValidationError) as caught:
        kind("court", own).model_validate(options)
    assert [error["loc"] for error in caught.value.errors()] == [(where,)]


def test_required_options_are_no_longer_optional(own: Path) -> None:
    (own / "keyed.toml").write_text('kind = "feed"\nurl = "https://e.example/"\nrequired = ["auth", "key"]\n')
    found = kind("keyed", own)
    with pytest.raises(ValidationError) as caught:
        found.model_validate({})
    assert sorted(str(error["loc"][0]) for error in caught.value.errors()) == ["auth", "key"]
    source = found.model_validate({"auth": "name:word", "key": "title"})
    assert (source.auth, source.model_dump()["key"]) == ("name:word", ("title",))
    with pytest.raises(ValidationError, match="user:password"):
        found.model_validate({"auth": "name", "key": "title"})


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('kind = "feed"\nproven = "rumours"', "proven.*'captures', 'documents' or 'hearsay'"),
        ('kind = "feed"\ndocumented = "see there"', "documented"),
        ('kind = "feed"\ntopics = ["weather"]', r"bad\.toml: topics\.0: .*'sanctions'"),
        ('kind = "feed"\njurisdiction = "Examplia"', r"bad\.toml: jurisdiction: "),
        ('kind = "feed"\nverified = "last May"', r"bad\.toml: verified: "),
        ('kind = "feed"\npublished_by = "x"', r'bad\.toml: .*no option "published_by"'),
        ('kind = "feed"\nevery = "soon"', r"bad\.toml: every: (?!Value error)"),
        ('kind = "feed"\nfetch = "carrier pigeon"', r"bad\.toml: fetch: .*'browser'"),
        ('kind = "feed"\nrequired = ["judge"]', 'no option "judge"'),
        (
            'kind = "feed"\nurl = "https://e.example/"\n[options.court]\ndescription = "x"',
            'each of its options.*"court"',
        ),
        ('kind = "feed"\nurl = "https://e.example/{a}{b}"\n[options.a]\ndescription = "x"', 'each of its options.*"a"'),
        ('kind = "feed"\nurl = "https://e.example/{key}"\n[options.key]\ndescription = "x"', 'option "key" already'),
        ('kind = "feed"\nurl = "https://e.example/{a}"\n[options.a]\nshape = "x"', "options.a.description"),
        ('kind = "feed"\nurl = "https://e.example/{a.b}"\n[options.a]\ndescription = "x"', "each of its options"),
        ('kind = "tass"', "which is a preset itself"),
        ('kind = "court"', "which is a preset itself"),
        ('kind = "feeed"', 'did you mean "feed"'),
        ("kind = ", "Invalid value"),
    ],
)
def test_a_preset_that_is_wrong_says_so_and_costs_no_other(text: str, what: str, own: Path) -> None:
    (own / "bad.toml").write_text(text)
    with pytest.raises(KindError, match=what):
        kind("bad", own)
    found = kinds(own)
    assert set(found.problems) == {"bad"}
    assert "court" in found


def test_a_preset_with_the_name_of_a_kind_names_both(own: Path) -> None:
    (own / "tass.toml").write_text('kind = "feed"\n')
    with pytest.raises(KindError, match=r"sources/kinds/tass\.toml and in .*/tass\.toml"):
        kind("tass", own)


def test_a_preset_that_was_edited_is_read_anew(own: Path) -> None:
    before = kind("court", own)
    assert kind("court", own) is before
    (own / "court.toml").write_text(COURT.replace("The court", "Another court"))
    assert kind("court", own).default_label == "Another court"


def test_what_a_preset_does_not_say_of_its_publisher_is_its_base_s(own: Path) -> None:
    (own / "house.toml").write_text('kind = "companies_house"\ntopics = ["courts"]\n')
    found = kind("house", own)
    assert found.imprint == ("Companies House, United Kingdom", "GB", ("courts",), "")


def test_a_preset_rests_on_python_kinds_as_on_others() -> None:
    assert kind("rkn_ori").rests_on is kind("rkn_opendata")
    assert kind("rkn_opendata").rests_on is None
    assert issubclass(kind("rkn_ori"), Source)
