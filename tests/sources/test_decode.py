from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.formats.decode import codec, decode

RUSSIAN = "Роскомнадзор внёс компанию в реестр: обязанности не исполнены."
SHORT = "Реестр лиц"
PAGE = "<html><head>{meta}<title>Реестр</title></head><body>" + RUSSIAN + "</body></html>"


def test_a_byte_order_mark_beats_every_declaration() -> None:
    for name in ("utf-8-sig", "utf-16", "utf-32"):
        body = PAGE.format(meta='<meta charset="koi8-r">').encode(name)
        assert RUSSIAN in decode(body, "text/html; charset=windows-1251")
        assert not decode(body, "").startswith("\ufeff")


def test_the_http_charset_beats_the_meta_element() -> None:
    body = PAGE.format(meta='<meta charset="windows-1252">').encode("koi8-r")
    assert RUSSIAN in decode(body, 'text/html; charset="KOI8-R"')


def test_the_meta_element_decides_when_the_header_says_nothing() -> None:
    for meta in (
        '<meta charset="windows-1251">',
        '<META http-equiv=Content-Type content="text/html; charset=windows-1251">',
    ):
        assert RUSSIAN in decode(PAGE.format(meta=meta).encode("cp1251"), "text/html")


def test_the_xml_declaration_decides_when_the_header_says_nothing() -> None:
    body = f'<?xml version="1.0" encoding="KOI8-R"?><a>{SHORT}</a>'.encode("koi8-r")
    assert SHORT in decode(body, "application/xml")


@pytest.mark.parametrize("content_type", ["", "text/html", "text/html; charset=utf-8", "text/html; charset=nonsense"])
@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "cp866", "iso8859-5"])
@pytest.mark.parametrize("text", [RUSSIAN, SHORT, SHORT.upper(), PAGE.format(meta="")])
def test_cyrillic_comes_out_right_when_it_is_undeclared_or_declared_as_utf8(
    text: str, encoding: str, content_type: str
) -> None:
    assert decode(text.encode(encoding), content_type) == text


def test_cyrillic_comes_out_right_when_a_server_says_latin_1_for_everything() -> None:
    assert decode(RUSSIAN.encode("cp1251"), "text/html; charset=iso-8859-1") == RUSSIAN
    assert decode(RUSSIAN.encode("koi8-r"), "text/html; charset=windows-1251") == RUSSIAN


def test_utf8_beats_a_single_byte_encoding_that_was_declared() -> None:
    body = PAGE.format(meta='<meta charset="koi8-r">').encode()
    assert RUSSIAN in decode(body, "text/html; charset=windows-1251")


def test_a_page_cut_inside_a_character_is_still_utf8() -> None:
    body = RUSSIAN.encode() + "д".encode()[:1]
    assert decode(body, "text/html; charset=utf-8") == RUSSIAN + "\ufffd"
    assert decode(body, "") == RUSSIAN + "\ufffd"


def test_one_broken_character_does_not_unsettle_a_chinese_page() -> None:
    text = "中国证券监督管理委员会关于非法证券活动的通知" * 3
    body = f'<meta charset="gb2312">{text}'.encode("gb18030") + b"\xff"
    assert text in decode(body, "text/html")


@pytest.mark.parametrize(
    ("label", "text", "encoding"),
    [
        ("iso-8859-1", "„€ 5“ – für", "cp1252"),
        ("us-ascii", "don’t", "cp1252"),
        ("gb2312", "镕基", "gbk"),
        ("shift_jis", "①髙", "cp932"),
        ("euc-kr", "똠방", "cp949"),
        ("x-cp1251", "Указ № 5 — Об утверждении", "cp1251"),
    ],
)
def test_labels_mean_what_browsers_take_them_for(label: str, text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), f"text/html; charset={label}") == text


@pytest.mark.parametrize(
    "label", ["hex", "rot13", "zlib", "idna", "unicode_escape", "utf-7", "nonsense", "a\0b", "", None]
)
def test_what_is_no_encoding_of_pages_is_unknown(label: str | None) -> None:
    assert codec(label) is None


def test_the_option_overrides_everything_unless_it_is_unknown() -> None:
    body = PAGE.format(meta='<meta charset="utf-8">').encode("koi8-r")
    assert RUSSIAN in decode(body, "text/html; charset=utf-8", "koi8-r")
    assert decode(b"\xef\xbb\xbf" + RUSSIAN.encode(), "", "utf-8") == RUSSIAN
    assert decode(RUSSIAN.encode(), "", "no-such-encoding") == RUSSIAN


def test_a_charset_inside_json_declares_nothing() -> None:
    text = '{"html": "<meta charset=koi8-r>", "name": "für"}'
    assert decode(text.encode(), "application/json") == text


@settings(deadline=None)
@given(st.binary(max_size=300), st.text(max_size=40), st.none() | st.text(max_size=10))
def test_nothing_makes_it_raise(body: bytes, content_type: str, encoding: str | None) -> None:
    assert isinstance(decode(body, content_type, encoding), str)
