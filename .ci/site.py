"""Gathers the documents of the site in build/docs: those of docs/, the README as its first page, and the reference.

The reference is made from the code: commands from the parser, watch.toml from its JSON Schema, events from theirs.
"""

# ruff: noqa: INP001 - a script beside the program, not a part of it
from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from alerts.event.change_json import event_schema
from sources.loader import kinds
from watcher.cli import whole_parser
from watcher.config.schema import schema

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "build" / "docs"


def commands() -> str:
    """Every command with its help, as `--help` shows it."""
    os.environ["COLUMNS"] = "100"
    parser = whole_parser()
    subparsers = next(each for each in parser._actions if isinstance(each, argparse._SubParsersAction))
    parts = [
        "# Commands, as --help shows them",
        "Made from the parser; [commands](../commands.md) is shorter.",
        "## watch",
    ]
    parts.append(_block(re.sub(r"\{[\w,-]+\}", "COMMAND", parser.format_help())))
    for name, command in sorted(subparsers.choices.items()):
        parts += [f"## watch {name}", _block(command.format_help())]
    return "\n\n".join(parts) + "\n"


def configuration() -> str:
    """Every table and key of watch.toml."""
    whole = schema(kinds())
    definitions = whole["$defs"]
    parts = [
        "# watch.toml, key by key",
        "Made from the models that check it; [configuration](../configuration.md) explains.",
    ]
    parts += ["## Top level", _keys(whole["properties"], definitions)]
    for name, given in whole["properties"].items():
        if table := _table(given, definitions):
            parts += [f"## [{name}]", _keys(table["properties"], definitions)]
    common = {name.removeprefix("option."): each for name, each in definitions.items() if name.startswith("option.")}
    parts += ["## [sources.NAME], of every kind", _keys(common, definitions)]
    for name, definition in definitions.items():
        if name.startswith("kind."):
            kind = name.removeprefix("kind.")
            own = {key: each for key, each in definition["properties"].items() if key not in common or key == "url"}
            about = str(own.pop("kind", {}).get("description", ""))
            parts += [f'## kind = "{kind}"', _escaped(about), _keys(own, definitions)]
    for table, heading in (("entity", "[entities.NAME]"), ("channel", "[channels.NAME]"), ("alert", "[[alerts]]")):
        parts += [f"## {heading}", _keys(definitions[table]["properties"], definitions)]
    return "\n\n".join(part for part in parts if part) + "\n"


def events() -> str:
    """The JSON of a change, and its schema."""
    given = event_schema()
    definitions = given.get("$defs", {})
    about = "One object everywhere: `watch log --json`, `watch --once --json`, the [API](../api.md)."
    text = json.dumps(given, ensure_ascii=False, indent=2)
    keys = _keys(given.get("properties", {}), definitions)
    return "\n\n".join(["# The JSON of a change", about, keys, "## JSON Schema", f"```json\n{text}\n```"]) + "\n"


def _keys(properties: Mapping[str, Any], definitions: Mapping[str, Any]) -> str:
    """Keys as a table of Markdown."""
    rows = list(_rows(properties, definitions))
    return "\n".join(["| key | type | default | meaning |", "| --- | --- | --- | --- |", *rows]) if rows else ""


def _rows(properties: Mapping[str, Any], definitions: Mapping[str, Any]) -> Iterator[str]:
    for name, given in properties.items():
        details = {**_resolved(given, definitions), **{key: value for key, value in given.items() if key != "$ref"}}
        default = details.get("default")
        shown = f"`{json.dumps(default, ensure_ascii=False)}`" if default not in (None, "", [], {}) else ""
        meaning = _escaped(str(details.get("description", "")).partition("\n")[0])
        yield f"| `{name}` | {_type(details, definitions)} | {shown} | {meaning} |".replace("||", "|")


def _type(details: Mapping[str, Any], definitions: Mapping[str, Any]) -> str:
    if several := details.get("anyOf") or details.get("oneOf"):
        names = [_type(_resolved(part, definitions), definitions) for part in several[:4] if part.get("type") != "null"]
        return " or ".join(dict.fromkeys(filter(None, names)))
    if "enum" in details or "const" in details:
        return ", ".join(f"`{value}`" for value in details.get("enum", [details.get("const")]))
    if details.get("type") == "array":
        return f"list of {_type(_resolved(details.get('items', {}), definitions), definitions) or 'values'}"
    words = {"string": "text", "integer": "number", "boolean": "true or false", "object": "table"}
    kind = details.get("type", "")
    return words.get(kind, str(kind)) if isinstance(kind, str) else ""


def _resolved(given: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = str(given.get("$ref", ""))
    found: Mapping[str, Any] = definitions.get(reference.rpartition("/")[2], given) if reference else given
    return found


def _table(given: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    """The table that a key holds, perhaps beside null."""
    for part in [given, *given.get("anyOf", []), *given.get("allOf", [])]:
        if (found := _resolved(part, definitions)).get("properties"):
            return found
    return {}


def _block(text: str) -> str:
    return f"```text\n{text.rstrip()}\n```"


def _escaped(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;").replace("[", "\\[")


def first_page() -> str:
    """The README, with links from where the first page is; links to code lose their target."""
    text = (ROOT / "README.md").read_text("utf-8").replace("](docs/", "](")
    return _without_code(text)


def _without_code(text: str) -> str:
    """Links to code, which is no part of the site, as plain words."""
    return re.sub(
        r"\[([^\]]+)\]\((?:\.\./)?(?:(?:watcher|tests|sources|state|alerts|systemd|container)/[^)]*|LICENSE)\)",
        r"\1",
        text,
    )


def main() -> int:
    """Write all of it into an empty folder."""
    shutil.rmtree(TARGET, ignore_errors=True)
    shutil.copytree(ROOT / "docs", TARGET)
    (TARGET / "reference").mkdir()
    for file in TARGET.glob("*.md"):
        text = file.read_text("utf-8")
        text = re.sub(r"\]\(\.\./(SECURITY|CONTRIBUTING|CHANGELOG)\.md", r"](\1.md", text)
        file.write_text(_without_code(text), encoding="utf-8")
    for name in ("SECURITY", "CONTRIBUTING", "CHANGELOG"):
        text = (ROOT / f"{name}.md").read_text("utf-8").replace("](docs/", "](")
        (TARGET / f"{name}.md").write_text(text, encoding="utf-8")
    pages = {"index.md": first_page(), "reference/commands.md": commands()}
    pages |= {"reference/watch-toml.md": configuration(), "reference/events.md": events()}
    for name, text in pages.items():
        (TARGET / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
