"""Lists that did not come as they should: a fault that says what is wrong, and what is known stays."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sources.test_kinds import FOLDER
from watcher.trials.captures import find_captures

LICENCE = (
    b"<!DOCTYPE html><html><head><title>Terms</title></head><body><p>Accept the licence to go on.</p></body></html>"
)
REFUSED = b'{"timestamp": 1, "status": 500, "error": "Internal Server Error", "message": "none"}'
SCHEMA = {  # of each list: a name in its form, by which entries or their names are found
    "fr_gels": b"PublicationDetail",
    "interpol_notices": b"entity_id",
    "jp_meti_end_users": None,
    "ofac_consolidated": b"lastName",
    "us_csl": b"alt_names",
    "us_dpl": b"Effective_Date",
    "us_entity_list": b"Alternate Name",
    "worldbank_debarred": b"SUPP_NAME",
}
FAULTS = ("cut off", "licence page", "error body", "other schema")


def damaged(name: str, body: bytes, fault: str) -> bytes:
    if fault == "cut off":
        return body[: len(body) * 7 // 10]
    if fault == "other schema":
        return body.replace(SCHEMA[name] or b"", b"renamed")
    return LICENCE if fault == "licence page" else REFUSED


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", SCHEMA)
def test_a_list_that_is_none_is_a_fault_and_removes_nothing(name: str, fault: str, site: Any, once: Any) -> None:
    if fault == "other schema" and not SCHEMA[name]:
        pytest.skip("a workbook is compressed")
    body = find_captures(name, FOLDER).pages[0].read_bytes()
    options = f'kind = "{name}"\nurl = "{site.url("/list")}"\nmax_pages = 1'
    site.page("/list", body)
    before = once(options)
    site.page("/list", damaged(name, body, fault))
    after = once(options)
    print(f"{name:<19} {fault:<13} {after['reason']}: {after['message']}")
    assert before["status"] == "baseline"
    assert after["status"] in {"failing", "suspicious"}
    assert after["message"]
    assert (after["entries"], after["changes"]) == (before["entries"], [])
