"""`watch import` and `watch export`: OPML, lists of addresses and of names; where it is written, and what is said."""

from __future__ import annotations

import io
import json
import tomllib
import zipfile
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.configurations import LOOPBACK
from tests.growth import growth
from watcher.config.load import load

Watch = Callable[..., Any]
OPML = """<?xml version="1.0" encoding="UTF-8"?><opml version="1.0"><head><title>Mine</title></head><body>
<outline text="Press"><outline text="A &amp; B" type="rss" xmlUrl="https://news.example/rss" htmlUrl="https://news.example/"/>
<outline title="Page" text="Page" type="link" url="https://page.example/"/></outline>
<outline text="Nowhere" xmlUrl="gopher://old.example/"/></body></opml>"""


@pytest.fixture
def imported(configure: Callable[..., Path], watch: Watch, folder: Path) -> Callable[..., dict[str, Any]]:
    """Imports a file into an empty configuration, and returns the configuration as it was written."""

    def run(name: str, content: str | bytes, *options: str, before: str = "") -> dict[str, Any]:
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        file = configure(before)
        ran = watch("import", name, "--yes", *options)
        assert ran.code == 0, ran
        return {"out": ran.out, **tomllib.loads(file.read_text("utf-8"))}

    return run


Imported = Callable[..., dict[str, Any]]


def test_a_feed_reader_s_list_becomes_feeds_and_pages(imported: Imported) -> None:
    done = imported("feeds.opml", OPML)
    kinds = {name: (source["kind"], source.get("label")) for name, source in done["sources"].items()}
    assert kinds == {"news-rss": ("feed", "A & B"), "source": ("text", "Page")}
    assert "OPML: 2 of 3 jobs can be imported" in done["out"]
    assert "outline 3: Nowhere: its address begins with gopher" in done["out"]


def test_what_is_exported_can_be_imported(watch: Watch, configure: Callable[..., Path], folder: Path) -> None:
    configure(
        '[sources.a]\nkind = "feed"\nlabel = "A <&> \\"B\\""\nurl = "https://a.example/?x=1&y=2"\n[sources.tass]\nkind = "tass"\n'
    )
    assert watch("export", "--opml", "--out", "mine.opml").code == 0
    configure("", "other.toml")
    assert watch("--config", "other.toml", "import", "mine.opml", "--yes").code == 0
    sources = load(folder / "other.toml").sources
    assert [(source.kind, source.label, source.url) for source in sources.values()] == [
        ("feed", 'A <&> "B"', "https://a.example/?x=1&y=2"),
        ("feed", "TASS", "https://tass.ru/rss/v2.xml"),
    ]


def test_an_address_with_a_secret_is_not_exported(
    watch: Watch, configure: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEED_KEY", "k-1234567890")
    configure('[sources.mine]\nkind = "feed"\nurl = "https://a.example/rss?key=${FEED_KEY}"\n')
    ran = watch("export", "--opml")
    assert ("k-1234567890" in ran.out, "<outline" in ran.out) == (False, False)
    assert "sources.mine: its address has a secret in it" in ran.err


def test_a_backup_is_read_from_its_archive_in_both_forms(imported: Imported) -> None:
    watched = {"url": "https://a.example/page", "title": "One"}
    old, new = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(old, "w") as archive:
        archive.writestr("url-watches.json", json.dumps({"watching": {"u": watched}}))
    with zipfile.ZipFile(new, "w") as archive:
        archive.writestr(
            "changedetection.json", json.dumps({"settings": {"requests": {"time_between_check": {"hours": 2}}}})
        )
        archive.writestr("u/watch.json", json.dumps(watched))
    assert next(iter(imported("old.zip", old.getvalue())["sources"].values()))["label"] == "One"
    assert next(iter(imported("new.zip", new.getvalue())["sources"].values()))["every"] == "2h"


def test_a_list_of_addresses_with_columns(imported: Imported) -> None:
    done = imported(
        "list.csv", "Name;URL;Every\nOne;https://a.example/one;2h\nTwo;https://u:p@b.example/feed.xml;\n;x;\n"
    )
    one, two = done["sources"].values()
    assert (one["kind"], one["label"], one["every"]) == ("text", "One", "2h")
    assert (two["kind"], two["url"], two["auth"]) == ("feed", "https://b.example/feed.xml", "u:p")


def test_a_plain_list_keeps_commas_and_takes_the_time_for_all(imported: Imported) -> None:
    done = imported("list.txt", "https://a.example/one?a=1,2\nhttps://b.example/two tag\n", "--every", "6h")
    assert [(source["url"], source["every"]) for source in done["sources"].values()] == [
        ("https://a.example/one?a=1,2", "6h"),
        ("https://b.example/two", "6h"),
    ]


def test_a_password_in_an_address_stands_nowhere_but_in_its_option(imported: Imported, folder: Path) -> None:
    done = imported("urls.yaml", "url: https://u:s3cret-word@a.example/one\n---\nurl: ftp://u:s3cret-word@a.example/\n")
    assert "s3cret-word" not in done["out"]
    assert (folder / "watch.toml").read_text("utf-8").count("s3cret-word") == 1
    assert next(iter(done["sources"].values()))["auth"] == "u:s3cret-word"


def test_thousands_of_addresses_with_one_name_are_told_apart_and_cost_no_more_than_their_number(
    imported: Imported,
) -> None:
    def read(count: int) -> None:
        done = imported("list.txt", "".join(f"https://a.example/item?id={n}\n" for n in range(count)))
        names = list(done["sources"])
        assert (len(names), names[0], names[-1]) == (count, "a-item", f"a-item-{count}")

    assert growth(read, 300, 2_400, runs=2) < 4


def test_with_look_a_table_is_read_entry_by_entry(site: Any, imported: Imported, watch: Watch) -> None:
    rows = "".join(f"<tr><td>LIC-{n}<td>Company {n} Ltd<td>{n:02}.03.2025" for n in range(1, 9))
    site.page("/list", f"<h1>Licences</h1><table><tr><th>Number<th>Holder<th>Issued{rows}</table>")
    site.page("/notice", "<h1>Notice</h1><p>The register is closed.</p>")
    addresses = f"{site.url('/list')}\n{site.url('/notice')}\n{site.url('/gone')}\n"
    done = imported("list.txt", addresses, "--look", before=LOOPBACK)
    assert [source["kind"] for source in done["sources"].values()] == ["table", "text", "text"]
    assert "it could not be looked at (http_404" in done["out"]
    name = next(iter(done["sources"]))
    assert json.loads(watch("try", name, "--json").out)["entries"][0]["key"] == "LIC-1"


def test_with_look_what_moves_in_a_text_is_left_out(site: Any, imported: Imported) -> None:
    hours, text = count(), "<p>The register is closed for the day. The office answers by letter alone.</p>" * 9
    site.page("/notice", lambda _: f"<main><h1>Notice</h1>{text}</main><footer>It is {next(hours)} o'clock</footer>")
    done = imported("list.txt", site.url("/notice"), "--look", before=LOOPBACK)
    (source,) = done["sources"].values()
    assert (source["kind"], source["select"]) == ("text", "main")
    assert "the text changed at a second look: “It is 0 o'clock” → “It is 1 o'clock”" in " ".join(done["out"].split())


def test_names_become_entities_with_what_identifies_them(imported: Imported, watch: Watch) -> None:
    rows = "Name;Aliases;INN;Domain;Context\nTelegram;Телеграм;7707083893;https://www.telegram.org/x;мессенджер\n"
    done = imported(
        "names.csv", f"{rows}Bad;;7707083894;;\nТелеграм;telegram;;;\n;;;;x\nMAX;Max;;;messenger;\n", "--entities"
    )
    entity = done["entities"]["telegram"]
    assert (entity["names"], entity["context"]) == (["Telegram", "Телеграм"], ["мессенджер"])
    assert entity["identifiers"] == ["INN 7707083893", "domain telegram.org"]
    assert "row 3: Bad: identifier" in done["out"]
    assert "row 4: Телеграм: it has the names of row 2: Telegram" in done["out"]
    assert "row 5: (no name): it has no name" in done["out"]
    assert "telegram" in watch("match", "Telegram").out


def test_a_list_of_customers_keeps_their_facts_and_says_what_it_does_not_keep(imported: Imported, folder: Path) -> None:
    rows = [
        "Name;Date of birth;Country;Branch",
        "Anna Kern;1957-03-12;DE;Ulm",
        ";;;",
        "Anna Kern;1980;;",
        "Bo Li;soon;x;",
    ]
    done = imported("names.csv", "\n".join(rows), "--entities")
    kept = [(each["names"], each.get("birth_date"), each.get("country")) for each in done["entities"].values()]
    assert kept == [(["Anna Kern"], "1957-03-12", "DE"), (["Anna Kern"], "1980", None), (["Bo Li"], None, None)]
    assert len(load(folder / "watch.toml").entities) == 3
    said = " ".join(done["out"].split())
    assert "3 of 3 rows can be imported" in said
    assert "row 2: Anna Kern: column “Branch”, which is not read" in said
    assert "row 5: Bo Li: birth_date “soon”, which is not understood row 5: Bo Li: country “x”" in said


def test_addresses_with_further_columns_say_so(imported: Imported) -> None:
    done = imported("list.csv", "URL,Owner\nhttps://a.example/one,Kim\n\nhttps://b.example/two,\n")
    assert "row 2: https://a.example/one: column “Owner”, which is not read" in done["out"]
    assert len(done["sources"]) == 2


def test_a_compliance_list_of_ten_thousand_names(imported: Imported, folder: Path) -> None:
    rows = "".join(f"Company {n} Limited,C{n} Ltd;Компания {n},list-{n % 7}\n" for n in range(10_000))
    done = imported("names.csv", f"name,aliases,group\n{rows}", "--entities")
    assert "10 000 of 10 000 rows" in done["out"] or "10000 of 10 000 rows" in done["out"]
    assert len(load(folder / "watch.toml").entities) == 10_000


def test_a_file_of_its_own_has_to_be_included(watch: Watch, configure: Callable[..., Path], folder: Path) -> None:
    (folder / "list.txt").write_text("https://a.example/one\n")
    configure("")
    ran = watch("import", "list.txt", "--yes", "--into", "sources.d/list.toml")
    assert (ran.code, (folder / "sources.d").exists()) == (2, False)
    assert "include = ['sources.d/list.toml']" in ran.err
    main = configure('include = ["sources.d/*.toml"]\n')
    assert watch("import", "list.txt", "--yes", "--into", "sources.d/list.toml").code == 0
    assert (main.read_text(), list(load(main).sources)) == ('include = ["sources.d/*.toml"]\n', ["a-one"])
    (folder / "list.txt").write_text("https://a.example/one\nhttps://a.example/two\n")
    assert watch("import", "list.txt", "--yes", "--into", "sources.d/list.toml").code == 0
    assert list(load(main).sources) == ["a-one", "a-two"]


def test_without_a_terminal_and_a_yes_nothing_is_written(
    watch: Watch, configure: Callable[..., Path], folder: Path
) -> None:
    (folder / "list.txt").write_text("https://a.example/one\n")
    file = configure("")
    ran = watch("import", "list.txt")
    assert (ran.code, file.read_text()) == (0, "")
    assert "nothing was written; --yes writes 1 table at the end of watch.toml" in ran.out


def test_without_a_configuration_it_says_how_to_begin(watch: Watch, folder: Path) -> None:
    (folder / "list.txt").write_text("https://a.example/one\n")
    ran = watch("import", "list.txt", "--yes")
    assert ran.code == 2
    assert "`watch init` writes a first one here" in " ".join(ran.out.split())


def test_a_configuration_with_a_mistake_stays_as_it_is(
    watch: Watch, configure: Callable[..., Path], folder: Path
) -> None:
    (folder / "list.txt").write_text("https://a.example/one\n")
    file = configure('[sources.x]\nkind = "nothing"\n')
    assert (watch("import", "list.txt", "--yes").code, file.read_text()) == (2, '[sources.x]\nkind = "nothing"\n')
