"""The kind `companies_house`: invented answers in the form of the interface's, and the saved ones."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from sources import BadDocument, Entry, Get, Page, Source, WrongContent
from sources.formats import json_paths
from sources.kinds.companies_house import CompaniesHouse
from sources.loader import kind
from sources.reading.engine import read_page
from state.compare.reader_fingerprints import reader_fingerprint
from tests.captures import CAPTURES, needed

OFFICER = {
    "name": "INVENTED, John",
    "officer_role": "director",
    "appointed_on": "2020-02-03",
    "occupation": "Baker",
    "nationality": "British",
    "country_of_residence": "England",
    "date_of_birth": {"month": 7, "year": 1961},
    "address": {"address_line_1": "1 Home Lane", "postal_code": "ZZ1 1ZZ"},
    "links": {"officer": {"appointments": "/officers/AAA/appointments"}, "self": "/company/01234567/appointments/A"},
}
OWNER = {
    "kind": "individual-person-with-significant-control",
    "name": "Mr John Invented",
    "name_elements": {"forename": "John", "surname": "Invented"},
    "natures_of_control": ["ownership-of-shares-75-to-100-percent", "voting-rights-75-to-100-percent"],
    "notified_on": "2016-04-06",
    "date_of_birth": {"month": 7, "year": 1961},
    "address": {"address_line_1": "1 Home Lane", "postal_code": "ZZ1 1ZZ"},
    "links": {"self": "/company/01234567/persons-with-significant-control/individual/AAA"},
}
SECURE = {
    "kind": "super-secure-person-with-significant-control",
    "description": "super-secure-persons-with-significant-control",
    "ceased": False,
    "links": {"self": "/company/01234567/persons-with-significant-control/super-secure/BBB"},
}
CHARGE = {
    "charge_code": "012345670001",
    "classification": {"type": "charge-description", "description": "A registered charge"},
    "status": "outstanding",
    "created_on": "2014-11-26",
    "delivered_on": "2014-12-04",
    "persons_entitled": [{"name": "Invented Bank PLC"}, {"name": "Another Bank PLC"}],
    "particulars": {"type": "brief-description", "description": "All of it."},
    "transactions": [{"filing_type": "create-charge-with-deed", "delivered_on": "2014-12-04"}],
    "links": {"self": "/company/01234567/charges/AAA"},
}
CASES = {
    "cases": [
        {
            "number": "1",
            "type": "compulsory-liquidation",
            "dates": [
                {"type": "wound-up-on", "date": "1995-01-18"},
                {"type": "petitioned-on", "date": "1994-12-12"},
            ],
            "practitioners": [
                {"name": "Ann Invented", "role": "practitioner", "address": {"address_line_1": "1 Home Lane"}}
            ],
        }
    ]
}
PROFILE = {
    "company_number": "01234567",
    "company_name": "INVENTED LIMITED",
    "company_status": "active",
    "type": "ltd",
    "date_of_creation": "2014-03-25",
    "registered_office_address": {"postal_code": "ZZ9 9ZZ", "address_line_1": "9 Office Road", "region": None},
    "sic_codes": ["68100", "68200"],
    "previous_company_names": [{"name": "OLD NAME LIMITED"}],
    "accounts": {"overdue": True},
    "has_charges": True,
    "has_insolvency_history": False,
    "links": {"self": "/company/01234567"},
}
FILING = {
    "transaction_id": "AAAA",
    "category": "accounts",
    "type": "AA",
    "date": "2025-01-22",
    "description": "accounts-with-accounts-type-micro-entity",
    "description_values": {"made_up_date": "2024-03-31"},
    "links": {"self": "/company/01234567/filing-history/AAAA"},
}
PUBLIC = "https://find-and-update.company-information.service.gov.uk/company/01234567"


def source(**options: Any) -> Source:
    return kind("companies_house").model_validate({"company": "01234567", "auth": "key:", **options})


def answer(made: Source, body: Any, content_type: str = "application/json") -> list[Entry | Get]:
    get = made.start()
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    page = Page(get, get.url, 200, {"content-type": content_type}, content, datetime(2025, 7, 18, tzinfo=UTC))
    return list(read_page(made, page))


def entries(found: list[Entry | Get]) -> Iterator[Entry]:
    for item in found:
        assert isinstance(item, Entry)
        yield item


READS: dict[str, tuple[Any, str, dict[str, str]]] = {
    "officers": (
        {"items": [OFFICER], "total_results": 1},
        "INVENTED, John",
        {
            "role": "director",
            "appointed": "2020-02-03",
            "occupation": "Baker",
            "nationality": "British",
            "country of residence": "England",
        },
    ),
    "persons-with-significant-control": (
        {"items": [OWNER], "total_results": 1},
        "Mr John Invented",
        {
            "kind": "individual-person-with-significant-control",
            "control": "ownership-of-shares-75-to-100-percent; voting-rights-75-to-100-percent",
            "notified": "2016-04-06",
        },
    ),
    "charges": (
        {"items": [CHARGE], "total_count": 1},
        "A registered charge: 012345670001",
        {
            "status": "outstanding",
            "created": "2014-11-26",
            "delivered": "2014-12-04",
            "persons entitled": "Invented Bank PLC; Another Bank PLC",
            "particulars": "All of it.",
            "filings": "2014-12-04 create-charge-with-deed",
        },
    ),
    "insolvency": (
        CASES,
        "compulsory-liquidation",
        {
            "type": "compulsory-liquidation",
            "dates": "petitioned-on 1994-12-12; wound-up-on 1995-01-18",
            "practitioners": "Ann Invented, practitioner",
        },
    ),
    "profile": (
        PROFILE,
        "INVENTED LIMITED",
        {
            "status": "active",
            "type": "ltd",
            "created": "2014-03-25",
            "registered office": "9 Office Road, ZZ9 9ZZ",
            "activities": "68100; 68200",
            "former names": "OLD NAME LIMITED",
            "accounts overdue": "true",
            "charges": "true",
        },
    ),
}


@pytest.mark.parametrize("resource", READS)
def test_a_resource_is_read_without_birth_dates_and_addresses_of_persons(resource: str) -> None:
    body, title, fields = READS[resource]
    (entry,) = entries(answer(source(resource=resource), body))
    assert (entry.title, entry.fields) == (title, fields)
    assert entry.url == PUBLIC + ("" if resource == "profile" else f"/{resource}")
    assert "1961" not in str(entry)
    assert "Home Lane" not in str(entry)


def test_what_is_a_private_person_s_is_not_stored_and_read_only_where_a_field_names_it(site: Any, once: Any) -> None:
    made = 'kind = "companies_house"\ncompany = "01234567"\nauth = "key:"'
    site.page("/it", {"items": [OFFICER], "total_results": 1})
    site.page("/events", lines(event(1, OWNER, "company-psc-individual")), type="application/x-ndjson")
    assert once(f'{made}\nresource = "officers"\nurl = "{site.url("/it")}"')["entries"] == 1
    assert once(f'{made}\nresource = "stream"\nurl = "{site.url("/events")}"')["entries"] == 1
    with closing(sqlite3.connect("state.db")) as state:
        bodies = [zlib.decompress(body, 47) for (body,) in state.execute("SELECT body FROM bodies")]
    assert bodies
    assert not [body for body in bodies if b"1961" in body or b"Home Lane" in body]
    named = source(resource="officers", fields={"born": "date_of_birth.year"})
    (entry,) = entries(answer(named, {"items": [OFFICER], "total_results": 1}))
    assert entry.fields == {"born": "1961"}


def test_a_person_whose_name_is_protected_is_an_entry_of_its_own() -> None:
    found = answer(source(resource="persons-with-significant-control"), {"items": [OWNER, SECURE], "total_results": 2})
    assert [entry.title for entry in entries(found)] == [OWNER["name"], SECURE["description"]]


def test_a_company_s_number_may_be_written_short() -> None:
    for short in (1234567, "1234567"):
        made = kind("companies_house").model_validate({"company": short, "auth": "key:", "resource": "profile"})
        assert made.start().url == "https://api.company-information.service.gov.uk/company/01234567"
        assert answer(made, PROFILE)
    scottish = kind("companies_house").model_validate({"company": "sc123456", "auth": "key:"})
    assert "/company/SC123456/" in scottish.start().url


@pytest.mark.parametrize("resource", ["filing-history", "officers", "charges", "profile"])
def test_the_answer_about_another_company_is_not_believed(resource: str) -> None:
    other = json.loads(json.dumps(READS.get(resource, ({"items": [FILING]},))[0]).replace("01234567", "07654321"))
    with pytest.raises(WrongContent, match="answered for the company 07654321, not for 01234567"):
        answer(source(resource=resource), other)


def test_officers_are_paged_through_until_all_are_there(site: Any, once: Any) -> None:
    def officer(number: int) -> dict[str, Any]:
        return OFFICER | {"name": f"N{number}", "links": {"officer": {"appointments": f"/officers/{number}/a"}}}

    def some(asked: Any) -> Any:
        at = int(asked.query.get("start_index", 0))
        return {"items": [officer(number) for number in range(at, min(at + 2, 5))], "total_results": 5}

    site.page("/officers", some)
    made = f'kind = "companies_house"\nresource = "officers"\ncompany = "01234567"\nauth = "key:"\nurl = "{site.url("/officers")}"'
    assert once(made)["entries"] == 5
    assert [asked.query.get("start_index") for asked in site.requests] == [None, "2", "4"]
    site.page("/officers", lambda _: {"items": [officer(0), officer(1)], "total_results": 5})  # the same page again
    said = once(made)
    assert (said["entries"], said["changes"]) == (5, [])


@pytest.mark.parametrize(
    ("status", "headers", "reason"), [(401, {}, "http_401"), (429, {"Retry-After": "0"}, "http_429")]
)
def test_a_refusal_of_the_interface_is_a_failure_and_loses_nothing(
    status: int, headers: dict[str, str], reason: str, site: Any, once: Any
) -> None:
    made = f'kind = "companies_house"\ncompany = "01234567"\nauth = "key-of-mine:"\nurl = "{site.url("/filings")}"'
    site.page("/filings", {"items": [FILING]})
    assert once(made)["entries"] == 1
    site.page("/filings", {"error": "Invalid Authorization", "type": "ch:service"}, status=status, headers=headers)
    said = once(made)
    assert (said["status"], said["reason"], said["entries"], said["changes"]) == ("failing", reason, 1, [])
    assert "key-of-mine" not in json.dumps(said)
    site.page("/filings", {"items": [FILING]})
    assert once(made)["status"] == "unchanged"


def event(
    at: int, data: dict[str, Any], resource: str = "filing-history", company: str = "01234567", **more: Any
) -> Any:
    path = f"/company/{company}/{resource.removeprefix('company-')}/{data.get('transaction_id', 'AAA')}"
    told = {"timepoint": at, "published_at": "2025-01-22T18:28:02", "type": "changed", **more}
    return {"resource_kind": resource, "resource_uri": path, "resource_id": "x", "data": data, "event": told}


def lines(*events: Any) -> bytes:
    return "".join(json.dumps(each) + "\n" for each in events).encode()


DOCUMENT = FILING | {"links": {**FILING["links"], "document_metadata": "https://document-api.example/1"}}  # type: ignore[dict-item]


def stream(**options: Any) -> Source:
    return kind("companies_house").model_validate(
        {"company": "1234567", "resource": "stream", "url": "https://example.org/events.ndjson", **options}
    )


def test_the_events_of_one_transaction_are_told_once(site: Any, once: Any) -> None:
    made = f'kind = "companies_house"\nresource = "stream"\ncompany = "01234567"\nurl = "{site.url("/events")}"'
    first = lines(event(1, FILING), event(2, DOCUMENT, fields_changed=["links.document_metadata"]))
    charge, other = event(3, CHARGE, "company-charges"), event(4, FILING, company="07654321")
    site.page("/events", first + lines(charge, other), type="application/x-ndjson")
    assert once(made)["entries"] == 2
    site.page("/events", first + lines(charge, other, event(5, DOCUMENT)), type="application/x-ndjson")
    assert (once(made)["changes"], once(made)["status"]) == ([], "unchanged")
    edited = event(6, DOCUMENT | {"date": "2025-01-23"})
    site.page("/events", first + lines(edited, charge), type="application/x-ndjson")
    (change,) = once(made)["changes"]
    assert (change["change"], change["title"]) == ("changed", "Micro company accounts made up to 2024-03-31")
    site.page("/events", lines(edited, charge, event(7, {"transaction_id": "AAAA"}, type="deleted")), type="text/plain")
    (change,) = once(made)["changes"]
    assert change["fields"]["deleted"] == {"before": None, "after": "yes"}


def test_the_last_event_counts_whatever_the_order_of_the_lines() -> None:
    found = answer(stream(), lines(event(9, FILING | {"date": "2025-02-01"}), event(8, FILING)))
    assert [entry.fields["filed"] for entry in entries(found)] == ["2025-02-01"]


def test_what_the_stream_tells_of_is_read_by_its_resource() -> None:
    cases = event(1, CASES, "company-insolvency")
    owner = event(2, OWNER, "company-psc-individual")
    found = list(entries(answer(stream(), lines(cases, owner, event(3, {}, "disqualified-officer-natural")))))
    assert [entry.title for entry in found] == ["compulsory-liquidation", "Mr John Invented"]
    assert "Home Lane" not in str(found)


def test_a_last_line_that_is_still_being_written_is_left_for_the_next_time() -> None:
    whole = lines(event(1, FILING), event(2, CHARGE, "company-charges"))
    assert len(answer(stream(), whole[:-20], "application/json")) == 1
    with pytest.raises(WrongContent, match="line 1, is not JSON"):
        answer(stream(), whole[5:])


@pytest.mark.parametrize("line", [b"[]\n", b'{"resource_uri": "/company/01234567"}\n'])
def test_a_line_that_is_no_event_is_refused(line: bytes) -> None:
    with pytest.raises(WrongContent, match="no event of the stream"):
        answer(stream(), lines(event(1, FILING)) + line)


def test_a_line_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_paths, "LONGEST_LINE", 1000)
    with pytest.raises(BadDocument, match=r"line 2, has 1,0\d\d characters: at most 1,000"):
        answer(stream(), lines(event(1, {"transaction_id": "A"}), {"x": "y" * 1000}))


def test_the_stream_is_a_file_and_has_no_places_of_its_own() -> None:
    with pytest.raises(ValidationError, match="needs url"):
        kind("companies_house").model_validate({"company": "1", "resource": "stream"})
    with pytest.raises(ValidationError, match="fields cannot be given for the stream"):
        stream(fields={"a": "b"})


def test_a_large_answer_is_read_in_the_subprocess_as_it_is_here() -> None:
    filings = {"items": [FILING | {"transaction_id": f"T{number}", "pad": "x" * 900} for number in range(90)]}
    assert len(answer(source(), filings)) == 90
    assert (
        len(
            answer(
                stream(), lines(*(event(at, FILING | {"transaction_id": f"T{at}", "p": "x" * 900}) for at in range(90)))
            )
        )
        == 90
    )


TABLE = Path(json_paths.__file__).parents[1] / "kinds" / "_filing_sentences.tsv"


def test_each_key_of_the_table_has_one_sentence() -> None:
    rows = [line.split("\t") for line in TABLE.read_text("utf-8").splitlines() if not line.startswith("#")]
    keys = [key for _, keys in rows for key in keys.split(" ")]
    assert len(keys) == len(set(keys)) > 1_000
    assert all(sentence and "**" not in sentence for sentence, _ in rows)
    assert "Open Government Licence" in TABLE.read_text("utf-8")[:1000]


@pytest.mark.parametrize("name", ["_filing_sentences.tsv", "_companies_house.toml"])
def test_another_table_is_another_reader(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before, real = reader_fingerprint.__wrapped__(CompaniesHouse), Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: real(path) + (b"#" if path.name == name else b""))
    assert reader_fingerprint.__wrapped__(CompaniesHouse) != before


CAPTURED = {
    "filing-history-07310390.json": ("07310390", "filing-history", 47),
    "officers-redacted.json": ("04475590", "officers", 7),
    "insolvency.json": ("04475590", "insolvency", 1),
    "company-08957400.json": ("08957400", "profile", 1),
}


@needed
@pytest.mark.parametrize("name", CAPTURED)
def test_saved_answers_are_read(name: str) -> None:
    company, resource, count = CAPTURED[name]
    body = (CAPTURES / "uk-companies-house-api" / name).read_bytes()
    found = list(entries(answer(source(company=company, resource=resource), body)))
    assert len(found) == len({entry.key for entry in found}) == count
    if resource == "filing-history":
        assert not [entry.title for entry in found if entry.fields["description"] in entry.title]
        assert [entry.fields["resolutions"] for entry in found if "resolutions" in entry.fields] == [
            "Extraordinary resolution to wind up on 2016-05-26"
        ]
        assert sum("associated filings" in entry.fields for entry in found) == 4
        assert sum("action date" in entry.fields for entry in found) == 24


@needed
def test_saved_events_are_read_each_for_its_company() -> None:
    body = (CAPTURES / "uk-companies-house-stream" / "events-2021-2022.ndjson").read_bytes()
    titles = {
        number: [entry.title for entry in entries(answer(stream(company=number), body))]
        for number in (3743582, 10676322)
    }
    assert titles == {3743582: ["Mortgage deed"], 10676322: ["Micro company accounts made up to 2020-03-31"]}
    generic = kind("json").model_validate(
        {"url": "https://example.org/", "lines": True, "items": "@", "key": "resource_uri"}
    )
    assert len(answer(generic, body)) == 2
