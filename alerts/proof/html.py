"""A proof as one HTML page that needs nothing else: for readers who have never heard of this program. Pure.

Nothing in it is loaded from anywhere, and every text from outside is escaped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from html import escape
from typing import Any

from alerts.links import web_address
from alerts.message.blocks import Detail, Style
from alerts.message.change_lines import text_difference
from alerts.message.wording import AUTHORITY, counted, shorten
from alerts.proof import texts
from alerts.proof.facts import CERTIFICATES, CHAIN, WARC, PageFile, ProofFacts
from alerts.proof.steps import steps
from sources.text import clean
from state.model import CaptureKind, ChangeKind

_LONGEST = 4000  # characters of a value
_MOST_OTHERS = 20
_ALL = Detail(value=_LONGEST, fields=0, text=0, lines=200)

_SIDES = {
    ChangeKind.ADDED: ("was not there yet", "was there", "not there", "there", "appeared"),
    ChangeKind.REAPPEARED: ("was not there", "was there again", "not there", "there again", "came back"),
    ChangeKind.CHANGED: ("still read as before", "read differently", "as before", "changed", "was changed"),
    ChangeKind.REMOVED: ("was still there", "was gone", "there", "gone", "was removed"),
}


def proof_page(exhibit: ProofFacts) -> bytes:
    """The page, in ASCII: as an attachment it may come without a word about its encoding."""
    title = f"Proof {exhibit.event}: {_headline(exhibit)}"
    parts = [
        *_top(exhibit),
        *_change(exhibit),
        *_times(exhibit),
        *_origin(exhibit),
        *_pages(exhibit),
        *_checks(exhibit),
        *_limits(exhibit),
        *_records(exhibit),
    ]
    head = texts.HEAD.format(title=_text(title), style=texts.STYLE)
    return "\n".join([head, *parts, "</body></html>\n"]).encode("ascii", "xmlcharrefreplace")


def _headline(exhibit: ProofFacts) -> str:
    label, change = exhibit.about["source"]["label"], exhibit.change
    if change is not None:
        did = _SIDES[ChangeKind(change["change"])][4]
        return f"{label}: “{shorten(clean(change['title']), 150)}” {did}"
    entries = exhibit.about["check"]["entries"]
    if exhibit.about["kind"] == CaptureKind.BASELINE:
        return f"{label}: the first look, {counted(entries or 0, 'entry', 'entries')}"
    return f"{label}: a page that was not believed"


def _top(exhibit: ProofFacts) -> Iterator[str]:
    source = exhibit.about["source"]
    yield f"<h1>{_text(_headline(exhibit))}</h1>"
    worth = AUTHORITY.get(source["authority"], source["authority"])
    yield f'<p class="lead">{_sentence(exhibit)}</p>'
    yield texts.INTRODUCTION.format(label=_text(source["label"]), worth=_text(worth))


def _sentence(exhibit: ProofFacts) -> str:
    """What happened, in a sentence: between which two moments."""
    zone, about, change = exhibit.zone, exhibit.about, exhibit.change
    seen = _moment(_seen(exhibit), zone)
    if change is None:
        what = "was kept as it was" if about["kind"] == CaptureKind.BASELINE else f"was kept: {_doubt(about)}"
        return f"What the page said at <b>{seen}</b> {what}."
    before, after, *_ = _SIDES[ChangeKind(change["change"])]
    title = f"The entry “{_text(shorten(clean(change['title']), 200))}”"
    last = about["before"]["checked"]
    if not last:
        return f"{title} {after} at <b>{seen}</b>."
    return f"{title} {before} at <b>{_moment(last, zone)}</b> and {after} at <b>{seen}</b>."


def _doubt(about: Mapping[str, Any]) -> str:
    doubt = about.get("doubt") or {}
    return _text(str(doubt.get("message") or "it was not believed"))


def _change(exhibit: ProofFacts) -> Iterator[str]:
    change = exhibit.change
    if change is None:
        return
    yield "<h2>What changed</h2>"
    yield from _entry(change) if change["change"] in {ChangeKind.ADDED, ChangeKind.REMOVED} else _differing(change)
    entities = list(dict.fromkeys(each["entity"] for each in change["mentions"]))
    if entities:
        yield f"<p>Mentioned: {_text(', '.join(entities))}</p>"
    if change.get("url"):
        yield f"<p>Link of the entry: {_link(change['url'])}</p>"
    others = [each for each in exhibit.about["changes"] if each["id"] != change["id"]]
    if others:
        what = counted(len(others), "other change was", "other changes were")
        yield f"<p>On the same page {what} seen at the same time:</p><ul>"
        for each in others[:_MOST_OTHERS]:
            yield f"<li>{_text(each['change'])}: {_text(shorten(clean(each['title']), 150))}</li>"
        yield f"</ul>{f'<p>and {len(others) - _MOST_OTHERS:,} more</p>' if len(others) > _MOST_OTHERS else ''}"


def _differing(change: Mapping[str, Any]) -> Iterator[str]:
    yield "<table><tr><th>Field</th><th>Before</th><th>Now</th></tr>"
    for name, sides in change["fields"].items():
        before, after = sides["before"] or "", sides["after"] or ""
        if "\n" in before or "\n" in after:
            yield from _lines(name, before, after)
            continue
        cells = f'<td class="before">{_value(before)}</td><td class="after">{_value(after)}</td>'
        yield f"<tr><th>{_text(name)}</th>{cells}</tr>"
    yield "</table>"
    same = {name: value for name, value in change.get("entry", {}).items() if name not in change["fields"]}
    if same:
        yield "<p>The entry's other fields:</p><table>"
        yield from (f"<tr><th>{_text(name)}</th><td>{_value(value)}</td></tr>" for name, value in same.items())
        yield "</table>"


def _lines(name: str, before: str, after: str) -> Iterator[str]:
    """A text of several lines: those that were taken out, and those that were put in."""
    differing = list(text_difference(before, after, _ALL))
    for look, style, sign in (("before", Style.BEFORE, "taken out"), ("after", Style.AFTER, "put in")):
        lines = "\n".join(line.text for line in differing if line.style is style)
        cell = f'<td colspan="2" class="{look}">{_value(lines)}</td>'
        yield f"<tr><th>{_text(name)}, lines {sign}</th>{cell}</tr>" if lines else ""


def _entry(change: Mapping[str, Any]) -> Iterator[str]:
    gone = change["change"] == ChangeKind.REMOVED
    touched = {name: sides["before" if gone else "after"] for name, sides in change["fields"].items()}
    fields = {**touched, **change.get("entry", {})} or {"title": change["title"]}
    look = "before" if gone else "after"
    yield f"<table><tr><th>Field</th><th>{'As it was' if gone else 'As it is'}</th></tr>"
    for name, value in fields.items():
        yield f'<tr><th>{_text(name)}</th><td class="{look}">{_value(value)}</td></tr>'
    yield "</table>"


def _times(exhibit: ProofFacts) -> Iterator[str]:
    zone, about, change = exhibit.zone, exhibit.about, exhibit.change
    there = _SIDES[ChangeKind(change["change"])] if change else ("", "", "", "", "")
    yield "<h2>When</h2><table>"
    if last := about["before"]["checked"]:
        yield _row("The last check before", f"{_moment(last, zone)}{_dash(there[2])}")
        for page in exhibit.before:
            if page.told["fetched"] < last:
                at = _moment(page.told["fetched"], zone)
                yield _row("", f"it found the page as it had been fetched at {at}")
    yield _row("This check began", _moment(about["check"]["began"], zone))
    for page in exhibit.pages:
        whole = _dash(there[3]) if page is exhibit.pages[-1] else ""
        yield _row("The page had come", f"{_moment(page.told['fetched'], zone)}{whole}")
    yield "</table>"
    yield '<p class="small">By the clock of the computer that the program ran on.'
    if stamp := exhibit.stamp:
        yield (
            f" A third party, {_text(stamp.authority)}, certified at {_moment(stamp.at, zone)} that all of this existed"
            " then (“How to check it”)."
        )
    yield "</p>"


def _origin(exhibit: ProofFacts) -> Iterator[str]:
    yield "<h2>Where it came from</h2><table>"
    for told in exhibit.wire or [page.told for page in exhibit.pages]:
        yield from _wire(told)
    yield from _certified(exhibit)
    yield "</table>"


def _wire(told: Mapping[str, Any]) -> Iterator[str]:
    yield _row("Address", _link(told["url"]))
    for hop in told.get("redirects", ()):
        yield _row("Redirected from", f"{_link(hop['url'])} ({hop['status']})")
    if peer := told.get("peer"):
        yield _row("Proxy" if told["proxied"] else "Server", f"<code>{_text(peer)}</code>")
    tls = told.get("tls")
    if tls:
        yield _row("Connection", f"encrypted, {_text(tls['version'])}, {_text(tls['cipher'])}")
    elif "tls" in told:
        yield _row("Connection", "not encrypted")


def _certified(exhibit: ProofFacts) -> Iterator[str]:
    for number, each in enumerate(exhibit.certificates):
        of = "Certificate of the server" if number == 0 else f"Its issuer's certificate ({number})"
        valid = f"valid {each.begins:%Y-%m-%d} to {each.ends:%Y-%m-%d}"
        names = f"<br>for {_text(', '.join(each.names[:8]))}" if number == 0 and each.names else ""
        yield _row(
            of,
            f"subject: {_text(each.subject)}{names}<br>issuer: {_text(each.issuer)}<br>{valid}"
            f"<br>SHA-256 <code>{each.sha256}</code>",
        )


def _pages(exhibit: ProofFacts) -> Iterator[str]:
    yield "<h2>The pages themselves</h2>"
    yield texts.FILES.format(event=exhibit.event)
    yield '<table class="files"><tr><th>File</th><th>What it is</th><th>SHA-256</th></tr>'
    for page, what in [*((page, "the page in which it was seen") for page in exhibit.pages), *_befores(exhibit)]:
        if page.text:
            yield _file(_to(page.text), f"{what}: its text alone")
        told = "that page as it came: markup, shown as text so that nothing in it runs" if page.text else what
        size, sha256 = f"{page.told['bytes']:,} bytes", page.told["sha256"]
        yield f"<tr><td>{_to(page.name)}</td><td>{told}, {size}</td><td><code>{sha256}</code></td></tr>"
    yield _file(WARC, "the same with all headers, as web archives keep it: open it with ReplayWeb.page or pywb")
    yield _file(CHAIN, "the chain of hashes")
    if exhibit.certificates:
        yield _file(CERTIFICATES, "the certificates that the server sent")
    yield "</table>"
    altered = list(dict.fromkeys(each for told in exhibit.wire for each in told.get("altered", ())))
    if altered:
        yield "<p>What was taken out or renamed, lest passwords and sessions become known:</p><ul>"
        yield from (f"<li>{_text(each)}</li>" for each in altered)
        yield "</ul>"


def _to(file: str) -> str:
    """A link to a file of the folder."""
    name = escape(file)
    return f'<a href="{name}">{name}</a>'


def _befores(exhibit: ProofFacts) -> Iterator[tuple[PageFile, str]]:
    return ((page, "what the last check before had found") for page in exhibit.before)


def _checks(exhibit: ProofFacts) -> Iterator[str]:
    yield "<h2>How to check it</h2>"
    yield texts.CHECKS
    yield "<ol>"
    for step in steps(exhibit):
        answer = f'<pre class="answer">{escape(step.answer)}</pre>' if step.answer else ""
        yield f'<li>{_text(step.why)}<pre class="command">{escape(step.command)}</pre>{answer}</li>'
    yield "</ol><p>With the program itself: <code>watch verify .</code></p>"
    link = exhibit.records[-1].link
    yield texts.SEAL.format(link=link, start=link[:16])


def _limits(exhibit: ProofFacts) -> Iterator[str]:
    yield "<h2>What this proves, and what not</h2><ul>"
    yield texts.UNALTERED
    yield texts.STAMPED if exhibit.stamp else texts.NOT_STAMPED
    yield texts.LIMITS
    yield "</ul>"


def _records(exhibit: ProofFacts) -> Iterator[str]:
    yield f"<h2>The records</h2><p class='small'>In {WARC}; they were written into {_text(exhibit.origin)}, by"
    yield f" {_text(exhibit.about['program'])}.</p><table class='files'>"
    yield "<tr><th>Number</th><th>Type</th><th>Bytes</th><th>SHA-256, link</th></tr>"
    for each in exhibit.records:
        place = f"{each.offset:,} to {each.offset + each.length:,}"
        hashes = f"<code>{each.sha256}</code><br><code>{each.link}</code>"
        yield f"<tr><td>{each.number}</td><td>{_text(each.type)}</td><td>{place}</td><td>{hashes}</td></tr>"
    yield "</table>"


def _seen(exhibit: ProofFacts) -> str:
    began: str = exhibit.about["check"]["began"]
    return max([str(page.told["fetched"]) for page in exhibit.pages], default=began)


def _moment(text: str | datetime, zone: tzinfo) -> str:
    """A time in UTC, and in the reader's zone if that is another."""
    at: datetime = datetime.fromisoformat(text) if isinstance(text, str) else text
    local = at.astimezone(zone)
    beside = "" if not local.utcoffset() else f" ({local:%H:%M:%S %Z})"
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC{beside}"


def _dash(text: str) -> str:
    return f": <b>{text}</b>" if text else ""


def _row(name: str, value: str) -> str:
    return f"<tr><th>{name}</th><td>{value}</td></tr>"


def _file(name: str, what: str) -> str:
    return f"<tr><td>{name}</td><td>{what}</td><td></td></tr>"


def _value(value: str | None) -> str:
    if not value:
        return "<i>(nothing)</i>"
    return f"<p>{_text(shorten(value, _LONGEST))}</p>"


def _link(url: str) -> str:
    address = web_address(url)
    if address is None:
        return _text(url)
    return f'<a href="{escape(address)}">{_text(address)}</a>'


def _text(text: str) -> str:
    """Escaped; a text of several lines keeps them."""
    return escape("\n".join(clean(line) for line in text.split("\n")))
