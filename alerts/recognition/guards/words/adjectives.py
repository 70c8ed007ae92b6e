"""Reasons why a Hebrew word is an adjective and no name: it follows a noun, and agrees with it. Pure."""

from __future__ import annotations

from alerts.recognition.guards.match_context import MatchContext, Reason
from alerts.recognition.language.established import spellings
from alerts.recognition.language.native_forms import forms
from alerts.recognition.language.word_lists.people import OF_COMPANIES
from alerts.recognition.sound.alphabets import alphabet
from alerts.recognition.tables import listed

_ADJECTIVES = frozenset({"אפל", "בולט"})  # dark; prominent
_AND, _ARTICLE = "ו", "ה"
_OTHER_GENDER_OR_NUMBER = ("ה", "ת", "ים", "ות", "י")
_FEMININE_VERB = ("ה", "ת")
_COPULAS = frozenset(listed("היה הוא זה יהיה נהיה נעשה נראה"))
_MASCULINE = frozenset(listed("לילה מבנה מקרה מחזה מעשה מחנה שדה"))  # although they end as feminine nouns do
_NO_NOUNS = frozenset(
    listed(
        "של את על אל עם מול נגד לפי בין גם כי או אם אצל בלי ללא כמו אבל רק מאת לגבי בגלל בשביל עבור כאשר אך הן"
        " אתמול היום מחר איך לכן עכשיו כעת שוב כך למה מדוע מתי האם אולי כבר עוד לפני אחרי"
    )
)
_COMPANIES_OWN = frozenset(
    listed("שעון מחשב מכשיר טלפון לוגו מותג מטה תאגיד ענק אתר דובר מייסד מנהל בכיר עובד נשיא סמנכל אירוע")
)


def _adjective(look: MatchContext) -> Reason:
    """A dark room, a prominent driver. After a preposition, a verb or a noun of another gender it is a name."""
    if alphabet(look.folded) != "hebrew":
        return None
    form = next((form for form in forms(look.folded) if form in _ADJECTIVES), None)
    if form is None or not look.single:
        return None
    joined = look.folded.removesuffix(form)
    described = joined in {"", _AND} and _is_described(look)
    return "it is an adjective here" if joined.endswith(_ARTICLE) or described else None


def _is_described(look: MatchContext) -> bool:
    """Whether the word before may be the noun of an adjective: masculine, singular, and without an article."""
    before = look.before()
    if alphabet(before) != "hebrew" or len(before) == 1:
        return False
    if before in _NO_NOUNS | _COMPANIES_OWN | OF_COMPANIES or not spellings().isdisjoint(forms(before)):
        return False
    if look.after().endswith(_FEMININE_VERB):
        return False
    second = look.folded.startswith(_AND)  # after another adjective, of which the ending tells nothing
    agrees = second or not before.endswith(_OTHER_GENDER_OR_NUMBER) or not _MASCULINE.isdisjoint(forms(before))
    return before in _COPULAS or (agrees and not before.startswith(_ARTICLE))


RULES = (_adjective,)
