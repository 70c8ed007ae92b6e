"""Sanctions lists before and after, through `watch replay`: the changes that a person names, and no other.

What is wanted was written down from the raw files, by a comparison that knows nothing of the kinds. Run with `-s` to
see the table.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.captures import CAPTURES, needed

pytestmark = needed

NOTHING: Mapping[str, Collection[str]] = {}


class Pair(NamedTuple):
    """Two versions of a list, as globs in one folder, and what a person would name: keys that came and went, the fields of each that changed."""

    kind: str
    before: str
    after: str
    added: Collection[str] = ()
    removed: Collection[str] = ()
    changed: Mapping[str, Collection[str]] = NOTHING
    options: str = ""
    held: str = ""  # the reason for which the second version is not believed


def numbers(begin: str, ends: str) -> Collection[str]:
    return [f"{begin}{end}" for end in ends.split()]


HEBEI = (  # all debarred with their parent on 2024-08-22
    "040 124 128 136 140 148 152 156 160 164 172 180 184 188 192 204 208 212 224 232 240 244 248 252 256 260 264 268"
    " 272 276 280 284 288 292 296 300 304 308 312 316 320 324 328 332 336 340 344 348 352 356 360 364 368 372"
)
WEIHAI = "644 672 684 688 692 700 704 708 716 720 728 732 736 744 748"  # whose debarment ended on 2024-10-18
RUSSIAN_SHIPS = "14 20 28 29 30 31 32 34 35 36 38 40 43 44"  # listed on 2021-05-21
CHINESE_COMPANIES = (  # whose programme CMIC-EO became CMIC-EO13959 on 2021-06-16
    *numbers("30", "882 902 924 926 928 930 932 934 936 938 942 944 946 950 954 956 958"),
    *numbers("32", "028 052 056 072 078 082 084 088 090 100 102 106 128 130"),
)
CUBA = (  # entries whose day of effect was corrected from 2024 to 2025
    *("Grand Aston La Habana", "Iberostar Selection La Habana", "also “Torre K”", "INNSiDE Habana Catedral"),
    *("Varadero Sol Caribe", "also Gran Muthu Cayo Santa María", "also Roc Casa del Mar", "Sol Turquesa Beach"),
)
WAHED = "Wahed Trader Team Investment Wahed Investment Trader (Not related to Wahed Technologies Sdn Bhd licensed under"
ASRI = "(AAA) Labur Saham Syariah (AAA) Asri Ahmad Academy Salam Mohd Asri Ahmad (SMAA) (Not related to Asri Ahmad"
WARNED_OF = (
    "Invest KL Malaysia (Not related to InvestKL)",
    "MIDF Investment Scheme (Not related to MIDF Amanah Investment Bank Berhad)",
    f"{WAHED} Securities Commission Malaysia)",
    f"{ASRI} Academy Sdn Bhd)",
)
NARRATIVE = ["COMMENTS1"]  # what the United Nations say of a person or group
DATED = [*NARRATIVE, "LAST_DAY_UPDATED"]
PAIRS = (
    Pair(
        "un_sanctions",
        "un-consolidated-pair/un-2020-09-17*",
        "un-2021-01-17*",
        added=["6908833"],
        removed=["6908165", "6908245", "6908305"],
        changed={
            **{f"113{end}": DATED for end in ["233", "445", "453", "457", "461", "853", "965", "977", "993", "997"]},
            **dict.fromkeys(("2816345", "2971893", "6908441"), DATED),
            **dict.fromkeys(("113237", "2854925"), NARRATIVE),
            **{f"6908{end}": NARRATIVE for end in ["397", "413", "445", "473", "489", "493", "525"]},
        },
    ),
    Pair("un_sanctions", "un-consolidated-pair/un-2021-01-17*", "un-2021-01-19*"),
    Pair("worldbank_debarred", "wb-debarment-json/wb-2021-04-25*", "wb-2021-04-26*"),
    Pair("worldbank_debarred", "wb-debarment-json/wb-2022-09-29*", "wb-2022-09-30*", added=["698401"]),
    Pair(
        "worldbank_debarred",
        "wb-debarment-json/wb-2024-08-22*",
        "wb-2024-08-23*",
        added=numbers("888", HEBEI),
        changed={"595172": ["DEBAR_TO_DATE", "INELIGIBLY_STATUS"]},
    ),
    Pair("worldbank_debarred", "wb-debarment-json/wb-2024-10-19*", "wb-2024-10-20*", removed=numbers("642", WEIHAI)),
    Pair(
        "worldbank_debarred",
        "wb-debarment-json/wb-2026-02-17*",
        "wb-2026-02-18*",
        changed={"306872": ["SUPP_ADDR", "SUPP_CITY"]},
    ),
    Pair(
        "ofac_consolidated",
        "us-ofac-consolidated-xml/*2021-05-12*",
        "*2021-05-22*",
        added=numbers("319", RUSSIAN_SHIPS),
    ),
    Pair(
        "ofac_consolidated",
        "us-ofac-consolidated-xml/*2021-06-04*",
        "*2021-06-17*",
        changed={key: ["programme"] for key in CHINESE_COMPANIES} | {"30926": ["identifiers", "programme"]},
    ),
    Pair(
        "ofac_consolidated",
        "us-ofac-consolidated-xml/*2022-03-25*",
        "*2022-04-07*",
        removed=["34542", "34616", "34636", "34638", "34642", "34682"],
        changed={"18708": ["address"], "18716": ["address"]},
    ),
    # Its makers added the bank under another programme, with the number that it has already.
    Pair("ofac_consolidated", "us-csl-source-lists/consolidated-a*", "consolidated-b*", added=["15268"]),
    Pair(
        "us_csl",
        "us-csl-csv/consolidated-67728449*",
        "consolidated-b1cea9c9*",
        added=["99ed1b052fdb09695fae1ba87516d8a0882b0df04652e07aeb5ce7be"],
    ),
    Pair("us_dpl", "us-csl-source-lists/dpl-a*", "dpl-b*", options="ragged = true"),  # its makers cut a row short
    Pair("us_entity_list", "us-csl-source-lists/el-a*", "el-b*"),
    Pair("iadb_sanctions", "iadb-sanctions-xlsx/*2023-11-10*", "*2024-06-04*", held="mass_loss"),
    Pair(
        "iadb_sanctions",
        "iadb-sanctions-xlsx/*2024-06-04*",
        "*2024-06-13*",
        removed=[
            "Cherkaoui Abdellatif | Oct 05, 2020 | EBRD cross debarment",
            "LLC Toj-Mash | Mar 31, 2021 | EBRD cross debarment",
            "LLC Tojsokhtmon | Mar 31, 2021 | EBRD cross debarment",
            "Marcelia for Information Technology (Skytech) | May 15, 2023 | EBRD cross debarment",
            'Pham Hong Quang ("Dr. Quang") | Apr 02, 2019 | WBG cross debarment',
            "Setraged S.a.r.l. | Oct 05, 2020 | EBRD cross debarment",
        ],
        changed={
            "Chantal Simplice Edouard | Jul 23, 2020 | WBG cross debarment": ["To"],
            "Mr. Muminjon Yuldashev | Jul 22, 2019 | WBG cross debarment": ["To"],
            "Swansea Tools Resources | Aug 06, 2020 | WBG cross debarment": ["To"],
        },
    ),
    Pair(
        "us_cuba_restricted",
        "us-cuba-restricted-list/*2025-07-14*",
        "*2025-07-21*",
        changed={key: ["effective"] for key in CUBA},
    ),
    Pair("us_cuba_restricted", "us-cuba-restricted-list/*2025-07-21*", "*2025-08-04*"),
    Pair("sg_mas_sanctions", "sg-mas-tfs/*095be24*", "*abc443e*"),
    Pair("sg_mas_sanctions", "sg-mas-tfs/*abc443e*", "*fe1c967*"),
    Pair("lt_fiu_freezes", "lt-fiu-freezes/*2023-10-27*", "*2023-12-18*"),
    Pair("il_seized_wallets", "il-nbctf-crypto-orders/*2025-02-05*", "*2025-02-07*"),
    Pair("il_seized_wallets", "il-nbctf-crypto-orders/*2025-02-07*", "*2025-02-14*"),
    Pair(
        "my_bnm_alerts",
        "my-bnm-consumer-alert/*2024-04-16*",
        "*2024-04-23*",
        added=WARNED_OF,
        changed={
            "ASNB Investment (not related to Amanah Saham Nasional Berhad)": ["Website"],
            "HSBC Bank Investment (not related to HSBC Bank Malaysia Berhad)": ["Website"],
        },
    ),
)


@pytest.fixture
def replay(
    configure: Callable[..., Path], watch: Callable[..., Any], tmp_path: Path
) -> Callable[[Pair], list[dict[str, Any]]]:
    """Replays a pair, as a source of its kind and an address alone."""

    def run(pair: Pair) -> list[dict[str, Any]]:
        (before,) = CAPTURES.glob(pair.before)
        (after,) = before.parent.glob(pair.after)
        (versions := tmp_path / "versions").mkdir()
        for version in (before, after):
            (versions / version.name).symlink_to(version.resolve())
        configure(f'[sources.list]\nkind = "{pair.kind}"\nurl = "https://register.example/list"\n{pair.options}\n')
        steps: list[dict[str, Any]] = json.loads(watch("replay", "list", str(versions), "--json").out)["steps"]
        return steps

    return run


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.kind} {pair.before} {pair.after}")
def test_what_a_person_names_is_told_and_nothing_else(
    pair: Pair, replay: Callable[[Pair], list[dict[str, Any]]]
) -> None:
    before, after = replay(pair)
    wanted = {("added", key) for key in pair.added} | {("removed", key) for key in pair.removed}
    wanted |= {("changed", key, *sorted(fields)) for key, fields in pair.changed.items()}
    seen = {
        (each["change"], each["key"], *(sorted(each["fields"]) if each["change"] == "changed" else ()))
        for each in after["changes"]
    }
    counts = f"wanted {len(wanted):>2}  seen {len(seen & wanted):>2}  noise {len(seen - wanted)}  {pair.held}"
    print(f"\n{pair.kind:<19} {before['file'][-26:]:<26} → {after['file'][-26:]:<26} {counts}")
    assert (before["status"], after["reason"]) == ("baseline", pair.held or None)
    assert seen == wanted
