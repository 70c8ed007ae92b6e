"""`watch doctor`: what is wrong with an installation, and what to do; nothing is fetched, sent or made."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from state.model import Health, Status
from state.storage.daemons import DaemonSeen
from state.store import Store
from tests.certificates import self_signed
from watcher import doctor as examining
from watcher.doctor import credentials, of_units

LOOPBACK = '[http]\nprivate_addresses = "allow"\n'


class Seen(NamedTuple):
    """What the doctor said."""

    code: int
    findings: list[dict[str, str]]

    def of(self, area: str, level: str) -> str:
        return "\n".join(
            f"{each['says']} -> {each['do']}"
            for each in self.findings
            if (each["area"], each["level"]) == (area, level)
        )


@pytest.fixture
def doctor(configure: Callable[..., Path], watch: Callable[..., Any]) -> Callable[..., Seen]:
    """Runs it over a configuration."""

    def run(text: str = "", *options: str) -> Seen:
        configure(text)
        ran = watch("doctor", "--json", *options)
        found = json.loads(ran.out)
        assert found["ok"] == (not any(each["level"] == "error" for each in found["findings"]))
        return Seen(ran.code, found["findings"])

    return run


def test_nothing_is_wrong_and_nothing_is_made(doctor: Callable[..., Seen], folder: Path) -> None:
    seen = doctor("")
    assert (seen.code, sorted(file.name for file in folder.iterdir())) == (0, ["watch.toml"])
    assert "registry-watch" in seen.of("program", "ok")
    assert "is not there yet" in seen.of("state", "ok")
    assert "there are none, so alerts are only printed" in seen.of("channels", "warning")


def test_a_wrong_configuration_is_exit_code_2_and_the_rest_is_looked_at(doctor: Callable[..., Seen]) -> None:
    seen = doctor('[sources.x]\nkind = "jsn"\n')
    assert (seen.code, 'there is no kind "jsn"' in seen.of("configuration", "error")) == (2, True)
    assert seen.of("python", "ok")


def test_people_read_what_to_do_below_each_finding(configure: Callable[..., Path], watch: Callable[..., Any]) -> None:
    configure('[channels.desk]\nurl = "nonsense://x"\n')
    ran = watch("doctor", "--offline")
    assert (ran.code, "channels       error: desk: " in ran.out) == (1, True)
    assert "-> correct its url" in ran.out


def test_a_secret_that_is_not_set_is_told_and_none_is_shown(
    doctor: Callable[..., Seen], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN_SET", "t0psecret-value")
    seen = doctor(
        '[channels.a]\nurl = "json://u:${TOKEN_SET}@a.example"\n[channels.b]\nurl = "json://u:${TOKEN_UNSET}@a.example"\n',
        "--offline",
    )
    assert "b: a secret in its address is not set here" in seen.of("channels", "warning")
    assert "a: its address is valid" in seen.of("channels", "ok")
    assert "t0psecret" not in json.dumps(seen.findings)


def test_servers_that_are_reached_and_that_are_not(site: Any, doctor: Callable[..., Seen]) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        closed.close()
        text = f'{LOOPBACK}[sources.a]\nkind = "text"\nurl = "{site.url("/")}"\n'
        text += f'[sources.b]\nkind = "text"\nurl = "http://127.0.0.1:{port}/"\n'
        text += f'[sources.c]\nkind = "text"\nurl = "http://a.example/"\nproxy = "http://127.0.0.1:{port}"\n'
        seen = doctor(text)
    assert "1 server of 3 reached" in seen.of("network", "ok")
    assert "certificates" not in seen.of("network", "ok")  # none of them speaks https
    assert f"127.0.0.1:{port}: [Errno 111]" in seen.of("network", "error")
    assert f"127.0.0.1:{port}: [Errno 111]" in seen.of("proxies", "error")
    assert (seen.code, site.requests) == (1, [])


def test_a_host_on_a_private_network_that_is_not_listed(site: Any, doctor: Callable[..., Seen]) -> None:
    seen = doctor(f'[sources.a]\nkind = "text"\nurl = "{site.url("/")}"\n')
    assert "127.0.0.1 is 127.0.0.1, which is on a private network" in seen.of("dns", "error")
    assert site.connections == 0


def test_a_name_that_nobody_knows(doctor: Callable[..., Seen], monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> list[Any]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    seen = doctor('[sources.a]\nkind = "text"\nurl = "https://gone.example/"\n')
    assert "gone.example: Name or service not known" in seen.of("dns", "error")


def test_certificates_that_end_soon_and_that_nobody_vouches_for(
    new_site: Callable[..., Any], doctor: Callable[..., Seen], tmp_path: Path
) -> None:
    made = self_signed(tmp_path)
    if made is None:
        pytest.skip("openssl is not installed here")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(made)
    url = new_site(tls).url("/", "localhost")
    source = f'[sources.a]\nkind = "text"\nurl = "{url}"\n'
    assert "self-signed certificate" in doctor(LOOPBACK + source).of("certificates", "error")
    seen = doctor(f'{LOOPBACK}{source}ca_file = "{made}"\n')
    assert "its certificate ends in 2 days" in seen.of("certificates", "warning")
    assert "an authority in it ends on" in seen.of("certificates", "warning")


def test_the_state_tells_of_failing_sources_and_of_a_clock_that_was_set_back(
    checked: Callable[..., None], doctor: Callable[..., Seen]
) -> None:
    now = datetime.now(UTC)
    checked("a", Health(Status.FAILING, "http_404", "gone", since=now), tried=now + timedelta(hours=2))
    seen = doctor('[sources.a]\nkind = "text"\nurl = "https://a.example/"\n', "--offline")
    assert "cannot be read or is not believed: a -> `watch status NAME`" in seen.of("sources", "warning")
    assert "the clock was set back" in seen.of("clock", "error")


@pytest.mark.parametrize(
    ("ago", "told"),
    [
        (None, "no daemon and no worker was on this state in the last day"),
        (timedelta(minutes=9), None),
        (timedelta(minutes=1), "1 daemon or worker reported in the last 3 min"),
    ],
)
def test_a_state_has_no_daemon_or_one_that_is_silent_or_reports(
    doctor: Callable[..., Seen], folder: Path, ago: timedelta | None, told: str | None
) -> None:
    now = datetime.now(UTC)
    with Store.open(f"sqlite:///{folder}/state.db") as store:
        if ago:
            store.daemons.note(DaemonSeen("here:1:a", "host", now - ago, now - ago, {}))
    seen = doctor("", "--offline")
    assert seen.of("daemon", "ok") == (f"{told} -> " if told else "")
    assert seen.of("daemon", "warning").startswith("here:1:a" if told is None else "")
    assert all(each["level"] != "error" for each in seen.findings)


def test_of_daemons_it_is_told_when_they_were_seen(doctor: Callable[..., Seen], folder: Path) -> None:
    now = datetime.now(UTC)
    with Store.open(f"sqlite:///{folder}/state.db") as store:
        for name, ago in (("here:1:a", timedelta(minutes=1)), ("gone:2:b", timedelta(minutes=9))):
            store.daemons.note(DaemonSeen(name, "host", now - ago, now - ago, {}))
    seen = doctor("", "--offline")
    assert "1 daemon or worker reported in the last 3 min" in seen.of("daemon", "ok")  # it may have died since
    assert "gone:2:b on host was not seen for 9 min" in seen.of("daemon", "warning")
    assert "journalctl -u 'registry-watch*'" in seen.of("daemon", "warning")


def test_a_source_that_is_disabled_is_told_as_that(checked: Callable[..., None], doctor: Callable[..., Seen]) -> None:
    checked("a", Health(Status.FAILING, "http_404", "gone", since=datetime.now(UTC)))
    seen = doctor('[sources.a]\nkind = "text"\nurl = "https://a.example/"\nenabled = false\n', "--offline")
    assert seen.of("sources", "warning") == ""
    assert "0 sources checked, none failing; 1 source disabled" in seen.of("sources", "ok")


def test_a_damaged_state_is_told_in_one_line(doctor: Callable[..., Seen], folder: Path) -> None:
    (folder / "state.db").write_bytes(b"no database" * 1000)
    seen = doctor("", "--offline")
    assert (seen.code, len(seen.of("state", "error").splitlines())) == (1, 1)


def test_a_disk_that_is_nearly_full(doctor: Callable[..., Seen], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examining, "LITTLE", 10**18)
    assert "free -> make room" in doctor("", "--offline").of("disk", "warning")
    monkeypatch.setattr(examining, "TOO_LITTLE", 10**18)
    assert "free -> make room" in doctor("", "--offline").of("disk", "error")


def test_units_that_failed_or_were_started_again() -> None:
    shown = (
        "Id=registry-watch.service\nLoadState=loaded\nActiveState=failed\nSubState=failed\nResult=exit-code\nNRestarts=5\n\n"
        "Id=registry-watch-web.service\nLoadState=loaded\nActiveState=active\nSubState=running\nUnitFileState=enabled\nNRestarts=2\n\n"
        "Id=registry-watch-once.timer\nLoadState=not-found\nActiveState=inactive\n"
    )
    failed, again, absent = of_units(shown)
    assert (failed.level, failed.do) == ("error", "journalctl -u registry-watch.service -n 50")
    assert (again.level, again.says) == ("warning", "registry-watch-web.service was started again 2 times")
    assert (absent.level, absent.says) == ("ok", "registry-watch-once.timer is not installed")


def test_workers_are_asked_for_as_the_service_is(
    doctor: Callable[..., Seen], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    systemctl = tmp_path / "systemctl"
    systemctl.write_text(
        '#!/bin/sh\necho "Id=registry-watch-worker@1.service\nActiveState=failed\nResult=$*" | sed s/--.*--//\n'
    )
    systemctl.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(Path, "is_dir", lambda _: True)
    told = doctor("", "--offline").of("units", "error")
    assert (
        "registry-watch-worker@1.service has failed (show  registry-watch.service registry-watch-worker@*.service"
        in told
    )


def test_credentials_that_everybody_may_read(tmp_path: Path) -> None:
    secret = tmp_path / "TOKEN"
    secret.write_text("x")
    tmp_path.chmod(0o755)
    secret.chmod(0o644)
    given = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    assert [each.level for each in credentials(given, tmp_path / "none")] == ["error"]
    for path in (tmp_path, secret):
        path.chmod(0o700)
    (closed,) = credentials(given, tmp_path / "none")
    assert (closed.level, "1 secret, closed to others" in closed.says) == ("ok", True)


def test_what_the_doctor_stumbles_over_ends_no_other_examination(
    doctor: Callable[..., Seen], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examining, "_clock", lambda: 1 / 0)
    seen = doctor("", "--offline")
    assert "could not be examined: ZeroDivisionError" in seen.of("machine", "error")
    assert seen.of("state", "ok")
