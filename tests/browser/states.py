"""The states that the desk is looked at with: the demo's story with a register beside it, and one whose every text is hostile.

The program itself makes them, by checks of a site on loopback.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

from tests.browser.serving import checked, toml, watch
from tests.conftest import Site
from watcher.web.signing_in import hash_password

PASSWORD = "correct horse battery staple"
ANSWER = "503 the pager has no signal"

_REGISTER = """
[web]
base_url = "http://127.0.0.1:1"    # for the links in messages

[web.users.ada]
password = "{password}"
role = "editor"

[web.users.vera]
password = "{password}"

[web.users.nura]
password = "{password}"
language = "ar"

[sources.companies]
kind = "json"
url = "{site}/companies"
items = "@"
key = "name"
label = "Register of companies"

[sources.closed]
kind = "json"
url = "{site}/closed"
items = "@"
key = "name"

[entities.zenith]
names = ["Zenith Bank"]

[channels.pager]
url = "{hook}/pager"

[channels.editors]
url = "{hook}/editors"

[channels.public]
url = "{hook}/public"
approve = ["editors"]

[[alerts]]
sources = ["companies"]
to = ["pager"]

[[alerts]]
sources = ["companies"]
changes = ["changed"]
to = ["public"]
"""

KEPT = 'keep = "10000d"'
COMPANIES = [{"name": f"Firm {number}", "licence": f"L-{number}", "status": "active"} for number in range(40)]


def tell(folder: Path, site: Site) -> None:
    """The demo's story; and a register that has changed, and then shrunk, a source that is closed, a pager that is down."""
    ran = watch(folder, "demo", "--keep", ".")
    assert ran.returncode == 0, ran.stderr
    file = folder / "watch.toml"
    hook = site.url("").replace("http", "json")
    more = _REGISTER.format(site=site.url(""), hook=hook, password=hash_password(PASSWORD))
    kept = file.read_text("utf-8").replace("[evidence]", f"{KEPT}\n[evidence]\n{KEPT}")  # what it tells was in 2025
    file.write_text(kept + more, "utf-8")
    pager_is_down(site)
    site.page("/editors")
    changed = [{**firm, "status": "revoked"} if firm["name"] in {"Firm 3", "Firm 7"} else firm for firm in COMPANIES]
    for firms, status in ((COMPANIES, "baseline"), (changed, "ok"), (changed[:5], "suspicious")):
        site.page("/companies", firms)
        found = checked(folder, "companies", "closed")
        assert found == {"companies": status, "closed": "failing"}, found


def pager_is_down(site: Site) -> None:
    site.page("/pager", ANSWER, status=503, type="text/plain")


RUN = "window.ran=1;alert(1)"
NAME = "<b onmouseover=alert(1)>&'/.. 100%#"
ENTITY = f"<img src=x onerror={RUN}>\"'"
LINK = f"javascript:{RUN}//"
HOSTILE = (
    f"</title></textarea></style><script>{RUN}</script><img src=//elsewhere.test/x onerror={RUN}><svg/onload={RUN}>"
    f'<iframe srcdoc="<script>top.ran=1</script>"></iframe><a href={LINK}>"\' autofocus onfocus={RUN} x="{{{{7*7}}}}'
    "\u202e\u200b\u2066"
)
LONG = "x" * 10_000

_HOSTILE = """
state = "sqlite:///state.db"
[evidence]
[http]
private_addresses = "allow"
spacing = "0s"

[sources.{name}]
kind = "json"
label = {hostile}
url = "{site}/odd"
items = "@"
key = "name"
link = "url"

[sources.press]
kind = "feed"
label = {hostile}
url = "{site}/press"

[sources.broken]
kind = "json"
label = {hostile}
url = "{site}/broken"
items = "@"
key = "name"

[entities.{entity}]
names = ["Telegram"]

[channels.{name}]
url = "{hook}/hook"

[channels.public]
url = "{hook}/hook"
approve = [{name}]

[[alerts]]
to = [{name}, "public"]
"""


def poison(folder: Path, site: Site) -> None:
    """Registers, reports, an entity, failures and answers, in which every text tries to run something."""
    hook = site.url("").replace("http", "json")
    texts = {"name": toml(NAME), "hostile": toml(HOSTILE), "entity": toml(ENTITY)}
    (folder / "watch.toml").write_text(_HOSTILE.format(site=site.url(""), hook=hook, **texts), "utf-8")
    site.page("/hook", HOSTILE, status=400)
    site.page("/broken", f"<html><title>{escape(HOSTILE)}</title><p>{escape(HOSTILE)}</p></html>")
    rows = [
        {"name": f"Telegram {number} {HOSTILE}", HOSTILE: HOSTILE, "long": LONG, "url": LINK} for number in range(30)
    ]
    steps = (
        (rows[:29], "baseline"),
        ([*rows[1:], {"name": LONG}], "ok"),
        ([{**rows[5], "long": HOSTILE}, *rows[6:], {"name": LONG}], "ok"),
        (rows[:2], "suspicious"),
    )
    for step, (odd, status) in enumerate(steps):
        site.page("/odd", odd)
        site.page("/press", _feed(3 + step), type="application/rss+xml; charset=utf-8")
        found = checked(folder)
        assert found == {NAME: status, "press": "ok" if step else "baseline", "broken": "failing"}, found


def _feed(items: int) -> str:
    """A feed whose titles, texts and links are hostile."""
    each = "".join(
        f"<item><title>{escape(f'Telegram {number} {HOSTILE}')}</title><link>{escape(LINK)}</link>"
        f"<guid isPermaLink='false'>{escape(f'{number} {HOSTILE}')}</guid>"
        f"<description>{escape(HOSTILE)}</description></item>"
        for number in range(items)
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>{escape(HOSTILE)}</title>{each}</channel></rss>'
