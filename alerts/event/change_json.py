"""The JSON of a change: one object in every `--json` output, the API, webhooks, conditions and templates. Pure.

`watch schema --event` prints the JSON Schema of a change, made from the types here.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, NotRequired, get_args

from pydantic import Field
from typing_extensions import TypedDict

from alerts.event.told_fields import compare_sides, is_new
from alerts.language import spoken
from alerts.links import change_link
from sources import Authority
from state.model import UNMARKED, Clearing, Event, Marks, Mention

_AUTHORITIES: dict[str, Any] = {"enum": list(get_args(Authority))}

_DIFF = (
    "of a long value, by words: the texts after = and -, joined, are the value before, those after = and + that after"
)
_SHORT = 80  # characters of a value that needs no diff
GLOSSARY = "glossary"  # the engine of what people translated
SCHEMA: Literal[1] = 1  # of the object; a new number when the meaning of a name changes


class SidesJson(TypedDict):
    """A field before and after; null where it had no value."""

    before: str | None
    after: str | None
    diff: NotRequired[Annotated[list[list[str]], Field(description=_DIFF)]]


class TranslationJson(TypedDict):
    """What a machine made of a change in another language: null where there is nothing to translate, or no answer. Of a
    long text it has what differs. `engine` names who was asked: "glossary" is what people had said of a value before.
    """

    title: str | None
    fields: dict[str, SidesJson]
    text: str | None
    engine: str


class SummaryJson(TypedDict):
    """What a machine says that changed in a long text, in one line, and which."""

    text: str
    engine: str


class MentionJson(TypedDict):
    """Which name of a watched entity matched which words in which field."""

    entity: str
    name: str
    words: str
    field: str


class ChangeMentionJson(MentionJson):
    """A mention in a change."""

    new: Annotated[bool, Field(description="whether the words stand in what is new")]


class ProofJson(TypedDict):
    """The capture that proves a change, and its link in the hash chain (hex)."""

    capture: int
    link: str


class MoreJson(TypedDict):
    """The further changes that this one stands for: their number, some titles, the names of their fields."""

    count: int
    titles: list[str]
    fields: list[str]


class RelatedJson(TypedDict):
    """An earlier change about the same entity."""

    id: int
    at: str
    source: str
    label: str
    authority: str
    change: str
    title: str
    url: str | None
    link: str | None


class HandledJson(TypedDict):
    """Who marked a change as handled, and when."""

    who: str
    at: str


class CommentJson(TypedDict):
    """What somebody said about it, and when."""

    who: str
    at: str
    text: str


class MarksJson(TypedDict):
    """What people made of it until now: nothing yet when it is told for the first time."""

    assigned: Annotated[str | None, Field(description="whom it is assigned to")]
    importance: Annotated[Literal["high", "normal", "low"], Field(description="how important it is")]
    comments: Annotated[list[CommentJson], Field(description="the last 20, the earliest first; in lists shortened")]
    comment_count: Annotated[int, Field(description="of all comments")]


class ClearedJson(TypedDict):
    """That an entry is not about an entity: who said so, when and why, and until when."""

    entity: str
    key: str
    why: str
    who: str
    at: str
    until: str | None


class ClearingJson(ClearedJson):
    """A decision about an entry of a source, and when that ended."""

    source: str
    ended: str | None


class HitJson(TypedDict):
    """An entry that may be about somebody, with its points from 0 to 100; `cleared` says who decided that it is not."""

    score: int
    source: str
    key: str
    title: str
    url: str | None
    reasons: list[str]
    cleared: ClearingJson | None


class WasClearedJson(ClearedJson):
    """A decision that has ended with the change; of one that is not believed, would end."""

    because: str


class IntervalJson(TypedDict):
    """The two readings between which something happened: `after` is null where nobody knows of an earlier one."""

    after: str | None
    before: str


class WitnessJson(TypedDict):
    """A capture that somebody else kept of a source."""

    kind: Literal["folder", "warc", "git", "wayback"]
    where: str
    at: str


class ChangeJson(MarksJson):
    """One change of one entry. Times are ISO 8601 with an offset; long values are cut."""

    schema: Annotated[Literal[1], Field(description="the version of this object")]
    id: Annotated[int, Field(description="its number in the log; 0 where nothing is stored, as in `watch replay`")]
    at: Annotated[str, Field(description="when the check began that found it")]
    previous: Annotated[str | None, Field(description="when the last check that could read the source began")]
    interval: Annotated[IntervalJson, Field(description="when it happened, as far as two readings tell")]
    source: str
    label: str
    authority: Annotated[str, Field(description="whose word the source has", json_schema_extra=_AUTHORITIES)]
    change: Annotated[Literal["added", "changed", "removed", "reappeared", "rekeyed"], Field(description="the kind")]
    key: str
    former_key: NotRequired[Annotated[str, Field(description="of a `rekeyed` entry: the key that it had before")]]
    title: str
    url: str | None
    register: Annotated[str | None, Field(description="the address of the source's page; null if it has a secret")]
    published: Annotated[str | None, Field(description="when the source says that it was published")]
    fields: Annotated[dict[str, SidesJson], Field(description="the same as `changed`, under its first name")]
    changed: Annotated[dict[str, SidesJson], Field(description="the fields that differ")]
    before: Annotated[dict[str, str] | None, Field(description="all fields as they were; null for `added`")]
    after: Annotated[dict[str, str] | None, Field(description="all fields as they are; null for `removed`")]
    entities: Annotated[list[str], Field(description="the watched entities that it mentions")]
    mentions: list[ChangeMentionJson]
    proof: ProofJson | None
    related: Annotated[list[RelatedJson] | None, Field(description="earlier ones about the same entities")]
    handled: Annotated[HandledJson | None, Field(description="who marked it as handled")]
    link: Annotated[str | None, Field(description="its page at the desk; null without [web] base_url")]
    text: NotRequired[
        Annotated[str, Field(description="of an added or removed entry that has one, such as an article")]
    ]
    more: NotRequired[MoreJson]
    form: NotRequired[Annotated[str, Field(description="of a change of form alone: what was written otherwise")]]
    cleared: NotRequired[Annotated[list[str], Field(description="entities for which the entry was cleared")]]
    was_cleared: NotRequired[Annotated[list[WasClearedJson], Field(description="that no longer holds")]]
    witness: NotRequired[Annotated[WitnessJson, Field(description="of the past before the first reading: who saw it")]]
    translations: NotRequired[
        Annotated[dict[str, TranslationJson], Field(description="by machines, by language; no part of the evidence")]
    ]
    summary: NotRequired[Annotated[SummaryJson, Field(description="by a machine; no part of the evidence")]]


def change_json(
    event: Event, base_url: str | None = None, related: Sequence[Event] | None = None, marks: Marks = UNMARKED
) -> ChangeJson:
    """A change as JSON. `base_url` is the desk's; `related` the earlier changes to cite, None where nobody looked."""
    data, known = event.data, event.known_after
    before, after = sides_of(data)
    changed, said = add_diffs(data["fields"]), marks_json(marks)
    made: ChangeJson = {
        "schema": SCHEMA,
        "id": event.id,
        "at": event.at.isoformat(),
        "previous": event.previous.isoformat() if event.previous else None,
        "interval": {"after": known.isoformat() if known else None, "before": event.at.isoformat()},
        "source": event.source,
        "label": event.label,
        "authority": event.authority,
        "change": data["change"],
        "key": data["key"],
        "title": data["title"],
        "url": data["url"],
        "register": register_of(event),
        "published": data.get("published"),
        "fields": changed,
        "changed": changed,
        "before": before,
        "after": after,
        "entities": event.entities,
        "mentions": [{**mention_json(each), "new": is_new(each, data)} for each in event.mentions],
        "proof": {"capture": event.proof.capture, "link": event.proof.link} if event.proof else None,
        "related": None if related is None else [_related_json(each, base_url) for each in related],
        "link": change_link(base_url, event.id),
        "handled": handled_json(marks),
        "assigned": said["assigned"],
        "importance": said["importance"],
        "comments": said["comments"],
        "comment_count": said["comment_count"],
    }
    for name in ("text", "more", "former_key", "form", "cleared", "was_cleared", "witness"):
        if name in data:
            made[name] = data[name]
    if marks.translations:
        made["translations"] = dict(marks.translations)
    if summary := in_own_language(marks.summaries):
        made["summary"] = summary
    return made


def in_own_language(said: Mapping[str, Any]) -> Any | None:
    """What is there in the language spoken, or else in the first that there is."""
    return said.get(spoken()) or next(iter(said.values()), None)


def handled_json(marks: Marks) -> HandledJson | None:
    """Who handled a change, as JSON."""
    return {"who": marks.handled.who, "at": marks.handled.at.isoformat()} if marks.handled else None


def marks_json(marks: Marks) -> MarksJson:
    """What people made of a change, a case or a held snapshot, as JSON."""
    return {
        "assigned": marks.assigned,
        "importance": marks.importance,
        "comments": [{"who": each.who, "at": each.at.isoformat(), "text": each.text} for each in marks.comments],
        "comment_count": marks.comment_count,
    }


def register_of(event: Event) -> str | None:
    """The address of the page that the source of a change reads, as it was then; None for one with a secret, which
    nobody could open, and where an earlier release noted none.
    """
    address: str | None = event.data.get("register")
    return None if address and "${" in address else address or None


def add_diffs(fields: Mapping[str, Mapping[str, Any]]) -> dict[str, SidesJson]:
    """The fields of a change, each with its two sides, and a long one with its diff."""
    made = dict[str, SidesJson]()
    for name, sides in fields.items():
        before, after = sides["before"], sides["after"]
        made[name] = {"before": before, "after": after}
        if before is not None and after is not None and max(len(before), len(after)) > _SHORT:
            made[name]["diff"] = [[sign.value, text] for sign, text in compare_sides(before, after)]
    return made


def sides_of(data: Mapping[str, Any]) -> tuple[dict[str, str] | None, dict[str, str] | None]:
    """All fields of an entry before and after a change; None for the side that it does not have.

    The log keeps the later side, and of the earlier one what differs.
    """
    entry: dict[str, str] = data.get("entry", {})
    if data["change"] in {"added", "first"}:
        return None, entry
    if data["change"] == "removed":
        return entry, None
    return _with(entry, data["fields"], "before"), _with(entry, data["fields"], "after")


def _with(entry: Mapping[str, str], fields: Mapping[str, Mapping[str, str | None]], side: str) -> dict[str, str]:
    """An entry's fields as they were on one side of a change."""
    same = {name: value for name, value in entry.items() if name not in fields}
    return same | {name: value for name, sides in fields.items() if (value := sides[side]) is not None}


def clearing_json(clearing: Clearing) -> ClearingJson:
    """A clearing as every `--json` output and the API show it."""
    return {
        "entity": clearing.entity,
        "source": clearing.source,
        "key": clearing.key,
        "why": clearing.why,
        "who": clearing.who,
        "at": clearing.at.isoformat(),
        "until": clearing.until.isoformat() if clearing.until else None,
        "ended": clearing.ended.isoformat() if clearing.ended else None,
    }


def mention_json(mention: Mention) -> MentionJson:
    """A mention as every `--json` output shows it."""
    return {"entity": mention.entity, "name": mention.name, "words": mention.words, "field": mention.field}


def _related_json(event: Event, base_url: str | None) -> RelatedJson:
    data = event.data
    return {
        "id": event.id,
        "at": event.at.isoformat(),
        "source": event.source,
        "label": event.label,
        "authority": event.authority,
        "change": data["change"],
        "title": data["title"],
        "url": data["url"],
        "link": change_link(base_url, event.id),
    }


def event_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a change."""
    from pydantic import TypeAdapter

    made = TypeAdapter(ChangeJson).json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made, "title": "change"}
