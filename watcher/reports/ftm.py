"""What is known as entities of FollowTheMoney: a dictionary for each present entry, in the form that its library reads.

What has no property of its own there is in the notes: the field's name, and its value.
"""

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from hashlib import sha1
from typing import Any

from alerts.screening.facts import facts_of
from sources import Entry
from state.db.repository import chunks
from state.history.life import FIRST
from state.store import Store
from watcher.reports import iso

# The schema of an entry that says in a field, as its whole value, what it is about: by that word.
_SCHEMATA = {"individual": "Person", "organisation": "Organization", "ship": "Vessel", "aircraft": "Airplane"}
_SCHEMATA |= {
    name.lower(): name for name in ("Person", "Organization", "Company", "Vessel", "Airplane", "CryptoWallet")
}

# The properties that have identifiers, the last for all that have none of their own.
_LEGAL = ("innCode", "leiCode", "ogrnCode", "taxNumber", "registrationNumber", "idNumber")
_NUMBERS = {
    "Person": ("passportNumber", *_LEGAL),
    "Vessel": ("imoNumber", "mmsi", "callSign", "registrationNumber"),
    "Airplane": ("icaoCode", "serialNumber", "registrationNumber"),
    "CryptoWallet": ("publicKey",),
}
_SAID = frozenset(("names", "birth_date", "country", "identifiers", "programme", "address", "schema", "topics"))


def entities(store: Store, patterns: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The present entries of the sources whose names match a pattern. When one was seen first is left out where the
    history does not reach back so far. Raises StateError.
    """
    for status in store.source_statuses():
        horizon = store.history.own_horizon(status.name)
        begin = horizon.since if horizon and horizon.why == FIRST else None
        is_meant = any(fnmatchcase(status.name, pattern) for pattern in patterns)
        for some in chunks(store.history.entries(status.name)) if is_meant else ():
            told = store.log.history(status.name, [each.entry.key for each in some], begin) if begin else {}
            for past in some:
                events = told.get(past.entry.key, ())
                known = begin if events or past.since == begin else None  # else it came without an event
                first = next((event.at for event in events if event.data["change"] == "added"), known)
                times = {"first_seen": first, "last_seen": status.checked, "last_change": past.since}
                yield _entity(status.name, past.entry) | {name: iso(at) for name, at in times.items() if at}


def _entity(source: str, entry: Entry) -> dict[str, Any]:
    facts, fields, shown = facts_of(entry), entry.fields, (entry.key, entry.title, entry.url)
    said = next((_SCHEMATA[word] for text in fields.values() if (word := text.casefold()) in _SCHEMATA), "")
    schema = said or ("Person" if facts.births else "LegalEntity")
    properties = {
        "name": [entry.title],
        "alias": facts.names[1:],
        "country": facts.countries,
        "birthDate": [birth for birth in facts.births if schema == "Person" and "/" not in birth],  # no range is a date
        "program": fields.get("programme", "").split("; "),
        "address": fields.get("address", "").split("; "),
        "topics": fields.get("topics", "").split("; ") if "schema" in fields else [],
        "sourceUrl": [entry.url or ""],
        "notes": [f"{name}: {text}" for name, text in fields.items() if name not in _SAID and text not in shown],
    }
    *own, other = _NUMBERS.get(schema, _LEGAL)
    for identifier in facts.identifiers:
        words, _, number = identifier.rpartition(" ")
        name = next((each for each in own if words and each.lower().startswith(words.split()[0])), other)
        properties[name] = [*properties.get(name, ()), number]
    return {
        "id": f"{source}-{sha1(entry.key.encode(), usedforsecurity=False).hexdigest()[:20]}",
        "caption": entry.title,
        "schema": schema,
        "properties": {name: kept for name, values in properties.items() if (kept := [*filter(None, values)])},
        "datasets": [source],
    }
