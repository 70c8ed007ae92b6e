"""Lists that did not come as they should: a fault that says what is wrong, and what is known stays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).with_name("kinds")
LICENCE = (
    b"<!DOCTYPE html><html><head><title>Terms</title></head><body><p>Accept the licence to go on.</p></body></html>"
)
REFUSED = b'{"timestamp": 1, "status": 500, "error": "Internal Server Error", "message": "none"}'
SCHEMA = {  # the fixture of each list, and a name in its form by which entries or their names are found
    "fr_gels.json": b"PublicationDetail",
    "interpol_notices.1.json": b"entity_id",
    "jp_meti_end_users.xlsx": None,
    "ofac_consolidated.xml": b"lastName",
    "us_csl.csv": b"alt_names",
    "us_dpl.txt": b"Effective_Date",
    "us_entity_list.csv": b"Alternate Name",
    "worldbank_debarred.json": b"SUPP_NAME",
}
FAULTS = ("cut off", "licence page", "error body", "other schema")


def damaged(file: str, body: bytes, fault: str) -> bytes:
    if fault == "cut off":
        return body[: len(body) * 7 // 10]
    if fault == "other schema":
        return body.replace(SCHEMA[file] or b"", b"renamed")
    return LICENCE if fault == "licence page" else REFUSED


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("file", SCHEMA)
def test_a_list_that_is_none_is_a_fault_and_removes_nothing(file: str, fault: str, site: Any, once: Any) -> None:
    if fault == "other schema" and not SCHEMA[file]:
        pytest.skip("a workbook is compressed")
    name, body = file.partition(".")[0], (FOLDER / file).read_bytes()
    options = f'kind = "{name}"\nurl = "{site.url("/list")}"\nmax_pages = 1'
    site.page("/list", body)
    before = once(options)
    site.page("/list", damaged(file, body, fault))
    after = once(options)
    print(f"{name:<19} {fault:<13} {after['reason']}: {after['message']}")
    assert before["status"] == "baseline"
    assert after["status"] in {"failing", "suspicious"}
    assert after["message"]
    assert (after["entries"], after["changes"]) == (before["entries"], [])


def test_of_a_search_with_more_notices_than_it_gives_none_counts_as_withdrawn(site: Any, once: Any) -> None:
    def notices(total: int, *numbers: int) -> dict[str, Any]:
        found = [{"entity_id": f"2026/{number}", "name": "INVENTED", "forename": str(number)} for number in numbers]
        for notice in found:
            notice |= {"date_of_birth": None, "nationalities": [], "_links": {"self": {"href": "/notice"}}}
        return {"total": total, "_embedded": {"notices": found}, "_links": {"self": {"href": "/list"}}}

    options = f'kind = "interpol_notices"\nurl = "{site.url("/list")}"'
    site.page("/list", notices(7000, 1, 2, 3))
    assert once(options)["status"] == "baseline"
    site.page("/list", notices(7000, 1, 2, 4))
    assert [(each["change"], each["key"]) for each in once(options)["changes"]] == [("added", "2026/4")]
    site.page("/list", notices(3, 1, 2, 4))
    assert [(each["change"], each["key"]) for each in once(options)["changes"]] == [("removed", "2026/3")]
