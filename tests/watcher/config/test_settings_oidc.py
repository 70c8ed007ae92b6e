"""The table `[web.oidc]`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from watcher.config.load import load
from watcher.errors import ConfigError

WORK = 'issuer = "https://id.example/work"\nclient_id = "desk"\n'
PARTNER = f"[web.oidc.partner]\n{WORK}"


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        file = tmp_path / "watch.toml"
        file.write_text(f'[web]\nbase_url = "https://watch.example"\n{text}')
        return file

    return write


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (f"[web.oidc]\n{WORK}", [""]),
        (PARTNER, ["partner"]),
        (f'{PARTNER}[web.oidc]\n{WORK}[web.oidc.roles]\ndesk = "editor"\n', ["", "partner"]),
        ('[web.oidc]\nissuer = "http://127.0.0.1:5556/dex"\nclient_id = "desk"\nscopes = "openid groups"\n', [""]),
    ],
)
def test_one_provider_or_several(written: Callable[[str], Path], text: str, names: list[str]) -> None:
    assert list(load(written(text)).web.providers) == names


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[web.oidc]\nissuer = "https://id.example"\n', 'web.oidc: needs "issuer" and "client_id"'),
        ("[web.oidc]\n", 'web.oidc: needs "issuer" and "client_id"'),
        ('[web.oidc.partner]\nclient_id = "desk"\n', 'web.oidc.partner: needs "issuer" and "client_id"'),
        (PARTNER.replace("https", "http"), 'web.oidc.partner.issuer: has to be an address with "https://"'),
        (PARTNER.replace("/work", "/?realm=work"), "and without a query"),
        (PARTNER.replace("id.example", "user:password@id.example"), "web.oidc.partner.issuer"),
        (PARTNER.replace("https://id.example", "https://[id"), "web.oidc.partner.issuer"),
        (PARTNER.replace("partner", "callback"), '"callback" is no name of a provider'),
        (PARTNER.replace("partner", "Partner"), '"Partner" is no name of a provider'),
        (f'{PARTNER}roles = {{ desk = "boss" }}\n', 'web.oidc.partner.roles.desk: has to be "viewer", "editor"'),
        (f'[web.oidc]\n{WORK}role = "editor"\n', "web.oidc.role: has to be a table"),
    ],
)
def test_what_is_wrong_is_said_where_it_is(written: Callable[[str], Path], text: str, says: str) -> None:
    with pytest.raises(ConfigError) as error:
        load(written(text))
    assert len(error.value.problems) == 1
    assert says in error.value.problems[0]
    assert "password" not in error.value.problems[0]


def test_open_to_other_machines_it_needs_the_address_to_come_back_to(tmp_path: Path) -> None:
    (tmp_path / "watch.toml").write_text(f'[web]\nlisten = "0.0.0.0:8350"\n[web.oidc]\n{WORK}')
    with pytest.raises(ConfigError, match='"oidc" needs "base_url"'):
        load(tmp_path / "watch.toml")


def test_the_secret_is_hidden(written: Callable[[str], Path]) -> None:
    secret = 'client_secret = "correct horse"\n'
    config = load(written(f"[web.oidc]\n{WORK}{secret}{PARTNER}{secret.replace('correct', 'battery')}"))
    assert "horse" not in config.secrets.hide("correct horse, battery horse")
    assert "horse" not in repr(config.web)
