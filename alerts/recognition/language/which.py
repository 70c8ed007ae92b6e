"""The language of a text, from its letters and small words: enough to judge an ending or an ordinary word. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from alerts.recognition.tables import listed

_SMALL = {
    "en": "the of and to in is was for on with by from at that its it are be has have as an this after not he she will who been which or their into a says new over about are were would could can your they his her had than more while against before when where",
    "de": "der die das und in den von zu mit ist des im für auf dem ein eine nicht sich auch als an am wird hat bei nach aus wie über zum zur ich du mir dir war sind einen einer noch nur kannst gib wegen er sie wir wenn dass kein keine mehr schon seine ihre",
    "fr": "le la les de des du et en un une est à au aux pour dans que qui sur par avec a il elle ne pas ce son sa ses ont été l d s",
    "es": "el la los las de del y en un una es que por con para se su al no lo más fue ha como sus son entre",
    "pt": "o a os as de do da dos das e em um uma é que por com para se no na ao não mais foi como terá disse",
    "it": "il lo la i gli le di del della dei e in un una è che per con si da al non più nel alla sono come ha",
    "nl": "de het een van en in is op te dat die voor met zijn niet aan er om ook als bij naar uit wint",
    "pl": "w z i na się nie do to że jest o za od po dla jak przez ze przed oraz są był była po jego tym który",
    "cs": "v a na se je z že s do o k ve za po pro jak při od by byl jsou ale již své",
    "sk": "v a na sa je z že s do o k vo za po pre ako pri od by bol sú ale",
    "hu": "a az és egy hogy nem is volt meg van el ki be ezt mint csak már után mellett pedig",
    "fi": "ja on ei se että oli ovat hän mutta kun myös joka sekä olla tai mitä ole vaikka kesken mukaan vielä sitten kuin koko kanssa vuoden jälkeen ennen sen eivät olisi olleet kertoi kertoo sanoi jotka joiden myöntää tänään eilen",
    "et": "ja on ei et oli see ka kui ta mis oma aga pärast ning tehti saab nii siis veel nüüd pole täna eile kõik aasta",
    "lt": "ir yra kad su iš dėl bet kaip buvo nuo apie po tai į",
    "lv": "un ir ka no ar par uz bet kā bija pēc tas lai šo",
    "tr": "ve bir bu da de için ile olarak daha çok gibi sonra kadar en olan ne",
    "az": "və bir bu da də üçün ilə olan daha çox sonra edib",
    "uz": "va bu bilan uchun bir ham edi esa uning",
    "hr": "i u je na se da za su od s iz a će bio kao koji",
    "ro": "și de la în a un o cu pe nu din care este pentru că",
    "ru": "и в не на что с по как о из к у за от он она но это его для был была их а же или во со мы вы ещё все до после",
    "uk": "і в не на що з по як про до у за від він вона але це його для був була їх та й або є із",
    "be": "і ў не на што з па як пра да у за ад ён яна але гэта яго для быў была",
    "bg": "и в не на че с по как от се за да е си са но това му ще беше след",
    "sr": "и у не на да с по као о од се за је су он али то га за био",
    "mk": "и во на од за со се да не што го ги ќе како",
    "sq": "dhe të në një për nga që është nuk kjo ishte tij",
    "eu": "eta du bat baino dira dute zuen izan zen egin",
    "kk": "және бұл мен бен үшін деп бар болды туралы осы",
}
_LETTERS = {
    "de": "ß", "pl": "łąęćńśźżó", "cs": "ěřů", "sk": "ľĺŕô", "hu": "őű", "tr": "ğışç", "az": "əğışç", "es": "ñ¿¡", "pt": "ã", "fr": "œêèçùû",
    "lt": "ėįųūęą", "lv": "ņļķģēāīū", "ro": "țșă", "et": "õ", "ru": "ё", "uk": "їєґ", "be": "ў", "bg": "ъ", "sr": "ђћџљњј", "mk": "ќѓѕљњј", "sq": "ë", "kk": "қғңұһө",
}  # fmt: skip
_WORDS: dict[str, list[str]] = {}
for _language, _text in _SMALL.items():
    for _word in _text.split():
        _WORDS.setdefault(_word, []).append(_language)
_BY_LETTER: dict[str, list[str]] = {}
for _language, _text in _LETTERS.items():
    for _letter in _text:
        _BY_LETTER.setdefault(_letter, []).append(_language)
_MOST = 200  # words that are looked at
_AS_HEARD = frozenset(listed("lv lt et az uz hr be uk bg sr mk kk ky"))
_THEIRS = "āčēģīķļņšūžėįųąęəşğіїєґўјљњћђџќѓѕқғңұһөүәъ"
_THEIR_LETTERS = re.compile(f"[{_THEIRS}{_THEIRS.upper()}]")


def writes_as_heard(words: Iterable[str], text: str) -> bool:
    """Whether a text seems to be in a language that writes foreign names, too, as it hears them."""
    if not _THEIR_LETTERS.search(text):
        return False
    language = language_of(words, text)
    return language is None or language in _AS_HEARD


def may_be_small(word: str) -> bool:
    """Whether a word is one of the small words of some language."""
    return word.lower() in _WORDS


def is_small(word: str, language: str | None) -> bool:
    """Whether a word is one of the small words of a language."""
    return language is not None and language in _WORDS.get(word.lower(), ())


def language_of(words: Iterable[str], text: str) -> str | None:
    """The most likely language of a text, given its first words, as a code; None if nothing tells it."""
    score: dict[str, float] = {}
    for number, word in enumerate(words):
        if number >= _MOST:
            break
        for language in _WORDS.get(word.lower(), ()):
            score[language] = score.get(language, 0.0) + 0.5 + 1.0 / len(_WORDS[word.lower()])
    for letter in set(text[:2_000].lower()):
        for language in _BY_LETTER.get(letter, ()):
            score[language] = score.get(language, 0.0) + 1.0
    if not score:
        return None
    best = max(score.values())
    first, *others = [language for language, points in score.items() if points == best]
    return None if others else first
