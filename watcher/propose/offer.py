"""`watch add`: look at a page, propose a source, show its entries, and write it after consent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sources import Get, Page, SourceError
from sources.loader import kind
from sources.model import Authority
from sources.options import BrowserOptions, HttpOptions
from sources.reading.engine import first_url
from sources.text import listing
from watcher.config.files import find as find_file
from watcher.config.files import shown
from watcher.config.load import Config, load
from watcher.errors import ConfigError, UsageError
from watcher.propose.at_address import UNKNOWN, look_around, source_block, title_of, with_authority
from watcher.propose.authority import AUTHORITIES, Guess, guess
from watcher.propose.block import append, name_for
from watcher.propose.complete import completed
from watcher.propose.keys import explain, one_or_list
from watcher.propose.manners import manners
from watcher.propose.proposal import Proposal, source_of, tried
from watcher.propose.show import show, show_block
from watcher.propose.site import Site, from_file, saved, web_address
from watcher.terminal.console import agreed, answered, can_answer, complain, say
from watcher.terminal.words import there_are
from watcher.trials.try_source import sharing_a_key


@dataclass(frozen=True, slots=True)
class Wanted:
    """The arguments of the command line: the address, the key, the number of the proposal, the name, the authority, and
    whether to ask.
    """

    address: str
    url: str | None = None
    key: Sequence[str] = ()
    name: str | None = None
    take: int = 1
    authority: Authority | None = None
    yes: bool = False


def offer(path: Path | None, wanted: Wanted) -> int:
    """Propose a source, and write it after consent: 0, or 1 if nothing can be read there.

    Raises ConfigError if the configuration has errors already, and UsageError for what is not possible.
    """
    file, missing = _configuration(path)
    config = load(file) if file else None
    with _site(config, wanted) as site:
        found = _found(config, wanted, site)
    if found is None:
        return 1
    chosen, page = found
    authority = _authority(chosen, page, wanted)
    name = _name(wanted, page, config)
    text = source_block(with_authority(chosen, authority), page, name)
    show_block(text)
    if file is None:
        say(missing)
        return 2 if wanted.yes else 0
    return _write(file, text, name, wanted)


def _found(config: Config | None, wanted: Wanted, site: Site) -> tuple[Proposal, Page] | None:
    """The chosen proposal, which was shown, and its page; None if nothing can be read there."""
    try:
        page, proposals = look_around(_page(wanted, site), site, say)
    except SourceError as error:
        complain(f"{wanted.address}: {error.code}: {error.message}")
        return None
    if not proposals:
        complain(f"{wanted.address}: nothing on it repeats like the entries of a register")
        return None
    chosen = _chosen(proposals, page, wanted, site.http)
    others = _others(page, chosen, config)
    if others and wanted.yes and not wanted.name:
        raise UsageError(f"{page.get.url}: {others}; to add it once more, give it another name with --name")
    chosen, remarks = completed(chosen, page, site, saved=saved(wanted.address) is not None)
    remarks = [*remarks, *([] if saved(wanted.address) else manners(site, page.get.url))]
    shared = sharing_a_key(chosen.entries, source_of(chosen, page.url, site.http).uncompared)
    show(chosen, proposals, page, [*remarks, *([others] if others else [])], shared)
    return chosen, page


def _configuration(path: Path | None) -> tuple[Path | None, str]:
    """The configuration file, or None and the reason."""
    try:
        return find_file(path), ""
    except ConfigError as error:
        return None, f"nothing was written: {error.problems[0]}"


def _site(config: Config | None, wanted: Wanted) -> Site:
    """The pages of the address; those of a saved one are not rendered."""
    browser = config.browser if config else BrowserOptions()
    return Site(config.http if config else HttpOptions(), None if saved(wanted.address) else browser)


def _page(wanted: Wanted, site: Site) -> Page:
    """The page of an address, or a saved one. Raises SourceError and UsageError."""
    file = saved(wanted.address)
    return from_file(file, wanted.url, site.http) if file else site.fetch(Get(web_address(wanted.address)))


def _chosen(proposals: Sequence[Proposal], page: Page, wanted: Wanted, http: HttpOptions) -> Proposal:
    if not 0 < wanted.take <= len(proposals):
        raise UsageError(f"--take {wanted.take}: {there_are(len(proposals), 'proposal')}")
    if not wanted.key:
        return proposals[wanted.take - 1]
    for proposal in proposals[wanted.take - 1 :]:
        names = {name.casefold(): name for name in proposal.columns}
        if all(name.casefold() in names for name in wanted.key):
            return _with_key(proposal, [names[name.casefold()] for name in wanted.key], page, http)
    seen = listing(proposals[wanted.take - 1].columns, most=30)
    raise UsageError(f"--key: {listing(wanted.key)} cannot be the key of {proposals[0].what}; it has {seen}")


def _with_key(proposal: Proposal, names: Sequence[str], page: Page, http: HttpOptions) -> Proposal:
    """The proposal with another key. Raises UsageError if its kind cannot read the page with it."""
    several = len(names) > 1
    value = f"[{', '.join(names)}]" if several and proposal.kind == "json" else one_or_list(names)
    changed = replace(proposal, options={**proposal.options, "key": value}, key=explain(proposal.columns, names))
    held = tried(changed, page, http)
    if held is None:
        raise UsageError(f"--key: the kind {proposal.kind} cannot read the page with {listing(names)} as its key")
    return held


def _name(wanted: Wanted, page: Page, config: Config | None) -> str:
    taken = list(config.sources) if config else []
    if wanted.name is None:
        return name_for(page.get.url, title_of(page), taken)
    if wanted.name in taken:
        raise UsageError(f'--name: there is a source "{wanted.name}" already')
    return wanted.name


def _others(page: Page, chosen: Proposal, config: Config | None) -> str:
    """The sources that have this address already, in words; "" if none."""
    asked = first_url(kind(chosen.kind).model_validate(chosen.options)) if chosen.own_address else page.get.url
    names = [name for name, source in (config.sources if config else {}).items() if first_url(source) == asked]
    which = f"the source {listing(names)} has" if len(names) == 1 else f"the sources {listing(names)} have"
    return f"{which} this address already" if names else ""


def _authority(chosen: Proposal, page: Page, wanted: Wanted) -> Authority:
    """The authority: from the command line, else from a person's answer, else a guess from the page."""
    guessed = Guess(wanted.authority, "as you say") if wanted.authority else guess(page, chosen)
    say(f"authority: {guessed.authority} ({guessed.why})", hang=2)
    if wanted.authority or wanted.yes or chosen.own_address or not can_answer():
        return guessed.authority
    answer = answered(f"authority: {', '.join(AUTHORITIES)}? [{guessed.authority}] ")
    meant = [each for each in AUTHORITIES if answer and each.startswith(answer)]
    return meant[0] if len(meant) == 1 else guessed.authority


def _write(file: Path, text: str, name: str, wanted: Wanted) -> int:
    """Ask if a person can answer; write only after consent."""
    if UNKNOWN in text:
        say("a saved page does not say where it is from: give its address with --url, then it can be written down")
        return 2 if wanted.yes else 0
    if not wanted.yes and not _agreed(file):
        return 0
    append(file, text)
    say(f"written to {shown(file)}; `watch try {name}` reads it, `watch --once --source {name}` takes its baseline")
    return 0


def _agreed(file: Path) -> bool:
    if not can_answer():
        say(f"nothing was written; --yes writes these lines at the end of {shown(file)}")
        return False
    return agreed(f"write it at the end of {shown(file)}?")
