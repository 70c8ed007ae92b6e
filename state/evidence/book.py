"""What the rest may ask of evidence: the part of the Store that knows captures and the chain."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator
from pathlib import Path

from sqlalchemy import select

from state.database import Database
from state.errors import StateError
from state.evidence.chain import Link
from state.evidence.files import Folder
from state.evidence.keeper import Keeper, chain_id
from state.evidence.options import EvidenceOptions
from state.evidence.tables import CHAIN, FILES

log = logging.getLogger(__name__)


class Evidence:
    """The part of the Store that keeps pages as evidence, if it is told to."""

    _database: Database
    _keeper: Keeper | None = None

    def keep_evidence(self, options: EvidenceOptions | None) -> None:
        """From now on keep the pages of changes in the options' folder; None keeps none.

        What broken transactions left in the folder is cut off. A folder that cannot be written, or a state that is
        locked just now, is logged, not raised: the next capture tries again.
        """
        self._keeper = Keeper(options) if options else None
        try:
            self.settle_evidence()
        except StateError as error:
            log.warning("evidence: what was left unfinished stays for now: %s", error)

    def settle_evidence(self) -> None:
        """Cut off what broken transactions left. Raises StateError."""
        if self._keeper:
            with self._database.writing() as connection:
                self._keeper.settle(connection)

    def chain(self) -> Iterator[Link]:
        """The links, in their order, the first of them one that is taken as it is."""
        joined = CHAIN.outerjoin(FILES, FILES.c.id == CHAIN.c.file_id)
        wanted = select(CHAIN, FILES.c.name, FILES.c.removed).select_from(joined).order_by(CHAIN.c.number)
        with self._database.reading() as connection:
            for row in connection.execution_options(yield_per=1000).execute(wanted):
                there = row.name if row.name and row.removed is None else ""
                yield Link(row.number, row.sha256, row.link, there, row.offset, row.length)

    def unsettled(self, names: Collection[str], folder: Path) -> set[str]:
        """Those of these files that are not as long as they should be, at a moment when nobody writes."""
        wanted = select(FILES).where(FILES.c.name.in_(names), FILES.c.removed.is_(None))
        with self._database.writing() as connection:
            sizes = {row.name: row.size for row in connection.execute(wanted)}
            return {name for name, size in sizes.items() if _size(folder / name) != size}

    def strangers(self, folder: Path) -> list[str]:
        """The files of this chain in the folder that the state does not know, at a moment when nobody writes."""
        with self._database.writing() as connection:
            genesis = connection.scalar(select(CHAIN.c.link).where(CHAIN.c.number == 0))
            known = set(connection.scalars(select(FILES.c.name).where(FILES.c.removed.is_(None))))
            found = Folder(folder).ours(chain_id(genesis)) if genesis else []
            return [file.name for file in found if file.name not in known]


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else -1
