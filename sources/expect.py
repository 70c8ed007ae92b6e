"""A source's contract, `[sources.NAME.expect]`: the conditions of a believable snapshot."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema

from sources.options import Duration, Share


def compiled(pattern: str) -> Any:
    """The regular expression, compiled by RE2, which matches in linear time whatever the pattern. Raises ValueError."""
    import re2  # slow to import, and few configurations have a pattern

    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0].decode() if isinstance(error.args[0], bytes) else error
        raise ValueError(f"{pattern!r} is no regular expression (RE2): {reason}") from None


def _checked(pattern: str) -> str:
    compiled(pattern)
    return pattern


Pattern = Annotated[str, AfterValidator(_checked), WithJsonSchema({"type": "string", "format": "regex"})]


class Expect(BaseModel):
    """What every snapshot of a source must fulfil; one that does not is suspicious, and not stored."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    max_entries: int | None = Field(default=None, ge=0, description="more entries than this are not believed")
    required: tuple[str, ...] = Field(default=(), description="fields that every entry has")
    filled: dict[str, Share] = Field(
        default_factory=dict, description='least share of entries that have a value, per field: { date = "95 %" }'
    )
    key_pattern: Pattern | None = Field(
        default=None, description="regular expression (RE2) that all of every key matches"
    )
    total: str | None = Field(
        default=None, description="where the first page says how many entries there are: CSS, or JMESPath in JSON"
    )
    any_page: bool = Field(
        default=False, description="true: read also what is taken for a challenge, login or error page"
    )
    max_quiet: Duration | None = Field(default=None, description="no new entry for so long is worth a word")
