"""The kind `ofac_consolidated`."""

from collections.abc import Iterator
from datetime import timedelta

from pydantic import Field

from sources.errors import NotFound
from sources.kinds._lists import elements_of, iso_date, join_words, labelled, target, texts
from sources.model import Entry, Imprint, Page, Source
from sources.options import Duration

# Where what has no standard field stands, which is called as the list calls it.
_OTHERS = (
    *("sdnType", "title", "remarks", "placeOfBirthList/placeOfBirthItem/placeOfBirth", "vesselInfo/callSign"),
    *("vesselInfo/vesselType", "vesselInfo/vesselOwner", "vesselInfo/tonnage", "vesselInfo/grossRegisteredTonnage"),
)
_COUNTRIES = ("nationalityList/nationality/country", "citizenshipList/citizenship/country", "vesselInfo/vesselFlag")
_IDENTITY = ("idType", "idNumber", "idCountry")
_ADDRESS = ("address1", "address2", "address3", "city", "stateOrProvince", "postalCode", "country")


class OfacConsolidated(Source):
    """OFAC's sanctions beside the SDN list: one entry per person, company, ship.

    `url` may also be the SDN list as XML, which has the same form.
    """

    default_label = "OFAC, consolidated list"
    imprint = Imprint("OFAC, United States", "US", ["sanctions"], "2022-04-07")
    proven = "captures"
    documented = "https://ofac.treasury.gov/sdn-list-data-formats-data-schemas"
    asks = "nothing known"

    url: str = Field(
        default="https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/CONSOLIDATED.XML",
        description="the list as XML",
    )
    every: Duration = timedelta(minutes=30)

    def parse(self, page: Page) -> Iterator[Entry]:
        """One entry per person, company or ship. Raises NotFound when one has no name."""
        for item in elements_of(page, ("sdnList/sdnEntry",), self.max_bytes):
            number = join_words(*texts(item, "uid"))
            people = [item, *item.iterfind("{*}akaList/{*}aka")]
            names = [join_words(*texts(each, "firstName", "lastName")) for each in people]
            if not names[0]:
                raise NotFound(f"{page.url}: the entry {number} has no lastName, by which the list names everybody")
            ids = item.iterfind("{*}idList/{*}id")
            fields = labelled([join_words(*texts(each, name)) for name in _IDENTITY] for each in ids)
            fields["birth_date"] += map(iso_date, texts(item, "dateOfBirthList/dateOfBirthItem/dateOfBirth"))
            fields["country"] += texts(item, *_COUNTRIES)
            fields["programme"] += texts(item, "programList/program")
            fields["address"] += (
                join_words(*texts(each, *_ADDRESS), sign=", ") for each in item.iterfind("{*}addressList/{*}address")
            )
            others = {path.rpartition("/")[2]: "; ".join(sorted(texts(item, path))) for path in _OTHERS}
            yield target(number, names, {**fields, **others})
