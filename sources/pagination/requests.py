"""The options of kinds that say how the page is requested: method, form, body, and a page that is asked before it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Annotated, Any, Literal, Self
from urllib.parse import quote

from pydantic import AfterValidator, Field, model_validator

from sources.errors import NotFound
from sources.formats.json_paths import check_path, find
from sources.model import Entry, Get, Page, Source
from sources.options import Inner, NumberOrText, OptionTable
from sources.placeholders import DATES, NUMBERS, fill, fill_text, names_in
from sources.text import clean, value_text


def _name(name: str) -> str:
    if names_in(f"{{{name}}}") != {name} or name in (*NUMBERS, *DATES):
        raise ValueError(f'"{name}" is no name for a value: small letters, digits and _, none of {NUMBERS + DATES}')
    return name


def _where(place: str) -> str:
    """A place in HTML, or a path in JSON: the page decides which it must be."""
    from sources.formats.selectors import check_place  # noqa: PLC0415 - with lxml slow to import

    try:
        return check_place(place)
    except ValueError as no_place:
        try:
            return check_path(place)
        except ValueError as no_path:
            raise ValueError(f"{no_place}; {no_path}") from None


class Before(OptionTable):
    """The option `before`: a page that is requested first, and what the request then takes from it."""

    url: str = Field(description="the page that is requested first")
    take: dict[Annotated[str, AfterValidator(_name)], Annotated[str, AfterValidator(_where)]] = Field(
        default_factory=dict,
        description='values from it, name = place: "input[name=csrf]@value", or a JMESPath where it is JSON;'
        " {name} then stands for each in url, form, body and headers",
    )

    def take_from(self, page: Page) -> dict[str, str]:
        """The values that the page has. Raises NotFound for one that it has not."""
        from sources.formats.selectors import find_values, first  # noqa: PLC0415 - as above

        is_json = "json" in page.content_type or page.content[:4096].lstrip()[:1] in (b"{", b"[")
        document = page.json() if is_json else None
        values = {
            name: value_text(find(place, document)) if is_json else clean(first(find_values(page.html, place)))
            for name, place in self.take.items()
        }
        for name, value in values.items():
            if not value:
                raise NotFound(f"{page.url} has nothing at {self.take[name]!r} (option before, take.{name})")
        return values


class Asking(Source):
    """The base of kinds whose request the configuration can write: a search form, an endpoint that takes a POST.

    In `url`, `form` and `body`, {page}, {offset} and {cursor} stand for where a list goes on. There and in `headers`,
    {today} and {since} stand for dates (UTC), and the names of `before.take` for the values taken.
    """

    method: Literal["GET", "POST", "PUT"] | None = Field(
        default=None, description="the request's method; default: POST with a form or a body, else GET"
    )
    form: dict[str, NumberOrText] = Field(
        default_factory=dict, description="the fields of a form to send, name = value"
    )
    body: dict[str, Any] | list[Any] | None = Field(default=None, description="a JSON document to send")
    before: Inner[Before] | None = Field(
        default=None,
        description='a page to request first: { url = "...", take = { token = "input[name=csrf]@value" } }',
    )

    @model_validator(mode="after")
    def _asks_soundly(self) -> Self:
        if self.form and self.body is not None:
            raise ValueError("form and body are two ways to send something: give one of them")
        if self.method == "GET" and (self.form or self.body is not None):
            raise ValueError('method = "GET" sends no form or body: write the values into url')
        if self.before and names_in(self.before.url) - {*DATES}:
            raise ValueError("before.url is requested first: of placeholders it can have {today} and {since} alone")
        if not names_in(self.headers).isdisjoint(NUMBERS):
            raise ValueError(
                "headers can have {today}, {since} and what before takes; {page} goes into url, form or body"
            )
        if "since" in {*self.placeholders, *names_in(self.headers)} and self.listing != "window":
            raise ValueError('{since} asks for recent entries alone: say listing = "window", so that none is removed')
        return self

    @property
    def placeholders(self) -> set[str]:
        """The names of the placeholders in the request, without its headers."""
        return names_in([self.url or "", self.form, self.body])

    @property
    def dated(self) -> bool:
        """Whether a request has a date in it."""
        before = self.before.url if self.before else ""
        return not (self.placeholders | names_in([self.headers, before])).isdisjoint(DATES)

    def start(self) -> Get:
        """The first request of a check: the page before, if there is one."""
        return Get(self.before.url, reader="begin") if self.before else self.requested()

    def requested(self) -> Get:
        """The request for the list's first page."""
        return self._ask({}, {})

    def begin(self, page: Page) -> Iterator[Entry | Get]:
        """Read the page before: the request with what was taken from it."""
        taken = self.before.take_from(page) if self.before else {}
        yield self._ask({"taken": taken} if taken else {}, taken)

    def carry_on(self, page: Page, following: Get | None) -> Get | None:
        """The request for a further page, with what the earlier one carried. One with placeholders is written anew."""
        taken = page.carry.get("taken", {})
        if following is None or not (taken or self.is_numbered):
            return following
        carry = {**following.carry, **({"taken": taken} if taken else {})}
        if self.is_numbered and "at" in carry:
            return self._ask(carry, {**dict.fromkeys(NUMBERS, carry["at"]), **taken})
        return replace(following, carry=carry)

    @property
    def is_numbered(self) -> bool:
        """Whether the request says by itself where the list goes on."""
        return not self.placeholders.isdisjoint(NUMBERS)

    def first_numbers(self) -> Mapping[str, Any]:
        """The values of {page}, {offset} and {cursor} in the first request."""
        return {"page": 1, "offset": 0, "cursor": None}

    def _ask(self, carry: dict[str, Any], values: Mapping[str, Any]) -> Get:
        values = {**self.first_numbers(), **values}
        return Get(
            fill_text(self.url or "", values, partial(quote, safe="")),
            self.method or ("POST" if self.form or self.body is not None else "GET"),
            form={name: fill_text(text, values) for name, text in self.form.items()} if self.form else None,
            json=fill(self.body, values),
            carry=carry,
        )
