"""Reports of what the state says: each is one object, which a command prints, `--json` dumps, the API returns, and a
page renders. What they have in common stands here, and how their times are written.

status      how the sources fare
schedule    why a source is checked when it is; the budget of requests, and what another one would bring
past        a register at an earlier time, an entry's life, what changed between two times; what is not known
period      what changed in a period, by source and entity, and how closely that was watched
screening   which entries may be about somebody, and why; the customers in a file
case        an entity's story: as text, as JSON, and as a page in a file
deliveries  deliveries, and what people do about them
export      all that is known as tables for SQL, and as entities of FollowTheMoney
feeds       Atom feeds of changes, and the secrets in the addresses of feeds and hooks
"""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, PlainSerializer

Time = Annotated[datetime, PlainSerializer(datetime.isoformat, return_type=str)]  # ISO 8601 in JSON, with its offset
NO_DELIVERIES = {"held": 0, "unapproved": 0, "pending": 0, "sent": 0, "dead": 0}  # their numbers, of no state yet


class ReportModel(BaseModel):
    """A report, or a part of one: values as Python has them, which JSON writes in the order of the fields."""

    model_config = ConfigDict(frozen=True, serialize_by_alias=True, from_attributes=True)

    def dump(self) -> dict[str, Any]:
        """It as JSON has it."""
        return self.model_dump(mode="json")


def iso(at: datetime | None) -> str | None:
    """A time in ISO 8601, if there is one."""
    return at.isoformat() if at else None
