"""Whatever a page does, no connection to an address that is not allowed is made: the trap counts connections."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sources import AddressRefused, Page, SourceError, TlsFailed
from tests.browser.rendering.conftest import Renderer
from tests.conftest import Site
from tests.national import authority

WAYS = {
    "script": "<script src='{http}/x.js'></script>",
    "module": "<script type=module>import '{http}/x.js'</script>",
    "frame": "<iframe src='{http}/frame'></iframe>",
    "object": "<object data='{http}/object'></object>",
    "style": "<link rel=stylesheet href='{http}/x.css'>",
    "picture": "<img src='{http}/x.png'>",
    "video": "<video src='{http}/x.mp4' autoplay></video>",
    "prefetch": "<link rel=prefetch href='{http}/next'>",
    "preload": "<link rel=preload as=fetch crossorigin href='{http}/next'>",
    "preconnect": "<link rel=preconnect href='{http}'>",
    "dns prefetch": "<link rel=dns-prefetch href='{http}'>",
    "prerender": '<script type=speculationrules>{{"prerender": [{{"source": "list", "urls": ["{http}/next"]}}]}}</script>',
    "fetch": "<script>fetch('{http}/data', {{mode: 'no-cors'}}).catch(() => 0)</script>",
    "keepalive": "<script>fetch('{http}/data', {{mode: 'no-cors', keepalive: true}}).catch(() => 0)</script>",
    "beacon": "<script>navigator.sendBeacon('{http}/beacon', 'x')</script>",
    "events": "<script>new EventSource('{http}/events')</script>",
    "websocket": "<script>new WebSocket('{ws}/socket')</script>",
    "secure websocket": "<script>new WebSocket('{wss}/socket')</script>",
    "tls": "<script src='{https}/x.js'></script>",
    "worker": "<script>new Worker(URL.createObjectURL(new Blob([\"fetch('{http}/w', {{mode: 'no-cors'}})\"])))</script>",
    "service worker": "<script>navigator.serviceWorker && navigator.serviceWorker.register('/worker.js')</script>",
    "popup": "<script>window.open('{http}/popup')</script>",
    "form": "<form id=f method=post target=t action='{http}/form'></form><iframe name=t></iframe><script>f.submit()</script>",
    "ping": "<a id=a ping='{http}/ping' href='#x'>x</a><script>a.click()</script>",
    "turn": "<script>const p = new RTCPeerConnection({{iceServers: [{{urls: 'turn:{host}?transport=tcp', username: 'u',"
    " credential: 'c'}}]}}); p.createDataChannel('x'); p.createOffer().then(o => p.setLocalDescription(o))</script>",
    "web transport": "<script>try {{ new WebTransport('{https}/t').ready.catch(() => 0) }} catch (e) {{}}</script>",
    "redirect": "<script src='/away'></script><iframe src='/away'></iframe>",
}


def fill(site: Site, place: str) -> None:
    """A page that goes to a place in all ways."""
    places = {"host": place, **{scheme: f"{scheme}://{place}" for scheme in ("http", "https", "ws", "wss")}}
    site.redirect("/away", f"http://{place}/landed")
    site.page("/worker.js", "self.oninstall = () => fetch('/from-worker')", type="text/javascript")
    body = "".join(html.format(**places) for html in WAYS.values())
    site.page("/", f"<h1>list</h1><table><tr><th>name</th></tr><tr><td>Telegram</td></tr></table>{body}")


def test_the_same_ways_reach_a_site_that_is_allowed(
    site: Site, new_site: Callable[..., Site], visit: Callable[..., Page]
) -> None:
    other = new_site()
    fill(site, f"127.0.0.1:{other.port}")
    visit(site.url("/"), steps=[{"wait_for": "td"}, {"scroll": 2}], screenshot=True)
    reached = {path.partition("?")[0] for path in other.paths}
    assert reached >= {"/x.js", "/x.css", "/x.png", "/frame", "/data", "/beacon", "/events", "/socket", "/w", "/landed"}


@pytest.mark.parametrize("host", ["127.0.0.2", "trap.example", "both.example"])
def test_nothing_of_a_page_reaches_an_address_that_is_refused(
    site: Site, trap: Site, visit: Callable[..., Page], host: str
) -> None:
    fill(site, f"{host}:{trap.port}")

    page = visit(site.url("/"), steps=[{"wait_for": "td"}, {"scroll": 2}], screenshot=True)

    assert "Telegram" in page.text
    assert page.rendering
    assert host in page.rendering.refused
    assert (trap.connections, trap.requests) == (0, [])


@pytest.mark.parametrize("host", ["127.0.0.2", "trap.example", "2130706434", "0x7f.2", "[::ffff:127.0.0.2]"])
def test_an_address_that_is_refused_is_not_opened(trap: Site, visit: Callable[..., Page], host: str) -> None:
    with pytest.raises(AddressRefused):
        visit(trap.url("/", host=host))
    assert trap.connections == 0


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_an_address_that_is_refused_is_not_followed(
    site: Site, trap: Site, visit: Callable[..., Page], status: int
) -> None:
    site.redirect("/", trap.url("/", host="127.0.0.2"), status)
    with pytest.raises(SourceError):
        visit(site.url("/"))
    assert trap.connections == 0


@pytest.mark.parametrize(
    "way",
    ["location = '{}'", "location.replace('{}')", "document.write('<meta http-equiv=refresh content=\"0;url={}\">')"],
)
def test_a_script_that_leaves_for_an_address_that_is_refused_stays(
    site: Site, trap: Site, visit: Callable[..., Page], way: str
) -> None:
    site.page("/", f"<p>list</p><script>{way.format(trap.url('/', host='127.0.0.2'))}</script>")
    with pytest.raises(SourceError):
        visit(site.url("/"))
    assert trap.connections == 0


def test_a_name_that_is_allowed_is_opened(site: Site, visit: Callable[..., Page]) -> None:
    site.page("/", "<table><tr><td>Telegram</td></tr></table>")
    page = visit(site.url("/", host="site.example"))
    assert ("Telegram" in page.text, page.url) == (True, site.url("/", host="site.example"))


def test_a_certificate_that_is_not_trusted_is_the_reason_and_not_what_chromium_asks_then(
    new_site: Callable[..., Site], visit: Callable[..., Page], tmp_path: Path
) -> None:
    site = new_site(authority(tmp_path)[1])
    with pytest.raises(TlsFailed):
        visit(site.url("/", host="site.example"))


def test_the_gateway_of_a_visit_answers_to_nobody_else(renderer: Renderer, site: Site) -> None:
    from sources.browser.gateway import Gateway

    async def ask() -> bytes:
        import asyncio

        gateway = Gateway(renderer.fetcher.http.guard, 1_000_000)
        await gateway.start()
        reader, writer = await asyncio.open_connection("127.0.0.1", int(gateway.address.rpartition(":")[2]))
        writer.write(f"GET {site.url('/')} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        answer = await reader.readline()
        writer.close()
        await gateway.aclose()
        return answer

    answer: Any = renderer.run(ask())
    assert (answer.split()[1], site.connections) == (b"407", 0)
