import json, pytest
from tests.sources.test_kinds_flows import *


def show(name, said):
    print(
        ">>",
        name,
        "|",
        said["status"],
        said.get("reason"),
        said["entries"],
        [(c["change"], c["title"]) for c in said["changes"]],
        "|",
        said.get("message"),
        file=open("/tmp/s36.out", "a"),
    )


def rowsn(a, b):
    return [{"field_1_i": n, "field_2_s": f"N{n}"} for n in range(a, b)]


def test_minjust(site, once, capsys):
    src = f'kind = "minjust_registry"\nurl = "{site.url("/values")}"'
    many = rowsn(0, 520)

    def ans(size):
        return lambda asked: {
            **({"size": size} if size is not None else {}),
            "values": many[json.loads(asked.body)["offset"] :][:500],
        }

    site.page("/values", ans(520))
    show("base", once(src))
    site.page("/values", ans(None))
    show("size missing", once(src))
    print("   part:", part(capsys), file=open("/tmp/s36.out", "a"))
    site.page("/values", ans("abc"))
    show("size abc", once(src))
    site.page("/values", {"size": 2, "values": ["x", "y"]})
    show("rows texts", once(src))
    site.page("/values", {"size": 2, "values": [{"id": 1}]})
    show("no columns", once(src))
    site.page(
        "/values", {"size": 2, "values": [{"field_1_i": None, "field_2_s": "Иванов", "field_11_s": "112-233-445 95"}]}
    )
    show("key null", once(src))
    site.page("/values", "no", status=401)
    show("401", once(src))
    site.page("/values", "no", status=429, headers={"Retry-After": "60"})
    show("429", once(src))
    site.redirect("/values", "/captcha")
    site.page("/captcha", "<html><title>Проверка</title>Введите цифры с картинки</html>")
    show("captcha", once(src))


def test_egrul(site, once):
    Egrul(site, lambda *a: rows("A1"))
    show("base", once(egrul(site)))
    for bad in (
        {"rows": ["x"]},
        {"rows": [{"n": "A"}]},
        {"rows": None},
        [],
        {"rows": [{"o": "1001", "n": "A1", "tot": -1}]},
        {"rows": [{"o": "1001", "n": "A1", "tot": "99999999999999999999"}]},
    ):
        Egrul(site, lambda *a: bad)
        show(str(bad)[:50], once(egrul(site)))
    site.page("/", "no", status=429)
    show("429", once(egrul(site)))


def test_pravo(site, once):
    src = f'kind = "pravo"\nurl = "{site.url("/api")}"'

    def act(n, **m):
        return {
            "eoNumber": n,
            "complexName": "Указ",
            "publishDateShort": "2026-01-17T00:00:00",
            "number": "1",
            "name": "N",
            "documentDate": "2026-01-16",
            "pagesCount": 1,
            **m,
        }

    site.page("/api", {"items": [act("0001202601170001"), act("7700202601170001")]})
    show("base", once(src))
    print(site.requests[-1].query)
    site.page("/api", {"items": [act("0001202601170001"), act(None)]})
    show("null number", once(src))
    site.page("/api", {"items": [act("7700202601170001")]})
    show("regions only", once(src))
    site.page("/api", {"items": [{"id": "x"}]})
    show("no members", once(src))
    site.page("/api", {"error": "x"})
    show("error", once(src))
    site.page("/api", {"items": [act("0001202601170001", publishDateShort="2026-01-17T00:00:00Z")]})
    show("dated Z", once(src))


def test_app(site, once):
    src = f'kind = "app_store"\napp = 1\nurl = "{site.url("/lookup")}"'
    site.page("/lookup", {"results": [{"wrapperType": "software", "trackId": 1, "trackName": "A"}]})
    show("base", once(src))
    for bad in (
        {"results": [{"trackName": "B"}]},
        {"results": [{"wrapperType": "track", "trackId": 1, "trackName": "Song"}]},
        {"results": ["x"]},
        {"results": {}},
        {"results": [{"trackId": 1}]},
        {"errorMessage": "x"},
    ):
        site.page("/lookup", bad)
        show(str(bad), once(src))


def test_gleif(site, once, capsys):
    LEI = "00000000000000INVE01"

    def rec(l):
        return {
            "id": l,
            "attributes": {
                "lei": l,
                "entity": {"legalName": {"name": "Invented"}},
                "registration": {"status": "ISSUED"},
            },
        }

    src = f'kind = "gleif"\nsearch = "Invented"\nurl = "{site.url("/lei")}"\n'
    other = site.url("/lei?page=2", host="localhost")
    site.page(
        "/lei",
        {
            "data": [rec(LEI)],
            "links": {"next": other},
            "meta": {"pagination": {"currentPage": 1, "perPage": 1, "total": 2, "lastPage": 2}},
        },
    )
    show("base", once(src))
    print("   part:", part(capsys), file=open("/tmp/s36.out", "a"))
    cli.main(["status"])
    print(capsys.readouterr().out, file=open("/tmp/s36.out", "a"))
    cli.main(["try", "it"])
    print(capsys.readouterr(), file=open("/tmp/s36.out", "a"))
    site.page(
        "/lei",
        {
            "data": [rec(LEI)],
            "links": {"next": site.url("/lei")},
            "meta": {"pagination": {"currentPage": 1, "perPage": 1, "total": 2, "lastPage": 2}},
        },
    )
    show("next is itself", once(src))
    print("   part:", part(capsys), file=open("/tmp/s36.out", "a"))
    site.page("/lei", {"data": "x"})
    show("text", once(src))
    site.page("/lei", {"errors": [{"status": "404"}]})
    show("errors", once(src))


def test_feed(site, once):
    src = f'kind = "feed"\nurl = "{site.url("/rss")}"\n'

    def feed(*items):
        return (
            '<rss version="2.0"><channel><title>t</title>'
            + "".join(
                f"<item><guid>{g}</guid><title>{t}</title><description>d {t}</description></item>" for g, t in items
            )
            + "</channel></rss>"
        )

    site.page("/rss", feed(("1", "A"), ("1", "B")), type="application/rss+xml")
    show("base", once(src))
    site.page("/rss", feed(("1", "B"), ("1", "A")), type="application/rss+xml")
    show("reordered", once(src))
    site.page("/rss", feed(("2", "C"), ("1", "B"), ("1", "A")), type="application/rss+xml")
    show("third", once(src))
    site.page("/rss", feed(("2", "C"), ("1", "B"), ("1", "A2")), type="application/rss+xml")
    show("edited", once(src))
    site.page("/rss", feed(("2", "C"), ("1", "B")), type="application/rss+xml")
    show("one gone", once(src))
    site.page("/rss", feed(("2", "C"), ("1", "B"), ("1", "A2"), ("1", "Z")), type="application/rss+xml")
    show("came", once(src))


def test_duma(site, once, capsys):
    src = f'kind = "duma_bills"\ntoken = "abcdefghi1"\napp_token = "abcdefghi2"\nurl = "{site.url("/api/abcdefghi1/search.json?app_token=abcdefghi2")}"'

    def law(n):
        return {
            "number": n,
            "name": f"L{n}",
            "url": "http://a.example/1",
            "lastEvent": {"date": "2026-01-01", "stage": {"name": "s"}, "phase": {"name": "p"}},
        }

    p = "/api/abcdefghi1/search.json"

    def answer(x):
        site.page(p, x)
        site.page(p + "?app_token=abcdefghi2", x)

    answer({"count": 1, "laws": [law("7902-3")]})
    show("base", once(src))
    for bad in (
        {"error": "wrong token"},
        {"count": 1, "laws": [{"id": 1}]},
        {"laws": {}},
        {"count": 1, "laws": [law("zz")]},
        {"count": 1, "laws": [{**law("7902-3"), "subject": None, "lastEvent": None}]},
        {"count": 1, "laws": [{**law("7902-3"), "subject": {"deputies": None, "departments": [{"name": "x"}]}}]},
    ):
        answer(bad)
        show(str(bad)[:60], once(src))
