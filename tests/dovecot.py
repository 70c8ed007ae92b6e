"""A real IMAP server, Dovecot, on loopback: for the mailboxes of tests. `make dovecot` installs it where this is root."""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

PROGRAM = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")
MISSING = "" if PROGRAM else "no Dovecot: apt-get install dovecot-imapd"
USER, PASSWORD = "anna", "correct horse 7"

_CONFIG = """\
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
default_internal_user = {me}
default_internal_group = {group}
default_login_user = {me}
first_valid_uid = 0
first_valid_gid = 0
mail_driver = maildir
mail_path = {folder}/mail
mail_uid = {uid}
mail_gid = {gid}
auth_mechanisms = plain login
auth_allow_cleartext = yes
{tls}
passdb static {{
  password = {password}
}}
userdb static {{
  fields {{
    home = {folder}/home
  }}
}}
service imap-login {{
  chroot =
  process_min_avail = 0
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {secure}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service imap {{
  chroot =
}}
"""


class Dovecot:
    """A server with one user, whose mails lie in a Maildir. `url` is that of his INBOX."""

    def __init__(self, folder: Path, certificate: Path | None = None) -> None:
        self.folder = folder
        self._certificate = certificate and shutil.copy(certificate, folder)
        self.port, self.secure = _free_ports(2)
        for name in ("home", "run", "state", "mail/new", "mail/cur", "mail/tmp"):
            (folder / name).mkdir(parents=True)
        self._sent = 0
        self._process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"imap://{USER}:{PASSWORD}@127.0.0.1:{self.port}/INBOX"

    @property
    def secure_url(self) -> str:
        return f"imaps://{USER}:{PASSWORD}@localhost:{self.secure}/INBOX"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        who = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())  # Dovecot refuses to be root
        uid, gid = who.pw_uid, who.pw_gid
        tls = f"ssl = yes\nssl_server_cert_file = {self._certificate}\nssl_server_key_file = {self._certificate}"
        config = self.folder / "dovecot.conf"
        config.write_text(
            _CONFIG.format(
                folder=self.folder,
                me=who.pw_name,
                group=grp.getgrgid(gid).gr_name,
                uid=uid,
                gid=gid,
                password=PASSWORD,
                port=self.port,
                secure=self.secure,
                tls=tls if self._certificate else "ssl = no",
            )
        )
        assert PROGRAM
        for each in (self.folder, *self.folder.rglob("*")):
            os.chown(each, uid, gid)
        self._process = subprocess.Popen(
            [PROGRAM, "-F", "-c", config],
            stderr=subprocess.DEVNULL,
            **({} if os.getuid() else {"user": uid, "group": gid, "extra_groups": []}),
        )
        for _ in range(200):
            try:
                with socket.create_connection(("127.0.0.1", self.port), 5) as connection:
                    if connection.recv(4) == b"* OK":
                        return
            except OSError:
                pass
            assert self._process.poll() is None, self.log
            time.sleep(0.05)
        raise AssertionError(self.log)

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text() if (self.folder / "log").exists() else ""

    def stop(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(30)

    def put(self, raw: bytes, folder: str = "mail") -> Path:
        """Deliver the bytes of a mail."""
        self._sent += 1
        at = self.folder / folder / "new"
        at.mkdir(parents=True, exist_ok=True)
        name = f"{1_700_000_000 + self._sent}.{self._sent}.host"
        (self.folder / "mail" / "tmp" / name).write_bytes(raw)
        return (self.folder / "mail" / "tmp" / name).rename(at / name)

    def send(self, subject: str, text: str = "A text.", **headers: str) -> Path:
        """Deliver a mail."""
        return self.put(write_mail(subject, text, self._sent + 1, **headers))

    def renumber(self) -> None:
        """Give all mails other UIDs, and the folder another UIDVALIDITY."""
        for file in (self.folder / "mail").glob("dovecot*"):
            file.unlink()
        time.sleep(1.1)  # Dovecot takes the second for it


def write_mail(subject: str, text: str = "A text.", number: int = 1, **headers: str) -> bytes:
    """The bytes of a mail."""
    mail = EmailMessage()
    mail["Subject"], mail["From"] = subject, headers.pop("sender", "Registry <news@registry.example>")
    mail["To"], mail["Message-ID"] = "anna@desk.example", headers.pop("id", f"<{number}@registry.example>")
    mail["Date"] = format_datetime(datetime(2026, 11, 2, tzinfo=UTC) + timedelta(minutes=number))
    for name, value in headers.items():
        mail[name] = value
    mail.set_content(text)
    return mail.as_bytes().replace(b"\n", b"\r\n")


@contextmanager
def running(certificate: Path | None = None) -> Iterator[Dovecot]:
    """A server that runs; skips the test where there is none."""
    if MISSING:
        pytest.skip(MISSING)
    with TemporaryDirectory(prefix="dovecot") as folder:  # a path short enough for its sockets
        server = Dovecot(Path(folder), certificate)
        server.start()
        try:
            yield server
        finally:
            server.stop()


def _free_ports(count: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in held]
    for each in held:
        each.close()
    return ports
