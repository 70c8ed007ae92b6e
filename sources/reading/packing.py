"""Entries as the bytes of messages and back, with their fingerprints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sources.model import Entry
from sources.model.rows import Rows
from sources.reading.blocks import MOST_LOOSE, Block, Pack, part_at
from sources.reading.fingerprints import cut
from sources.reading.messages import PLAIN, BadFrame, EntryPack, EntryParts, PackForm, RowPack, pack_form, packed


def packs(block: Block) -> Iterator[Pack]:
    """Serialise entries in packs that fit in one frame."""
    number = len(block.marks)
    if number > MOST_LOOSE:
        for start in range(0, number, MOST_LOOSE):
            yield from packs(part_at(block, range(start, min(start + MOST_LOOSE, number))))
        return
    data = packed(_form(block))
    if len(data) <= PLAIN or (number == 1 and isinstance(block.entries, list)):
        yield Pack(number, data)
    elif number == 1:
        yield from packs(Block(block.marks, list(block.entries)))
    else:
        yield from packs(part_at(block, range(number // 2)))
        yield from packs(part_at(block, range(number // 2, number)))


def _form(block: Block) -> PackForm:
    marks, entries = b"".join(block.marks), block.entries
    if isinstance(entries, Rows):
        keys, titles, fields = entries.keys, entries.titles, entries.fields
        title_column = None if titles is keys else _by_name(titles, fields)
        return RowPack(
            marks, _by_name(keys, fields), title_column, {name: list(texts) for name, texts in fields.items()}
        )
    return EntryPack(marks, list(map(parts, entries)))


def _by_name(column: Sequence[str], fields: Mapping[str, Sequence[str]]) -> list[str] | str:
    """The name of the field that is this very column, else its texts: a register's key is mostly also a field."""
    return next((name for name, texts in fields.items() if texts is column), None) or list(column)


def unpack(pack: Pack) -> Block:
    """The entries of a pack. Raises as `block_of`."""
    return block_of(pack_form(pack.data))


def block_of(form: PackForm) -> Block:
    """Deserialise a pack. Raises BadEntry, BadFrame, and ValueError for an invalid time."""
    if isinstance(form, RowPack):
        return Block(cut(form.marks), Rows(*columns_of(form), form.fields))
    return Block(cut(form.marks), [entry_of(each) for each in form.entries])


def columns_of(form: RowPack) -> tuple[list[str], list[str]]:
    """The keys and the titles of a pack. Raises BadFrame where they refer to a field that does not exist."""
    try:
        keys = form.fields[form.keys] if isinstance(form.keys, str) else form.keys
        titles = form.fields[form.titles] if isinstance(form.titles, str) else form.titles
    except KeyError:
        raise BadFrame("a column by the name of a field that is none") from None
    return keys, keys if titles is None else titles


def parts(entry: Entry) -> EntryParts:
    """An entry as a message."""
    published = entry.published.isoformat() if entry.published else None
    return entry.key, entry.title, dict(entry.fields), entry.url, published, entry.text


def entry_of(message: EntryParts) -> Entry:
    """An entry from a message. Raises ValueError for an invalid time."""
    key, title, fields, url, published, text = message
    return Entry.of_parts(key, title, fields, url, datetime.fromisoformat(published) if published else None, text)
