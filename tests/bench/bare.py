"""What the requests alone cost: httpx.Client in 8 threads, one client each. `python -P bare.py TASK`.

TASK is a JSON file: `urls`; `tags`, the file that keeps what tag each answer bore; `ca`, a PEM file to trust, or null.
"""

from __future__ import annotations

import json
import ssl
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

THREADS = 8


def main() -> None:
    task = json.loads(Path(sys.argv[1]).read_text())
    urls, kept = task["urls"], Path(task["tags"])
    tags = json.loads(kept.read_text()) if kept.exists() else {}
    trust = ssl.create_default_context(cafile=task["ca"]) if task["ca"] else True

    def ask(mine: list[str]) -> list[tuple[str, str]]:
        answered = []
        with httpx.Client(timeout=30, verify=trust) as client:
            for url in mine:
                answer = client.get(url, headers={"If-None-Match": tags[url]} if url in tags else {})
                if answer.status_code != 304:
                    answer.raise_for_status()
                answered.append((url, answer.headers.get("etag", "")))
        return answered

    with ThreadPoolExecutor(THREADS) as pool:
        parts = list(pool.map(ask, [urls[number::THREADS] for number in range(THREADS)]))
    kept.write_text(json.dumps({url: tag for part in parts for url, tag in part if tag}))


if __name__ == "__main__":
    main()
