"""The kind `app_store`."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from pydantic import Field

from sources.errors import NotFound, WrongContent
from sources.formats.dates import read_date
from sources.formats.json_paths import find, list_members
from sources.model import Entry, Get, Imprint, Page, Source
from sources.options import Duration, NumberOrText
from sources.text import listing, value_text

_FIELDS = {
    "name": "trackName",
    "version": "version",
    "seller": "sellerName",
    "developer": "artistName",
    "price": "formattedPrice",
    "age": "contentAdvisoryRating",
    "system": "minimumOsVersion",
    "what is new": "releaseNotes",
}


class AppStore(Source):
    """One app in Apple's App Store of one country: whether it is listed there, which version, which seller."""

    default_label = "App Store"
    imprint = Imprint("Apple", "int", ["internet"], "2020-09")
    proven = "captures"
    documented = (
        "https://developer.apple.com/library/archive/documentation/AudioVideo/Conceptual/iTuneSearchAPI/Searching.html"
    )
    asks = "at most about 20 requests a minute"

    app: NumberOrText = Field(
        pattern=r"^[\w.-]+$",
        description='its number, as in its address: 686449807; or its bundle: "ph.telegra.Telegraph"',
    )
    name: str = Field(default="", description="how to call it in messages; default: as the store does, or its number")
    country: str = Field(default="us", pattern="^[a-z]{2}$", description='the store: "ru", "us"')
    url: str = Field(default="https://itunes.apple.com/lookup", description="Apple's interface for lookups")
    every: Duration = timedelta(hours=1)

    def start(self) -> Get:
        """The lookup request."""
        return Get(self.url, query={"id" if self.app.isdecimal() else "bundleId": self.app, "country": self.country})

    def parse(self, page: Page) -> Iterator[Entry | Get]:
        """Always one entry: the removal of the app from the store is a change of its field `listed`. Raises
        WrongContent for an answer about something else.
        """
        document = page.json()
        results = document.get("results") if isinstance(document, dict) else None
        if not isinstance(results, list):
            raise NotFound(f"{page.url} has no list of results; seen: {list_members(document)}")
        app: dict[str, Any] = next(filter(self._is_asked_for, results), {})
        if results and not app:
            others = listing((value_text(find("trackName || trackId", each)) for each in results), most=3)
            raise WrongContent(f"{page.url} answered with other things than the app {self.app}: {others}")
        fields = {"listed": "yes" if app else "no"} | {name: app.get(member) for name, member in _FIELDS.items()}
        released = read_date(app.get("currentVersionReleaseDate"))
        name = self.name or app.get("trackName") or self.app
        yield Entry(self.app, f"{name}, App Store {self.country.upper()}", fields, app.get("trackViewUrl"), released)

    def _is_asked_for(self, found: Any) -> bool:
        """Whether it is the app, and not an author, an album, or another app under the same search."""
        if not isinstance(found, dict) or found.get("wrapperType") != "software":
            return False
        return self.app.casefold() in (str(found.get(name)).casefold() for name in ("trackId", "bundleId"))
