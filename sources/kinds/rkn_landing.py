"""The kind `rkn_landing`, the list under law 236-FZ ("landing law"): roles of columns by their headings, and entries.

The list's layout is not documented: columns may come in any order, be reworded, and increase in number. What is
ambiguous raises an error: a status under a wrong name would be worse than none.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta

from pydantic import Field

from sources.errors import BadDocument, BadEntry, NotFound
from sources.formats.tables import HtmlTable, check_whole, read_table
from sources.model import Entry, Get, Imprint, Page, Source
from sources.options import Duration
from sources.pagination.next_page import follow_link
from sources.text import clean, listing

# The law's wording, and short forms. They also mention the resource and the person, so roles are recognised by the
# beginning of their headings.
_OBLIGATIONS = {
    "form": r"\bэлектронн\w+ форм|\bформ\w*\b.*(обращени|обратн\w+ связ|жалоб)|^форма\b|\bfeedback\b|\bform\b",
    "account": r"\bличн\w+ кабинет|\bлк\b|\baccount\b",
    "branch": r"\bфилиал|\bпредставительств|\bроссийск\w+ (юридическ\w+ лиц|юрлиц)|\bbranch\b|\boffice\b",
    "counter": r"\bсчетчик|\bпрограмм\w+ .*\b(определени|подсчет)|\bколичеств\w* .*\bустановк|\bcounter\b",
}
_KIND_OF_NAME = r"^((полн|сокращенн|кратк|официальн)\w+ )*((наименовани|названи|им)[еяй] |name of (the )?)?"
_COMPANY = (
    rf"{_KIND_OF_NAME}(владел|иностранн\w+ (юридическ\w+ )?(лиц|юрлиц|организаци|компани)|компани|организаци|корпораци"
    r"|лицо\b|лица\b|(foreign )?(company|companies|person|entity|owner))"
)
_RESOURCE = (
    rf"{_KIND_OF_NAME}((адрес|список|перечень)\w* |принадлежащ\w+ (ему |лицу )?)?"
    r"((информационн|иностранн|интернет)[\w-]*[ -])*"
    r"(ресурс|сайт|домен|приложени|программ|сервис|url\b|(information )?resource|(web)?sites?\b|apps?\b|service|domain)"
)
_NAME = r"^(наименование|название|name)$"
_NUMBER = r"^(№|#|no?\b|номер)?[ .]*(п/п|пп)?[ .]*$"  # row numbers, which change when a row is added
_STATUS = r"^(статус|состояни|исполнени|выполнени|status)"
# Details of an obligation or a person other than its fulfilment.
_DETAIL = r"^(наименовани|названи|адрес|инн\b|огрн|номер|реквизит|ссылка)|\bдат[аыу]\b|\bсрок|\bdate\b"
_LATIN = dict(zip("абвгдеёзийклмнопрстуфыэ", "abvgdeeziiklmnoprstufye", strict=True))
_LATIN |= {"ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "iu", "я": "ia", "ъ": "", "ь": ""}


class RknLanding(Source):
    """Roskomnadzor's list under law 236-FZ: one entry per company and resource, one field per obligation.

    The fields of the law's obligations are `form` (an electronic form for appeals), `account` (an account at
    Roskomnadzor's site), `branch` (a branch, an office or a Russian legal entity) and `counter` (of users); any further
    one is called by its heading in Latin letters. Values are the statuses in the list's own words.
    """

    imprint = Imprint("Roskomnadzor, Russia", "RU", ["internet"])
    proven = "hearsay"
    wanted = "the list of 236-fz.rkn.gov.ru, and the same after the state of an obligation has changed"
    documented = "https://236-fz.rkn.gov.ru/"
    asks = "a Russian address, and the Russian national root certificate (ca_file)"
    default_label = "Roskomnadzor, 236-FZ list"

    url: str = Field(default="https://236-fz.rkn.gov.ru/agents/list", description="the page with the list")
    every: Duration = timedelta(minutes=5)

    def parse(self, page: Page) -> Iterator[Entry | Get]:
        """One entry per company and resource, then the list's next page, if it has one.

        Raises NotFound with the headings seen when no table is the list; BadDocument when several are, when two columns
        say the same, or when the statuses are not in words; BadEntry when a row names no company or no resource.
        """
        check_whole(page)
        tables = [read_table(table) for table in page.html.iter("table")]
        found = [
            (table, roles)
            for table, roles in zip(tables, map(_roles, tables), strict=True)
            if {"company", "resource"} <= {*roles} and any(role.partition(" ")[0] in _OBLIGATIONS for role in roles)
        ]
        if not found:
            seen = (
                "; ".join(listing(heading[:60] for heading in table.columns) for table in tables) or "no table at all"
            )
            raise NotFound(f"{page.url} has no table of companies, resources and obligations; headings seen: {seen}")
        if len(found) > 1:
            raise BadDocument(f"{page.url} has {len(found)} tables that could be the list")
        table, roles = found[0]
        _check(page, table, roles)
        for row in table.rows:
            fields = {role: text for role, text in zip(roles, row, strict=True) if role}
            company, resources = clean(fields["company"]), _resources(fields["resource"])
            if not company or not resources:
                absent = "resource" if company else "company"
                raise BadEntry(f"{page.url}: a row has no {absent}: {listing(fields.values())}")
            for resource in resources:
                key = f"{_plain(company)} | {_plain(resource)}"
                yield Entry(key, f"{company}: {resource}", fields | {"resource": resource})
        if following := follow_link(page, "a[rel~=next], link[rel~=next]"):
            yield following


def _roles(table: HtmlTable) -> list[str]:
    """The role of each column: company, resource, an obligation's name, another name; "" for one to ignore."""
    roles = [_role(parts) for parts in table.headings]
    if "company" not in roles and roles.count("name") == 1:
        roles[roles.index("name")] = "company"
    named = [at for at, role in enumerate(roles) if role == "resource" and "ресурс" in table.headings[at][-1].lower()]
    sure = named if len(named) == 1 else range(len(roles))
    doubtful = [at for at, role in enumerate(roles) if role == "name" or (role == "resource" and at not in sure)]
    for at in doubtful:
        roles[at] = _slug(" ".join(table.headings[at]))
    return roles


def _role(parts: Sequence[str]) -> str:
    if not parts:
        return ""
    leaf, group = (clean(text).casefold().replace("ё", "е") for text in (parts[-1], " ".join(parts[:-1])))
    subject = group if re.search(_STATUS, leaf) and group else leaf
    obligations = [name for name, pattern in _OBLIGATIONS.items() if re.search(pattern, subject)]
    if obligations and not re.search(_DETAIL, leaf):
        return " or ".join(obligations)
    if re.search(_NAME, leaf) and group:
        leaf = group
    for role, pattern in {"company": _COMPANY, "resource": _RESOURCE, "name": _NAME}.items():
        if re.search(pattern, leaf):
            return role
    return "" if re.search(_NUMBER, leaf) else _slug(" ".join(parts))


def _check(page: Page, table: HtmlTable, roles: Sequence[str]) -> None:
    for role in filter(None, roles):
        alike = [heading for heading, other in zip(table.columns, roles, strict=True) if role == other]
        if len(alike) > 1 or " or " in role:
            raise BadDocument(f"{page.url}: cannot tell which column is the {role}: {listing(alike)}")
        if role in _OBLIGATIONS and table.rows and not any(row[roles.index(role)] for row in table.rows):
            raise BadDocument(f"{page.url}: the column {listing(alike)} has no words in it")


def _resources(cell: str) -> list[str]:
    """The resources in one cell, separated by lines, semicolons, and commas outside brackets and quotes."""
    found: list[str] = []
    for part in re.findall(r"(?:\([^()\n]*\)|«[^«»\n]*»|\"[^\"\n]*\"|[^,;\n])+", cell):
        piece = clean(re.sub(r"^\s*(?:[-–—•*]|\d{1,2}[.)])\s+", "", part))
        if piece.startswith("(") and found:
            found[-1] += f" {piece}"  # its address, on a separate line
        elif piece:
            found.append(piece)
    return list(dict.fromkeys(found))


def _plain(name: str) -> str:
    """A name normalised for the key: without capitals, punctuation, and an address's prefix."""
    name = re.sub(r"^(https?://)?(www\.)?", "", name.casefold())
    return " ".join(re.findall(r"\w+", name)) or name


def _slug(heading: str) -> str:
    """A field's name from a heading: Latin letters, at most 60."""
    latin = "".join(_LATIN.get(letter, letter) for letter in clean(heading).casefold())
    words = re.findall(r"[a-z0-9]+", latin)
    while len("_".join(words)) > 60 and len(words) > 1:
        words.pop()
    return "_".join(words)[:60]
