"""The kind `duma_bills`."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from pydantic import Field, model_validator

from sources.formats.selectors import Place
from sources.kinds.json import Json
from sources.kinds.list import List
from sources.model import Entry, Get, Imprint, Page
from sources.model.entry import each_alone
from sources.options import Duration, Expect, Selector
from sources.pagination.next_page import find_parameter, set_parameter

_SITE = "https://sozd.duma.gov.ru/oz"
_ORDER = "34f6ae40-bdf0-408a-a56e-e48511c6b618"  # of the list of bills, as its own links have it
_NEWEST_FIRST = f"sort_by_{_ORDER}=RegisterDate&direction_{_ORDER}=desc"
_LIST = f"{_SITE}/b?b[ClassOfTheObjectLawmakingId]=1&{_NEWEST_FIRST}&count_items=250"
_LAW = {
    "introduced": "introductionDate || `null`",
    "initiator": "join('; ', subject.[deputies, departments, factions][][].name || `[]`)",
    "stage": "lastEvent.stage.name",
    "phase": "lastEvent.phase.name",
    "decision": "lastEvent.solution",
    "last event": "lastEvent.date",
    "document": "lastEvent.document.[type, name] | join(' ', [?@] || `[]`)",
    "committee": "committees.responsible.name || `null`",
    "type": "type.name || `null`",
    "comment": "comments || `null`",
}
_LAWS = Json(url=_SITE, items="laws", key="number", title="name", link="url", published="lastEvent.date", fields=_LAW)


class DumaBills(List):
    """Bills before the State Duma of Russia, newest first, one entry each.

    With the tokens of the open interface (api.duma.gov.ru) its answer is read: the bills of which the last event is the
    newest. Without them the list page of the site is read, as seven public programs do; no page of it was saved.
    """

    default_label = "State Duma, bills"
    imprint = Imprint("State Duma, Russia", "RU", ["legislation"], "2022-06-27")
    proven = "hearsay"
    wanted = "the list of the site, as answers of the interface alone were saved"
    documented = "https://sozd.duma.gov.ru/"
    asks = "a Russian address, and a user agent like a browser's; the interface: two tokens (free)"

    token: str = Field(default="", repr=False, description='the interface\'s token of a user: "${DUMA_TOKEN}"')
    app_token: str = Field(default="", repr=False, description='its token of a program: "${DUMA_APP_TOKEN}"')
    url: str = Field(default=_LIST, description="the list, or an answer of the interface")
    every: Duration = timedelta(minutes=30)
    headers: dict[str, str] = {"User-Agent": "Mozilla/5.0 (compatible; registry-watch)"}  # noqa: RUF012 - pydantic copies it
    item: Selector = "tr:has([data-law_number])"
    key: Place | None = "[data-law_number]@data-law_number"
    title: Place | None = ".fw500"
    link: Place | None = "a[href*='/bill/']"
    published: Place | None = "td:nth-child(3)?"
    fields: dict[str, Place] = {  # noqa: RUF012 - as above
        "introduced": "td:nth-child(3)?",
        "initiator": "td:nth-child(4) div?",
        "stage": "td:nth-child(5)?",
        "last event": "td:nth-child(6)?",
        "comment": ".o_txt::text?",
        "archive": ".ico_arhiv?",
    }
    expect: Expect = Expect(key_pattern="[0-9]{4,7}-[0-9]+")

    @model_validator(mode="before")
    @classmethod
    def _of_the_interface(cls, given: Any) -> Any:
        """Fill in the interface's address."""
        if not isinstance(given, dict) or "url" in given:
            return given
        token, app = given.get("token"), given.get("app_token")
        if bool(token) != bool(app):
            raise ValueError("token and app_token are both needed: the interface asks for the two")
        return given | ({"url": f"http://api.duma.gov.ru/api/{token}/search.json?app_token={app}"} if token else {})

    def start(self) -> Get:
        """The request for the list; on the site itself, another page first, which sets the balancer's cookie."""
        return Get(_SITE, reader="begin") if self.url == _LIST and not self.before else super().start()

    def parse(self, page: Page) -> Iterator[Entry | Get]:
        """One entry per bill of the list, or of the interface's answer."""
        is_answer = "json" in page.content_type or page.body.lstrip()[:1] == b"{"
        laws: Iterator[Entry | Get] = each_alone(_LAWS.parse(page))
        yield from laws if is_answer else super().parse(page)

    def earlier(self, page: Page) -> Get | None:
        """The request for the page before this one in the interface's answer."""
        following = str(int(find_parameter(page.get.url, "page") or 1) + 1)
        return Get(set_parameter(page.get.url, "page", following)) if self.token else None
