from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sources.secrets import Secrets
from watcher.config.config_secrets import KeyPath, Substitution


class Filling:
    """A substitution with what it complained of."""

    def __init__(self, **environment: str) -> None:
        self.problems: list[tuple[KeyPath, str]] = []
        self.secrets = Secrets()
        self._substitution = Substitution(environment, self.secrets, lambda *problem: self.problems.append(problem))

    def __call__(self, value: Any) -> Any:
        return self._substitution.fill(value)


def test_a_variable_is_filled_in_anywhere_in_a_text_and_in_nested_tables() -> None:
    fill = Filling(HOST="example.org", PAGE="7")
    table = {
        "url": "https://${HOST}/list?page=${PAGE}",
        "headers": {"X-Host": "${HOST}"},
        "ignore": ["${PAGE}", 3, True],
    }
    assert fill(table) == {
        "url": "https://example.org/list?page=7",
        "headers": {"X-Host": "example.org"},
        "ignore": ["7", 3, True],
    }
    assert fill.problems == []


def test_two_dollars_are_a_plain_reference_and_a_single_dollar_is_a_dollar() -> None:
    fill = Filling(NAME="value")
    assert fill("$${NAME} costs $5, ${NAME}") == "${NAME} costs $5, value"


def test_a_value_is_never_expanded_again() -> None:
    assert Filling(A="${B}", B="no")("${A}") == "${B}"


def test_a_password_with_special_characters_survives_in_a_url() -> None:
    fill = Filling(USER="desk@example.org", PASSWORD="p@ss/w:rd?#%")
    url = "mailtos://${USER}:${PASSWORD}@smtp.example.org?to=${USER}"
    assert fill(url) == ("mailtos://desk%40example.org:p%40ss%2Fw%3Ard%3F%23%25@smtp.example.org?to=desk@example.org")
    assert fill.secrets.hide("535 p@ss/w:rd?#% p%40ss%2Fw%3Ard%3F%23%25") == "535 ${PASSWORD} ${PASSWORD:encoded}"


def test_a_token_that_is_not_user_and_password_is_filled_in_as_it_is() -> None:
    fill = Filling(TOKEN="123:AB-c", CHAT="-100", PATH_="T1/B2/c3", WHOLE="ntfys://topic")
    assert fill("tgram://${TOKEN}/${CHAT}") == "tgram://123:AB-c/-100"
    assert fill("slack://${PATH_}/#general?a=b@c") == "slack://T1/B2/c3/#general?a=b@c"
    assert fill("${WHOLE}") == "ntfys://topic"


def test_a_variable_that_is_no_utf_8_is_a_problem() -> None:
    fill = Filling(TOKEN="secret\udcff")
    fill("${TOKEN}")
    assert fill.problems[0][1] == "the environment variable TOKEN is not UTF-8"


@pytest.mark.parametrize("environment", [{}, {"TOKEN": ""}])
def test_a_variable_without_a_value_is_a_problem_that_says_what_to_do(environment: dict[str, str]) -> None:
    fill = Filling(**environment)
    fill({"channels": {"chat": {"url": "tgram://${TOKEN}/1"}}})
    [(at, message)] = fill.problems
    assert at == ("channels", "chat", "url")
    assert "TOKEN is" in message
    assert "export TOKEN=..." in message


def test_a_credential_is_read_without_its_line_end(tmp_path: Path) -> None:
    (tmp_path / "smtp-password").write_text("s3cret word\n", encoding="utf-8")
    fill = Filling(CREDENTIALS_DIRECTORY=str(tmp_path))
    assert fill("${credential:smtp-password}") == "s3cret word"
    assert fill.secrets.hide("it is s3cret word") == "it is ${credential:smtp-password}"


def test_a_credential_without_systemd_says_how_to_give_it() -> None:
    fill = Filling()
    fill("${credential:token}")
    assert "LoadCredential=token:" in fill.problems[0][1]
    assert "CREDENTIALS_DIRECTORY is not set" in fill.problems[0][1]


def test_a_missing_credential_names_the_folder(tmp_path: Path) -> None:
    fill = Filling(CREDENTIALS_DIRECTORY=str(tmp_path))
    fill("${credential:token}")
    assert f"cannot be read from {tmp_path} (No such file or directory)" in fill.problems[0][1]


@pytest.mark.parametrize("reference", ["${credential:../passwd}", "${two words}", "${}", "${1ST}", "${OPEN"])
def test_what_is_no_reference_is_a_problem_and_no_file_outside_is_read(reference: str, tmp_path: Path) -> None:
    (tmp_path / "passwd").write_text("outside", encoding="utf-8")
    (tmp_path / "inside").mkdir()
    fill = Filling(CREDENTIALS_DIRECTORY=str(tmp_path / "inside"))
    assert "outside" not in fill(f"a {reference} b")
    assert '"$${"' in fill.problems[0][1]
