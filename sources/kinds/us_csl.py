"""The kind `us_csl`."""

from collections.abc import Iterator
from datetime import timedelta

from sources.kinds.csv import Csv
from sources.model import Entry, Imprint, Page
from sources.model.entry import each_alone
from sources.options import Duration
from sources.pagination.columns import Fields, Names

# All but the addresses of pages, which are the same in all entries of a list.
_COLUMNS = (
    "source entity_number type programs name title addresses federal_register_notice start_date end_date standard_order"
    " license_requirement license_policy call_sign vessel_type gross_tonnage gross_registered_tonnage vessel_flag"
    " vessel_owner remarks alt_names citizenships dates_of_birth nationalities places_of_birth ids"
)


class UsCsl(Csv):
    """The United States' Consolidated Screening List: those of Commerce, State and Treasury, one entry each."""

    default_label = "United States, Consolidated Screening List"
    imprint = Imprint("Department of Commerce, United States", "US", ["sanctions"], "2025-06-03")
    republished = True
    proven = "captures"
    wanted = "two whole files of different days"
    documented = "https://www.trade.gov/consolidated-screening-list"
    asks = "nothing known"

    url: str = "https://data.trade.gov/downloadable_consolidated_screening_list/v1/consolidated.csv"
    every: Duration = timedelta(hours=1)
    key: Names = ("source", "entity_number", "name", "start_date")  # older files have no `_id`
    title: Names = ("name",)
    fields: Fields = tuple(_COLUMNS.split())

    def parse(self, page: Page) -> Iterator[Entry]:
        """One entry per row."""
        from sources.kinds._lists import iso_date, labelled, target  # noqa: PLC0415 - loads lxml, and few checks read

        is_newer = b"_id" in page.body[:20]
        columns = {"fields": ("_id", *self.fields)} if is_newer else {}
        for row in each_alone(Csv.parse(self.model_copy(update=columns), page)):
            said = dict(row.fields)
            number = said.pop("_id", row.key)
            fields = labelled(_identity(text, is_newer=is_newer) for text in _parts(said, "ids"))
            fields["birth_date"] += map(iso_date, _parts(said, "dates_of_birth"))
            for name in ("citizenships", "nationalities", "vessel_flag"):
                fields["country"] += _parts(said, name)
            fields["programme"] += _parts(said, "programs")
            fields["listed"] += _parts(said, "start_date")
            aliases = (alias.removeprefix("and ") for alias in _parts(said, "alt_names"))  # "one; two; and three"
            names = [said.pop("name", ""), *aliases]
            if said.get("type") == "Individual":
                names = [" ".join(reversed(name.split(", "))) if name.count(", ") == 1 else name for name in names]
            yield target(number, names, {**fields, **said})


def _parts(said: dict[str, str], name: str) -> list[str]:
    text = said.pop(name, "")
    return text.split("; ") if text else []


def _identity(text: str, *, is_newer: bool) -> tuple[str, str, str]:
    """The label, the value and the country of "Passport, 836238033, KP"; older files have "KP, 836238033, Passport"."""
    parts = text.split(", ")
    last = -1 if is_newer else 0
    country = parts.pop(last) if len(parts) > 2 and len(parts[last]) == 2 else ""
    label = parts.pop(0 if is_newer else -1)
    return label, ", ".join(parts), country
