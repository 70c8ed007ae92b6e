"""What the reports have in common that are one object for `--json`, the API and the pages."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, PlainSerializer

Time = Annotated[datetime, PlainSerializer(datetime.isoformat, return_type=str)]  # ISO 8601 in JSON, with its offset


class ReportModel(BaseModel):
    """A report, or a part of one: values as Python has them, which JSON writes in the order of the fields."""

    model_config = ConfigDict(frozen=True, serialize_by_alias=True)

    def dump(self) -> dict[str, Any]:
        """It as JSON has it."""
        return self.model_dump(mode="json")


def iso(at: datetime | None) -> str | None:
    """A time in ISO 8601, if there is one."""
    return at.isoformat() if at else None
