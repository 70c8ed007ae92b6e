"""The options of `[http]` apply to every source, everywhere."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sources.options import HttpOptions, deadline, largest_page, most_pages
from sources.reading.messages import options_of, source_of
from watcher.config.load import load
from watcher.errors import ConfigError

LIMIT = 10_000
REFUSED = f"larger than {LIMIT:,} bytes; raise max_bytes"
ROWS = "id,name\n" + "".join(f"{number},{'x' * 100}\n" for number in range(200))  # 20,000 bytes
SITEMAP = f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{' ' * 20_000}</urlset>"
ELEMENTS = f"<all>{''.join(f'<item><id>{number}</id></item>' for number in range(1000))}</all>"

KINDS = {
    "csv": 'kind = "csv"\nkey = "id"',
    "xml": 'kind = "xml"\nitems = "all/item"\nkey = "id"',
    "xlsx": 'kind = "xlsx"\nkey = "id"',
    "sitemap": 'kind = "sitemap"',
    "sec": 'kind = "sec_daily_index"',
    "json": 'kind = "json"\nitems = "@"\nkey = "id"',
}


def zipped(**members: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name.replace("_", "."), text)
    return file.getvalue()


@pytest.fixture
def limited(configure: Callable[..., Path]) -> None:
    """A source of each kind that unpacks, under an `[http]` that limits its pages; none gives a limit of its own."""
    sources = "".join(
        f'[sources.{name}]\nurl = "https://register.example/{name}"\n{options}\n' for name, options in KINDS.items()
    )
    configure(
        f'[http]\nmax_bytes = {LIMIT}\nprivate_addresses = "allow"\nspacing = "0s"\nuser_agent = "a@example.org"\n{sources}'
    )


@pytest.mark.usefixtures("limited")
@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("csv", zipped(all_csv=ROWS)),
        ("csv", gzip.compress(ROWS.encode())),
        ("xml", zipped(all_xml=ELEMENTS)),
        ("xml", gzip.compress(ELEMENTS.encode())),
        ("xlsx", zipped(**{"xl/workbook.xml": "", "xl/worksheets/sheet1.xml": ROWS, "[Content_Types].xml": ""})),
        ("sitemap", gzip.compress(SITEMAP.encode())),
        ("sec", gzip.compress(ROWS.encode())),
    ],
)
def test_the_limit_counts_in_every_reader_that_unpacks(
    name: str, body: bytes, watch: Callable[..., Any], folder: Path
) -> None:
    assert len(body) < LIMIT
    (folder / "saved").write_bytes(body)
    ran = watch("try", name, "--file", "saved")
    assert ran.code == 1
    assert REFUSED in ran.out + ran.err


@pytest.mark.usefixtures("limited")
def test_the_limit_goes_along_to_the_process_that_reads() -> None:
    for source in load().sources.values():
        kind = type(source)
        assert source_of(kind.kind, options_of(source, kind)).max_bytes == LIMIT


@pytest.mark.parametrize("headers", [{}, {"Content-Encoding": "gzip"}])
def test_the_limit_counts_on_the_wire_in_once_try_and_add(
    headers: dict[str, str], site: Any, configure: Callable[..., Path], watch: Callable[..., Any]
) -> None:
    site.page("/list", gzip.compress(ROWS.encode()) if headers else ROWS, type="text/csv", headers=headers)
    options = f'[sources.list]\nkind = "csv"\nkey = "id"\nurl = "{site.url("/list")}"\n'
    configure(f'[http]\nmax_bytes = {LIMIT}\nprivate_addresses = "allow"\nspacing = "0s"\n{options}')
    for argv in (("--once",), ("try", "list"), ("add", site.url("/list"), "--name", "other")):
        ran = watch(*argv)
        assert (ran.code, REFUSED in ran.out + ran.err) == (1, True), argv


@pytest.mark.usefixtures("limited")
def test_the_limit_counts_for_saved_pages_in_try_replay_and_add(watch: Callable[..., Any], folder: Path) -> None:
    (folder / "saved").mkdir()
    (folder / "saved" / "list-2026-01-01.csv").write_text(ROWS)
    file = "saved/list-2026-01-01.csv"
    tried, offered = watch("try", "csv", "--file", file), watch("add", file)
    assert (tried.code, REFUSED in tried.err) == (2, True)
    assert (offered.code, REFUSED in offered.err) == (1, True)
    [step] = json.loads(watch("replay", "csv", "saved", "--json").out)["steps"]
    assert (step["reason"], REFUSED in step["message"]) == ("too_large", True)


@pytest.mark.parametrize(("limit", "code"), [(LIMIT, 1), (1_000_000, 0)])
@pytest.mark.parametrize("name", ["all.csv", "all.xml"])
def test_add_unpacks_no_more_than_the_limit(
    name: str, limit: int, code: int, configure: Callable[..., Path], watch: Callable[..., Any], folder: Path
) -> None:
    configure(f"[http]\nmax_bytes = {limit}\n")
    (folder / "saved.zip").write_bytes(zipped(**{name: ROWS if name.endswith("csv") else ELEMENTS}))
    ran = watch("add", "saved.zip", "--url", "https://register.example/all.zip")
    assert (ran.code, "nothing on it repeats" in ran.err) == (code, code == 1)


def test_what_a_source_gives_counts_before_http_and_http_before_the_default(configure: Callable[..., Path]) -> None:
    options = 'kind = "json"\nurl = "https://register.example/"\nitems = "@"\nkey = "id"\n'
    configure(
        f"[http]\nmax_pages = 3\nmax_bytes = 1000\nheaders = {{ X-A = '1', X-B = '1' }}\n"
        f"[sources.own]\n{options}max_bytes = 2000\nheaders = {{ x-a = '2' }}\n[sources.plain]\n{options}"
    )
    own, plain = load().sources["own"], load().sources["plain"]
    assert [largest_page(own), most_pages(own), deadline(own)] == [2000, 3, timedelta(seconds=30)]
    assert [largest_page(plain), most_pages(plain)] == [1000, 3]
    assert dict(own.headers) == {"X-B": "1", "x-a": "2"}
    assert dict(plain.headers) == {"X-A": "1", "X-B": "1"}


def test_where_http_gives_nothing_more_a_source_stays_the_same_object() -> None:
    http = HttpOptions(timeout=timedelta(seconds=5))
    filled = HttpOptions().under(http)
    assert filled.timeout == timedelta(seconds=5)
    assert filled.under(http) is filled


def test_no_page_may_be_larger_than_ten_gigabytes(configure: Callable[..., Path]) -> None:
    configure("[http]\nmax_bytes = 10_000_000_000\n")
    assert largest_page(load().http) == 10_000_000_000
    configure("[http]\nmax_bytes = 10_000_000_001\n")
    with pytest.raises(ConfigError, match=r"http\.max_bytes: .*10000000000"):
        load()
