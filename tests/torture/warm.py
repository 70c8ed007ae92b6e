"""Imported once by the server that forks the tortured processes: what every start of the program loads.

A start from here is the same program in a process of its own, and takes 0.1 s in place of 1 s. The server ignores an
ImportError of this module, and is slow then: `tests/torture/test_warm.py` imports it, too.
"""

from importlib import import_module

from alerts.apprise_service import describe_service
from sources.loader import kind
from tests.postgres import installed

LOADED = (
    *("watcher.cli", "watcher.commands.backup", "watcher.commands.deliveries", "watcher.commands.run_"),
    *("alerts.send", "watcher.service.daemon", "watcher.terminal.console", "watcher.service.once"),
    *("watcher.config.edit", "state.db.migrate", "state.db.sqlite", "sources.formats.decode", "tenacity", "jmespath"),
)

for name in LOADED:
    import_module(name)
if installed():
    import_module("state.db.postgres")
    import_module("sqlalchemy.dialects.postgresql.psycopg")
    import_module("psycopg")
    import_module("watcher.service.worker")
kind("json")
describe_service("json://127.0.0.1:9/")
describe_service("mailto://127.0.0.1:9?from=watch@example.org&to=desk@example.org")
