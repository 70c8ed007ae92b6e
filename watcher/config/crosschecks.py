"""Errors and warnings that involve several tables of a configuration."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from fnmatch import fnmatchcase
from glob import has_magic
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from alerts.channel import Channel
from alerts.chat.bot import BotOptions
from alerts.chat.choice import find_problem
from alerts.options import AlertRule
from alerts.rules import is_of
from sources import Source
from sources.options import HttpOptions, format_duration
from sources.text import listing
from watcher.config.config_secrets import KeyPath
from watcher.config.files import Tree
from watcher.config.problems import Problems, did_you_mean
from watcher.config.settings import TranslateOptions, is_guarded

_CONTACT = re.compile(r"[^\s@]+@[^\s@]+\.\w|https?://\w")
_ONE = {"channels": "channel", "entities": "entity", "sources": "source", "groups": "group"}


class Tables(NamedTuple):
    """The valid tables of a configuration. `names` has all names by table, also those whose own table is invalid;
    `rules` are by their position.
    """

    names: Mapping[str, Collection[str]]
    http: HttpOptions
    sources: Mapping[str, Source]
    channels: Mapping[str, Channel]
    rules: Mapping[int, AlertRule]


def check_references(tables: Tables, problems: Problems) -> None:
    """Check that everything exists that alert rules and channels name, that nobody who is asked needs an approval
    himself, and that one channel at most is for what readers follow, and nothing else is sent there.
    """
    channels, named = tables.channels, list[tuple[KeyPath, str, tuple[str, ...]]]()
    for index, rule in tables.rules.items():
        named += [
            (("alerts", index, "to"), "channels", rule.to),
            (("alerts", index, "entities"), "entities", rule.entities or ()),
            (("alerts", index, "approve"), "channels", rule.approve or ()),
            (("alerts", index, "escalate", "to"), "channels", rule.escalate.to if rule.escalate else ()),
        ]
        _check_patterns(("alerts", index, "sources"), rule.sources or (), tables, problems)
    named += [(("channels", name, "approve"), "channels", channel.approve or ()) for name, channel in channels.items()]
    for at, table, wanted in named:
        for name in wanted:
            channel = channels.get(name) if table == "channels" else None
            if name not in tables.names[table]:
                problems.add(at, _say_unknown(name, table, tables.names[table]))
            elif channel and channel.readers:
                problems.add(at, f'"{name}" is the channel for what readers follow: nothing else is sent there')
            elif channel and channel.approve and at[2] != "to":
                problems.add(at, f'"{name}" is a channel for which somebody has to approve: it cannot be asked itself')
    first, *others = [name for name, channel in channels.items() if channel.readers] or [""]
    for name in others:
        problems.add(("channels", name, "readers"), f'"{first}" is the channel for readers already')


def check_glossary(glossary: Collection[str], known: Sequence[str], problems: Problems) -> None:
    """Check that each table of the glossary is of a source or a kind that exists."""
    for name in glossary:
        if name not in known:
            what = f'there is no source and no kind "{name}"; {did_you_mean(name, known, "names")}'
            problems.add(("glossary", name), what)


def check_bots(bots: Mapping[str, BotOptions], users: Collection[str], problems: Problems) -> None:
    """Check that who may press in a chat is a user of the desk."""
    for name, bot in bots.items():
        for person, user in bot.users.items():
            if user not in users:
                what = f'there is no user "{user}" in [web.users]; {did_you_mean(user, list(users), "users")}'
                problems.add(("bots", name, "users", person), what)


def _check_patterns(at: KeyPath, patterns: Collection[str], tables: Tables, problems: Problems) -> None:
    """Check that names of sources exist, and warn of globs that match none."""
    for pattern in patterns:
        if any(fnmatchcase(name, pattern) for name in tables.names["sources"]):
            continue
        if has_magic(pattern):
            problems.warn(at, f'"{pattern}" matches no source')
        else:
            problems.add(at, _say_unknown(pattern, "sources", tables.names["sources"]))


def check_engines(engines: Iterable[TranslateOptions], tables: Tables, problems: Problems) -> None:
    """Check that the sources exist whose changes an engine is asked about. Warn of a key that anybody on the way to it
    can read, and of an engine that is not installed.
    """
    for each in engines:
        _check_patterns((each.table, "sources"), each.sources, tables, problems)
        if each.key and each.url and not is_guarded(each.url):
            problems.warn((each.table, "url"), "the key is sent there in clear: an address with https:// hides it")
        if each.engine == "argos" and find_spec("argostranslate") is None:
            what = 'it needs the extra "translate": pip install "registry-watch[translate]"'
            problems.warn((each.table, "engine"), what)


def _say_unknown(name: str, table: str, known: Collection[str]) -> str:
    what = _ONE[table]
    return f'there is no {what} "{name}"; ' + (
        did_you_mean(name, known, table) if known else f"the configuration has no {table} at all: add [{table}.{name}]"
    )


def check_channel(
    name: str, channel: Channel, known: tuple[Mapping[str, BotOptions], str | None], problems: Problems
) -> None:
    """Check that Apprise takes the address of a channel, and that its templates can be used; and that it can have the
    buttons that it should have, with the bots and the desk's address that are `known`.
    """
    buttons = find_problem(channel.url, *known) if channel.buttons else None
    if what := channel.problem() or buttons:
        problems.add(("channels", name, "url"), what)
    elif what := channel.template_problem():
        problems.add(("channels", name), f"its templates cannot be used: {what}")


def check_sources(tables: Tables, problems: Problems) -> None:
    """Check that former names and names of rules are used once, and that the user agent contains a contact if the site
    of a source requires one.
    """
    owners: dict[str, str] = {}
    for name, source in tables.sources.items():
        for former in source.was:
            if former in tables.names["sources"]:
                what = f'"{former}" is a source of its own here; it cannot be a former name too'
                problems.add(("sources", name, "was"), what)
            elif owners.setdefault(former, name) != name:
                problems.add(("sources", name, "was"), f'"{former}" is a former name of {owners[former]} already')
    without = list[str]()
    for name, source in tables.sources.items():
        sent = {"user-agent": tables.http.user_agent}
        for headers in (tables.http.headers, source.headers):
            sent |= {header.lower(): value for header, value in headers.items()}
        if source.enabled and source.needs_contact and not _CONTACT.search(sent["user-agent"]):
            without.append(name)
    if without:
        problems.add(
            ("http", "user_agent"),
            f"has to hold an e-mail address or a URL, as the site of {listing(without, 3)} answers no program without;"
            ' such as "registry-watch (+mailto:you@example.org)"',
        )
    named: dict[str, int] = {}
    for index, rule in tables.rules.items():
        if rule.name is not None and named.setdefault(rule.name, index) != index:  # as it is that of its feed
            problems.add(("alerts", index, "name"), f'"{rule.name}" is the name of another rule already')


def warn(tables: Tables, problems: Problems, hosts: Mapping[str, str], *, kept: bool, budget: float) -> None:
    """Warn of what is valid, but hardly meant. `hosts` are those of the enabled sources; `kept` says that evidence is
    kept, `budget` how many times the requests of fixed intervals are made.
    """
    enabled = {name: source for name, source in tables.sources.items() if source.enabled}
    _warn_rules(tables, problems, kept=kept)
    if not kept:
        for name, source in enabled.items():
            if source.screenshot:
                what = "no screenshot is kept or attached: add a table [evidence]"
                problems.warn(("sources", name, "screenshot"), what)
    for name, channel in tables.channels.items():
        if channel.is_event and not channel.signing:  # anybody who knows the address could post there, too
            what = "no signature tells the receiver who posts: add secret, as ${credential:NAME}"
            problems.warn(("channels", name), what)
    rendered = [name for name, source in enabled.items() if source.fetch == "browser"]
    if tables.http.proxy and rendered:
        what = f'no requests of {listing(rendered, 3)} go through it: with fetch = "browser" they are made directly'
        problems.warn(("http", "proxy"), what)
    _warn_pace(enabled, hosts, tables.http.spacing, budget, problems)
    rules = tables.rules.values()
    if not tables.names["channels"]:
        return
    if not any(rule.health for rule in rules):
        problems.warn(("alerts",), 'no rule has "health = true": nobody is told when a source can no longer be read')
    silent = [name for name, source in enabled.items() if not any(covers(rule, name, source) for rule in rules)]
    if silent:
        problems.warn(
            ("alerts",), f"no rule sends the changes of {listing(silent)}: add a rule with their names in sources"
        )


def _warn_rules(tables: Tables, problems: Problems, *, kept: bool) -> None:
    programs = {name for name, channel in tables.channels.items() if channel.is_event}
    for index, rule in tables.rules.items():
        if rule.health and rule.form:
            problems.warn(("alerts", index, "form"), "has no effect in a rule for health")
        if rule.attach and programs.issuperset(rule.to):
            problems.warn(("alerts", index, "attach"), "has no effect: programs get no files")
        elif rule.attach and not kept:
            what = "nothing is kept that could be attached: add a table [evidence]"
            problems.warn(("alerts", index, "attach"), what)


def covers(rule: AlertRule, name: str, source: Source) -> bool:
    """Whether a rule is for changes of a source."""
    authorities = (rule.authority,) if isinstance(rule.authority, str) else rule.authority
    return not rule.health and is_of(rule, name) and (authorities is None or source.authority in authorities)


def _warn_pace(
    sources: Mapping[str, Source], hosts: Mapping[str, str], spacing: timedelta, budget: float, problems: Problems
) -> None:
    """Warn of hosts whose sources need more requests than the spacing allows."""
    shared = defaultdict[str, list[str]](list)
    for name, source in sources.items():
        if source.polled and not source.at:
            shared[hosts[name]].append(name)
    for host, names in shared.items():
        # the share of time that spacing takes
        busy = budget * sum(spacing / sources[name].every for name in names)
        if busy > 1:
            allowed = timedelta(minutes=1) / spacing
            problems.warn(
                ("http", "spacing"),
                f"{host}: {listing(names, 3)} want {allowed * busy:.3g} requests a minute, "
                f"and {format_duration(spacing)} between two lets only {allowed:.3g} go; "
                'raise their "every", or lower the spacing if the host bears it',
            )


def warn_readable(at: KeyPath, tree: Tree, problems: Problems) -> None:
    """Warn of a secret in a file that every user of the machine can read."""
    place = tree.origin(at)
    if place.revision:
        return
    file = Path.cwd() / place.file
    if file.stat().st_mode & 0o004:
        what = "holds a password or a token, and everybody on this machine may read the file"
        problems.warn(at, f"{what}; write ${{credential:NAME}} or ${{NAME}} in its place, or chmod o-r the file")
