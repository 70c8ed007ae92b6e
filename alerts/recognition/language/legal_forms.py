"""Legal forms of companies, which are not part of a name, and the words that group companies add to it. Pure."""

from __future__ import annotations

from collections.abc import Sequence

# As words: "S.A." is two. A form comes before a name or after it.
_FORMS = """
inc|incorporated|corp|corporation|co|company|llc|l l c|ltd|limited|plc|p l c|llp|lp|pllc|pbc|pte|pte ltd|pty|pty ltd
pvt|pvt ltd|private limited|fz llc|fz co|fzco|fze|fzc|dmcc|gmbh|mbh|ag|kg|ug|ohg|gmbh co kg|ev|e v|gag
sa|s a|sas|s a s|sarl|s a r l|sàrl|snc|srl|s r l|spa|s p a|sl|s l|slu|sau|bv|b v|nv|n v|cv|vof|ab|as|asa|aps|oy|oyj|oü
ou|sia|uab|jsc|ojsc|cjsc|pjsc|ijsc|ooo|oao|zao|pao|ao|mkpao|kk|k k|sdn bhd|bhd|sp z o o|sp zoo|doo|d o o|dd|kft|zrt
as|a s|sro|s r o|eood|ood|ltda|s a de c v|sa de cv|se|scs|sca|reit|nko|se|spc|wll|w l l
limited liability company|joint stock company|public joint stock company|open joint stock company
ооо|ао|пао|оао|зао|нао|мкпао|мкооо|мкао|ип|нко|ано|фгуп|фгбу|фгау|гуп|муп|тоо|оду|тов|пат|прат|уп|чп|чуп|рнко
инк|ллс|лтд|гмбх|корп|корпорация|компания
общество с ограниченной ответственностью|акционерное общество|публичное акционерное общество
закрытое акционерное общество|открытое акционерное общество|индивидуальный предприниматель
международная компания публичное акционерное общество|автономная некоммерческая организация
"""
FORMS = frozenset(tuple(form.split()) for line in _FORMS.split("\n") for form in line.split("|") if form)
FORM_WORDS = frozenset(form[0] for form in FORMS)
_LONGEST = max(map(len, FORMS))

# Words that companies of a group add to its name, besides places. Other words make it another company's name.
_OF_A_GROUP = """
holding holdings group global international worldwide operations distribution sales services service payment payments
technologies technology retail marketing management ventures cloud markets online media support engineering finance
asia europe emea apac america americas africa pacific middle east north south latin central
us usa uk uae eu ireland germany france italy spain portugal netherlands belgium luxembourg austria switzerland poland
czech sweden norway denmark finland estonia latvia lithuania ukraine russia rus turkey israel india china japan korea
hong kong singapore taiwan australia canada mexico brazil argentina chile cyprus malta bermuda cayman bvi dubai
kazakhstan georgia armenia
ритейл финанс медиа сервис логистика технологии инвест трейд маркет рус россия украина казахстан беларусь групп холдинг
polska españa espana deutschland italia österreich osterreich suisse schweiz belgique nederland sverige norge
danmark suomi eesti latvija lietuva slovensko česko cesko magyarország magyarorszag
romania românia türkiye turkiye
hrvatska srbija maroc egypt jordan tunisie moldova
of the and
холдинг групп груп группа рус раша россия евразия украина казахстан беларусь европа азия интернэшнл сервис сервисы
технологии онлайн медиа
"""
OF_A_GROUP = frozenset(_OF_A_GROUP.split())


def form_at(words: Sequence[str], start: int) -> int:
    """The number of folded words from `start` on that are a legal form: the longest one, or 0."""
    for length in range(min(_LONGEST, len(words) - start), 0, -1):
        if tuple(words[start : start + length]) in FORMS:
            return length
    return 0


def _may_be_name(form: Sequence[str]) -> bool:
    """Whether a form comes only after names: before them, two Latin letters are more likely part of the name ("AS
    Roma").
    """
    return form[-1].isascii() and (len("".join(form)) < 3 or form[-1] == "company")


def core(words: Sequence[str]) -> tuple[int, int]:
    """The beginning and end of a name without its legal forms; of the whole name if nothing else is left."""
    start, end = 0, len(words)
    while start < end and (length := form_at(words[:end], start)) and not _may_be_name(words[start : start + length]):
        start += length
    shrinking = True
    while shrinking:
        longest = range(min(_LONGEST, end - start), 0, -1)
        length = next((n for n in longest if tuple(words[end - n : end]) in FORMS), 0)
        end, shrinking = end - length, length > 0
    return (start, end) if start < end else (0, len(words))
