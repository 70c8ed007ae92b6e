"""What only shows when the tables of a configuration are seen together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import timedelta
from fnmatch import fnmatchcase
from glob import has_magic

from alerts.options import AlertRule
from sources import Source
from sources.options import format_duration
from sources.text import listing
from watcher.problems import Problems, did_you_mean

_ONE = {"channels": "channel", "entities": "entity", "sources": "source"}


def check_rule(rule: AlertRule, index: int, problems: Problems, names: Mapping[str, Collection[str]]) -> None:
    """Everything that an alert rule names has to be there. `names` holds what is, by the table's name."""
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


def _unknown(name: str, table: str, known: Collection[str]) -> str:
    what = _ONE[table]
    return f'there is no {what} "{name}"; ' + (
        did_you_mean(name, known, table) if known else f"the configuration has no {table} at all: add [{table}.{name}]"
    )


def check_former_names(sources: Mapping[str, Source], names: Collection[str], problems: Problems) -> None:
    """A former name is nobody's name now, and only one source's former name."""
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


def warn_pace(sources: Mapping[str, Source], hosts: Mapping[str, str], spacing: timedelta, problems: Problems) -> None:
    """Warn of hosts (given for each source) that are asked less often than their sources' `every` needs."""
    shared: dict[str, list[str]] = defaultdict(list)
    for name in sources:
        shared[hosts[name]].append(name)
    for host, names in shared.items():
        busy = sum(
            spacing / sources[name].every for name in names
        )  # the share of the time that the host is being spared
        if busy > 1:
            allowed = timedelta(minutes=1) / spacing
            problems.warn(
                ("http", "spacing"),
                f"{host}: {listing(names, 3)} want {allowed * busy:.3g} requests a minute, "
                f"and {format_duration(spacing)} between two lets only {allowed:.3g} go; "
                'raise their "every", or lower the spacing if the host bears it',
            )


def warn_unheard(sources: Mapping[str, Source], rules: Collection[AlertRule], problems: Problems) -> None:
    """Warn of what would happen without anybody hearing of it, although there are channels."""
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
