"""Kinds read against their captures: saved pages of their sites, in a folder, and what was expected of them.

Of a kind, the folder has either a folder of its name, with saved pages, each of which is read alone, as `watch try
--file` does, and with `options.toml` and `expected.json`; or the files KIND.html (or another ending), or KIND.1.html,
KIND.2.html as the answers to its requests in their order, KIND.toml and KIND.expected.json. What is expected are the
`entries`, and the `requests` of the second form; KIND.note.md says where the pages are from.

Who has access to a site may send new ones: a report has one source's pages as they were fetched, their headers, and
what the kind read. Left out are cookies and what a page gave for the next request, wherever a page repeats them;
secrets of the configuration; and what is a private person's, if the kind can read the page. The cookies of a browser
are not known.
"""

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import partial
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import TypeAdapter

from sources import Entry, Get, Page, Source, SourceError
from sources.errors import fault_words
from sources.reading.engine import read_page, steps, without_personal
from sources.secrets import Secrets
from sources.text import listing
from state.db.redaction import Redactor
from state.evidence.records import program
from watcher.config.load import Config
from watcher.evidence.proofs import ending_of
from watcher.reports.past import EntryReport
from watcher.trials.saved_pages import read_saved_page
from watcher.trials.try_source import from_file, read_site

BESIDE = (".toml", "expected.json", ".note.md")  # how files end that are no saved pages
_EXPECTED = TypeAdapter(dict[str, list[dict[str, Any]]])


class ReadCaptures(NamedTuple):
    """What a kind read in its captures; `files` is 0 where it has none, `problems` are empty where all is well."""

    kind: str
    files: int
    entries: int
    problems: Sequence[str]


def check_kind(name: str, model: type[Source], folder: Path) -> ReadCaptures:
    """Read a kind against its captures, and compare what it reads with what is expected, if that is written down."""
    own, read, problems = folder / name, list[Get | Entry](), list[str]()
    alone = own.is_dir()
    found = own.glob("[!.]*") if alone else folder.glob(f"{name}.*")
    pages = sorted(file for file in found if file.is_file() and not file.name.endswith(BESIDE))
    file = own / "options.toml" if alone else folder / f"{name}.toml"
    try:
        options = tomllib.loads(file.read_text("utf-8")) if pages and file.exists() else {}
        source = model.model_validate(options) if pages else None
        for item in read_captures(source, pages, alone=alone) if source else ():
            read.append(item)
        if source and sum(isinstance(item, Entry) for item in read) < source.min_entries:
            problems.append("fewer entries than min_entries")
        file = own / "expected.json" if alone else folder / f"{name}.expected.json"
        if pages and file.exists():
            problems += _compare(dump(read), _EXPECTED.validate_json(file.read_bytes()))
    except SourceError as error:
        problems.append(f"{error.code}: {error.message}")
    except (OSError, ValueError) as error:
        problems.append(f"{file.name}: {fault_words(error)}")
    return ReadCaptures(name, len(pages), sum(isinstance(item, Entry) for item in read), problems)


def read_captures(source: Source, pages: Sequence[Path], *, alone: bool) -> Iterator[Get | Entry]:
    """What a source asks and reads, while there are pages to answer it: each `alone`, as the last answer, or all in
    their order. Raises SourceError.
    """
    for some in [[page] for page in pages] if alone else [pages]:
        reading, left, page, file = steps(source), iter(some), None, some[0]
        try:
            while True:
                yield (item := reading.send(page))
                page = None
                if isinstance(item, Get):
                    file = next(left)
                    page = read_saved_page(source, source.requested() if alone else item, file, datetime.now(UTC))
                    page = page if alone else replace(page, get=item)
        except StopIteration:  # all is read, or no page is left
            continue
        except SourceError as error:
            raise SourceError(f"{file.name}: {error.message}", code=error.code) from error


def dump(items: Iterable[Get | Entry]) -> dict[str, list[dict[str, Any]]]:
    """Requests and entries as `expected.json` has them, without what they leave out."""
    dumped: dict[str, list[dict[str, Any]]] = {"requests": [], "entries": []}
    for item in items:
        said = {name: value for name, value in asdict(item).items() if value not in (None, "", {}, 0)}
        if isinstance(item, Get):
            said |= {"method": item.method}
            said.pop("carry", None)
        elif item.published:
            said["published"] = item.published.isoformat()
        dumped["requests" if isinstance(item, Get) else "entries"].append(said)
    return dumped


def _compare(read: dict[str, list[dict[str, Any]]], expected: dict[str, list[dict[str, Any]]]) -> Iterator[str]:
    """Where what was read is not what is expected."""
    for what, wanted in expected.items():
        pairs = enumerate(zip_longest(read.get(what, []), wanted), 1)
        if number := next((number for number, (one, other) in pairs if one != other), 0):
            yield f"{what}: {len(read.get(what, []))}, expected {len(wanted)}; number {number} differs"


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
