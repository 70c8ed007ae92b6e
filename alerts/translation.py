"""What a machine is asked to translate of a change, what of its answer is believed, and the JSON that tells it. Pure.

Start here: `ask_about` gives the texts that a message shows and that are in another language than the reader's, each
with placeholders for what has to keep its form; `tell` makes the JSON of the answers. A value that a glossary has is
told by it, and no machine is asked.

A text is in another language if half of its letters are none of the reader's alphabet; else if more speaks for another
one, in its words in these letters or, where none of them tells, in those of the whole entry; else if it has a letter of
this script that the alphabet lacks. So a text of several languages is judged, and translated, as a whole.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from alerts.event.change_json import GLOSSARY, SidesJson, TranslationJson
from alerts.event.told_fields import told_fields
from alerts.language import Glossary, Language
from alerts.message.change_lines import entry_text, shown_fields, text_difference, whole_entry
from alerts.message.lines import FULL, Style
from alerts.message.titles import DIFFERS
from alerts.message.wording import shorten, shorten_both
from alerts.recognition.language.which import score_languages
from sources.text import clean
from state.model import ChangeKind, Event

_ALPHABETS: dict[Language, tuple[str, str]] = {  # the name of its script in Unicode, and its letters
    "en": ("LATIN", "a-z"),
    "de": ("LATIN", "a-zäöüß"),
    "fr": ("LATIN", "a-zàâæçéèêëîïôœùûüÿ"),
    "es": ("LATIN", "a-záéíñóúü"),
    "pl": ("LATIN", "a-ząćęłńóśźż"),
    "uk": ("CYRILLIC", "а-щьюяґєії"),
    "ru": ("CYRILLIC", "а-яё"),
    "ar": ("ARABIC", "\u0621-\u064a"),
    "zh": ("CJK", "\u3400-\u4dbf\u4e00-\u9fff"),
}
_LETTER, _WORD = re.compile(r"[^\W\d_]"), re.compile(r"[^\W\d_]+")
_PLACE = re.compile(r"[\[［【]\s*(\d+)\s*[\]］】]")  # as it comes back: a machine may write brackets of its own script
# A number, with spaces between its thousands or not, a date, an identifier, an address: what has a digit, an at sign or
# a scheme. Letters of scripts that have no spaces between words are no part of it.
_LETTERS = r"\dA-Za-z\u00c0-\u052f"
_TOKENS = re.compile(
    r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d+)?(?!\w)"
    rf"|[{_LETTERS}](?:[{_LETTERS}./:,+@_?=&#%~-]*[{_LETTERS}])?|\d"
)
_TELLS = re.compile(r"\d|@|://")
_MARKUP = re.compile(r"<\s*[!/?a-zA-Z]|&(?:#\w+|[a-zA-Z]+);")
_LOOKED_AT = 2000  # characters of an entry, to guess its language
_NAME = (2, 4)  # capitalized words, and no others, that are a name rather than a sentence
_LONGEST, _SHORTEST, _ROOM = 4, 8, 40  # an answer has so many times as many characters at most, or a part, beyond some

Place = tuple[str, str, str]  # `title` or `text`; or `fields`, the name of one, and its side
TITLE: Place = ("title", "", "")
TEXT: Place = ("text", "", "")


class AskedText(NamedTuple):
    """A text to translate: as a message shows it, and as it is asked for, with `[1]` in the place of what it keeps; or
    what a glossary says, and then nothing is asked.
    """

    shown: str
    text: str
    kept: tuple[str, ...]
    known: str = ""


def ask_about(
    event: Event, language: Language, glossaries: Sequence[Glossary] = (), *, of_machine: bool = True
) -> dict[Place, AskedText]:
    """The texts of a change to translate for a reader of a language, by their places; those for a machine, too, if it
    is wanted. Each is as short as in a message of full length. Of several glossaries the first counts that has a value.
    """
    names, asked = {mention.words for mention in event.mentions}, dict[Place, AskedText]()
    data = event.data
    entry = " ".join([data["title"], *whole_entry(data).values(), data.get("text") or ""])[:_LOOKED_AT]
    for place, shown in _shown_texts(event):
        if known := next((each[shown][language] for each in glossaries if language in each.get(shown, ())), ""):
            asked[place] = AskedText(shown, "", (), known)
        if known or not of_machine:
            continue
        question = protect(shown, names)
        said = _PLACE.sub(" ", question.text)
        if _LETTER.search(said) and _is_foreign(said, language, entry) and not _is_name(said):
            asked[place] = question
    return asked


def _shown_texts(event: Event) -> Iterator[tuple[Place, str]]:
    """What a message of full length shows of a change, in the source's own words."""
    data, after = event.data, event.data["change"] != ChangeKind.REMOVED
    yield TITLE, shorten(clean(data["title"]), FULL.value)
    if data["change"] not in DIFFERS:
        for name, value in list(shown_fields(data).items())[: FULL.fields]:
            yield ("fields", name, "after" if after else "before"), shorten(clean(value), FULL.value)
        yield TEXT, shorten(entry_text(data), FULL.text)
        return
    for told in told_fields(data)[: FULL.fields]:
        sides = shorten_both(clean(told.before), clean(told.after), FULL.value)
        if told.is_text:
            lines = list(text_difference(told.before, told.after, FULL))
            old, new = ([line.text for line in lines if line.style is style] for style in (Style.BEFORE, Style.AFTER))
            sides = "\n".join(old), "\n".join(new)
        yield from zip((("fields", told.name, "before"), ("fields", told.name, "after")), sides, strict=True)


def protect(text: str, names: Collection[str]) -> AskedText:
    """A text with placeholders for each occurrence of these names, and of numbers, dates, identifiers and addresses."""
    kept = list[str]()

    def keep(words: str) -> str:
        kept.append(words)
        return f"[{len(kept)}]"

    def keep_token(found: re.Match[str]) -> str:
        return keep(found[0]) if _TELLS.search(found[0]) else found[0]

    watched = [_whole(name) for name in sorted(names, key=len, reverse=True) if name.strip()]
    parts = re.split(f"({'|'.join(watched)})", text) if watched else [text]  # every second one is a name
    shown = [keep(part) if at % 2 else _TOKENS.sub(keep_token, part) for at, part in enumerate(parts)]
    return AskedText(text, "".join(shown), tuple(kept))


def _whole(name: str) -> str:
    """The pattern of a name that is no part of a word; in scripts with spaces between words, which have two cases."""
    before, after = (edge.lower() != edge.upper() for edge in (name[0], name[-1]))
    return ("(?<!\\w)" if before else "") + re.escape(name) + ("(?!\\w)" if after else "")


def restore(question: AskedText, answer: str, language: Language) -> str | None:
    """The translation that an answer is, with what it keeps in its places; None where it cannot be one.

    It is none if it lost, doubled or added a placeholder or a number, is the original or empty, has markup, is far
    longer or shorter, or is in another language.
    """
    answer, text = answer.strip(), question.text
    if len(answer) > _LONGEST * len(text) + _ROOM or len(text) > _SHORTEST * len(answer) + _ROOM:
        return None
    found = sorted(int(number) for number in _PLACE.findall(answer))
    said = _PLACE.sub(" ", answer)
    wrong = (
        found != list(range(1, len(question.kept) + 1))
        or re.search(r"\d", said)
        or not _LETTER.search(said)
        or answer.casefold() == text.casefold()
        or _MARKUP.search(answer)
        or not may_be_in(said, language)
    )
    return None if wrong else _PLACE.sub(lambda place: question.kept[int(place[1]) - 1], answer)


def tell(
    asked: Mapping[Place, AskedText], answers: Mapping[str, tuple[str, str]], language: Language
) -> TranslationJson | None:
    """The translation of a change, of what there is: `answers` are those to texts as they were asked for, each with the
    name of its engine. None if no answer is believed.
    """
    told: TranslationJson = {"title": None, "fields": {}, "text": None, "engine": ""}
    engines = dict[str, None]()
    for (part, name, side), question in asked.items():
        answer, engine = answers.get(question.text, ("", "")) if not question.known else ("", GLOSSARY)
        if (said := question.known or restore(question, answer, language)) is None:
            continue
        engines[engine] = None
        if part == "title":
            told["title"] = said
        elif part == "text":
            told["text"] = said
        else:
            sides: SidesJson = told["fields"].setdefault(name, {"before": None, "after": None})
            sides["before" if side == "before" else "after"] = said
    told["engine"] = ", ".join(engines)
    return told if engines else None


def may_be_in(text: str, language: Language) -> bool:
    """Whether a text may be in a language: it has half of the letters, and no words speak for others alone."""
    scores = _score(text, language)
    return _share(text, language) >= 0.5 and (not scores or language in scores)


def _score(text: str, language: Language) -> dict[str, float]:
    """How much speaks for which language, as the matcher sees it, of the words in the letters of one."""
    words = [word for word in _WORD.findall(text) if _share(word, language) > 0.5]
    return score_languages(words, " ".join(words))


def _share(text: str, language: Language) -> float:
    """How many of the letters of a text the alphabet of a language has, from 0 to 1."""
    return 1 - len(_without(language, text)) / max(len(_LETTER.findall(text)), 1)


def _without(language: Language, text: str) -> list[str]:
    """The letters of a text that the alphabet of a language lacks."""
    return _LETTER.findall(re.sub(f"[{_ALPHABETS[language][1]}]", "", text, flags=re.IGNORECASE))


def _is_foreign(text: str, language: Language, entry: str) -> bool:
    """Whether a text of an entry is in another language."""
    if _share(text, language) <= 0.5:
        return True
    if score := _score(text, language) or _score(entry, language):
        return score.get(language, 0.0) < max(score.values())
    script = _ALPHABETS[language][0]
    return any(unicodedata.name(letter, "").startswith(script) for letter in _without(language, text))


def _is_name(text: str) -> bool:
    """Whether a text is a name alone."""
    words = _WORD.findall(text)
    return _NAME[0] <= len(words) <= _NAME[1] and all(word.istitle() for word in words)
