"""What the kinds of PDF files have in common."""

from typing import Self

from pydantic import Field, model_validator

from sources.formats.pdf import check_extra
from sources.pagination.requests import Asking
from sources.reading.entry_fingerprints import OWN_LINK


class OfPdf(Asking):
    """A PDF file. Raises ValueError without what reads such files (the extra `pdf`)."""

    proven = "documents"

    url: str = Field(description="the PDF file")

    @model_validator(mode="after")
    def _can_be_read(self) -> Self:
        check_extra()
        return self

    @property
    def uncompared(self) -> tuple[str, ...]:
        """An entry's link says on which page it stands: that moves with what stands before it, and is no content."""
        return (*self.ignore, OWN_LINK)
