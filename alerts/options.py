"""The tables `[entities.*]` and `[[alerts]]`; `[channels.*]` is in channel.py."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, PrivateAttr, WithJsonSchema, field_validator, model_validator

from alerts.event.condition import check_condition
from alerts.recognition import identifiers
from alerts.timing import ApprovalDeadline, Deadline, DigestTimes, QuietHours
from sources import Authority
from sources.options import Duration, OptionTable, at_least
from state.model import Approval, ChangeKind

ChannelName = Annotated[str, WithJsonSchema({"type": "string", "format": "channel-name"})]
EntityName = Annotated[str, WithJsonSchema({"type": "string", "format": "entity-name"})]


class Entity(OptionTable):
    """An entity on the watchlist, with its names."""

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
        json_schema_extra=identifiers.allow_tables,
        description='numbers and domains that stand for it, exactly: INN, OGRN, LEI, CIK ("CIK 1318605"),'
        ' "example.org", an IMO number, an aircraft, a wallet or a law; as a list, or as a table by kind',
    )

    birth_date: str | None = Field(
        default=None,
        description='its birth date, or several joined by ";", as far as it is known: "1957-03-12", "1957"; an entry'
        " whose own birth date is another one is not about it",
    )
    country: str | None = Field(
        default=None, description='its countries, by name or code, joined by ";"; they alone rule no entry out'
    )

    @field_validator("birth_date", mode="before")
    @classmethod
    def _is_text(cls, given: object) -> object:
        return str(given) if isinstance(given, date | int) else given  # TOML has dates; a year is a number

    @model_validator(mode="after")
    def _facts_are_read(self) -> Self:
        if self.birth_date is None and self.country is None:
            return self
        from alerts.screening.facts import read_facts  # noqa: PLC0415 - few entities have facts

        facts = read_facts((), self.birth_date or "", self.country or "")
        if self.birth_date is not None and not facts.births:
            raise ValueError(f'birth_date: "{self.birth_date}" is no date that can be read; write 1957-03-12, or 1957')
        if self.country is not None and not facts.countries:
            raise ValueError(f'country: "{self.country}" is no country; write its name, or its code of two letters')
        return self

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


class Escalation(OptionTable):
    """Who is told again of a change until somebody acknowledges it."""

    after: Annotated[Duration, at_least(timedelta(minutes=1))] = Field(
        description="how long to wait for an acknowledgement, before each time"
    )
    to: tuple[ChannelName, ...] = Field(min_length=1, description="the channels that are alerted again")


def approval(by: tuple[str, ...] | None, deadline: Deadline | None) -> Approval | None:
    """Who has to approve, from the options of a rule or a channel."""
    if by is None:
        return None
    return Approval(by, deadline.within, deadline.then) if deadline else Approval(by)


# Options of rules for changes alone.
_OF_CHANGES = ("entities", "changes", "fields", "mentions", "when", "approve", "escalate")


class AlertRule(OptionTable):
    """Which events go to which channels. An omitted option means all."""

    name: str | None = Field(
        default=None, min_length=1, max_length=100, description="what its feed at the desk is called: /feeds/rules/NAME"
    )
    entities: tuple[EntityName, ...] | None = Field(
        default=None, min_length=1, description="only changes that mention one of these entities"
    )
    sources: tuple[str, ...] | None = Field(
        default=None, min_length=1, description='only these sources: names, or patterns such as "us-*"'
    )
    changes: tuple[ChangeKind, ...] | None = Field(
        default=None,
        min_length=1,
        description="only these changes: added, changed, removed, reappeared, rekeyed (under another key)",
    )
    authority: Authority | tuple[Authority, ...] | None = Field(
        default=None, description="only sources with this authority, or one of these: record, statement, report"
    )
    fields: tuple[str, ...] | None = Field(
        default=None,
        min_length=1,
        description="only changes that touch one of these fields; an entry that comes or goes touches all that it has",
    )
    mentions: Literal["new"] | None = Field(
        default=None, description='"new": only names that stand in what is new: in an entry that came, a new sentence'
    )
    when: str | None = Field(
        default=None,
        min_length=1,
        description="only changes for which this JMESPath expression over their JSON (`watch schema --event`) is true,"
        " such as \"changed.Status && after.Status == 'Revoked'\"",
    )
    form: bool = Field(
        default=False,
        description="true: also values that are only written otherwise: letter case, the form of a date or a number",
    )
    to: tuple[ChannelName, ...] = Field(min_length=1, description="the channels that are alerted")
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
        default=(), description="with quiet or digest: what is sent at once all the same: record, statement, report"
    )

    approve: tuple[ChannelName, ...] | None = Field(
        default=None, min_length=1, description="the channels that are asked to approve what this rule would send"
    )
    approve_within: ApprovalDeadline | None = Field(
        default=None, description='with approve: how long it waits, and what happens then: "4h drop" or "4h send"'
    )
    escalate: Escalation | None = Field(
        default=None, description='who is alerted again until somebody acknowledges: { after = "30m", to = ["phone"] }'
    )
    _of_channels: dict[str, Approval] = PrivateAttr(default_factory=dict)

    def under(self, approvals: Mapping[str, Approval]) -> Self:
        """The same rule, with what its channels themselves say about approval."""
        made = self.model_copy()
        made._of_channels = {name: approvals[name] for name in self.to if name in approvals}  # noqa: SLF001 - its own
        return made

    def approval(self, channel: str) -> Approval | None:
        """Who has to approve what this rule sends to a channel."""
        return approval(self.approve, self.approve_within) or self._of_channels.get(channel)

    @field_validator("when")
    @classmethod
    def _can_be_applied(cls, expression: str | None) -> str | None:
        return expression and check_condition(expression)

    @model_validator(mode="after")
    def _urgent_passes_something(self) -> Self:
        if self.urgent and not (self.quiet or self.digest):
            raise ValueError(
                "urgent says what quiet hours and digests let pass: this rule has neither quiet nor digest"
            )
        return self

    @model_validator(mode="after")
    def _deadline_has_somebody(self) -> Self:
        if self.approve_within and not self.approve:
            raise ValueError("approve_within says how long to wait for those in approve: this rule names nobody")
        return self

    @model_validator(mode="after")
    def _health_has_no_changes(self) -> Self:
        extra = [name for name in _OF_CHANGES if getattr(self, name)]
        if self.health and extra:
            raise ValueError(
                f"a rule with health = true tells how sources fare, not what changed on them: {', '.join(extra)} cannot"
                " be used with it; write one rule for health and another for changes"
            )
        return self
