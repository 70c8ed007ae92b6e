"""What the routes of the API, /api/v1, have in common; they stand beside the pages, in `watcher.web.pages`. docs/api.md
is for those who use it.

Changes, sources and deliveries are the objects of `--json` (watcher/reports); FastAPI makes /api/openapi.json of them.
"""

from typing import Annotated, Any, Generic, TypeVar

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypedDict

from watcher.web.queries import LARGEST

MOST = 500  # items of one answer

T = TypeVar("T")

Number = Annotated[int, Path(ge=1, le=LARGEST)]


class Listing(TypedDict, Generic[T]):
    """A part of a list, and the cursor of the next part, null at the end."""

    items: list[T]
    next: str | None


class ErrorJson(TypedDict):
    """What is wrong, in a line."""

    error: str


RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorJson, "description": description}
    for status, description in {
        400: "a request that cannot be understood or done",
        401: "nobody is signed in",
        404: "there is no such thing",
        413: "a body that is too large",
        421: "another host than [web] listen and base_url name",
        422: "a parameter that is not understood",
        429: "too many wrong tokens: wait",
        503: "the state is busy: try again",
    }.items()
}
ACTIONS = RESPONSES | {403: {"model": ErrorJson, "description": "the role is viewer, or the CSRF token is missing"}}
CONFLICT = ACTIONS | {409: {"model": ErrorJson, "description": "what was decided about is another thing now, or none"}}


class Parameters(BaseModel):
    """Parameters of a request. An unknown one is refused: a filter with a typo would find too much."""

    model_config = ConfigDict(extra="forbid")


class Paging(Parameters):
    """Which part of a list."""

    cursor: str = Field(default="", max_length=100, description="`next` of the answer before")
    limit: int = Field(default=50, ge=1, le=MOST, description="items at most")


class NumberedPaging(Parameters):
    """Which part of a list whose cursor is a number."""

    cursor: int | None = Field(default=None, ge=0, le=LARGEST, description="`next` of the answer before")
    limit: int = Field(default=50, ge=1, le=MOST, description="items at most")


class Numbered(TypedDict, Generic[T]):
    """A part of a list, the newest first, and the cursor of the next part, null at the end."""

    items: list[T]
    next: int | None


NoParameters = Annotated[Parameters, Query()]
