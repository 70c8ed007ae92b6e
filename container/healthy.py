#!/opt/registry-watch/bin/python
"""Whether the process of this container works, for its HEALTHCHECK: 0, or 1 with a reason.

A daemon or worker reports to the state about once a minute; the desk answers /healthz, where DESK is its address.
"""

# ruff: noqa: BLE001, PLC0415, T201 - a script: it prints, and any fault means that it is not well
import os
import socket
import sys
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from urllib.parse import urlsplit

SILENT = timedelta(minutes=3)
SECONDS = 8


def desk(address: str) -> str:
    """What is wrong with the desk; "" if nothing is."""
    connection = HTTPConnection(urlsplit(f"//{address}").netloc, timeout=SECONDS)
    try:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        return "" if answer.status == 200 else answer.read(2000).decode("utf-8", "replace")
    finally:
        connection.close()


def worker() -> str:
    """What is wrong with the daemon or worker of this container; "" if nothing is."""
    from watcher.config.load import load
    from watcher.config.open_state import open_known_state

    here, now = socket.gethostname(), datetime.now(UTC)
    with open_known_state(load(names_only=True)) as store:
        seen = [each.seen for each in store.daemons.all(workers=True) if each.host == here] if store else []
    return "" if any(now - each < SILENT for each in seen) else f"nothing at work on {here} has reported to the state"


def main() -> int:
    """Say what is wrong."""
    try:
        wrong = desk(os.environ["DESK"]) if os.environ.get("DESK") else worker()
    except Exception as error:
        wrong = f"{type(error).__name__}: {error}"
    if wrong:
        print(wrong, file=sys.stderr)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
