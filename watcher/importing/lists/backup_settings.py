"""What holds for all watches of a backup of changedetection.io: its settings, and its groups."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_UNITS = {"weeks": 604800, "days": 86400, "hours": 3600, "minutes": 60, "seconds": 1}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ALL_DAY = "00:00-24:00"
_BROWSERS = ("html_webdriver", "extra_browser_")


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a watch has where it says nothing itself. `shared` is a table like a watch, which counts beside each."""

    seconds: float = 0
    hours: Mapping[str, str] = field(default_factory=dict)  # the options `hours` and `zone`
    zone: str = ""
    browser: bool = False
    headers: Mapping[str, Any] = field(default_factory=dict)
    proxies: Mapping[str, str] = field(default_factory=dict)  # by the key that a watch names
    proxy: str = ""
    shared: Mapping[str, Any] = field(default_factory=dict)
    groups: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: object) -> Defaults:
        """From the table `settings` of the backup."""
        requests, application = table(settings, "requests"), table(settings, "application")
        proxies = dict(_proxies(requests.get("extra_proxies")))
        chosen, zone = str(requests.get("proxy")), str(application.get("scheduler_timezone_default") or "")
        return cls(
            seconds=interval(requests),
            hours=hours(table(requests, "time_schedule_limit"), zone),
            zone=zone,
            browser=is_browser(application.get("fetch_backend")),
            headers=table(settings, "headers"),
            proxies=proxies,
            proxy=proxies.get(chosen, next(iter(proxies.values()), "")),  # the first one, where none is chosen
            shared={
                "subtractive_selectors": application.get("global_subtractive_selectors"),
                "ignore_text": application.get("global_ignore_text"),
            },
            groups={name: group for name, group in table(application, "tags").items() if isinstance(group, Mapping)},
        )


def interval(given: Mapping[str, Any]) -> float:
    """The seconds between two checks, as a watch or the settings say them; 0 when they do not."""
    minutes = given.get("minutes_between_check")  # before version 0.39
    return _seconds(given.get("time_between_check")) or _seconds({"minutes": minutes})


def hours(given: Mapping[str, Any], zone: str) -> dict[str, str]:
    """The options `hours` and `zone` of a weekly schedule; empty when it leaves all hours, or is off."""
    if not given.get("enabled"):
        return {}
    days: dict[str, list[str]] = {}
    for day in _DAYS:
        if table(given, day).get("enabled") and (span := _span(table(given, day))):
            days.setdefault(span, []).append(day[:3])
    spans = ", ".join(f"{','.join(names)} {span}" for span, names in days.items())
    if not spans or days == {_ALL_DAY: [day[:3] for day in _DAYS]}:
        return {}
    zone = str(given.get("timezone") or zone)
    return {"hours": spans, **({"zone": zone} if zone else {})}


def is_browser(backend: object) -> bool:
    """Whether a page is read with a browser."""
    return isinstance(backend, str) and backend.startswith(_BROWSERS)


def table(value: object, name: str) -> Mapping[str, Any]:
    """The object of that name; an empty one when there is none."""
    inner = value.get(name) if isinstance(value, Mapping) else None
    return inner if isinstance(inner, Mapping) else {}


def _span(day: Mapping[str, Any]) -> str:
    """The hours of a day, of its beginning and its length; "" when they cannot be read."""
    begin = re.fullmatch(r"(\d\d?):(\d\d)", str(day.get("start_time")))
    length = [str(table(day, "duration").get(unit) or 0) for unit in ("hours", "minutes")]
    if not begin or not all(re.fullmatch(r"\d{1,2}", each) for each in length):
        return ""
    first, minutes = int(begin[1]) * 60 + int(begin[2]), int(length[0]) * 60 + int(length[1])
    if minutes >= 24 * 60:
        return _ALL_DAY
    end = first + minutes
    return f"{_clock(first)}-{_clock(end if end <= 24 * 60 else end - 24 * 60)}" if minutes else ""


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _proxies(given: object) -> list[tuple[str, str]]:
    """The proxies of the settings, by the key that a watch names."""
    listed = [each for each in given if isinstance(each, Mapping)] if isinstance(given, list) else []
    named = [(each.get("proxy_name"), each.get("proxy_url")) for each in listed]
    return [(f"ui-0{name}", str(url)) for name, url in named if name and url]


def _seconds(given: object) -> float:
    """A time that is told in weeks, days, hours, minutes and seconds; 0 when none is."""
    total = 0.0
    for unit, size in _UNITS.items():
        value = given.get(unit) if isinstance(given, Mapping) else None
        if isinstance(value, str) and value.isdecimal() and len(value) < 10:
            value = int(value)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 10**9:
            total += value * size
    return total if total < 10**9 else 0
