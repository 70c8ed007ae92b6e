"""The tables `[entities.*]` and `[[alerts]]`; `[channels.*]` is in channel.py."""

from __future__ import annotations

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from alerts.recognition import identifiers
from alerts.timing import DigestTimes, QuietHours
from sources import Authority
from state.model import ChangeKind


def _both_ways(plain: dict[str, Any]) -> None:
    """Add to the JSON Schema that identifiers may be a list, or a table by type."""
    shape: dict[str, Any] = {key: plain.pop(key) for key in ("type", "items") if key in plain}
    plain["anyOf"] = identifiers.schema(shape)["anyOf"]


class Entity(BaseModel):
    """An entity on the watchlist, with its names."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    names: tuple[str, ...] = Field(min_length=1, description="its names, in every script and spelling that counts")
    context: tuple[str, ...] = Field(
        default=(),
        description="words, in their base form, of which one must stand near a name; the beginning of a longer word in"
        " small letters is enough",
    )
    not_: tuple[str, ...] = Field(
        default=(), alias="not", description='phrases that hold a name and mean something else, such as "Pro Max"'
    )

    identifiers: tuple[str, ...] = Field(
        default=(),
        json_schema_extra=_both_ways,
        description='numbers and domains that stand for it, exactly: INN, OGRN, LEI, CIK ("CIK 1318605"),'
        ' "example.org", an IMO number, an aircraft, a wallet or a law; as a list, or as a table by kind',
    )

    @field_validator("identifiers", mode="before")
    @classmethod
    def _by_kind(cls, given: object) -> object:
        return identifiers.as_texts(given)

    @field_validator("identifiers")
    @classmethod
    def _are_right(cls, texts: tuple[str, ...]) -> tuple[str, ...]:
        return identifiers.checked(texts)

    @field_validator("names", "context", "not_")
    @classmethod
    def _hold_a_letter(cls, texts: tuple[str, ...]) -> tuple[str, ...]:
        for text in texts:
            if not any(map(str.isalnum, text)):
                raise ValueError(f'"{text}" has no letter and no digit, so it would never be found; take it out')
        return texts


class AlertRule(BaseModel):
    """Which events go to which channels. An omitted option means all."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str | None = Field(
        default=None, min_length=1, max_length=100, description="what its feed at the desk is called: /feeds/rules/NAME"
    )
    entities: tuple[str, ...] | None = Field(
        default=None, min_length=1, description="only changes that mention one of these entities"
    )
    sources: tuple[str, ...] | None = Field(
        default=None, min_length=1, description='only these sources: names, or patterns such as "us-*"'
    )
    changes: tuple[ChangeKind, ...] | None = Field(
        default=None, min_length=1, description="only these changes: added, changed, removed, reappeared"
    )
    authority: Authority | tuple[Authority, ...] | None = Field(
        default=None, description="only sources with this authority, or one of these: record, statement, report"
    )
    fields: tuple[str, ...] | None = Field(
        default=None,
        min_length=1,
        description="only changes that touch one of these fields; an entry that comes or goes touches all that it has",
    )
    to: tuple[str, ...] = Field(min_length=1, description="the channels that are told")
    attach: bool = Field(
        default=False, description="true: the proof goes along as a file, where a page was kept ([evidence])"
    )
    health: bool = Field(
        default=False, description="true: this rule is for the health of sources: failing, suspicious, recovered"
    )
    digest: DigestTimes | None = Field(
        default=None, description='alerts are collected: "1h" for each full hour, "daily 09:00 Europe/Moscow"'
    )
    quiet: QuietHours | None = Field(
        default=None, description='hours of each day in which alerts are held: "23:00-07:00 Europe/Moscow"'
    )
    urgent: tuple[Authority, ...] = Field(
        default=(), description="with quiet or digest: what is told at once all the same: record, statement, report"
    )

    @model_validator(mode="after")
    def _urgent_passes_something(self) -> Self:
        if self.urgent and not (self.quiet or self.digest):
            raise ValueError(
                "urgent says what quiet hours and digests let pass: this rule has neither quiet nor digest"
            )
        return self

    @model_validator(mode="after")
    def _health_has_no_changes(self) -> Self:
        extra = [name for name in ("entities", "changes", "fields") if getattr(self, name) is not None]
        if self.health and extra:
            raise ValueError(
                f"a rule with health = true tells how sources fare, not what changed on them: {', '.join(extra)} cannot"
                " be used with it; write one rule for health and another for changes"
            )
        return self
