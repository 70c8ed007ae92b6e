"""A folder of presets beside watch.toml, and kinds whose site requires a contact."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

Watch = Callable[..., Any]

PRESET = """
kind = "csv"
help = "Our register."
label = "Our register"
proven = "hearsay"
url = "https://register.example/{year}.csv"
key = "id"
title = "name"
[options.year]
description = "the year"
pattern = "^[0-9]{4}$"
"""


@pytest.fixture
def own(configure: Any) -> Any:
    """Writes a preset, and a configuration that names its folder."""
    configure(PRESET, "presets/our_register.toml")

    def write(source: str, head: str = 'presets = "presets"') -> None:
        configure(f'{head}\n[http]\nprivate_addresses = "allow"\nspacing = "0s"\n[sources.ours]\n{source}\n')

    return write


def test_a_preset_of_one_s_own_is_read_like_any_kind(watch: Watch, own: Any, site: Any) -> None:
    site.page("/2025.csv", "id,name\n" + "".join(f"{n},Company {n}\n" for n in range(9000)), type="text/csv")
    own(f'kind = "our_register"\nyear = 2025\nurl = "{site.url("/2025.csv")}"')
    (said,) = json.loads(watch("--once", "--json").out)["sources"]  # large: read by the process of its own
    assert (said["status"], said["entries"]) == ("baseline", 9000)


def test_its_options_are_checked_with_their_key_path(watch: Watch, own: Any) -> None:
    own('kind = "our_register"\nyear = "MMXXV"')
    ran = watch("check-config")
    assert (ran.code, "sources.ours.year" in ran.err) == (2, True)
    own('kind = "our_register"')
    assert "sources.ours.year: is missing" in watch("check-config").err


def test_it_is_listed_explained_and_in_the_schema(watch: Watch, own: Any) -> None:
    own('kind = "our_register"\nyear = 2025')
    assert "our_register" in watch("kinds").out
    explained = watch("kinds", "our_register").out
    assert "the year" in explained
    assert "hearsay" in explained
    kinds = json.loads(watch("schema").out)["$defs"]
    assert kinds["kind.our_register"]["required"] == ["kind", "year"]


def test_a_folder_that_is_not_there_is_a_problem(watch: Watch, own: Any) -> None:
    own('kind = "our_register"\nyear = 2025', 'presets = "no-such-folder"')
    ran = watch("check-config")
    assert ran.code == 2
    assert "watch.toml:1: presets: there is no folder" in ran.err


def test_without_the_folder_there_is_no_such_kind(watch: Watch, own: Any) -> None:
    own('kind = "our_register"\nyear = 2025', "")
    assert 'there is no kind "our_register"' in watch("check-config").err
    assert "our_register" not in watch("kinds").out


@pytest.mark.parametrize(
    "source", ['kind = "sec_current"', 'kind = "sec_filings"\ncik = 1', 'kind = "sec_daily_index"']
)
def test_a_site_that_wants_a_contact_is_not_asked_without_one(source: str, watch: Watch, own: Any) -> None:
    own(source, "")
    for argv in (("check-config",), ("--once",)):
        ran = watch(*argv)
        assert ran.code == 2
        assert "http.user_agent: has to hold an e-mail address or a URL" in ran.err
        assert '"ours"' in ran.err
        assert ran.err.count("\n") == 1


@pytest.mark.parametrize("agent", ["Desk desk@example.org", "watch (+mailto:d@e.org)", "watch (+https://e.org/us)"])
def test_a_contact_is_an_e_mail_address_or_a_url(agent: str, watch: Watch, configure: Any) -> None:
    configure(f'[http]\nuser_agent = "{agent}"\n[sources.sec]\nkind = "sec_current"\n')
    assert watch("check-config").code == 0
    configure(f'[sources.sec]\nkind = "sec_current"\nheaders = {{ User-Agent = "{agent}" }}\n')
    assert watch("check-config").code == 0
    configure('[sources.sec]\nkind = "sec_current"\nenabled = false\n')
    assert watch("check-config").code == 0
