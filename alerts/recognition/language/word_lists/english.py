"""English words after the name of a company at the beginning of a sentence, where any noun might follow an ordinary word. Pure."""

from __future__ import annotations

import re

from alerts.recognition.language.stopwords import FUNCTION
from alerts.recognition.language.word_lists.other_names import PRODUCT
from alerts.recognition.tables import listed

_VERBS = frozenset(
    listed(
        "cut hit sold bought won lost made told said saw got gave took went left led kept held built sent spent met paid put set shut split began fell rose grew"
        " drew flew threw broke spoke chose wrote drove froze came became ran fought sought brought taught caught thought found bet bid cost let quit spread"
        " beat struck stuck dealt fed fled laid lent meant read rode shook shot sank swung tore understood withdrew woke is was are were has had have will would"
        " can could may might must shall should does did do cannot isn wasn won doesn didn hasn wouldn couldn aren re ll ve d"
    )
)
_SMALL = frozenset(
    listed(
        "again almost already also always ever even far first just later never next often once only perhaps quite rather soon still then there thus together too"
        " twice yet back down off up out away ahead abroad alone amid among amongst around behind below beneath beside besides beyond near onto past per plus"
        " since than though through throughout till toward towards unlike until upon versus whether within without worth because although or nor out very well"
        " itself themselves one two three four five six today now here across along how why what for between despite instead last this next another"
    )
)
_OF_COMPANIES = frozenset(
    listed(
        "account accounts ban bans chat chats texts thread threads posts ads deal deals hack outage outages lawsuit fine tax case probe investigation inquiry shares stock profit profits revenue"
        " sales staff unit arm office offices data leak breach group groups message messages call channel channels bot bots token tokens"
        " coin client clients network plan plans bid offer merger takeover ipo listing launch rollout update upgrade feature features subscription"
        " fee fees traffic server servers policy cfo cto owner owners maker parent subsidiary lawyer statement filing report earnings results quarter dividend bond"
        " debt loan contract partnership partner partners investor investors shareholder shareholders board director manager managers engineer developer developers"
        " researcher researchers competitor competitors rival rivals alternative alternatives clone block blockade shutdown closure exit layoff layoffs strike union"
        " driver drivers rider riders courier couriers passenger passengers pilot crew flight plane jet jets branch factory plant refinery rig project pipeline"
        " stake asset assets transfer system employee scandal crisis trial verdict ruling appeal settlement penalty raid event keynote phone device devices product"
        " products ecosystem tool technology software chip chips model glasses headset meeting link login password backup encryption security privacy protocol"
        " scam scammers fraud suppliers supplier advertisers advertiser creators traders trader cardholders cardholder subscribers subscriber"
        " hackers bosses backers critics servers moderators staffers insiders analysts lobbyists tenants agreement acquisition campaign crackdown fans"
        " shopper shoppers buyer buyers gamer gamers player players sale sales deck client library keys discount discounts outage outages commissioner commissioners official officials spokesperson station stations forecourt brand logo headquarters hq campus ban-wave firm exec execs executive veteran insider moderator"
    )
)
_ACTING = ("ers", "ors", "ists", "ants", "ents", "goers", "keepers")
_VERBS_LIKE_ACTORS = frozenset(
    listed(
        "offers enters considers delivers answers orders covers triggers lowers recovers discovers suffers wants grants plants presents patents alters transfers"
        " differs fosters gathers hovers monitors mirrors refers registers renders sponsors favors honors factors anchors authors shelters invents prevents"
        " laments supplements implements documents comments counters powers empowers hinders surrenders tenders tempers bolsters musters ushers cheers steers"
        " nears bears fears hears clears appears shares cares stirs warrants represents consents remembers numbers barters banters falters"
    )
)
_PHRASES = {
    "zoom": re.compile(r" (?:in (?:on|to|and|for)\b|out\b|sur\b)", re.IGNORECASE),
    "line": re.compile(r" (?:up|of)\b", re.IGNORECASE),
    "bolt": re.compile(r" (?:from the blue|upright|on\b)"),
    "shell": re.compile(r" out\b"),
    "wave": re.compile(r" of\b"),
    "ripple": re.compile(r" (?:effects?|through)\b(?!\?)"),
    "signal": re.compile(r" (?:to noise|of\b|(?:is|was) (?:weak|poor|lost|strong|gone))"),
    "target": re.compile(r" (?:of|practice)\b"),
    "max": re.compile(r" (?:out|power)\b"),
    "apple": re.compile(r" of (?:discord|(?:his|her|my|their) eye)\b"),
    "gate": re.compile(r" (?:[A-Z]?\d|agents?\b|guards?\b)"),
    "orion": re.compile(r"['’]s (?:belt|sword|arm)\b"),
    "μετα": re.compile(r" (?:το|τον|την|τη|τα|τις|τους|από|απο)\b", re.IGNORECASE),
    "visa": re.compile(r"-(?:free|waiver|on-arrival)\b"),
}
_LONGEST = 20


_VERBS_LIKE_NOUNS = frozenset({"brings", "rings", "swings", "sings", "clings", "springs", "stings"})
RELIEF = frozenset(listed("relief grants handouts assistance aid vouchers donations"))
"""What people get after a storm: Tornado cash relief."""


def is_phrase(folded: str, text: str, end: int) -> bool:
    """Whether an ordinary word that ends at a place of a text begins a usual phrase."""
    phrase = _PHRASES.get(folded)
    return bool(phrase and phrase.match(text, end, end + _LONGEST))


def is_of_companies(folded: str) -> bool:
    """Whether a word after a name is a product of a company, one of its people, or what befalls it."""
    return folded in PRODUCT or folded in _OF_COMPANIES


def makes_compound(folded: str) -> bool:
    """Whether a word in small letters is a noun that makes the ordinary word before it a compound: Signal failure."""
    if is_of_companies(folded) or folded in FUNCTION or folded in _VERBS or folded in _SMALL:
        return False
    if folded.endswith(_ACTING):
        return folded not in _VERBS_LIKE_ACTORS
    if folded.endswith("ings"):
        return folded not in _VERBS_LIKE_NOUNS
    return folded.isascii() and folded.isalpha() and not folded.endswith(("s", "ed", "ing", "ly"))
