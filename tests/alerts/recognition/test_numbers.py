"""Laws, ships, aircraft and wallets: found in every notation, exact in each digit."""

from __future__ import annotations

import pytest

from alerts.recognition.identifiers import Identifier, Kind, Numbers, read_number, wallet

BITCOIN = "1BoxZ19ncciSHLLxkY3QM5ViszQgdhGSKF"
BECH32 = "bc1qyg4sh4glemm7vhpwvtdja4j52uqnh26kyhn8z2"
TRON = "TNg4gK7rDevUbf8eqTjLgUNiY9yYvNSHJB"
TON = "EQBEd42CNl5K9oHEDV8O71z29YmdPwrDNQUKftZ3nPP2dMwZ"
SAME_TON = "UQBEd42CNl5K9oHEDV8O71z29YmdPwrDNQUKftZ3nPP2dJHc"
RAW_TON = "0:44778d82365e4af681c40d5f0eef5cf6f5899d3f0ac335050a7ed6779cf3f674"


def found(name: str, text: str) -> list[str]:
    numbers = Numbers()
    number = read_number(name)
    assert number is not None
    numbers.add("it", name, number)
    return [text[start:end] for _, _, start, end in numbers.find(text)]


@pytest.mark.parametrize(
    "text",
    ["149-ФЗ", "ФЗ-149", "149 ФЗ", "149фз", "ФЗ № 149", "149‑FZ", "закон № 149", "закона от 27.07.2006 № 149-ФЗ"],
)
def test_a_law_is_found_in_every_notation(text):
    assert len(found("149-ФЗ", f"по {text}, как сказано")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "1490-ФЗ",
        "49-ФЗ",
        "ФЗ-1498",
        "149-ФКЗ",
        "№ 149; склад",
        "статья 149",
        "149 физлиц",
        "ст. 149 ФЗ «О рекламе»",
        "рейс ФЗ-149",
    ],
)
def test_another_number_is_another_law(text):
    assert found("149-ФЗ", f"по {text}, как сказано") == []


@pytest.mark.parametrize(
    "text", ["IMO 9234563", "IMO: 9234563", "IMO9234563", "ИМО 9234563", "IMO No. 9234563", "tanker 9234563"]
)
def test_a_ship_is_found_by_its_number(text):
    assert len(found("IMO 9234563", text)) == 1


@pytest.mark.parametrize("text", ["tel. 9234563", "IMO 92345630", "9234563", "vessel, MMSI 9234563"])
def test_seven_digits_alone_are_no_ship(text):
    assert found("IMO 9234563", text) == []


def test_a_ships_number_with_a_wrong_check_digit_is_none():
    assert read_number("IMO 9234567") is None


@pytest.mark.parametrize("text", ["RA-73025", "RA73025", "RA 73025", "РА-73025", "ra‑73025", "RA-۷۳۰۲۵"])
def test_an_aircraft_is_found_with_and_without_a_dash_in_both_alphabets(text):
    assert len(found("RA-73025", f"борт {text} сел")) == 1
    assert found("RA-73025", f"борт {text}5 сел") == []


def test_an_aircraft_without_digits_is_found():
    assert found("VP-BLR", "The jet VPBLR flew") == ["VPBLR"]
    assert read_number("CD-ROM") is None
    assert read_number("Coca-Cola") is None


@pytest.mark.parametrize("address", [BITCOIN, BECH32, TRON, TON, "0x04efaf080f5a3e74e1c29d1ca6a48569382cbbcd"])
def test_a_wallet_is_found_behind_any_prefix_and_in_a_link(address):
    for text in (f"to {address}.", f"scheme:{address}?amount=1", f"https://scan.example/address/{address}"):
        assert len(found(address, text)) == 1, text


def test_a_wallet_in_letters_of_another_case_is_the_same_only_where_its_chain_says_so():
    assert found(BECH32, BECH32.upper())
    assert not found(BITCOIN, BITCOIN.lower())


def test_the_forms_of_one_account_are_one():
    assert wallet(TON) == wallet(SAME_TON) == RAW_TON
    assert found(TON, f"from {SAME_TON}")
    assert found(TON, f"from {RAW_TON}")


@pytest.mark.parametrize("address", [BITCOIN[:-1] + "G", BECH32[:-1] + "3", TRON[:-1] + "C", TON[:-1] + "A"])
def test_a_mistyped_wallet_is_none(address):
    assert wallet(address) is None


def test_a_name_with_a_number_that_is_nothing_else_stays_a_name():
    assert read_number("Channel 4") is None
    assert read_number("A7") is None
    assert read_number("149-ФЗ") == Identifier(Kind.LAW, "149-ФЗ")
