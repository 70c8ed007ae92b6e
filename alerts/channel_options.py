"""The table `[channels.*]`: options and what is wrong with them. What they do is in channel.py."""

from __future__ import annotations

from base64 import b64decode
from datetime import timedelta
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from alerts.options import approval
from alerts.timing import ApprovalDeadline, MessageRate
from sources.options import Duration
from state.model import Approval

MOST_BATCH = 100  # changes in one body
_KEY = range(24, 65)  # bytes of a key, as Standard Webhooks says
_SECRET = "whsec_"  # noqa: S105 - the beginning of any secret
_UNSET = "${"  # a reference that a command may leave without a value


class ChannelOptions(BaseModel):
    """The options of a channel: one Apprise URL for people, or an address that events are posted to for a program."""

    # a channel's URL contains passwords and tokens, which must not appear in an error or a repr
    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True, hide_input_in_errors=True)

    url: str = Field(
        min_length=1,
        repr=False,
        description="an Apprise URL (https://appriseit.com/services/), its secrets as ${NAME} or ${credential:NAME};"
        ' with format = "event" an http or https URL',
    )
    give_up: Duration = Field(
        default=timedelta(days=3), description="how long an alert that cannot be delivered is tried again"
    )
    format: Literal["message", "event"] = Field(
        default="message", description='"message": for people; "event": JSON for a program, as a signed webhook'
    )
    secret: str | tuple[str, ...] | None = Field(
        default=None,
        repr=False,
        description='with format = "event": what it is signed with, "whsec_..."; a list of two while one is replaced',
    )
    batch: int = Field(
        default=1, ge=1, le=MOST_BATCH, description='with format = "event": the most changes in one body'
    )

    title: str | None = Field(
        default=None, min_length=1, description="a Jinja2 template over a change's JSON, for the title of a message"
    )
    text: str | None = Field(default=None, min_length=1, description="one for its text")
    html: str | None = Field(
        default=None, min_length=1, description="a template for its HTML; default: made of the text"
    )
    at_most: MessageRate | None = Field(
        default=None, description='the most messages: "10/hour"; what is over waits, and comes in one message'
    )

    approve: tuple[str, ...] | None = Field(
        default=None, min_length=1, description="the channels that are asked to approve each message about changes"
    )
    approve_within: ApprovalDeadline | None = Field(
        default=None, description='with approve: how long it waits, and what happens then: "4h drop" or "4h send"'
    )

    @field_validator("title", "text", "html")
    @classmethod
    def _is_template(cls, source: str | None, about: ValidationInfo) -> str | None:
        from alerts.message.own_template import check_template

        return source and check_template(source, is_html=about.field_name == "html")

    @field_validator("secret")
    @classmethod
    def _are_keys(cls, given: str | tuple[str, ...] | None) -> str | tuple[str, ...] | None:
        secrets = (given,) if isinstance(given, str) else given or ()
        if given is not None and not 1 <= len(secrets) <= 2:
            raise ValueError("has to be one secret, or a list of two while one is replaced")
        for secret in secrets:
            if _UNSET not in secret and not _is_key(secret):
                raise ValueError(f'has to be "{_SECRET}" and a key of {_KEY[0]} to {_KEY[-1]} bytes in base64')
        return given

    @model_validator(mode="after")
    def _deadline_has_somebody(self) -> Self:
        if self.approve_within and not self.approve:
            raise ValueError("approve_within says how long to wait for those in approve: this channel names nobody")
        return self

    @model_validator(mode="after")
    def _is_for_a_program(self) -> Self:
        if self.format == "message" and (self.secret or self.batch > 1):
            raise ValueError('"secret" and "batch" are for a channel with format = "event"')
        if self.format == "event" and self.is_templated:
            raise ValueError('"title", "text" and "html" are for messages: a program gets the whole event')
        return self

    @property
    def is_event(self) -> bool:
        """Whether events are posted to a program."""
        return self.format == "event"

    @property
    def approval(self) -> Approval | None:
        """Who has to approve what is sent here."""
        return approval(self.approve, self.approve_within)

    @property
    def is_templated(self) -> bool:
        """Whether a part of the messages about changes is made by a template."""
        return any(source is not None for source in self.templates)

    @property
    def templates(self) -> tuple[str | None, str | None, str | None]:
        """The templates of the title, the text and the HTML."""
        return self.title, self.text, self.html

    @property
    def signing(self) -> tuple[str, ...]:
        """The secrets that a webhook is signed with."""
        return (self.secret,) if isinstance(self.secret, str) else self.secret or ()


def _is_key(secret: str) -> bool:
    text = secret.removeprefix(_SECRET).rstrip("=")
    try:
        key = b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError:
        return False
    return secret.startswith(_SECRET) and len(key) in _KEY
