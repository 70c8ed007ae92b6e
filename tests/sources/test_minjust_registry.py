"""The register of foreign agents: by its interface and by its export, and nowhere a private person's data."""

from __future__ import annotations

import gzip
import io
import json
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from sources import Entry, NotFound, Page
from sources.loader import kind
from sources.reading.engine import read_page
from tests.captures import CAPTURES, needed
from watcher import cli

MakePage = Callable[..., Page]

URL = "https://reestrs.example/export.xlsx"
HEADINGS = [
    "№ п/п",
    "Полное наименование (прежнее наименование) / ФИО «Псевдоним» (при наличии)",
    "Основания для включения",
    "Дата принятия Минюстом России решения о включении в реестр",
    "Дата принятия Минюстом России решения об исключении из реестра (при наличии)",
    "Доменное имя информационного ресурса (при наличии)",
    "Тип иностранного агента",
    "Регистрационный номер",
    "ИНН",
    "ОГРН",
    "СНИЛС",
    "Дата рождения",
    "Полное наименование или ФИО участников",
    "Адрес (место нахождения)",
    "Дата опубликования принятого Минюстом России решения о включении в реестр",
    "Номер специального счета",
    "Наименование и местонахождение уполномоченного банка",
    "Банковский идентификационный код уполномоченного банка",
    "Номер корреспондентского счета (субсчета) уполномоченного банка (его филиала)",
    "Дата открытия специального счета",
    "Дата заключения договора банковского счёта",
]
PRIVATE = [
    *("112-233-445 95", "01.02.1973", "г. Выдумск, ул. Тихая, д. 7", "40817810099910004312"),
    *("ПАО «Выдумбанк»", "044525974", "30101810145250000974", "03.03.2025", "04.03.2025"),
]
SNILS, BORN, ADDRESS, *ACCOUNT = PRIVATE
TAX_NUMBER = "770000000001"  # twelve digits: of a person


def person(number: int, name: str, excluded: str = "", account: list[str] = ACCOUNT) -> list[str]:
    before = [str(number), name, "ст. 7", "11.07.2025", excluded, f"https://t.me/invented{number}", "Физические лица"]
    return [*before, "", TAX_NUMBER, "", SNILS, BORN, "", ADDRESS, "12.07.2025", *account]


def export(*rows: list[str], headings: list[str] | None = HEADINGS) -> bytes:
    """A workbook as the register's export is: its name, its date, headings, rows."""
    body = io.BytesIO()
    with xlsxwriter.Workbook(body) as book:
        sheet = book.add_worksheet("Лист 1")
        above = [["Реестр иностранных агентов"], ["08.08.2025"], *([headings] if headings else [])]
        for at, row in enumerate([*above, *rows]):
            sheet.write_row(at, 0, row)
    return body.getvalue()


def interface(*rows: list[str]) -> dict[str, Any]:
    """The same rows as the interface tells them, with its technical members."""
    values = [
        {f"field_{at}_{'i' if at == 1 else 's'}": value for at, value in enumerate(row, 1) if value}
        | {"id": f"0f-{row[0]}", "lastModified_l": 1755000000000}
        for row in rows
    ]
    return {"size": len(values), "values": values}


def read(page: Page, **options: object) -> list[Entry]:
    found = read_page(kind("minjust_registry").model_validate({"url": URL, **options}), page)
    return [item for item in found if isinstance(item, Entry)]


ROWS = [person(2, "Выдумкин Иван Иванович"), person(1, "Небылицын Пётр", "18.07.2025")]
SHOWN = {
    "grounds": "ст. 7",
    "included": "11.07.2025",
    "resources": "https://t.me/invented2",
    "type": "Физические лица",
    "decision published": "12.07.2025",
}


def test_the_export_and_the_interface_say_the_same(make_page: MakePage) -> None:
    by_export = read(make_page(export(*ROWS), "application/vnd.ms-excel", URL))
    assert (by_export[0].key, by_export[0].title) == ("2", "Выдумкин Иван Иванович")
    assert by_export[0].fields == SHOWN
    assert by_export[1].fields["excluded"] == "18.07.2025"
    assert read(make_page(json.dumps(interface(*ROWS)), "application/json", URL)) == by_export


def test_an_address_of_an_export_is_got_and_the_interface_is_posted_to() -> None:
    registry = kind("minjust_registry")
    for address in (URL, "https://a.example/rest/registry/1/export?sort=field_1_i%20desc&"):
        assert registry.model_validate({"url": address}).start().method == "GET"
    assert registry.model_validate({"url": "https://a.example/values"}).start().method == "POST"
    assert "39b95df9" in registry.model_validate({}).start().url


def test_columns_are_found_by_their_headings_and_new_ones_are_left_out_until_they_are_named(
    make_page: MakePage,
) -> None:
    headings, (row, _) = [*HEADINGS], [[*each] for each in ROWS]
    headings.insert(10, "Паспорт")
    row.insert(10, "4509 123456")
    page = make_page(export(row, headings=headings), url=URL)
    assert read(page)[0].fields == SHOWN
    assert read(page, fields=["Паспорт", "SNILS"])[0].fields == {"Паспорт": "4509 123456", "SNILS": SNILS}
    further = interface(ROWS[0])
    further["values"][0]["field_22_s"] = "4509 123456"
    assert read(make_page(json.dumps(further), url=URL))[0].fields == SHOWN


def test_the_tax_number_of_an_organisation_is_kept_and_that_of_a_person_only_where_it_is_named(
    make_page: MakePage,
) -> None:
    organisation = [*person(3, "Фонд «Выдумка»")[:8], "7700000003"]
    page = make_page(json.dumps(interface(organisation, ROWS[0])), "application/json", URL)
    assert [entry.fields.get("tax number") for entry in read(page)] == ["7700000003", None]
    named = read(page, fields=["tax number", "personal tax number"])
    assert [dict(entry.fields) for entry in named] == [
        {"tax number": "7700000003"},
        {"personal tax number": TAX_NUMBER},
    ]


def test_an_export_without_its_headings_is_not_read(make_page: MakePage) -> None:
    with pytest.raises(NotFound, match="no row of headings"):
        read(make_page(export(*ROWS, headings=None), url=URL))
    with pytest.raises(NotFound, match="no export of the foreign agents"):
        read(make_page(export(["1", "A", "B"], headings=["№ п/п", "Организация", "Страна"]), url=URL))


def test_another_register_has_its_own_headings(make_page: MakePage) -> None:
    page = make_page(export(["1", "Fund", "Atlantis"], headings=["№ п/п", "Организация", "Страна"]), url=URL)
    (entry,) = read(page, registry="undesirable")
    assert (entry.key, entry.title, dict(entry.fields)) == ("1", "Fund", {"Страна": "Atlantis"})


def test_a_field_that_nobody_has_is_named(make_page: MakePage) -> None:
    with pytest.raises(NotFound, match='has no "SNILLS"'):
        read(make_page(export(*ROWS), url=URL), fields=["SNILLS"])


@needed
def test_the_saved_export_has_all_entries_and_nothing_personal(make_page: MakePage) -> None:
    (path,) = (CAPTURES / "ru-minjust-inoagent-xlsx").glob("*2025-08-12.xlsx")
    found = read(make_page(path, url=URL))
    assert len(found) == 1045
    names = {name for entry in found for name in entry.fields}
    assert names == {*SHOWN, "excluded", "registration number", "tax number", "OGRN", "participants"}
    assert {len(entry.fields.get("tax number", "")) for entry in found} == {0, 10}


HEAD = """
state = "sqlite:///state.db"
[http]
private_addresses = "allow"
spacing = "0s"
[channels.desk]
url = "{mail}"
[[alerts]]
to = ["desk"]
[evidence]
[sources.agents]
kind = "minjust_registry"
url = "{url}"
"""


def texts_of(state: Path) -> Iterator[str]:
    """Every value in every table, unpacked."""
    with sqlite3.connect(state) as connection:
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                for value in row:
                    if isinstance(value, bytes):
                        for unpack in (bytes, zlib.decompress, gzip.decompress):
                            try:
                                unpacked = unpack(value)
                            except (OSError, zlib.error, EOFError):
                                continue
                            yield unpacked.decode("utf-8", "replace")
                    elif isinstance(value, str):
                        yield value


@pytest.mark.parametrize("by", ["export.xlsx", "values"])
def test_no_private_data_is_in_state_log_evidence_index_or_messages(
    by: str,
    site: Any,
    post_office: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WATCH_CONFIG", raising=False)
    config = HEAD.format(mail=post_office.url("desk@example.org"), url=site.url(f"/{by}"))
    Path("watch.toml").write_text(config, "utf-8")
    answer: Callable[..., Any] = export if by == "export.xlsx" else interface
    logged = list[str]()
    many = [person(at, f"Выдумкин {at}") for at in range(600, 2, -1)]

    def serve(*rows: list[str]) -> dict[str, Any]:
        whole = [*rows, *many]

        def page(asked: Any) -> Any:
            if by == "export.xlsx":
                return site.Reply(answer(*whole), headers={"Content-Type": "application/vnd.ms-excel"})
            begins = json.loads(asked.body)["offset"]
            return {"size": len(whole), "values": answer(*whole)["values"][begins : begins + 500]}

        site.page(f"/{by}", page)
        cli.main(["--once", "--json"])
        out, err = capfd.readouterr()
        logged.append(err)
        assert out, err
        return dict(json.loads(out)["sources"][0])

    quiet = [person(2, "Выдумкин Иван", account=[]), person(1, "Небылицын Пётр")]
    said = [serve(*quiet)]
    said.append(serve(person(601, "Сказкина Анна"), ROWS[0], ROWS[1]))
    assert [(each["status"], len(each["changes"])) for each in said] == [("baseline", 0), ("ok", 3)]
    changed = [each["fields"] for each in said[1]["changes"] if each["change"] == "changed"]
    assert sorted(name for fields in changed for name in fields) == ["excluded", "title"]
    said.append(serve(*[[*row[:10], "999-999-999 99", *row[11:]] for row in (person(601, "Сказкина Анна"), *ROWS)]))
    assert said[2]["changes"] == []  # another number is no news

    cli.main(["log", "--json"])
    log = capfd.readouterr()
    told = [*map(str, said), *logged, log.out, log.err, *(mail.as_string() for mail in post_office.mails)]
    told += [
        part.get_content()
        for mail in post_office.mails
        for part in mail.walk()
        if part.get_content_type().startswith("text/")
    ]
    stored = [*texts_of(tmp_path / "state.db")]
    assert len(post_office.mails) == 2
    assert any("Сказкина" in text for text in stored)
    assert any("invented2" in text for text in stored)
    index = []
    for file in (tmp_path / "evidence").rglob("*.warc.gz"):
        records = gzip.decompress(file.read_bytes()).split(b"\r\n\r\nWARC/1.1\r\n")
        index += [record.decode("utf-8", "replace") for record in records if b"WARC-Type: metadata" in record]
    assert index
    for private in (SNILS, TAX_NUMBER, "112-233", BORN, ADDRESS, *ACCOUNT, "999-999"):
        for what, where in (("messages and log", told), ("state", stored), ("evidence index", index)):
            forms = (private, json.dumps(private)[1:-1])
            assert not [text for text in where if any(form in text for form in forms)], (private, what)


def test_what_was_stored_goes_with_the_next_check_and_what_is_named_later_comes_as_a_new_field(
    site: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WATCH_CONFIG", raising=False)
    site.page("/values", interface(*ROWS, *(person(at, f"Выдумкин {at}") for at in range(3, 20))))

    def check(more: str) -> dict[str, Any]:
        head = 'state = "sqlite:///state.db"\n[http]\nprivate_addresses = "allow"\nspacing = "0s"\n'
        source = f'[sources.agents]\nkind = "minjust_registry"\nurl = "{site.url("/values")}"\n{more}'
        Path("watch.toml").write_text(head + source, "utf-8")
        cli.main(["--once", "--json"])
        return dict(json.loads(capfd.readouterr().out)["sources"][0])

    def kept() -> str:
        with sqlite3.connect("state.db") as connection:
            bodies = [zlib.decompress(body) for (body,) in connection.execute("SELECT body FROM bodies")]
            return f"{bodies} {connection.execute('SELECT * FROM entries').fetchall()}"

    assert check("personal = []")["status"] == "baseline"
    assert kept().count(SNILS) >= 2 * len(ROWS)
    said = check("")
    assert (said["status"], said["changes"]) == ("unchanged", [])
    assert SNILS not in kept()
    assert BORN not in kept()
    said = check('fields = ["excluded", "SNILS"]')
    (change,) = said["changes"]
    assert (said["status"], change["form"], list(change["fields"])) == ("ok", "a new field, 'SNILS'", ["SNILS"])
