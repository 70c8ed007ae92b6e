"""What a script with DuckDB needs for registers of CSV on disk: `python -P duck.py AFTER [BEFORE]`.

With one file it is kept as a table in `kept.duckdb` in this folder. With two, both are read as they are (every cell as
text), compared by all columns, and then by key: what was added, removed and changed. It asks no server, proves nothing,
and remembers no history.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

READ = "CREATE TABLE {} AS FROM read_csv(?, header = true, all_varchar = true)"
COUNT = """
WITH fresh AS (FROM later EXCEPT FROM former), gone AS (FROM former EXCEPT FROM later)
SELECT count(*) FILTER (gone."No" IS NULL), count(*) FILTER (fresh."No" IS NULL),
  count(*) FILTER (gone."No" IS NOT NULL AND fresh."No" IS NOT NULL)
FROM fresh FULL JOIN gone USING ("No")
"""


def main() -> None:
    after, *before = sys.argv[1:]
    kept = Path("kept.duckdb")
    kept.unlink(missing_ok=True)
    with duckdb.connect(":memory:" if before else str(kept)) as connection:
        connection.execute(READ.format("later"), [after])
        if not before:
            return
        connection.execute(READ.format("former"), before)
        print(*(connection.execute(COUNT).fetchone() or ()))


if __name__ == "__main__":
    main()
