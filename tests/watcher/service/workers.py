"""Workers that share a state on a PostgreSQL server, with a site and a desk: what tests of them start."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from tests import postgres
from tests.torture.databases import Place
from tests.torture.desks import Told, tally
from tests.torture.processes import Program, Running

CONFIGURATION = """
state = "{state}"

[http]
private_addresses = "allow"
spacing = "{spacing}"
per_host = 20
timeout = "{timeout}"

{sources}
[channels.desk]
url = "{desk}/hook"

[[alerts]]
to = ["desk"]
"""

SOURCE = """
[sources.{name}]
kind = "json"
url = "{url}"
items = "@"
key = "name"
every = "{every}"
"""


class Works:
    """A site with lists, a desk that is told, and workers that share a database."""

    def __init__(self, folder: Path, site: Any, server: postgres.Server) -> None:
        self.site, self.server, self.database = site, server, server.new("state")
        self.program = Program(folder, Place(server.url(self.database), server, self.database))
        self.names: list[str] = []
        site.page("/hook")

    def watch(self, *names: str, every: str = "1s", spacing: str = "0s", timeout: str = "5s") -> None:
        """Configure these sources, each with a list of its own."""
        self.names = list(names)
        for name in names:
            self.show(name, "A")
        sources = "".join(SOURCE.format(name=name, url=self.site.url(f"/{name}"), every=every) for name in names)
        desk = self.site.url("").replace("http", "json")
        state = self.server.url(self.database)
        self.program.configure(
            CONFIGURATION.format(state=state, spacing=spacing, timeout=timeout, desk=desk, sources=sources)
        )

    def show(self, name: str, branch: str) -> None:
        self.site.page(f"/{name}", [{"name": f"Company {name}", "branch": branch}])

    def start(self, failpoint: str = "") -> Running:
        return self.program.start("worker", failpoint=failpoint)

    def known(self) -> bool:
        """Whether every source has its baseline."""
        return bool(self.program.ask("SELECT count(*) FROM sources WHERE revision > 0") == len(self.names))

    def told(self) -> list[Told]:
        """Each change that the desk was told, with the id of its message."""
        hooks = [asked for asked in self.site.requests if asked.path == "/hook"]
        told = [(each.headers["idempotency-key"], json.loads(each.body)["message"]) for each in hooks]
        return [Told(key, name) for key, text in told for name in re.findall(r"(?i)changed: Company (\w+)", text)]

    def count(self) -> str:
        return tally(self.told(), len(self.names))

    def due(self) -> int:
        """How many sources have been due for more than three seconds."""
        return int(self.program.ask("SELECT count(*) FROM sources WHERE watched AND due < now() - interval '3 s'"))


def asked(works: Works, name: str) -> int:
    return int(works.site.paths.count(f"/{name}"))
