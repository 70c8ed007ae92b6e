"""The kind `interpol_notices`."""

from datetime import timedelta
from typing import Any

from pydantic import Field

from sources.formats.json_paths import JsonPath
from sources.kinds.json import Json
from sources.model import Entry, Imprint
from sources.options import Duration

_NAME = "join(' ', [forename, name][?@])"
_COUNTRIES = "join('; ', sort(nationalities || `[]`))"


class InterpolNotices(Json):
    """INTERPOL's red notices, one entry per person.

    A search gives 160 at most, of some 7,000: `?nationality=XX` and the like in `url` ask for fewer. While there are
    more, nothing counts as removed.
    """

    default_label = "INTERPOL, red notices"
    imprint = Imprint("INTERPOL", "int", ["wanted"], "2021-12-11")
    proven = "captures"
    wanted = "two answers of different days that nobody has redacted"
    documented = "https://interpol.api.bund.dev/"
    asks = "INTERPOL's terms of use"

    url: str = Field(
        default="https://ws-public.interpol.int/notices/v1/red?resultPerPage=160&page=1",
        description="a search; also one for yellow notices, or those of the United Nations",
    )
    every: Duration = timedelta(hours=1)
    items: JsonPath = "_embedded.notices"
    key: JsonPath = "entity_id"
    title: JsonPath | None = _NAME
    link: JsonPath | None = "_links.self.href"
    next: JsonPath | None = "_links.next.href"
    fields: dict[str, JsonPath] = Field(default={"names": _NAME, "birth_date": "date_of_birth", "country": _COUNTRIES})

    def _entry(self, base: str, item: Any) -> Entry:
        birth = str(item.get("date_of_birth") or "").replace("/", "-")  # "1960/03/12"
        return super()._entry(base, item | {"date_of_birth": birth})
