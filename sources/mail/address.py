"""What the URL of a mailbox says. Pure."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote, unquote

_SHAPE = re.compile(r"(imaps?)://([^:@/]+):(.+)@(\[[^]@/]+\]|[^:@/\[\]]+)(?::(\d{1,5}))?(?:/(.*))?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_PORTS = {"imap": 143, "imaps": 993}


class MailboxAddress(NamedTuple):
    """A folder of a user's mails. The password may have any characters, so it goes to the last @ before the host."""

    scheme: str
    user: str
    password: str
    host: str
    port: int
    folder: str

    @classmethod
    def of(cls, url: str) -> MailboxAddress:
        """Read `imaps://USER:PASSWORD@HOST/FOLDER`, with %40 and the like decoded. Raises ValueError."""
        found = _SHAPE.fullmatch(url)
        user, password, host, folder = (unquote(found[at] or "") for at in (2, 3, 4, 6)) if found else ("",) * 4
        if not found or _CONTROL.search(f"{user}{password}{host}{folder}"):
            raise ValueError('is the address of a mailbox, such as "imaps://USER:${PASSWORD}@HOST/INBOX"')
        port = int(found[5] or _PORTS[found[1]])
        return cls(found[1], user, password, host.strip("[]"), port, folder.strip("/") or "INBOX")

    @property
    def shown(self) -> str:
        """It without the password, which is no part of what is read."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{quote(self.user, safe='')}@{host}{port}/{quote(self.folder)}"
