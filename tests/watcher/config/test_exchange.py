"""What is configured at the desk, moved into a file, gives the same watch."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from state.storage.objects import Edit, Revision
from state.store import Store
from watcher.config import edit
from watcher.config.exchange import read_objects, write_objects
from watcher.config.files import is_name
from watcher.config.load import Config, load
from watcher.config.sealing import change, is_sealed

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
PARTS = ("sources", "groups", "entities", "channels", "alerts", "http", "schedule", "keep", "timezone")

characters = st.characters(exclude_categories=["Cs"])
text = st.text(characters, max_size=20).map(lambda given: given.replace("${", "$${"))
names = st.text(characters, min_size=1, max_size=12).filter(is_name).filter(lambda name: "${" not in name)
unknown = st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF)).filter(lambda s: "${" not in s)
secrets = unknown.map("s3cret-{}".format)  # as no name or label is
words = st.from_regex(r"[a-z]{1,8}", fullmatch=True)
spans = st.sampled_from(["90s", "15m", "6h", "1d"])
urls = st.builds("https://{}.example/{}".format, words, words)


def some(**options: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A table with any of these options."""
    return st.fixed_dictionaries({}, optional=options)


common = some(
    every=spans,
    label=text,
    authority=st.sampled_from(["record", "report", "statement"]),
    enabled=st.booleans(),
    min_entries=st.integers(1, 9),
    max_lost=st.floats(0.01, 0.99),
    ignore=st.lists(words, max_size=3, unique=True),
    headers=st.dictionaries(st.sampled_from(["X-Api-Key", "Accept-Language", "Cookie"]), secrets, max_size=3),
    timeout=spans,
)
kinds = st.one_of(
    st.fixed_dictionaries({"kind": st.just("feed"), "url": urls}),
    st.fixed_dictionaries({"kind": st.just("text"), "url": urls, "remove": st.just(["nav", '[title="a\\"b"]'])}),
    st.fixed_dictionaries(
        {
            "kind": st.just("list"),
            "url": urls,
            "item": st.just("li"),
            "fields": st.dictionaries(words, st.just("span.é@title"), max_size=3),
        }
    ),
    st.fixed_dictionaries({"kind": st.just("json"), "url": urls, "items": st.just('[?a == "b"]'), "key": words}),
)
groups = some(every=spans, label=text, timeout=spans, headers=st.dictionaries(words, secrets, max_size=2))
entities = st.fixed_dictionaries(
    {"names": st.lists(st.sampled_from(["Telegram", "Телеграм", "MAX", "電報", "Shell plc"]), min_size=1, unique=True)},
    optional={"context": st.lists(words, min_size=1, max_size=3, unique=True)},
)
channels = st.builds(
    lambda host, password, more: {"url": f"json://desk:{password}@{host}.example/hook", **more},
    words,
    st.from_regex(r"[A-Za-z0-9]{1,30}", fullmatch=True),
    some(give_up=spans),
)


@st.composite
def desks(draw: Callable[..., Any]) -> list[Edit]:
    """Objects that name each other."""
    made = {
        object_: draw(st.dictionaries(names, table, max_size=3))
        for object_, table in (("group", groups), ("entity", entities), ("channel", channels))
    }
    sources = draw(st.dictionaries(names, st.builds(lambda kind, more: {**kind, **more}, kinds, common), max_size=4))
    for source in sources.values():
        if made["group"] and draw(st.booleans()):
            source["group"] = draw(st.sampled_from(sorted(made["group"])))
    made["source"] = sources
    if made["channel"]:
        rule = {
            "to": st.lists(st.sampled_from(sorted(made["channel"])), min_size=1, unique=True),
            "changes": st.just(["added", "removed"]),
            "quiet": st.just("22:00-07:00"),
        }
        if made["entity"]:
            rule["entities"] = st.lists(st.sampled_from(sorted(made["entity"])), min_size=1, unique=True)
        rules = draw(st.lists(some(**rule).filter(lambda table: "to" in table), max_size=3))
        made["rule"] = {f"rule {number}": each for number, each in enumerate(rules)}
    return [Edit(object_, name, table) for object_, tables in made.items() for name, table in tables.items()]


def parts(config: Config) -> dict[str, Any]:
    return {part: getattr(config, part) for part in PARTS}


def opened(config: Config, objects: list[Revision]) -> list[str]:
    """The sealed secrets, in the order in which their names are given."""
    found = list[str]()
    for each in objects:
        change(each.document or {}, lambda _, value: is_sealed(value) and found.append(config.seal.open(value)))
    return found


@settings(max_examples=60)
@given(desks())
def test_an_export_in_a_file_gives_the_same_watch(edits: list[Edit]) -> None:
    with TemporaryDirectory() as at, Store.open(f"sqlite:///{at}/state.db") as store:
        here, there = Path(at, "watch.toml"), Path(at, "there.toml")
        here.write_text("")
        edit.apply(load(here), store, edits, "anna", NOW)
        before, objects = load(here), store.objects.current()
        written, asked = write_objects(objects)
        there.write_text(f'state = "sqlite:///other.db"\n{written}')
        given_secrets = dict(zip(asked, opened(before, objects), strict=True))
        with patch.dict(os.environ, given_secrets):
            assert parts(load(there)) == parts(before)
        assert not [secret for secret in given_secrets.values() if secret in written]
        assert len(read_objects(written, "there.toml")) == len(edits)


@settings(max_examples=40)
@given(desks(), desks())
def test_what_a_file_has_is_brought_up_to_date(before: list[Edit], after: list[Edit]) -> None:
    was, now = (
        [Revision(0, edit.object, edit.name, {**(edit.document or {}), **named(edit)}, "anna", NOW) for edit in edits]
        for edits in (before, after)
    )
    old, _ = write_objects(was)
    written, _ = write_objects(now, old)
    anew, _ = write_objects(now)
    assert by_name(read_objects(written, "")) == by_name(read_objects(anew, ""))
    assert tomllib.loads(write_objects(now, written)[0]) == tomllib.loads(written)


def by_name(edits: list[Edit]) -> dict[tuple[str, str], Any]:
    return {(edit.object, edit.name): edit.document for edit in edits}


def named(edit: Edit) -> dict[str, str]:
    return {"name": edit.name} if edit.object == "rule" else {}
