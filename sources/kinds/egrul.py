"""The kind `egrul`."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin

from pydantic import Field

from sources.errors import Blocked, NotFound, WrongContent
from sources.formats.json_paths import find, list_members
from sources.model import Entry, Get, Imprint, Page, Source
from sources.model.page import Remainder
from sources.options import Duration
from sources.pagination.next_page import Tally
from sources.text import value_text

_WAIT = 2.0  # seconds between requests, as on the site's own page
_AT_ONCE = 20  # rows on a page of the site
_NUMBERS = {10, 12, 13, 15}  # digits of an INN or OGRN, of a company or a trader
# In the order of their weight: a record that becomes invalid, or ends, leads the alert.
_FIELDS = {
    "invalid since": "v",
    "ended": "e",
    "short name": "c",
    "tax number": "k != 'fl' && i || `null`",
    "personal tax number": "k == 'fl' && i || `null`",  # of a trader
    "tax registration": "p",  # KPP
    "registered": "r",
    "head": "g",
    "region": "rn",
    "register": "k",  # ul: legal entities, fl: traders
}


class Egrul(Source):
    """Companies and traders in Russia's register of legal entities (EGRUL), found by name or number, one entry each."""

    default_label = "EGRUL"
    imprint = Imprint("Federal Tax Service, Russia", "RU", ["companies"], "2024-05-26")
    proven = "captures"
    documented = "https://egrul.nalog.ru/"
    asks = "a Russian address; seconds between requests, else it wants a captcha solved"

    query: str = Field(min_length=3, description='a name, OGRN or INN: "ТЕЛЕГРАМ"')
    region: str = Field(default="", description='codes of regions: "77,78"; default: all')
    url: str = Field(default="https://egrul.nalog.ru/", description="the search page")
    every: Duration = timedelta(hours=1)
    min_entries: int = Field(default=0, ge=0)
    personal: tuple[str, ...] = ("personal tax number",)

    def start(self) -> Get:
        """The search; its answer is a token."""
        return self._search()

    def token(self, page: Page) -> Iterator[Entry | Get]:
        """The request for a token's result. Raises Blocked when the site wants a captcha solved."""
        answer = page.json()
        if find("captchaRequired", answer):
            raise Blocked(f"{page.url} wants a captcha solved; check it less often", code="captcha")
        if not (token := find("t", answer)):
            raise NotFound(f"{page.url} gave no token; seen: {list_members(answer)}")
        yield Get(urljoin(self.url, f"search-result/{token}"), carry=page.carry, after=_WAIT / 2)

    def parse(self, page: Page) -> Iterator[Entry | Get]:
        """One entry per company, then the next page, up to the stated total, or to a page that the site sends again.
        Without a total, a full page is followed by the next.

        While the result is not ready, the same request again. Raises WrongContent for an answer to another number.
        """
        answer, carry = page.json(), page.carry
        rows, tokens = find("rows", answer), carry.get("tokens", 1)
        if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
            self._check_number(page.url, rows)
            tally = Tally()
            yield from tally.of(
                Entry(row.get("o"), row.get("n", ""), {name: find(path, row) for name, path in _FIELDS.items()})
                for row in rows
            )
            read, total = carry.get("read", 0) + tally.entries, _total(rows) or carry.get("total", 0)
            more = read < total if total else len(rows) >= _AT_ONCE
            if more and tally.mark != carry.get("mark"):
                yield self._search(carry.get("page", 1) + 1, read=read, total=total, mark=tally.mark)
        elif find("status", answer) == "wait":
            yield page.again(after=_WAIT)
        elif tokens < 3:  # tokens requested in one check, at most
            yield self._search(**{**carry, "tokens": tokens + 1})
        else:
            raise NotFound(f"{page.url}: {tokens} tokens gave no result; seen: {list_members(answer)}")

    def remainder(self, page: Page) -> Remainder | None:
        """How many companies there are, as one of the rows says. Without it, a full page was sent again if it is the
        last.
        """
        rows = find("rows", page.json()) or []
        total = _total(rows) or page.carry.get("total") or None
        return Remainder(entries=total, more=total is None and len(rows) >= _AT_ONCE)

    def without_personal(self, page: Page) -> bytes:
        """The answer without the tax numbers of traders."""
        answer = page.json()
        traders = find("rows[?k=='fl']", answer) if "personal tax number" in self.left_out else None
        for trader in traders or ():
            trader.pop("i", None)
        return json.dumps(answer).encode() if traders else page.body

    def _check_number(self, where: str, rows: Sequence[Mapping[str, Any]]) -> None:
        number = self.query.strip()
        if number.isdecimal() and len(number) in _NUMBERS:
            other = next((row for row in rows if number not in (row.get("i", number), row.get("o"))), None)
            if other:
                raise WrongContent(f"{where} answered with another one than {number}: {value_text(other.get('o'))}")

    def _search(self, page: int = 1, tokens: int = 1, **read: Any) -> Get:
        """The request for a token; `read` is what the next page has to know of those before."""
        form = {"query": self.query, "region": self.region, "page": str(page) if page > 1 else ""}
        wait = 0 if page == tokens == 1 else _WAIT
        carry = {"page": page, "tokens": tokens, **read}
        return Get(self.url, method="POST", form=form, reader="token", carry=carry, after=wait)


def _total(rows: Sequence[Mapping[str, Any]]) -> int:
    """The number of companies that was found, which one of the rows says; 0 where none does."""
    return max((int(row["tot"]) for row in rows if str(row.get("tot")).isdecimal()), default=0)
