"""What the requests alone cost: httpx.Client in 8 threads, one client each. `python bare.py TASK`.

TASK is a JSON file: `urls`, and `tags`, the file that keeps what each answered, as a program must.
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

THREADS = 8


def main() -> None:
    task = json.loads(Path(sys.argv[1]).read_text())
    urls, kept = task["urls"], Path(task["tags"])
    tags = json.loads(kept.read_text()) if kept.exists() else {}

    def ask(mine: list[str]) -> list[tuple[str, str]]:
        answered = []
        with httpx.Client(timeout=30) as client:
            for url in mine:
                headers = {"If-None-Match": tags[url]} if url in tags else {}
                answer = client.get(url, headers=headers)
                if answer.status_code not in (200, 304):
                    answer.raise_for_status()
                answered.append((url, answer.headers.get("etag", "")))
        return answered

    with ThreadPoolExecutor(THREADS) as pool:
        parts = list(pool.map(ask, [urls[number::THREADS] for number in range(THREADS)]))
    kept.write_text(json.dumps({url: tag for part in parts for url, tag in part if tag}))


if __name__ == "__main__":
    main()
