"""Twelve pages whose entries only a script brings, or brings the rest of: how registers are built today, invented.

Each register has 27 firms. `serve` puts one on a site; `READ_PLAIN` says which have their first entries in the page.
"""

from __future__ import annotations

import json
from urllib.parse import parse_qs

from tests.conftest import Asked, Site

_NAMES = """
    Alder Birch Cedar Dogwood Elm Fir Gum Hazel Ivy Juniper Kauri Larch Maple Nutmeg Oak Pine Quince Rowan Spruce Teak
    Umber Viburnum Walnut Xylia Yew Zelkova Acacia
"""
FIRMS = [
    {"number": f"PI-{number:03}", "name": f"{name} Payments Ltd", "status": "Active"}
    for number, name in enumerate(_NAMES.split(), 1)
]
_HEAD = "<tr><th>Number</th><th>Name</th><th>Status</th></tr>"
_FRAME = """<!doctype html><html><head><title>Register of payment firms</title></head><body>
<header><nav><ul><li><a href="/">Home</a></li><li><a href="/about">About us</a></li><li><a href="/law">The law</a></li></ul></nav>
</header>{}<footer>The supervisory office, 1 Harbour Street</footer></body></html>"""
_HEADING = "<h1>Register of payment firms</h1><p>Firms that are authorised to provide payment services.</p>"
# `draw` writes the rows of firms; `load` fetches them after a while, as an application does.
_TOOLS = """<script>
const HEAD = 'HEADINGS';
const row = f => `<tr><td>${f.number}</td><td>${f.name}</td><td>${f.status}</td></tr>`;
const load = done => fetch('/firms').then(answer => answer.json()).then(done);
const table = firms => `<table><thead>${HEAD}</thead><tbody>${firms.map(row).join('')}</tbody></table>`;
const into = place => load(firms => { document.querySelector(place).innerHTML = table(firms); });
</script>""".replace("HEADINGS", _HEAD)


def _rows(first: int, last: int) -> str:
    return "".join(
        f"<tr><td>{f['number']}</td><td>{f['name']}</td><td>{f['status']}</td></tr>" for f in FIRMS[first:last]
    )


def _table(first: int, last: int, more: str = "") -> str:
    return f"<table id='firms'><thead>{_HEAD}</thead><tbody>{_rows(first, last)}</tbody>{more}</table>"


def _script(code: str) -> str:
    return f"{_TOOLS}<script>{code}</script>"


_SKELETON = '<div class="card skeleton"><div class="skeleton-line"></div><div class="skeleton-line short"></div></div>'
_SPINNER = '<div class="spinner-border" role="status"><span class="visually-hidden">Loading...</span></div>'
_NEXT_DATA = json.dumps(
    {"props": {"pageProps": {}}, "page": "/register", "messages": [f"label {n}" for n in range(300)]}
)
_DATATABLE = """
load(firms => {
  const wrapper = document.getElementById('firms_wrapper'), tables = document.querySelector('#firms tbody');
  let at = 0;
  const draw = () => {
    tables.innerHTML = firms.slice(at * 10, at * 10 + 10).map(row).join('');
    document.getElementById('firms_info').textContent =
      `Showing ${at * 10 + 1} to ${Math.min(at * 10 + 10, firms.length)} of ${firms.length} entries`;
    const numbers = [0, 1, 2].map(n => `<a class="paginate_button ${n == at ? 'current' : ''}" tabindex="0">${n + 1}</a>`);
    document.getElementById('firms_paginate').innerHTML =
      `<a class="paginate_button previous ${at ? '' : 'disabled'}">Previous</a><span>${numbers.join('')}</span>` +
      `<a class="paginate_button next ${at == 2 ? 'disabled' : ''}" id="firms_next">Next</a>`;
    document.getElementById('firms_next').onclick = () => { if (at < 2) { at += 1; draw(); } };
  };
  draw();
});"""
_MORE = """
let shown = 10;
document.querySelector('.btn').onclick = () => load(firms => {
  document.querySelector('#firms tbody').insertAdjacentHTML('beforeend', firms.slice(shown, shown + 10).map(row).join(''));
  shown += 10;
  if (shown >= firms.length) document.querySelector('.btn').remove();
});"""
_VIRTUAL = """
load(firms => {
  const list = document.getElementById('list');
  const item = (f, at) => `<div class="firm" role="row" aria-rowindex="${at + 1}" style="position:absolute;top:${at * 40}px;` +
    `height:40px"><b class="number">${f.number}</b> <span class="name">${f.name}</span> <i class="status">${f.status}</i></div>`;
  list.innerHTML = `<div id="view" role="grid" aria-rowcount="${firms.length}" style="height:400px;overflow:auto;` +
    `position:relative"><div id="inside" style="height:${firms.length * 40}px;position:relative"></div></div>`;
  const view = document.getElementById('view'), inside = document.getElementById('inside');
  const draw = () => {
    const from = Math.floor(view.scrollTop / 40);
    inside.innerHTML = firms.slice(from, from + 10).map((f, at) => item(f, from + at)).join('');
  };
  view.onscroll = draw;
  draw();
});"""

SHELLS = {
    "empty root": f"<!doctype html><title>Register</title><div id='root'></div>{_script('into(`#root`)')}",
    "loading root": f"<!doctype html><title>Register</title><div id='root'>Loading…</div>{_script('into(`#root`)')}",
    "header and root": _FRAME.format(f"<main>{_HEADING}<div id='root'>Loading…</div></main>{_script('into(`#root`)')}"),
    "empty tbody": _FRAME.format(
        f"<main>{_HEADING}{_table(0, 0)}</main>"
        + _script("load(firms => { document.querySelector('tbody').innerHTML = firms.map(row).join(''); })")
    ),
    "skeleton": _FRAME.format(
        f"<main>{_HEADING}<div id='list' aria-busy='true'>{_SKELETON * 4}</div></main>"
        + _script(
            "load(firms => { const list = document.getElementById('list'); list.removeAttribute('aria-busy');"
            " list.innerHTML = table(firms); })"
        )
    ),
    "spinner": _FRAME.format(
        f"<div class='content'>{_HEADING}<section class='results'>{_SPINNER}</section></div>{_script('into(`.results`)')}"
    ),
    "Next": "<!doctype html><html><head><title>Register</title></head><body><div id='__next'><div><main></main></div></div>"
    f"<script id='__NEXT_DATA__' type='application/json'>{_NEXT_DATA}</script>{_script('into(`main`)')}</body></html>",
    "ASP.NET": "",  # answers a form: see `serve`
    "DataTables": _FRAME.format(
        f"<main>{_HEADING}<div id='firms_wrapper' class='dataTables_wrapper'>{_table(0, 0)}<div id='firms_info'></div>"
        f"<div class='dataTables_paginate' id='firms_paginate'></div></div></main>{_script(_DATATABLE)}"
    ),
    "iframe": _FRAME.format(
        f"<main>{_HEADING}<iframe src='/frame' width='100%' height='900'></iframe></main><script>let framed = 1</script>"
    ),
    "load more": _FRAME.format(
        f"<main>{_HEADING}{_table(0, 10)}<button type='button' class='btn'>Több találat</button></main>{_script(_MORE)}"
    ),
    "virtual list": _FRAME.format(f"<main><div id='list'></div></main>{_script(_VIRTUAL)}"),
}
READ_PLAIN = {"ASP.NET": 10, "load more": 10}


def _aspnet(asked: Asked) -> str:
    """A GridView: its pager sends the page's form."""
    form = parse_qs(asked.body.decode())
    number = int(form.get("__EVENTARGUMENT", ["Page$1"])[0].removeprefix("Page$"))
    cells = "".join(
        f"<td><span>{n}</span></td>"
        if n == number
        else f"""<td><a href="javascript:__doPostBack('ctl00$Main$grid','Page${n}')">{n}</a></td>"""
        for n in (1, 2, 3)
    )
    rows = _table((number - 1) * 10, number * 10, f"<tr><td colspan='3'><table><tr>{cells}</tr></table></td></tr>")
    script = (
        "function __doPostBack(target, argument) { const form = document.forms[0];"
        " form.__EVENTTARGET.value = target; form.__EVENTARGUMENT.value = argument; form.submit(); }"
    )
    hidden = "".join(
        f"<input type='hidden' name='{name}'>" for name in ("__VIEWSTATE", "__EVENTTARGET", "__EVENTARGUMENT")
    )
    return _FRAME.format(f"<main>{_HEADING}<form method='post'>{hidden}{rows}</form></main><script>{script}</script>")


def serve(site: Site, name: str, path: str = "/register") -> str:
    """Put a shell on a site, with what its script asks for; its address."""
    site.page("/firms", FIRMS)
    site.page("/frame", f"<!doctype html><title>Firms</title>{_table(0, 27)}")
    site.page(path, _aspnet if name == "ASP.NET" else SHELLS[name])
    return site.url(path)
