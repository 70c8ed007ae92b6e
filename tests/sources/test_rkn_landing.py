from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from sources import BadDocument, BadEntry, Entry, Get, NotFound, Page
from sources.kinds.rkn_landing import _role
from sources.loader import kind

MakePage = Callable[..., Page]

COMPANY = "Наименование иностранного лица"
RESOURCE = "Информационный ресурс"
FORM = "разместить на информационном ресурсе электронную форму для направления обращений граждан или организаций"
ACCOUNT = "зарегистрировать личный кабинет на официальном сайте Роскомнадзора"
BRANCH = "создать филиал, или открыть представительство, или учредить российское юридическое лицо"
HEADINGS = (COMPANY, RESOURCE, FORM, ACCOUNT, BRANCH)
ROWS = (
    ("Alpha LLC", "Alpha Video", "исполнено", "исполнено", "не исполнено"),
    ("Telegram Messenger Inc.", "Telegram", "исполнено", "исполнено", "в стадии согласования"),
)


def html(headings: tuple[str, ...] = HEADINGS, rows: tuple[tuple[str, ...], ...] = ROWS) -> str:
    head = "".join(f"<th>{heading}</th>" for heading in headings)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<html><body><h1>Перечень</h1><table><tr>{head}</tr>{body}</table></body></html>"


def read(page: Page) -> Iterator[Entry | Get]:
    return kind("rkn_landing").model_validate({}).parse(page)


def entries(page: Page) -> list[Entry]:
    return [entry for entry in read(page) if isinstance(entry, Entry)]


def obligations(page: Page) -> list[dict[str, str]]:
    return [{name: entry.fields.get(name, "") for name in ("form", "account", "branch")} for entry in entries(page)]


def test_one_entry_per_company_and_resource_with_a_field_per_obligation(make_page: MakePage) -> None:
    assert entries(make_page(html()))[1] == Entry(
        "telegram messenger inc | telegram",
        "Telegram Messenger Inc.: Telegram",
        {
            "company": "Telegram Messenger Inc.",
            "resource": "Telegram",
            "form": "исполнено",
            "account": "исполнено",
            "branch": "в стадии согласования",
        },
    )


@pytest.mark.parametrize("order", [(4, 3, 2, 1, 0), (1, 0, 4, 2, 3), (2, 0, 3, 1, 4)])
def test_columns_in_another_order(order: tuple[int, ...], make_page: MakePage) -> None:
    moved = html(tuple(HEADINGS[at] for at in order), tuple(tuple(row[at] for at in order) for row in ROWS))
    assert entries(make_page(moved)) == entries(make_page(html()))


@pytest.mark.parametrize(
    "headings",
    [
        ("Компания", "Ресурс", "Форма обратной связи", "Личный кабинет", "Филиал / представительство"),
        (
            "Владелец информационного ресурса",
            "Сайт и (или) программа для ЭВМ",
            "Электронная форма",
            "ЛК",
            "Российское юрлицо",
        ),
        (
            "Наименование",
            "Доменное имя",
            "Размещение формы для обращений граждан",
            "Регистрация личного кабинета",
            "Создание филиала",
        ),
        (
            "Лицо, осуществляющее деятельность",
            "Принадлежащие ему ресурсы",
            FORM.upper(),
            ACCOUNT.upper(),
            BRANCH.upper(),
        ),
        ("Company", "Information resource", "Feedback form", "Account", "Branch or representative office"),
    ],
)
def test_headings_worded_otherwise(headings: tuple[str, ...], make_page: MakePage) -> None:
    found = entries(make_page(html(headings)))
    assert found == entries(make_page(html()))


def test_headings_in_two_rows_with_a_number_of_the_row(make_page: MakePage) -> None:
    page = make_page(
        f"<table><tr><th rowspan=2>№ п/п<th rowspan=2>{COMPANY}<th rowspan=2>{RESOURCE}"
        "<th colspan=3>Исполнение обязанностей</tr>"
        f"<tr><th>{FORM}<th>{ACCOUNT}<th>{BRANCH}</tr>"
        + "".join(f"<tr><td>{at}<td>" + "<td>".join(row) for at, row in enumerate(ROWS, 1))
        + "</table>"
    )
    assert entries(page) == entries(make_page(html()))


def test_obligations_as_groups_with_a_status_and_a_date(make_page: MakePage) -> None:
    groups = "".join(f"<th colspan=2>{text}" for text in (FORM, ACCOUNT, BRANCH))
    page = make_page(
        f"<table><tr><th rowspan=2>{COMPANY}<th rowspan=2>{RESOURCE}{groups}</tr><tr>"
        + "<th>Статус<th>Дата" * 3
        + "</tr>"
        "<tr><td>Alpha LLC<td>Alpha<td>да<td>1.2.22<td>да<td>3.4.22<td>нет<td>-</tr></table>"
    )
    (entry,) = entries(page)
    assert obligations(page) == [{"form": "да", "account": "да", "branch": "нет"}]
    assert list(entry.fields.values()).count("1.2.22") == 1


def test_one_obligation_more_gets_a_name_from_its_heading(make_page: MakePage) -> None:
    more = (*HEADINGS, "установить счетчик пользователей", "ограничить сбор данных")
    rows = tuple((*row, "исполнено", "в процессе") for row in ROWS)
    first = entries(make_page(html(more, rows)))[0]
    assert (first.fields["counter"], first.fields["ogranichit_sbor_dannykh"]) == ("исполнено", "в процессе")
    assert obligations(make_page(html(more, rows))) == obligations(make_page(html()))


def test_a_company_over_several_rows_and_several_resources_in_one_cell(make_page: MakePage) -> None:
    page = make_page(
        f"<table><tr><th>{COMPANY}<th>{RESOURCE}<th>{FORM}<th>{BRANCH}</tr>"
        "<tr><td rowspan=2>Alpha LLC<td>Video (video.example, v.example)<br>Store<td>исполнено<td>нет</tr>"
        "<tr><td><ul><li>1) Mail</li><li>2) Maps; «Docs, Sheets»</li></ul><td>не исполнено<td>нет</tr></table>"
    )
    assert [(entry.fields["resource"], entry.fields["form"]) for entry in entries(page)] == [
        ("Video (video.example, v.example)", "исполнено"),
        ("Store", "исполнено"),
        ("Mail", "не исполнено"),
        ("Maps", "не исполнено"),
        ("«Docs, Sheets»", "не исполнено"),
    ]


def test_the_key_stays_when_quotes_capitals_and_spaces_change(make_page: MakePage) -> None:
    other = html(rows=(("ALPHA&nbsp;LLC", "«Alpha  video»", "исполнено", "исполнено", "исполнено"),))
    assert entries(make_page(other))[0].key == entries(make_page(html()))[0].key


def test_an_unknown_layout_says_what_was_seen(make_page: MakePage) -> None:
    for body in (html(("Обязанность", "Статус", "A", "B", "C")), "<dl><dt>Telegram<dd>исполнено</dl>"):
        with pytest.raises(NotFound, match="headings seen: "):
            entries(make_page(body))
    with pytest.raises(NotFound, match='"Компания", "Статус"'):
        entries(make_page("<table><tr><th>Компания<th>Статус<tr><td>A<td>нет</table>"))


@pytest.mark.parametrize(
    ("headings", "what"),
    [
        ((COMPANY, RESOURCE, FORM, "создать филиал", "открыть представительство"), "the branch"),
        ((COMPANY, "Ресурс 1", "Ресурс 2", FORM, BRANCH), "the resource"),
        ((COMPANY, RESOURCE, "Электронная форма и личный кабинет", "Дата", BRANCH), "form or account"),
    ],
)
def test_columns_that_cannot_be_told_apart_are_an_error(
    headings: tuple[str, ...], what: str, make_page: MakePage
) -> None:
    with pytest.raises(BadDocument, match=f"cannot tell which column is {what}|cannot tell which column is the {what}"):
        entries(make_page(html(headings)))


def test_statuses_that_are_no_words_and_rows_that_name_nobody_are_errors(make_page: MakePage) -> None:
    with pytest.raises(BadDocument, match="no words"):
        entries(make_page(html(rows=(("Alpha", "Video", "<i class=ok></i>", "исполнено", "нет"),))))
    for row in (("", "Video", "да", "да", "нет"), ("Alpha", " ", "да", "да", "нет")):
        with pytest.raises(BadEntry, match="a row has no"):
            entries(make_page(html(rows=(row,))))


def test_two_lists_on_one_page_or_a_list_cut_off_are_errors(make_page: MakePage) -> None:
    with pytest.raises(BadDocument, match="2 tables"):
        entries(make_page(html() + html()))
    with pytest.raises(BadDocument, match="cut off"):
        entries(make_page(html()[: html().index("Telegram")]))


def test_the_next_page_if_there_ever_is_one(make_page: MakePage) -> None:
    page = make_page(html().replace("</body>", '<a rel="next" href="?page=2">2</a></body>'))
    assert list(read(page))[-1] == Get("https://example.org/list?page=2")


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("Реестровый номер", "reestrovyi_nomer"),
        ("Дата регистрации личного кабинета", "data_registratsii_lichnogo_kabineta"),
        ("Количество пользователей", "kolichestvo_polzovatelei"),
        ("Запрет рекламы на ресурсе иностранного лица", "zapret_reklamy_na_resurse_inostrannogo_litsa"),
        ("Наименование филиала", "naimenovanie_filiala"),
        ("№", ""),
        ("Номер п/п", ""),
    ],
)
def test_what_only_looks_like_a_known_column(heading: str, role: str) -> None:
    assert _role((heading,)) == role


def test_defaults() -> None:
    source = kind("rkn_landing").model_validate({})
    assert source.url == "https://236-fz.rkn.gov.ru/agents/list"
    assert (source.every, source.authority, source.listing) == (timedelta(minutes=5), "record", "complete")
    assert source.default_label == "Roskomnadzor, 236-FZ list"
