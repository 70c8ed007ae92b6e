"""What somebody who has access to a site may send, so that others see whether its kind reads it: one source's pages as
they were fetched, their headers, and what the kind read.

Left out are cookies and what a page gave for the next request, wherever a page repeats them; secrets of the
configuration; and what is a private person's, if the kind can read the page. The cookies of a browser are not known.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from sources import Entry, Page, Source, SourceError
from sources.reading.engine import read_page, without_personal
from sources.secrets import Secrets
from sources.text import listing
from state.db.redaction import Redactor
from state.evidence.records import program
from watcher.config.load import Config
from watcher.evidence.inert_copies import ending_of
from watcher.reports.past import EntryReport
from watcher.trials.try_source import from_file, read_site

_SHORTEST = 8  # characters of a cookie's value that is looked for: a page may have shorter ones as words of its own
_CREDENTIAL = re.compile(r"auth|cookie|csrf|key|pass|secret|session|token", re.IGNORECASE)
_OPTIONS_LEFT_OUT = {"auth", "headers", "proxy", "ca_file", "steps", "form", "body", "before"}


def report_kind(
    config: Config, source: Source, file: Path | None
) -> tuple[Mapping[str, bytes], Sequence[Page], Sequence[Entry], SourceError | None]:
    """Read a source, from its site or from a saved page, and make the report, also of what cannot be read: its files by
    name, the pages and entries, and why the source could not be read, if so.

    Raises UsageError for a file that cannot be opened.
    """
    pages, entries, error = list[Page](), list[Entry](), None
    few = source.model_copy(update={"max_pages": 5})
    read = partial(from_file, few, file) if file else partial(read_site, config, few)
    try:
        read(read_page, pages, entries)
    except SourceError as raised:
        error = raised
    redactor, files, told = Redactor(_hide_all(config, pages), str), dict[str, bytes](), list[dict[str, Any]]()
    for number, page in enumerate(pages, 1):
        body, note = _body(source, page)
        ending = ending_of(page.content_type) if body == page.body else "json"  # as kinds write anew
        files[name := f"page-{number}.{ending}"] = redactor.hide_bytes(body)
        # how it was asked for, and what came with it
        get, hops = page.get, page.transcript.hops if page.transcript else ()
        asked = {"method": get.method, "url": get.url, "query": _without_credentials(get.query)}
        asked |= {"form": _without_credentials(get.form or {}), "json": get.json}
        came = {"url": page.url, "status": page.status, "fetched": page.fetched.isoformat()}
        redirects = [{"url": hop.url, "status": hop.status} for hop in hops]
        about = {"asked": asked, "redirects": redirects, **came, "headers": _without_credentials(page.headers)}
        told.append({"file": name, "note": note, **about})
    withheld = _OPTIONS_LEFT_OUT | {name for name, option in type(source).model_fields.items() if not option.repr}
    report = {
        "program": program(),
        "made": datetime.now(UTC).isoformat(),
        "kind": source.kind,
        "proven": type(source).proven,
        "options": source.model_dump(mode="json", exclude_unset=True, exclude=withheld),
        "error": error and {"reason": error.code, "message": error.message},
        "pages": told,
        "entries_read": len(entries),
        "entries": [EntryReport.of(entry).dump() for entry in entries[:1_000]],
    }
    text = json.dumps(redactor.hide_all(report), ensure_ascii=False, indent=1, default=str)
    return {"report.json": text.encode("utf-8", "replace"), **files}, pages, entries, error


def _body(source: Source, page: Page) -> tuple[bytes, str | None]:
    """A page's body without what is personal, and what is to be said of it."""
    try:
        kept = without_personal(source, page)
    except SourceError:
        return page.body, "as it came: the kind cannot read it, so what is a private person's is in it"
    if kept is None and source.left_out:
        return page.body, f"as it came: what is left out of the entries is in it ({listing(sorted(source.left_out))})"
    same = kept is None or kept == page.body
    return kept or page.body, None if same else "written anew, without what is a private person's"


def _without_credentials(named: Mapping[str, Any]) -> dict[str, Any]:
    return {name: "(removed)" if _CREDENTIAL.search(name) else value for name, value in named.items()}


def _hide_all(config: Config, pages: Sequence[Page]) -> Callable[[str], str]:
    """What hides the configuration's secrets in a text, and the values that belong to this visit alone: what a page
    gave for the next one, and the cookies that were sent or came.
    """
    visit = Secrets()
    for page in pages:
        values = list(map(str, page.carry.get("taken", {}).values()))
        if page.transcript:
            came = (line.partition(b":") for line in page.transcript.witness.head.split(b"\r\n"))
            pairs = [value.partition(b";")[0] for name, _, value in came if name.strip().lower() == b"set-cookie"]
            sent = (value.split(b";") for name, value in page.transcript.sent if name.lower() == b"cookie")
            pairs += chain.from_iterable(sent)
            values += [pair.partition(b"=")[2].decode("latin-1").strip(' "') for pair in pairs]
        for value in values:
            if len(value) >= _SHORTEST:
                visit.add("${visit}", value)
    return lambda text: visit.hide(config.secrets.hide(text))
