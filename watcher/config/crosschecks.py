"""Errors and warnings that involve several tables of a configuration."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import timedelta
from fnmatch import fnmatchcase
from glob import has_magic
from pathlib import Path

from alerts.channel import Channel
from alerts.options import AlertRule
from sources import Source
from sources.options import HttpOptions, format_duration
from sources.text import listing
from watcher.config.config_secrets import KeyPath
from watcher.config.files import Tree
from watcher.config.problems import Problems, did_you_mean

_CONTACT = re.compile(r"[^\s@]+@[^\s@]+\.\w|https?://\w")
_ONE = {"channels": "channel", "entities": "entity", "sources": "source"}


def check_rule(rule: AlertRule, index: int, problems: Problems, names: Mapping[str, Collection[str]]) -> None:
    """Check that everything that an alert rule names exists. `names` has the existing names, by table."""
    for option, table, wanted in (("to", "channels", rule.to), ("entities", "entities", rule.entities or ())):
        for name in wanted:
            if name not in names[table]:
                problems.add(("alerts", index, option), _unknown(name, table, names[table]))
    for pattern in rule.sources or ():
        if any(fnmatchcase(name, pattern) for name in names["sources"]):
            continue
        if has_magic(pattern):
            problems.warn(("alerts", index, "sources"), f'"{pattern}" matches no source')
        else:
            problems.add(("alerts", index, "sources"), _unknown(pattern, "sources", names["sources"]))


def check_approvals(
    channels: Mapping[str, Channel], rules: Mapping[int, AlertRule], problems: Problems, names: Collection[str]
) -> None:
    """Check that those who are asked, or told again, exist, and are no channels that themselves need an approval."""
    asked: list[tuple[KeyPath, tuple[str, ...]]] = [
        (("channels", name, "approve"), channel.approve) for name, channel in channels.items() if channel.approve
    ]
    for index, rule in rules.items():
        asked += [(("alerts", index, "approve"), rule.approve)] if rule.approve else []
        asked += [(("alerts", index, "escalate", "to"), rule.escalate.to)] if rule.escalate else []
    for at, wanted in asked:
        for name in wanted:
            if name not in names:
                problems.add(at, _unknown(name, "channels", names))
            elif name in channels and channels[name].approve:
                problems.add(at, f'"{name}" is a channel for which somebody has to approve: it cannot be asked itself')


def check_rule_names(rules: Mapping[int, AlertRule], problems: Problems) -> None:
    """A rule's name is its own, as it is that of its feed."""
    owners: dict[str, int] = {}
    for index, rule in rules.items():
        if rule.name is not None and owners.setdefault(rule.name, index) != index:
            problems.add(("alerts", index, "name"), f'"{rule.name}" is the name of another rule already')


def _unknown(name: str, table: str, known: Collection[str]) -> str:
    what = _ONE[table]
    return f'there is no {what} "{name}"; ' + (
        did_you_mean(name, known, table) if known else f"the configuration has no {table} at all: add [{table}.{name}]"
    )


def check_former_names(sources: Mapping[str, Source], names: Collection[str], problems: Problems) -> None:
    """Check that a former name is not in use, and is the former name of only one source."""
    owners: dict[str, str] = {}
    for name, source in sources.items():
        for former in source.was:
            if former in names:
                problems.add(
                    ("sources", name, "was"),
                    f'"{former}" is a source of its own here; it cannot be a former name too',
                )
            elif owners.setdefault(former, name) != name:
                problems.add(("sources", name, "was"), f'"{former}" is a former name of {owners[former]} already')


def check_contact(sources: Mapping[str, Source], http: HttpOptions, problems: Problems) -> None:
    """Check that the user agent contains a contact if a source's site requires one."""
    without = [
        name for name, source in sources.items() if source.needs_contact and not _CONTACT.search(_agent(source, http))
    ]
    if without:
        problems.add(
            ("http", "user_agent"),
            f"has to hold an e-mail address or a URL, as the site of {listing(without, 3)} answers no program without;"
            ' such as "registry-watch (+mailto:you@example.org)"',
        )


def _agent(source: Source, http: HttpOptions) -> str:
    sent = {"user-agent": http.user_agent}
    sent |= {name.lower(): value for headers in (http.headers, source.headers) for name, value in headers.items()}
    return sent["user-agent"]


def warn_pace(
    sources: Mapping[str, Source], hosts: Mapping[str, str], spacing: timedelta, problems: Problems, budget: float = 1.0
) -> None:
    """Warn of hosts whose sources need more requests than the spacing allows. `hosts` has the host of each source;
    `budget` is how many times the requests of fixed intervals are made.
    """
    shared: dict[str, list[str]] = defaultdict(list)
    for name, source in sources.items():
        if not source.at:
            shared[hosts[name]].append(name)
    for host, names in shared.items():
        busy = budget * sum(spacing / sources[name].every for name in names)  # the share of time that spacing takes
        if busy > 1:
            allowed = timedelta(minutes=1) / spacing
            problems.warn(
                ("http", "spacing"),
                f"{host}: {listing(names, 3)} want {allowed * busy:.3g} requests a minute, "
                f"and {format_duration(spacing)} between two lets only {allowed:.3g} go; "
                'raise their "every", or lower the spacing if the host bears it',
            )


def warn_screenshots(sources: Mapping[str, Source], kept: bool, problems: Problems) -> None:
    """Warn of sources that make screenshots when no page is kept."""
    for name, source in sources.items() if not kept else ():
        if source.screenshot:
            problems.warn(("sources", name, "screenshot"), "no screenshot is kept or attached: add a table [evidence]")


def warn_attached(rules: Mapping[int, AlertRule], kept: bool, problems: Problems) -> None:
    """Warn of rules that attach proofs when no page is kept."""
    for index, rule in rules.items():
        if rule.attach and not kept:
            problems.warn(("alerts", index, "attach"), "nothing is kept that could be attached: add a table [evidence]")


def warn_unsigned(channels: Mapping[str, Channel], problems: Problems) -> None:
    """Warn of events that are posted without a signature: anybody who knows the address could post there, too."""
    for name, channel in channels.items():
        if channel.is_event and not channel.signing:
            what = "no signature tells the receiver who posts: add secret, as ${credential:NAME}"
            problems.warn(("channels", name), what)


def warn_unheard(sources: Mapping[str, Source], rules: Collection[AlertRule], problems: Problems) -> None:
    """Warn of failures and changes that nobody would be alerted about, although there are channels."""
    if not any(rule.health for rule in rules):
        problems.warn(("alerts",), 'no rule has "health = true": nobody is told when a source can no longer be read')
    silent = [name for name, source in sources.items() if not any(_covers(rule, name, source) for rule in rules)]
    if silent:
        problems.warn(
            ("alerts",),
            f"no rule sends the changes of {listing(silent)}: add a rule with their names in sources",
        )


def _covers(rule: AlertRule, name: str, source: Source) -> bool:
    authorities = (rule.authority,) if isinstance(rule.authority, str) else rule.authority
    return (
        not rule.health
        and (rule.sources is None or any(fnmatchcase(name, pattern) for pattern in rule.sources))
        and (authorities is None or source.authority in authorities)
    )


def warn_readable(at: KeyPath, tree: Tree, problems: Problems) -> None:
    """Warn of a secret in a file that every user of the machine can read."""
    file = Path.cwd() / tree.origin(at).file
    if file.stat().st_mode & 0o004:
        what = "holds a password or a token, and everybody on this machine may read the file"
        problems.warn(at, f"{what}; write ${{credential:NAME}} or ${{NAME}} in its place, or chmod o-r the file")
