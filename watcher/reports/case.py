"""An entity's story: as text for a terminal, as JSON, and as a page in a file."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import Any

from alerts.case.story import STANDING, Story, StoryItem, items_of
from alerts.case.view import MARK, page_of, say_witness
from alerts.event.change_json import handled_json, marks_json, mention_json
from alerts.language import speaking
from alerts.message import wording
from alerts.message.change_lines import shown_fields
from alerts.message.lines import FULL
from alerts.message.wording import exact, iso_moment, shorten, worth_of
from sources.text import clean
from state.model import UNMARKED, Event, Marks
from state.storage.discussion import case_subject
from state.store import Store
from watcher.config.arguments import check_known
from watcher.config.load import Config
from watcher.config.open_state import open_known_state
from watcher.delivery.citations import places
from watcher.errors import UsageError
from watcher.reports import iso
from watcher.reports.period import Period, find_past_changes
from watcher.terminal.console import say
from watcher.terminal.new_file import check_place, new_file
from watcher.terminal.words import LONGEST_VALUE, count, field_lines, moment

_EVER = datetime.min.replace(tzinfo=UTC)
_TEXT = 240  # characters of a report's text on a terminal


def story_in(config: Config, entity: str, after: datetime | None = None) -> Story:
    """The story of an entity in the state of a configuration. Raises UsageError and StateError."""
    with open_known_state(config) as store:
        events = store.log.events(entity=entity, after=after, limit=None) if store else []
        ever = bool(events) or (store is not None and bool(store.log.events(entity=entity, limit=1)))
        if not ever:
            check_known(entity, "entity", list(config.entities))
        return story_of(config, store, entity, events, after)


def story_of(
    config: Config, store: Store | None, entity: str, events: Sequence[Event], since: datetime | None = None
) -> Story:
    """The story that some events tell of an entity, with what people made of it; `since` is what they were limited
    to. Raises StateError.
    """
    names, now = config.entities[entity].names if entity in config.entities else (), datetime.now(UTC)
    kept = find_past_changes(store, config, Period(since or _EVER, now, None, entity, now)) if store else []
    known = places(config, {event.source for event in (*events, *kept)})
    story = Story(entity, names, since, items_of(entity, events), known, past=items_of(entity, kept))
    if store is None:
        return story
    subject = case_subject(entity)
    marks = store.discussion.find([subject]).get(subject, UNMARKED)
    return replace(story, marks=marks, marked=store.discussion.of_changes([event.id for event in events]))


def print_story(story: Story, zone: tzinfo) -> None:
    """Print a story as text."""
    say(f"{story.entity}: {', '.join(story.names)}" if story.names else f"{story.entity}: not configured any more")
    _print_marks(story.marks, zone)
    say()
    for item in story.timeline:
        place = story.places.get(item.source)
        change = "already there when the watch began" if item.change == STANDING else item.change
        title = item.title or "an entry that mentions it"
        say(f"{moment(item.at, zone)}  {item.authority.upper()} {change}: {title}", hang=4)
        say(f"{item.label} ({worth_of(item.worth)})", indent=4, hang=4)
        if lead := item.lead(_TEXT):
            say(lead, indent=4)
        _print_lines(_fields(item), item.url or place, indent=4)
        # `published 20:40, first seen 20:42, last good reading 19:02`
        clock = partial(wording.moment, zone=zone, near=item.at, seconds=False)
        published = exact(item.published)
        said = clock(published) if published else iso_moment(item.published, zone)
        parts = [f"published {said}"] if said else []
        parts.append(f"first seen {clock(item.seen)}")
        if item.checked:
            parts.append(f"last good reading {clock(item.checked)}")
        if item.is_past:
            parts = [say_witness(item.witness, item.checked, item.at, zone)]
        say(", ".join(parts), indent=4, hang=4)
        if item.edits:
            say("later:", indent=4)
        for edit in item.edits:
            say(f"{moment(edit.seen, zone)}  {edit.change}", indent=6, hang=4)
            _print_lines(_fields(edit), edit.url if edit.url != item.url else None, indent=10)
        if item.copies:
            say("the same report:", indent=4)
        for copy in item.copies:
            other = "" if copy.title == item.title else f": {copy.title}"
            edited = f" (edited {count(len(copy.edits), 'time')})" if copy.edits else ""
            say(f"{moment(copy.at, zone)}  {copy.label}{other}{edited}", indent=6, hang=4)
            _print_lines((), copy.url, indent=10)
        for each in item.all:
            _print_marks(story.marked.get(each.id, UNMARKED), zone)
        say()
    if not story.items:
        began = f" since {moment(story.since, zone)}" if story.since else ""
        say(f"nothing mentions it{began}" if story.since else "nothing mentions it yet")
        return
    more = f", {count(story.copies, 'copy', 'copies')}" if story.copies else ""
    say(f"{count(len(story.items), 'item')} from {count(story.sources, 'source')}{more}; times in {zone}")


def _print_marks(marks: Marks, zone: tzinfo) -> None:
    """What people made of it: whom it is assigned to, how important it is, and the last comments."""
    importance = "" if marks.importance == UNMARKED.importance else f"{marks.importance} importance"
    handled = f"handled by {marks.handled.who}" if marks.handled else ""
    assigned = f"assigned to {marks.assigned}" if marks.assigned else ""
    if said := ", ".join(filter(None, (importance, assigned, handled))):
        say(said, indent=4)
    if older := marks.comment_count - len(marks.comments):
        say(f"{count(older, 'older comment')} at the desk", indent=4)
    for each in marks.comments:
        say(f"{moment(each.at, zone)}  {each.who}: {shorten(clean(each.text), _TEXT)}", indent=4, hang=4)


def _print_lines(lines: Sequence[str], url: str | None, indent: int) -> None:
    for line in lines:
        say(line, indent=indent, hang=4)
    if url:
        say(url, indent=indent)


def _fields(item: StoryItem) -> list[str]:
    """The fields that differ; of an entry that came, went, or is back as it was, all of them."""
    values = shown_fields(item.said).items()
    all_of_it = [f"{clean(name)}: {shorten(clean(value), LONGEST_VALUE)}" for name, value in values]
    return field_lines(item.said) or all_of_it[: FULL.fields]


def story_json(story: Story) -> dict[str, Any]:
    """A story, as `--json` prints it."""
    return {
        "entity": story.entity,
        "names": list(story.names) or None,
        "since": iso(story.since),
        **marks_json(story.marks),
        "items": [_json(item, story.marked) for item in story.items],
        "past": [{**_json(item, {}), "id": None, "witness": item.witness} for item in story.past],
    }


def _json(item: StoryItem, marked: Mapping[int, Marks]) -> dict[str, Any]:
    former = {} if item.former_key is None else {"former_key": item.former_key}
    return {
        "at": item.at.isoformat(),
        **{name: getattr(item, name) for name in ("authority", "source", "label", "id", "change", "key")},
        **former,
        **{name: getattr(item, name) for name in ("title", "url", "published")},
        "first_seen": item.seen.isoformat(),
        "last_checked": iso(item.checked),
        "fields": item.fields,
        "text": item.text or None,
        "mentions": [mention_json(mention) for mention in item.mentions],
        "handled": handled_json(marked.get(item.id, UNMARKED)),
        **marks_json(marked.get(item.id, UNMARKED)),
        "edits": [_json(edit, marked) for edit in item.edits],
        "copies": [_json(copy, marked) for copy in item.copies],
    }


def check_page(file: Path) -> None:
    """Check that a page can be written there, in place of an older page of a case at most. Raises UsageError."""
    check_place(file, "case.html")
    try:
        if other := file.exists():
            with file.open("rb") as opened:
                other = MARK.encode() not in opened.read(1000)
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror}") from None
    if other:
        raise UsageError(f"{file}: already there, and no page of a case, so it is left as it is; name another file")


def write_page(file: Path, story: Story, config: Config, now: datetime) -> None:
    """Write the page of a story, in the language of the configuration. Raises UsageError."""
    check_page(file)
    with new_file(file, force=True) as made, speaking(config.language):
        made.write(page_of(story, config.timezone, now).encode())
