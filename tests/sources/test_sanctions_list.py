"""Kinds of sanctions lists: the forms of a list that its fixture is not in, and what a list may do to its reader."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sources import Entry, NotFound, Page, SourceError
from sources.kinds._lists import iso_date
from sources.loader import kind
from sources.reading.engine import read_page
from tests.sources.test_xlsx_kind import DATE, cell, workbook

MakePage = Callable[..., Page]
Read = Callable[..., list[Entry]]

EU_XML = """<?xml version="1.0" encoding="UTF-8"?>
<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2025-07-16T11:43:32.000+02:00" globalFileId="1">
  <sanctionEntity logicalId="9001" designationDate="2024-05-06" euReferenceNumber="EU.9001.1" unitedNationId="NWi.001">
    <regulation numberTitle="2024/1 (OJ L1)" programme="NWH" logicalId="1"><publicationUrl>https://e.example</publicationUrl></regulation>
    <subjectType code="person" classificationCode="P"/>
    <nameAlias wholeName="Ivo the Elder" function="Minister" gender="M" strong="true" logicalId="70"><regulationSummary numberTitle="x"/></nameAlias>
    <nameAlias wholeName="" firstName="Ivo" lastName="Erfunden" logicalId="9"/>
    <citizenship countryIso2Code="00" countryDescription="UNKNOWN" logicalId="60"/>
    <citizenship countryIso2Code="NW" countryDescription="NOWHERE" logicalId="61"/>
    <birthdate circa="false" birthdate="1960-03-12" year="1960" city="Nowhere City" logicalId="40"/>
    <birthdate circa="true" year="1961" logicalId="41"/>
    <address city="Nowhere City" street="1 Main Street" countryDescription="NOWHERE" logicalId="31"/>
    <identification number="A1234567" identificationTypeCode="passport" identificationTypeDescription="National passport" logicalId="50"/>
    <remark>Said to be invented</remark>
    <remark>Again</remark>
  </sanctionEntity>
</export>"""

UK_CSV = """Report Date: 16-Jul-2025
Last Updated,Unique ID,OFSI Group ID,Name 6,Name 1,Name 2,Name 3,Name 4,Name 5,Name type,Name non-latin script,Regime Name,Designation Type,Sanctions Imposed,UK Statement of Reasons,Address Line 1,Address Country,Date Designated,D.O.B,Nationality(/ies),Passport number,IMO number,Current believed flag of ship
01/07/2025,NWH0001,99001,INVENTED,Jon,,,,,Primary name variation,,Nowhere 2024,Individual,Asset freeze|Travel Ban,"He was
invented.",1 Main Street,Nowhere,06/05/2024,dd/mm/1961,Nowhere,,,
01/07/2025,NWH0001,99001,INVENTED,John,James,,,,Primary Name,Иван,Nowhere 2024,Individual,Asset freeze|Travel Ban,"He was
invented.",,Elsewhere,06/05/2024,12/03/1960,Nowhere,A1234567,,
01/07/2025,NWH0002,,INVENTED STAR,,,,,,Primary Name,,Nowhere 2024,Ship,,,,,07/06/2025,,,,IMO9999991,Nowhere
"""

CA_NAMESAKE = """<data-set>
<record><Country>Nowhere</Country><LastName>Invented</LastName><GivenName>John</GivenName><Schedule>1</Schedule><Item>1</Item></record>
<record><Country>Nowhere</Country><LastName>Invented</LastName><GivenName>John</GivenName><Schedule>2</Schedule><Item>9</Item></record>
<record><Country>Nowhere</Country><Entity>John Invented; Sons</Entity><Aliases>Invented; Sons</Aliases><Schedule>2</Schedule><Item>2</Item></record>
</data-set>"""


@pytest.fixture
def read(make_page: MakePage) -> Read:
    def entries(name: str, body: str | bytes, **options: Any) -> list[Entry]:
        source = kind(name).model_validate(options)
        return [item for item in read_page(source, make_page(body, "")) if isinstance(item, Entry)]

    return entries


def test_the_european_list_is_read_as_xml(read: Read) -> None:
    (entry,) = read("eu_sanctions", EU_XML)
    assert (entry.key, entry.title) == ("EU.9001.1", "Ivo Erfunden")
    assert entry.fields == {
        "names": "Ivo Erfunden; Ivo the Elder",
        "type": "person",
        "birth_date": "1960-03-12; 1961",
        "birth circa": "true",
        "country": "NOWHERE",
        "identifiers": "National passport A1234567",
        "programme": "NWH",
        "listed": "2024-05-06",
        "regulation": "2024/1 (OJ L1)",
        "UN id": "NWi.001",
        "gender": "M",
        "birth place": "Nowhere City",
        "address": "1 Main Street, Nowhere City, NOWHERE",
        "function": "Minister",
        "remark": "Again; Said to be invented",
    }


def test_the_british_list_is_read_as_csv(read: Read) -> None:
    person, ship = read("uk_sanctions", UK_CSV)
    assert (person.key, person.title) == ("NWH0001", "John James INVENTED")
    assert person.fields["names"] == "John James INVENTED; Jon INVENTED; Иван"
    assert person.fields["birth_date"] == "1960-03-12; 1961"
    assert person.fields["address"] == "1 Main Street, Nowhere; Elsewhere"
    assert person.fields["statement of reasons"] == "He was invented."
    assert (ship.key, ship.fields["identifiers"], ship.fields["country"]) == ("NWH0002", "IMO 9999991", "Nowhere")
    assert "01/07/2025" not in str([person, ship])  # the stamp of the last update


def test_the_old_british_list_is_read_whatever_the_order_of_its_rows(read: Read) -> None:
    head = "Last Updated,13/04/2018,,,,,,,\nName 6,Name 1,Name 2,Name 3,Name 4,Name 5,DOB,Nationality,Alias Type,Regime,Listed On,Group ID\n"
    rows = [
        "INVENTED,John,,,,,00/00/1960,(1) Nowhere (2) Elsewhere,Prime Alias,Nowhere,24/06/2008,7",
        "O’INVENTED,Jon,,,,,12/03/1961,(2) Nowhere,AKA,Nowhere,24/06/2008,7",
    ]
    found = [read("uk_sanctions", (head + "\n".join(each)).encode("cp1252")) for each in (rows, rows[::-1])]
    assert found[0] == found[1]
    ((entry,), _) = found
    assert (entry.key, entry.title, entry.fields["birth_date"]) == ("7", "John INVENTED", "1960; 1961-03-12")
    assert entry.fields["names"] == "John INVENTED; Jon O’INVENTED"
    assert entry.fields["listed"] == "2008-06-24"


def test_the_australian_workbook_is_the_csv(read: Read) -> None:
    head = ("Reference", "Name of Individual or Entity", "Name Type", "Committees", "Control Date", "Travel Ban")
    rows = [
        head,
        (9001, "John INVENTED", "Primary Name", "Nowhere", 45839, "true"),
        ("9001a", "Johnny", "Alias", "Nowhere", 45839, "TRUE"),
    ]
    cells = [
        "".join(
            cell(f"{chr(65 + at)}{line}", value, DATE if line > 1 and at == 4 else "") for at, value in enumerate(row)
        )
        for line, row in enumerate(rows, 1)
    ]
    body = workbook("".join(f'<row r="{line}">{each}</row>' for line, each in enumerate(cells, 1)))
    (entry,) = read("au_sanctions", body)
    assert (entry.key, entry.title, entry.fields["control date"]) == ("9001", "John INVENTED", "2025-07-01")
    text = "\n".join(",".join(map(str, row)) for row in rows).replace("45839", "2025-07-01")
    assert read("au_sanctions", text) == [entry]


def test_who_shares_a_name_in_canada_s_list_is_told_apart_by_birth_alone(read: Read) -> None:
    both, company = read("ca_sanctions", CA_NAMESAKE)
    assert (both.title, both.fields["schedule"]) == ("John Invented", "1; 2")
    assert (company.key, company.fields["names"]) == (
        "Nowhere John Invented; Sons",
        "John Invented, Sons; Invented; Sons",
    )
    born = CA_NAMESAKE.replace("<Schedule>", "<DateOfBirth>1960-03-12</DateOfBirth><Schedule>", 1)
    assert len(read("ca_sanctions", born)) == 2  # one record that says it, and one that does not: the same person
    other = born.replace("<Schedule>2", "<DateOfBirth>1970</DateOfBirth><Schedule>2", 1)
    assert [(entry.key, entry.fields["birth_date"]) for entry in read("ca_sanctions", other)[:2]] == [
        ("Nowhere John Invented 1960-03-12", "1960-03-12"),
        ("Nowhere John Invented 1970", "1970"),
    ]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("12/03/1960", "1960-03-12"),
        ("00/00/1960", "1960"),
        ("dd/03/1960", "1960-03"),
        ("3 Mar 1960", "1960-03-03"),
        ("1960", "1960"),
        ("1960-03", "1960-03"),
        ("31/02/1960", "31/02/1960"),
        ("circa 1960", "circa 1960"),
        ("1958 to 1962", "1958 to 1962"),
    ],
)
def test_a_date_is_as_exact_as_the_list_has_it(text: str, date: str) -> None:
    assert iso_date(text) == date


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("eu_sanctions", EU_XML.replace("wholeName", "name").replace("stName", "st"), "names"),
        ("eu_sanctions", EU_XML.replace("programme", "program"), "programme"),
        ("eu_sanctions", EU_XML.replace("sanctionEntity", "entity"), "no element export/sanctionEntity; it has"),
        ("eu_sanctions", '{"status": 500}', '"status": 500'),
        ("uk_sanctions", UK_CSV.replace("Name 6", "Surname"), 'no column "Name 6"'),
        ("uk_sanctions", UK_CSV.replace("Name type", "Kind"), "no column Name type or Alias Type"),
        ("uk_sanctions", UK_CSV.replace("Unique ID", "ID"), "no column Group ID or Unique ID in its first lines"),
        ("ca_sanctions", CA_NAMESAKE.replace("Country", "Land"), "programme"),
    ],
)
def test_a_form_that_is_not_known_says_what_is_missing(name: str, body: str, said: str, read: Read) -> None:
    with pytest.raises(NotFound) as raised:
        read(name, body)
    assert said in raised.value.message


@pytest.mark.parametrize("name", ["eu_sanctions", "uk_sanctions", "ch_sanctions", "ca_sanctions", "au_sanctions"])
@pytest.mark.parametrize(
    "body", ["<html><body><p>Moved</p></body></html>", "Bad Gateway\n", "a,b\n1,2\n", "<a/>", "PK\x03\x04 no"]
)
def test_no_list_is_no_empty_list(name: str, body: str, read: Read) -> None:
    with pytest.raises(SourceError):
        read(name, body)
