"""`watch add`: look at a page, propose a source, show its entries, and write it after consent."""

from argparse import Namespace
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path

from sources import Get, Page, Source, SourceError
from sources.http.robots import address_for, describe_rules
from sources.loader import kind
from sources.options import BrowserOptions, HttpOptions
from sources.reading.engine import first_url
from sources.text import listing
from watcher.config.files import find as find_file
from watcher.config.files import shown
from watcher.config.load import Config, load
from watcher.errors import ConfigError, UsageError
from watcher.propose.block import append, name_for
from watcher.propose.catalogue import offered, rows, source_of
from watcher.propose.complete import complete
from watcher.propose.find import AUTHORITIES, UNKNOWN, Guess, guess, look_around, look_or_search, source_block, title_of
from watcher.propose.proposal import Proposal, try_proposal
from watcher.propose.site import Site, find_saved, from_file, web_address
from watcher.terminal.console import ask_yes, can_answer, complain, printable, read_answer, say, table
from watcher.terminal.words import count, there_are

SHOWN = 5  # entries
_CELL = 44  # characters of a value


def offer(options: Namespace) -> int:
    """Propose a source, and write it after consent: 0, or 1 if nothing can be read there. `options` are the arguments
    of the command (watcher/commands/add.py).

    Raises ConfigError if the configuration has errors already, and UsageError for what is not possible.
    """
    file, missing = None, ""
    try:
        file = find_file(options.config)
    except ConfigError as error:
        missing = f"nothing was written: {error.problems[0]}"
    config, is_saved = load(file) if file else None, find_saved(options.address) is not None
    sources = config.sources if config else {}
    if options.name in sources:
        raise UsageError(f'--name: there is a source "{options.name}" already')
    if not is_saved and (models := offered(options.address, config.presets if config else None)):
        made = _of_kind(models, options, sources)
        return _write(file, missing, *made, options) if made else 1
    browser = config.browser if config else BrowserOptions()
    with Site(config.http if config else HttpOptions(), None if is_saved else browser) as site:  # a file is as it is
        found = _propose(config, options, site)
    if found is None:
        return 1
    chosen, page = found
    authority = _choose_authority(chosen, page, options, sources)
    name = name_for(page.get.url, title_of(page), sources) if options.name is None else options.name
    text = source_block(chosen, page, name, authority)
    return _write(file, missing, name, text, options, moving=chosen.moving)


def _of_kind(
    models: Mapping[str, type[Source]], options: Namespace, sources: Mapping[str, Source]
) -> tuple[str, str] | None:
    """The name and the tables of a source of the kind that was found; None if these are several, which are listed.

    Raises UsageError for what is wrong with its options.
    """
    if len(models) > 1:
        table(["KIND", "PROVEN BY", "READS"], rows(models))
        say("`watch add KIND` takes one of them")
        return None
    (model,) = models.values()
    given = {option: value for option, _, value in (pair.partition("=") for pair in options.option)}
    given |= {"authority": options.authority} if options.authority else {}
    made = source_of(model, given, sources, options.name or "", refers=True)
    say(_name_others(first_url(model.model_validate(given)), sources, options))
    return made


def _write(file: Path | None, missing: str, name: str, text: str, options: Namespace, *, moving: bool = False) -> int:
    """Show a source, and write it after consent: the exit code."""
    print(printable(f"\n{text}"))  # noqa: T201 - not wrapped, so that it can be copied
    if file is None:
        say(missing)
        return 2 if options.yes else 0
    if moving and not options.anyway:
        say("nothing was written, as it would change at each check: --anyway writes it all the same")
        return 1
    # written only after consent
    if UNKNOWN in text:
        say("a saved page does not say where it is from: give its address with --url, then it can be written down")
        return 2 if options.yes else 0
    if not options.yes:
        agreed = can_answer() and ask_yes(f"write it at the end of {shown(file)}?")
        if not can_answer():
            say(f"nothing was written; --yes writes these lines at the end of {shown(file)}")
        if not agreed:
            return 0
    append(file, text)
    say(f"written to {shown(file)}; `watch try {name}` reads it, `watch --once --source {name}` takes its baseline")
    return 0


def _propose(config: Config | None, options: Namespace, site: Site) -> tuple[Proposal, Page] | None:
    """The chosen proposal, which was shown, and its page; None if nothing can be read there."""

    def ask(label: str) -> str:
        return read_answer(f"a form to search ({label}); what for? ") if can_answer() else ""

    file = find_saved(options.address)
    try:
        page = from_file(file, options.url, site.http) if file else site.fetch(Get(web_address(options.address)))
        if file:
            page, proposals = look_around(page, site, say)
        else:
            page, proposals = look_or_search(page, options.search, site, say, ask)
    except SourceError as error:
        complain(f"{options.address}: {error.code}: {error.message}")
        return None
    if not proposals:
        complain(f"{options.address}: nothing on it repeats like the entries of a register")
        return None
    chosen = _choose(proposals, page, options, site.http)
    asked = first_url(kind(chosen.kind).model_validate(chosen.options)) if chosen.own_address else page.get.url
    others = _name_others(asked, config.sources if config else {}, options)
    chosen = complete(chosen, page, site, saved=file is not None)
    asked_by_robots = "" if file else _what_robots_ask(site, page.get.url)
    _show(chosen.adding({}, asked_by_robots, others), proposals, page)
    return chosen, page


def _name_others(url: str, sources: Mapping[str, Source], options: Namespace) -> str:
    """A remark on the sources that have an address; "" for none. Raises UsageError where nobody is asked about it."""
    names = [name for name, source in sources.items() if first_url(source) == url]
    which = f"the source {listing(names)} has" if len(names) == 1 else f"the sources {listing(names)} have"
    if names and options.yes and not options.name:
        raise UsageError(f"{url}: {which} this address already; to add it once more, give it another name with --name")
    return f"{which} this address already" if names else ""


def _choose(proposals: Sequence[Proposal], page: Page, options: Namespace, http: HttpOptions) -> Proposal:
    """The proposal that is asked for, with the key that is asked for. Raises UsageError."""
    if not 0 < options.take <= len(proposals):
        raise UsageError(f"--take {options.take}: {there_are(len(proposals), 'proposal')}")
    number: int = options.take
    if not options.key:
        return proposals[number - 1]
    for proposal in proposals[number - 1 :]:
        named = {name.casefold(): name for name in proposal.columns}
        if all(name.casefold() in named for name in options.key):
            names = [named[name.casefold()] for name in options.key]
            if held := try_proposal(proposal.keyed(names), page, http):
                return held
            raise UsageError(f"--key: the kind {proposal.kind} cannot read the page with {listing(names)} as its key")
    seen = listing(proposals[number - 1].columns, most=30)
    raise UsageError(f"--key: {listing(options.key)} cannot be the key of {proposals[0].what}; it has {seen}")


def _what_robots_ask(site: Site, url: str) -> str:
    """A remark on what robots.txt asks for a page; "" where there is no robots.txt."""
    try:
        page = site.fetch(Get(address_for(url)), plain=True)
    except SourceError:
        return ""
    return "" if "html" in page.content_type else describe_rules(url, page.body, site.http.user_agent)


def _show(chosen: Proposal, proposals: Sequence[Proposal], page: Page) -> None:
    """Print a proposal: what it reads, its key, remarks about it, the first entries, and the other proposals."""
    say(f"{page.url}: {chosen.what}, read by the kind {chosen.kind}: {count(len(chosen.entries), 'entry', 'entries')}")
    say(f"key: {chosen.key_words}", hang=2)
    for remark in chosen.remarks:
        say(remark, hang=2)
    say()
    entries = chosen.entries
    fields = dict.fromkeys(name for entry in entries for name in entry.fields)
    telling = (
        name
        for name in fields
        if any(entry.fields.get(name) not in (None, entry.key, entry.title) for entry in entries)
    )
    names = [*islice(telling, 2)]  # fields besides key and title
    titled = ["title"] if any(entry.title != entry.key for entry in entries) else []
    rows = list[list[str]]()
    for entry in entries[:SHOWN]:
        cells = [entry.key, *([entry.title] if titled else []), *(entry.fields.get(name, "") for name in names)]
        lines = (" ".join(cell.split()) for cell in cells)
        rows.append([line if len(line) <= _CELL else f"{line[: _CELL - 1]}…" for line in lines])
    table(["key", *titled, *names], rows)
    if len(entries) > SHOWN:
        say(f"... and {len(entries) - SHOWN} more")
    for number, other in enumerate(proposals, 1):
        if other.what != chosen.what:
            say(f"also there (--take {number}): {other.what}", hang=2)


def _choose_authority(chosen: Proposal, page: Page, options: Namespace, sources: Mapping[str, Source]) -> Guess:
    """The authority: from the command line, else a guess from the page; from a person where that is not clear."""
    guessed = Guess(options.authority, "as you say") if options.authority else guess(page, chosen, sources)
    say(f"authority: {guessed.words}", hang=2)
    if guessed.is_clear or options.yes or not can_answer():
        return guessed
    answer = read_answer(f"authority: {', '.join(AUTHORITIES)}? [{guessed.authority}] ")
    meant = [each for each in AUTHORITIES if answer and each.startswith(answer)]
    return Guess(meant[0] if len(meant) == 1 else guessed.authority, "as you say")
