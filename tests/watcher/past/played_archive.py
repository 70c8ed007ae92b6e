"""A web archive on loopback: an index (CDX) with resume keys, and captures."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote_plus

Rows = list[dict[str, str]]


class PlayedArchive:
    """Has captures of `address`, the page of the source `list`; its index has `most` lines on a page."""

    def __init__(self, site: Any, configure: Callable[..., Any], run: Callable[..., Any]) -> None:
        self.site, self.configure, self._run = site, configure, run
        self.address, self.lines, self.most = "http://register.example/list", dict[str, list[str]](), 100
        site.page("/cdx/search/cdx", self._index)
        self.watch(list=f'url = "{self.address}"')

    def watch(self, past: str = "", items: str = "@", **sources: str) -> None:
        """Configure the archive, and sources of the kind `json` with these options."""
        tables = [
            f'[sources.{name}]\nkind = "json"\nitems = "{items}"\nkey = "name"\n{each}'
            for name, each in sources.items()
        ]
        http = f'[past]\nwayback = "{past or self.site.url("")}"\n[http]\nprivate_addresses = "allow"\nspacing = "0s"'
        self.configure("\n".join([http, *tables]))

    def path(self, stamp: str, address: str = "") -> str:
        return f"/web/{stamp}id_/{address or self.address}"

    def list(
        self, stamp: str, status: str = "200", digest: str = "", media: str = "application/json", **at: str
    ) -> None:
        address = at.get("address", self.address)
        line = f"{stamp} {address} {media} {status} {digest or stamp}"
        self.lines.setdefault(address, []).append(line)

    def has(self, stamp: str, *names: str, listed: bool = True, **given: Any) -> None:
        """A capture of a register with these names."""
        address = given.pop("address", self.address)
        headers = {
            "Memento-Datetime": f"{datetime.strptime(stamp, '%Y%m%d%H%M%S').replace(tzinfo=UTC):%a, %d %b %Y %H:%M:%S GMT}"
        }
        headers |= {"x-archive-orig-content-type": "application/json", **given.pop("headers", {})}
        body = given.pop("body", json.dumps([{"name": name} for name in names]).encode())
        self.site.page(self.path(stamp, address), body, type="application/json", headers=headers, **given)
        if listed:
            self.list(stamp, address=address)

    def read(self, *argv: str, code: int = 0) -> Any:
        """What `watch past` prints with these arguments."""
        ran = self._run("past", *argv, "--json", "-v")
        assert ran.code == code, ran
        return json.loads(ran.out)

    def asked(self) -> list[str]:
        """The captures that were asked for since the last look, with their stamps."""
        paths = [path for path in self.site.paths if path.startswith("/web/")]
        self.site.requests.clear()
        return [path.split("/")[2].removesuffix("id_") for path in paths]

    def _index(self, asked: Any) -> str:
        query = asked.query
        lines = [line for line in self.lines.get(query["url"], []) if line >= query.get("from", "")]
        lines = [line for line in lines if line[:14] <= query.get("to", "9")]
        start = int(query.get("resumeKey", "at 0!").removeprefix("at ").removesuffix("!"))
        key = f"\n{quote_plus(f'at {start + self.most}!')}\n" if start + self.most < len(lines) else ""
        return "".join(f"{line}\n" for line in lines[start : start + self.most]) + key
