"""The kind `jp_meti_end_users`."""

import re
from collections.abc import Iterator
from datetime import timedelta

from sources.kinds.xlsx import Xlsx
from sources.model import Entry, Get, Imprint, Page
from sources.options import Duration
from sources.pagination.columns import Names

_COUNTRY, _NAME = "国名、地域名 Country or Region", "企業名､組織名 Company or Organization"
_BULLET, _JAPANESE = re.compile(r"(?:^|\s)・"), re.compile("^[^A-Za-z]+")


class JpMetiEndUsers(Xlsx):
    """Companies that may work on weapons, by Japan's workbook, one entry each."""

    default_label = "Japan, end user list"
    imprint = Imprint("Ministry of Economy, Trade and Industry, Japan", "JP", ["sanctions"], "2025-09-29")
    proven = "captures"
    wanted = "a second edition"
    documented = "https://www.meti.go.jp/policy/anpo/"
    asks = "to be named"

    every: Duration = timedelta(hours=6)
    key: Names = (_COUNTRY, _NAME)
    title: Names = (_NAME,)

    def parse(self, page: Page) -> Iterator[Entry | Get]:
        """One entry per company. The numbers are left out: each edition counts anew."""
        from sources.kinds._lists import target  # noqa: PLC0415 - loads lxml, and few checks read

        for row in super().parse(page):
            assert isinstance(row, Entry)  # noqa: S101 - a workbook has no further pages
            said = dict(row.fields)
            names = [said.pop(_NAME, ""), *_BULLET.split(said.pop("別名 Also Known As", ""))]
            said["country"] = _JAPANESE.sub("", said.pop(_COUNTRY, ""))
            said.pop("No.", None)
            yield target(row.key, names, said)
