"""The JSON Schema of watch.toml, generated from the models, so that editors complete and check it."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core.core_schema import NullableSchema

from alerts.channel import Channel
from alerts.options import AlertRule, Entity
from alerts.timing import Rate
from sources import Source
from sources.loader import KindError, kind, names
from sources.options import format_duration
from watcher.config.settings import Settings

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_LAYOUTS = {
    "type": "array",
    "items": {"type": "object", "required": ["until"]},
    "description": "how pages of earlier times were made: each with `until`, the time up to which they were so, and the"
    " options of the kind that differ from today's, for `watch past`",
}


def schema(kinds: Mapping[str, type[Source]]) -> dict[str, Any]:
    """The schema (draft 2020-12) of a configuration for these kinds of sources."""
    common = _with_layouts(table_schema(Source))["properties"]
    definitions = {f"option.{name}": option for name, option in common.items()}
    definitions |= {f"kind.{name}": _kind(name, model, common) for name, model in sorted(kinds.items())}
    definitions |= {"channel": table_schema(Channel), "entity": table_schema(Entity), "alert": table_schema(AlertRule)}
    shared = {name: _ref(f"option.{name}") for name in common if name not in {"group", "before"}}
    whole = table_schema(Settings)
    named = {
        "sources": _name_tables(
            {"oneOf": [_ref(f"kind.{name}") for name in sorted(kinds)]}, "the places to poll, by name"
        ),
        "groups": _name_tables(
            {"type": "object", "properties": {"kind": {"type": "string"}, **shared}},
            "what several sources share, by name: the defaults of those with that `group`",
        ),
        "channels": _name_tables(_ref("channel"), "where alerts go, by name"),
        "entities": _name_tables(_ref("entity"), "what is watched for, by name"),
        "alerts": {"type": "array", "items": _ref("alert"), "description": "which changes go to which channels"},
    }
    whole = whole | {"properties": whole["properties"] | named, "$defs": definitions}
    return {"$schema": _DIALECT, "title": "Registry Watch: watch.toml"} | whole


def object_schemas() -> dict[str, dict[str, Any]]:
    """The schema of each kind of object that the desk has; of a source, with the options that all kinds have."""
    kinds = {"kind": {"type": "string", "description": "how it is read: `watch kinds` lists them"}}
    common = _with_layouts(table_schema(Source))
    common = common | {"properties": kinds | common["properties"], "additionalProperties": True}
    models = {"entity": Entity, "channel": Channel, "rule": AlertRule}
    named = {name: table_schema(model) for name, model in models.items()}
    return {"source": common | {"required": ["kind"]}, "group": common} | named


def object_schema(object_: str, table: Mapping[str, Any], presets: Path | None) -> dict[str, Any]:
    """The schema of an object beside its name, with the options of its kind, if it names one. What else a group has for
    its members may have any value.
    """
    made = object_schemas()[object_]
    if object_ not in {"source", "group"}:
        return made | {"properties": {key: spec for key, spec in made["properties"].items() if key != "name"}}
    chosen = {"kind": made["properties"]["kind"] | {"enum": sorted(names(presets))}}
    with suppress(KindError):
        made = _with_layouts(table_schema(kind(str(table.get("kind")), presets)), table.get("before", {}))
    required = ["kind", *made.get("required", [])] if object_ == "source" else []
    further: dict[str, Any] = {key: {} for key in table if object_ == "group" and key not in made["properties"]}
    return made | {"properties": made["properties"] | chosen | further, "required": required}


def _kind(name: str, model: type[Source], common: Mapping[str, Any]) -> dict[str, Any]:
    """A kind's table: its own options first, then the common ones with the kind's defaults."""
    table = _with_layouts(table_schema(model))
    options = table["properties"]
    own = {option: details for option, details in options.items() if option not in common}
    shared = {option: _share_option(option, options[option], details) for option, details in common.items()}
    says = {"const": name, "description": table.get("description", "").partition("\n")[0]}
    return table | {"properties": {"kind": says} | own | shared, "required": ["kind", *table.get("required", [])]}


def _with_layouts(made: dict[str, Any], given: object = None) -> dict[str, Any]:
    """A source's schema with its earlier layouts. A kind may have an option of that name, which is a table: then the
    schema has both, or of a form the one that is `given`.
    """
    option = made["properties"].get("before")
    if option and given is None:
        option = {"anyOf": [option, _LAYOUTS], "description": option["description"]}
    return made | {
        "properties": made["properties"] | {"before": _LAYOUTS if isinstance(given, list) else option or _LAYOUTS}
    }


def _share_option(option: str, details: dict[str, Any], common: dict[str, Any]) -> dict[str, Any]:
    """A common option: a reference, to keep the schema small, unless the kind changes more than the default."""
    details = {"description": common["description"]} | details  # a kind seldom describes it again
    if details | {"default": None} != common | {"default": None}:
        return details
    default = {"default": details["default"]} if details.get("default") != common.get("default") else {}
    return _ref(f"option.{option}") | default


class _Generator(GenerateJsonSchema):
    """Writes types and defaults as in TOML: no null, and durations as texts."""

    def nullable_schema(self, schema: NullableSchema) -> JsonSchemaValue:
        """The type without null, which TOML does not have."""
        return self.generate_inner(schema["schema"])

    def encode_default(self, dft: Any) -> Any:
        """A duration as `15m`, not in the form of ISO 8601, and a rate as `10/hour`."""
        if isinstance(dft, Rate):
            return str(dft)
        return format_duration(dft) if isinstance(dft, timedelta) else super().encode_default(dft)


@cache
def table_schema(model: type[BaseModel]) -> dict[str, Any]:
    """A model's schema in one piece, without pydantic's generated titles. It is shared: not to be changed."""
    made = model.model_json_schema(by_alias=True, schema_generator=_Generator)
    for name, option in model.model_fields.items():
        if not option.repr:
            made["properties"][option.alias or name]["writeOnly"] = True  # a secret
    return dict(_inline(made, made.pop("$defs", {})))


def _inline(part: Any, definitions: Mapping[str, Any]) -> Any:
    if isinstance(part, list):
        return [_inline(item, definitions) for item in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        rest = {key: value for key, value in part.items() if key != "$ref"}
        return _inline(definitions[part["$ref"].rpartition("/")[2]] | rest, definitions)
    # without the keyword `title` (an option of that name is a table), and the default null
    noise: dict[str, Any] = {"title": str, "default": type(None)}
    return {key: _inline(each, definitions) for key, each in part.items() if not isinstance(each, noise.get(key, ()))}


def _name_tables(item: dict[str, Any], description: str) -> dict[str, Any]:
    return {"type": "object", "description": description, "additionalProperties": item}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{name}"}
