"""`watch add` reports what it cannot know: the authority of a page, volatile fields, pages without content."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from watcher.config.load import load

Watch = Callable[..., Any]
Configure = Callable[..., Path]
Added = Callable[..., dict[str, Any]]

LOOPBACK = '[http]\nprivate_addresses = "allow"\nspacing = "0s"\n[browser]\ncommand = "there-is-none"\n'
ROWS = "".join(f"<tr><td>LIC-{n}<td>Company {n} Ltd<td>{n:02}.03.2025" for n in range(1, 9))
TABLE = f"<h1>Licences</h1><table><tr><th>Number<th>Holder<th>Issued{ROWS}</table>"
FEED = "<rss version='2.0'><channel>{}</channel></rss>".format(
    "".join(f"<item><guid>{n}</guid><title>News {n}</title></item>" for n in range(4))
)
POSTS = "".join(
    f'<div class="tgme_widget_message" data-post="example/{n}"><a href="/example/{n}">Post {n}</a>'
    f'<div class="tgme_widget_message_text">Text of post number {n}</div></div>'
    for n in range(1, 6)
)
OUTLET = '{"@context": "https://schema.org", "@type": "NewsMediaOrganization"}'


def articles(tag: str) -> str:
    return "<main>{}</main>".format(
        "".join(
            f'<{tag} class="item"><h3><a href="/news/{n}">The authority has decided case {n} at last</a></h3>'
            f'<time datetime="2025-03-{n:02}">{n} March</time><p>Reason {n}.</p></{tag}>'
            for n in range(1, 8)
        )
    )


@pytest.fixture
def added(site: Any, configure: Configure, watch: Watch, post_office: Any) -> Added:
    """Serves a page, adds it without asking, and returns the source as it was written, and what was said."""

    def add(page: Any, *options: str, type: str | None = None) -> dict[str, Any]:  # noqa: A002 - as the site says it
        site.page("/list", page, type=type)
        channel = f'[channels.desk]\nurl = "{post_office.url("desk@example.org")}"\n[[alerts]]\nto = ["desk"]\n'
        file = configure(f"{LOOPBACK}{channel}")
        ran = watch("add", site.url("/list"), "--yes", "--name", "it", *options)
        assert ran.code == 0, ran.err
        source: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))["sources"]["it"]
        return source | {"said": " ".join(ran.out.split()), "written": file.read_text("utf-8")}

    return add


@pytest.mark.parametrize(
    ("page", "authority"),
    [
        (TABLE, "record"),
        (FEED, "report"),
        (POSTS, "statement"),
        (articles("div"), "record"),
        (articles("article"), "report"),
        ("<head><meta property='og:type' content='article'></head><h1>Title</h1><p>Once there was.</p>", "statement"),
        (f"<head><meta property='og:type' content='article'></head>{articles('div')}", "record"),
        (f"<head><meta name='article:published_time' content='2025'></head>{articles('div')}", "report"),
        (f"<head><meta property='og:site_name' content='The Daily Ledger'></head>{articles('div')}", "report"),
        (f"<head><meta property='og:site_name' content='The Daily Ledger'></head>{TABLE}", "record"),
        (f"<body>{articles('div')}<script type='application/ld+json'>{OUTLET}</script>", "report"),
        (f"<head><meta property='og:site_name' content='Mastodon'></head>{articles('div')}", "statement"),
    ],
    ids=[
        "a table", "a feed", "a channel's posts", "a list", "a list of articles", "a text of any system",
        "a list of any system", "an outlet's list", "an outlet by its name",
        "a register beside a name",
        "an outlet by its own word", "a channel by its own word",
    ],
)  # fmt: skip
def test_whose_word_a_page_is(page: str, authority: str, added: Added) -> None:
    source = added(page, type="application/rss+xml" if page is FEED else None)
    usual = "report" if page is FEED else "record"
    assert source.get("authority", usual) == authority
    assert f"authority: {authority}" in source["said"]


@pytest.mark.parametrize("page", [FEED, articles("article")], ids=["a feed", "a list of articles"])
def test_what_a_regulator_publishes_itself_is_no_press_report(
    page: str, site: Any, configure: Configure, watch: Watch
) -> None:
    kind = "application/rss+xml" if page is FEED else None
    site.page("/register", TABLE)
    site.page("/news", page, type=kind)
    file = configure(LOOPBACK)
    alone = " ".join(watch("add", site.url("/news")).out.split())
    assert "authority: report, but not clear (" in alone
    assert 'if it is the authority\'s own, that is authority = "record"' in alone
    assert watch("add", site.url("/register"), "--yes", "--name", "register").code == 0
    beside = " ".join(watch("add", site.url("/news"), "--yes", "--name", "news").out.split())
    assert "authority: record (on the site of the source register, which is a record)" in beside
    assert load(file).sources["news"].authority == "record"


def test_a_text_of_which_nobody_knows_whose_word_it_is_is_no_record(
    added: Added, site: Any, watch: Watch, post_office: Any
) -> None:
    text = "<h1>Statement</h1><p>The authority supervises {} firms.</p>"
    source = added(text.format("two"))
    said = "authority: statement, but not clear (a text, and nothing on it says whose word it is)"
    assert said in source["said"]
    assert said in source["written"]
    assert watch("--once").code == 0
    site.page("/list", text.format("three"))
    assert watch("--once").code == 0
    body = post_office.mails[-1].get_body(("plain",)).get_content()
    assert "STATEMENT: a party speaking" in body
    assert "Open the statement: " in body


@pytest.mark.parametrize(
    ("head", "label"),
    [
        ("<title>Licences | Payments Authority</title><h1>Licences</h1>", "Payments Authority: Licences"),
        ("<title>Payments Authority – Licences</title><h1>Licences</h1>", "Payments Authority: Licences"),
        ("<title>Licences</title><h1>All licences</h1>", "Licences"),
        ("<title> Register \n of  licences </title>", "Register of licences"),
        (f"<title>{'Long ' * 40}</title>", f"{'Long ' * 15}Long…"),
        ("<h1>Licences</h1>", "Licences"),
        ("<meta property=og:site_name content='Payments Authority'><h1>Licences</h1>", "Payments Authority: Licences"),
        ("<meta name=application-name content=Authority><title>Licences - Page 1</title>", "Authority: Licences"),
        ("<h1> </h1>", None),
    ],
)
def test_a_source_is_called_as_its_page_and_site_are(head: str, label: str | None, added: Added) -> None:
    assert added(head + TABLE.partition("</h1>")[2]).get("label") == label


def test_a_feed_is_called_as_its_channel(added: Added) -> None:
    page = FEED.replace("<channel>", "<channel><title>News of the authority</title>")
    assert added(page, type="application/rss+xml")["label"] == "News of the authority"


def test_two_equal_rows_are_not_said_to_have_keys_of_their_own(added: Added) -> None:
    said = added(TABLE.replace("</table>", "<tr><td>LIC-8<td>Company 8 Ltd<td>08.03.2025</table>"))["said"]
    assert 'key: "Number": unique, but for 1 equal to another in everything, filled in every entry' in said


def test_the_authority_that_is_asked_for(added: Added) -> None:
    assert added(TABLE, "--authority", "statement")["authority"] == "statement"


@pytest.mark.parametrize(
    ("page", "answer", "authority", "asked"),
    [
        (TABLE, "statement", None, False),
        (articles("article"), "", "report", True),
        (articles("article"), "record", None, True),
        (articles("div"), "s", "statement", True),
        (articles("div"), "r", None, True),
        ("<h1>Statement</h1><p>The authority supervises firms.</p>", "record", None, True),
    ],
)
def test_on_a_terminal_the_authority_is_asked_only_where_it_is_not_clear(
    page: str, answer: str, authority: str | None, asked: bool, site: Any, configure: Any, watch: Any, monkeypatch: Any
) -> None:
    site.page("/list", page)
    file, questions = configure(LOOPBACK), list[str]()
    monkeypatch.setattr("watcher.propose.offer.can_answer", lambda: True)
    monkeypatch.setattr(
        "builtins.input", lambda asked: questions.append(asked) or (answer if asked.startswith("authority") else "y")
    )
    ran = watch("add", site.url("/list"), "--name", "it")
    assert ran.code == 0
    assert tomllib.loads(file.read_text("utf-8"))["sources"]["it"].get("authority") == authority
    assert any(each.startswith("authority: record, statement, report?") for each in questions) is asked
    assert ("but not clear (" in " ".join(ran.out.split())) is asked


def test_fields_that_change_at_each_look_are_ignored(added: Added, watch: Watch) -> None:
    looks = count()

    def serve(asked: Any) -> Any:
        now = next(looks)
        items = [{"id": f"n-{n}", "name": f"Firm {n}", "updated_at": f"2025-01-01T00:00:{now:02}Z"} for n in range(5)]
        return [item | {"views": n * 10 + now * (n == 3), "state": "active"} for n, item in enumerate(items)]

    source = added(serve)
    assert sorted(source["ignore"]) == ["updated_at", "views"]
    assert "changed at a second look, so proposed under ignore" in source["said"]
    for status in ("baseline", "unchanged"):
        (result,) = json.loads(watch("--once", "--json").out)["sources"]
        assert result["status"] == status


def test_links_of_rows_that_change_at_each_look_make_no_change_anyway(added: Added) -> None:
    looks = count()
    row = '<tr><td>n-{0}<td><a href="/firm?id={0}&amp;visit={1}">Firm {0} Ltd</a><td>active'

    def serve(asked: Any) -> str:
        now = next(looks)
        return f"<table><tr><th>Number<th>Name<th>State{''.join(row.format(n, now) for n in range(6))}</table>"

    assert "ignore" not in added(serve)


def test_entries_that_share_a_key_are_not_taken_for_one_that_moves(added: Added) -> None:
    rows = "".join(f"<tr><td>Firm {n} Ltd<td>{country}" for n in range(6) for country in ("Peru", "Chile"))
    assert "ignore" not in added(f"<table><tr><th>Name<th>Country{rows}</table>", "--key", "Name")


def test_rows_with_a_note_below_them_are_rows_all_the_same(added: Added) -> None:
    rows = "".join(f"{n};Firm {n};active\n" for n in range(1, 8))
    source = added(f"id;name;status\n{rows}Source: the ministry, 2025\n", type="text/csv")
    assert (source["kind"], source["key"], source["ragged"]) == ("csv", "id", True)
    assert "some rows have more or fewer values than there are columns" in source["said"]


def test_a_source_is_called_as_its_feed_is_and_never_as_an_element_within(added: Added) -> None:
    assert added(FEED.replace("<item>", "<title><![CDATA[News & more]]></title><item>", 1))["label"] == "News & more"
    people = "".join(f"<p><id>{n}</id><name>Firm {n}</name><TITLE><V>Mr</V></TITLE></p>" for n in range(9))
    assert "label" not in added(f"<list>{people}</list>", type="application/xml")


def test_a_text_is_never_ignored(added: Added) -> None:
    looks = count()
    source = added(lambda asked: f"<h1>Notice</h1><p>Served as number {next(looks)}.</p>")
    assert (source["kind"], source.get("ignore")) == ("text", None)
    assert "the text changed at a second look" in source["said"]


STATEMENT = f"<h1>Statement</h1><p>{'The firm may sell what it sold before. ' * 9}</p>"


AROUND = "<div class=c-banner>We use cookies{0}.</div>{1}<div class=bottom>Page {0} of today</div>"


@pytest.mark.parametrize(
    ("body", "css"),
    [
        (f"<main>{STATEMENT}</main>", "main"),
        (f"<div role=main>{STATEMENT}</div>", '[role="main"]'),
        (f"<article>{STATEMENT}</article>", "article"),
        (f"<main><article>{STATEMENT}</article><p>It was withdrawn.</p></main>", "main"),
    ],
)
def test_of_a_text_the_main_part_alone_is_proposed(body: str, css: str, added: Added) -> None:
    looks = count()
    source = added(lambda _: AROUND.format(next(looks), body))
    assert (source["kind"], source["select"]) == ("text", css)
    assert f"only its main part counts ({css}), not the menus, banners and footers around it" in source["said"]
    assert "second look" not in source["said"]


@pytest.mark.parametrize(
    "body",
    [
        f"<main><p>Loaded.</p></main>{STATEMENT}",
        f"<article>{STATEMENT}</article><article><h1>Another</h1>{STATEMENT}</article>",
        STATEMENT,
    ],
)
def test_a_page_without_one_element_of_most_of_its_text_is_watched_as_a_whole(body: str, added: Added) -> None:
    source = added(f"<div class=c-banner>We use cookies.</div>{body}")
    assert (source["kind"], source.get("select")) == ("text", None)


MOVING: dict[str, tuple[Callable[[int], Any], str]] = {
    "a text that moves in its midst": (
        lambda look: f"<p>Served {'x' * look} and {'of ' * look} it</p>",
        "the text changed at a second look: “Served and it” → “Served x and of it”",
    ),
    "a page whose one sentence goes back and forth": (
        lambda look: f"<main>{STATEMENT}<p>It holds {('a', 'no')[look % 2]} licence.</p></main>",
        "the text changed at a second look: “It holds a licence.” → “It holds no licence.”",
    ),
    "a page that is another one in nine lines of ten": (
        lambda look: "".join(f"<p>{n} of {look if n % 10 else 'all'} says the firm</p>" for n in range(60)),
        "at a second look, most entries had other keys",
    ),
    "a list with other keys": (
        lambda look: [{"id": f"x{look}-{n}", "name": f"Firm {n}"} for n in range(5)],
        "at a second look, most entries had other keys",
    ),
}


@pytest.mark.parametrize("name", MOVING)
def test_what_is_another_one_at_each_look_is_not_written_but_anyway(
    name: str, site: Any, configure: Any, watch: Any
) -> None:
    serve, said = MOVING[name]
    looks = count()
    site.page("/list", lambda _: serve(next(looks)))
    file = configure(LOOPBACK)
    ran = watch("add", site.url("/list"), "--yes", "--name", "it")
    assert (ran.code, "[sources.it]" in file.read_text("utf-8")) == (1, False)
    assert "--anyway writes it all the same" in " ".join(ran.out.split())
    assert said in " ".join(ran.out.split())
    assert watch("add", site.url("/list"), "--yes", "--name", "it", "--anyway").code == 0
    assert "[sources.it]" in file.read_text("utf-8")


def test_a_page_that_stays_ignores_nothing(added: Added) -> None:
    assert "ignore" not in added(TABLE)


@pytest.mark.parametrize(
    ("columns", "ignored"),
    [
        ({"status": "active", "updated_at": "2025-03-0{}T10:00:00Z"}, ["updated_at"]),
        ({"status": "active", "lastModified": "2025-03-0{}"}, ["lastModified"]),
        ({"status": "active", "updated_at": "by hand"}, []),
        ({"updated_at": "2025-03-0{}"}, []),
        ({"status": "active", "issued": "2025-03-0{}"}, []),
    ],
)
def test_a_time_of_the_last_edit_that_comes_along_with_each_change_is_proposed_under_ignore(
    columns: dict[str, Any], ignored: list[str], added: Added
) -> None:
    rows = [{"id": f"n-{n}", **{name: value.format(n) for name, value in columns.items()}} for n in range(1, 8)]
    assert added(rows).get("ignore", []) == ignored


SHELL = "<html><head><title>App</title></head><body><div id='root'></div><script src='/app.js'></script></body></html>"
DATA = '<div id="root"></div><script>window.x = [{}]</script>'.format('{"a": "Zoom"},' * 400)
LOGIN = "<title>Log in</title><h1>Log in</h1><form><input name=u><input type=password name=p></form>"
CHALLENGE = (
    "<title>Just a moment...</title><h1>Checking your browser</h1><form><input type=hidden name=jschl_vc></form>"
)


@pytest.mark.parametrize(
    ("page", "code"),
    [(SHELL, "needs_javascript"), (DATA, "needs_javascript"), (LOGIN, "login_page"), (CHALLENGE, "challenge_page")],
    ids=["a shell", "a shell with data in a script", "a login", "a challenge"],
)
def test_what_is_no_content_gets_the_words_that_try_has(
    page: str, code: str, site: Any, configure: Configure, watch: Watch
) -> None:
    site.page("/list", page)
    source = f'{LOOPBACK}[sources.it]\nkind = "table"\nkey = "x"\nurl = "{site.url("/list")}"\n'
    configure(source)
    tried, added = watch("try", "it"), watch("add", site.url("/list"), "--yes", "--name", "other")
    assert (tried.code, added.code) == (1, 1)
    assert code in added.err
    words = " ".join(tried.err.split()).removeprefix("it: ")
    assert words in " ".join(added.err.split())


def test_an_address_that_a_source_has_is_not_added_twice(site: Any, configure: Configure, watch: Watch) -> None:
    site.page("/list", TABLE)
    url = site.url("/list")
    file = configure(f'{LOOPBACK}[sources.licences]\nkind = "table"\nkey = "Number"\nurl = "{url}"\n')
    before = file.read_bytes()
    again = watch("add", url, "--yes")
    assert (again.code, file.read_bytes()) == (2, before)
    assert 'the source "licences" has this address already' in " ".join(again.err.split())
    assert 'the source "licences" has this address already' in " ".join(watch("add", url).out.split())
    assert watch("add", url, "--yes", "--name", "second").code == 0


@pytest.mark.parametrize(
    ("page", "published"),
    [
        (articles("div"), "time[datetime]@datetime"),
        (articles("div").replace("datetime=", "title=").replace("time", "span class=date"), None),
        (articles("div").replace("2025-03", f"{datetime.now(UTC).year + 1}-03"), None),
    ],
    ids=["the datetime of an item", "days without a year", "days to come"],
)
def test_a_date_of_a_list_has_a_reason(page: str, published: str | None, added: Added) -> None:
    assert added(page).get("published") == published


def dated(name: str, days: int) -> list[dict[str, Any]]:
    start = datetime.now(UTC) + timedelta(days=days)
    return [{"id": f"n-{n}", "name": f"Firm {n}", name: f"{start - timedelta(days=n):%Y-%m-%d}"} for n in range(5)]


@pytest.mark.parametrize(
    ("name", "days", "published"),
    [
        ("issued", -9, "issued"),
        ("publication_date", -9, "publication_date"),
        ("issued", 30, None),
        ("valid_until", -9, None),
        ("expiry_date", -9, None),
        ("updated_at", -9, None),
        ("column", -9, None),
    ],
)
def test_a_date_of_a_document_has_a_reason(name: str, days: int, published: str | None, added: Added) -> None:
    assert added(dated(name, days)).get("published") == published


def test_a_policy_whose_paragraphs_begin_in_bold_is_watched_as_a_text(
    site: Any, configure: Configure, watch: Watch
) -> None:
    """Its labels alone would leave the sentences between them unwatched, and call a policy a record."""
    duties = {"Logs": 9, "Billing": 8, "Cookies": 10, "Vendors": 9, "Transfers": 11}
    long = [(name, f"We keep {name} as long as the law asks us. " * times) for name, times in duties.items()]
    uses = ("payments", "for calls, e.g. alerts", "Mail and chat", "statistics (of visits)", "Errors; crashes")
    short = [(f"Firm {chr(65 + at)}", f"{uses[at % 5]} of {'users and ' * (at % 4)}visitors") for at in range(20)]
    told, helpers = ("".join(f"<li><strong>{name}:</strong> {value}" for name, value in some) for some in (long, short))
    page = f"<h1>Privacy policy</h1><p>We sell nothing.</p><ul>{told}</ul><p>Others help:</p><ul>{helpers}</ul>"
    site.page("/privacy", page)
    file = configure(LOOPBACK)
    ran = watch("add", site.url("/privacy"), "--yes", "--name", "it")
    assert ran.code == 0, ran.err
    source = tomllib.loads(file.read_text("utf-8"))["sources"]["it"]
    assert (source["kind"], source["authority"]) == ("text", "statement")


def test_a_page_about_one_may_have_a_long_value(site: Any, configure: Configure, watch: Watch) -> None:
    values = {"Name": "Sable Capital", "Number": "HE 204 118", "Status": "Active", "Seat": "Larnaca, 12 Dock Road"}
    values |= {"Founded": "3 May 2011", "Director": "Ada Lomax", "Objects": "To hold and to manage shares. " * 10}
    rows = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in values.items())
    site.page("/firm", f"<h1>Register of companies</h1><dl>{rows}</dl>")
    file = configure(LOOPBACK)
    ran = watch("add", site.url("/firm"), "--yes", "--name", "it")
    assert ran.code == 0, ran.err
    assert tomllib.loads(file.read_text("utf-8"))["sources"]["it"]["kind"] == "record"
