"""The options of `fetch = "browser"`: the table `[browser]`, and the steps of a source."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from sources.options import Duration
from sources.text import listing

Fetch = Literal["http", "browser"]

WAIT_FOR = "wait_for"  # what a request may carry: the element to wait for, where that is not the source's own

_ACTIONS = ("fill", "click", "select", "press", "wait_for", "scroll")
_VALUES = {"fill": "text", "select": "value"}
_WEB = ("http://", "https://", "ws://", "wss://")


class Step(BaseModel):
    """One thing to do on a page before it is read. Elements are named by CSS selectors, or by `text=WORDS`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    fill: str | None = Field(default=None, description="the field to write `text` into")
    text: str | None = Field(default=None, repr=False, description="what to write; a secret by reference: ${NAME}")
    click: str | None = Field(default=None, description="the element to click")
    select: str | None = Field(default=None, description="the list to choose `value` from")
    value: str | None = Field(default=None, repr=False, description="what to choose: an option's value or its text")
    press: str | None = Field(default=None, description='a key to press, such as "Enter"')
    wait_for: str | None = Field(default=None, description="the element that must be visible before the next step")
    scroll: int | None = Field(
        default=None, gt=0, le=500, description="scroll to the end so many times at most, while the page grows"
    )

    @property
    def action(self) -> str:
        """The key that says what is done."""
        return next(name for name in _ACTIONS if getattr(self, name) is not None)

    @property
    def told(self) -> str:
        """The step for messages, without what is written into fields."""
        return f"{self.action} {getattr(self, self.action)}"

    @model_validator(mode="after")
    def _is_one_action(self) -> Self:
        given = [name for name in _ACTIONS if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"a step does one thing, so it has exactly one of {listing(_ACTIONS)}")
        for action, value in _VALUES.items():
            if (getattr(self, value) is not None) != (given[0] == action):
                raise ValueError(f"{action} needs {value} beside it, and no other step has one")
        return self


def _endpoint(url: str) -> str:
    if not url.startswith(_WEB):
        raise ValueError('is the address of a browser\'s debugging port, such as "http://127.0.0.1:9222"')
    return url


class BrowserOptions(BaseModel):
    """The `[browser]` table: the Chromium that renders the pages of sources with `fetch = "browser"`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    command: str | None = Field(
        default=None, description="the Chromium to start; default: chromium, chromium-browser or google-chrome in PATH"
    )
    endpoint: Annotated[str, AfterValidator(_endpoint)] | None = Field(
        default=None, repr=False, description="the debugging port of a Chromium that runs already, in place of one"
    )
    tabs: int = Field(default=2, ge=1, le=16, description="most pages that are rendered at once")
    memory: int = Field(
        default=1_500_000_000, gt=0, description="most bytes of memory of a page's process; beyond, it is killed"
    )
    idle: Duration = Field(
        default=timedelta(minutes=2), description="how long the browser is kept when no page is rendered"
    )
