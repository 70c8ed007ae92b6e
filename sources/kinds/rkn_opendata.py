"""The kind `rkn_opendata`."""

import csv
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urljoin

from pydantic import Field

from sources.errors import NotFound
from sources.kinds.xml import Xml
from sources.model import Entry, Get, Imprint, Page
from sources.options import Duration
from sources.text import listing


class RknOpendata(Xml):
    """A data set of Roskomnadzor's open data: its meta.csv says where the newest file is, which is read as `xml` is."""

    default_label = "Roskomnadzor, open data"
    imprint = Imprint("Roskomnadzor, Russia", "RU", ["internet"])
    proven = "hearsay"
    wanted = "a data set's meta.csv, and the file that it names"
    documented = "https://rkn.gov.ru/opendata/"
    asks = "a Russian address, and the Russian national root certificate (ca_file)"

    dataset: str = Field(
        pattern=r"^\d+-\w+$", description='its name, as in its address: "7705846236-InformationDistributor"'
    )
    url: str = Field(default="", description="its meta.csv; default: the one of the data set")
    every: Duration = timedelta(hours=1)

    def start(self) -> Get:
        """The request for the data set's passport (meta.csv)."""
        return Get(self.url or f"https://rkn.gov.ru/opendata/{self.dataset}/meta.csv", reader="passport")

    def passport(self, page: Page) -> Iterator[Entry | Get]:
        """The request for the newest file in the passport. Raises NotFound when it lists none."""
        rows = [row for row in csv.reader(page.text.splitlines()) if len(row) > 1]
        files = {name.strip(): address.strip() for name, address, *_ in rows if name.strip().startswith("data-")}
        if not files:
            raise NotFound(f"{page.url} lists no data-... file; it has {listing(row[0] for row in rows)}")
        yield Get(urljoin(page.url, files[max(files)]))  # the name has the date: data-20250716T0000-structure-...
