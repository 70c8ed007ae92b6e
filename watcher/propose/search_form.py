"""A page that is a form to search: what it asks for, and what can be read from its answer to some words.

The form is asked as a browser asks it. What a site writes anew into its hidden fields at each visit is taken from the
page with the form (`before`); a form that only a script sends is filled by a browser (`steps`).
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from lxml.html import FormElement, HtmlElement, InputElement

from sources import Blocked, Get, Page, SourceError
from sources.formats.html import text_of
from sources.formats.links import absolute
from sources.text import headline
from watcher.errors import UsageError
from watcher.propose.find import look_around
from watcher.propose.html import path
from watcher.propose.html_groups import TextOutline
from watcher.propose.proposal import Proposal
from watcher.propose.site import Site

_MOST_WORDS = 800  # characters of text beside the form and links: a page with more is about something else
_BUTTONS = "{}::*[self::button or self::input[@type='submit']]"
_LONGEST = 200  # characters of a hidden field that is written down


class SearchForm(NamedTuple):
    """A form, the field for the words in it, and the button that sends it, if it has one. A field may stand in no form:
    then a script reads it.
    """

    form: FormElement | None
    field: InputElement
    button: HtmlElement | None

    @property
    def label(self) -> str:
        """What people may know the field by."""
        own = text_of(self.field.label) if self.field.label is not None else ""
        named = map(self.field.get, ("aria-label", "placeholder", "title", "name", "id"))
        return next(filter(None, (headline(own).rstrip(": "), *named)), "words")


def find_search_form(page: Page) -> SearchForm | None:
    """The form to search that a page mainly is, None for another page."""
    try:
        outline = TextOutline(page.html)
    except SourceError:
        return None
    words = outline.content - outline.linked[outline.elements[0]]
    for field in (each for each in page.html.iter("input") if isinstance(each, InputElement)):
        form = next((each for each in field.iterancestors("form") if isinstance(each, FormElement)), None)
        within: HtmlElement = field if form is None else form
        is_text = (field.get("type") or "text").lower() in ("text", "search")
        if is_text and not outline.is_furniture(within) and not within.xpath(".//input[@type='password']"):
            buttons = within.xpath(_BUTTONS.format("following" if form is None else "descendant"))
            beside = words - (0 if form is None else outline.text.get(form, 0))
            return SearchForm(form, field, next(iter(buttons), None)) if beside < _MOST_WORDS else None
    return None


def look_or_search(
    page: Page, words: str, site: Site, notice: Callable[[str], None], ask: Callable[[str], str]
) -> tuple[Page, Sequence[Proposal]]:
    """As `look_around`; of a page that is a form to search, what its answer to the words can be read as. Without words,
    and where nothing repeats on the page, they are asked for by the field's label.

    Raises SourceError, and UsageError where nobody says what to search for.
    """
    form = find_search_form(page)
    if not (form and words):
        looked, found = look_around(page, site, notice)
        if form is None or any(proposal.kind != "text" for proposal in found):
            return looked, found
        if not (words := ask(form.label)):
            if form.form is None:
                said = f"it has a field to search ({form.label}): --search says what for"
                return looked, [proposal.adding({}, said) for proposal in found]
            raise UsageError(f"{page.url} is a form to search ({form.label}): say what for (--search)")
    return _search(form, words, page, site, notice)


def _search(
    found: SearchForm, words: str, page: Page, site: Site, notice: Callable[[str], None]
) -> tuple[Page, Sequence[Proposal]]:
    """The page that answers the words, and what could be read from it. Raises SourceError."""
    form, field, button = found
    name = field.get("name")
    if form is None or not name or (form.get("onsubmit") and not form.get("action")):
        send = {"click": path(button)} if button is not None else {"press": "Enter"}
        if not site.render():
            why = f"{page.url} is a form that only a script sends; {site.missing_browser}"
            raise Blocked(why, code="needs_javascript")
        site.options |= {"steps": [{"fill": path(field), "text": words}, send]}
        return look_around(site.fetch(page.get), site, notice)
    values = dict(form.form_values()) | {name: words}
    if button is not None and button.get("name"):
        values[button.get("name", "")] = button.get("value") or ""
    action = absolute(page.url, form.get("action") or "")
    if form.method != "POST":
        return look_around(site.fetch(Get(f"{action.partition('?')[0]}?{urlencode(values)}")), site, notice)
    # long values, and those that differ at a second visit, are taken from there
    again = find_search_form(site.fetch(page.get))
    later = dict(again.form.form_values()) if again and again.form is not None else {}
    differing = (each for each, value in later.items() if value != values.get(each) or len(value) > _LONGEST)
    taken = {each: f"taken_{at}" for at, each in enumerate(each for each in differing if each != name)}
    options: dict[str, Any] = {"form": {**values, **{each: f"{{{place}}}" for each, place in taken.items()}}}
    if taken:
        places = {place: f'[name="{each}"]@value' for each, place in taken.items()}
        options["before"] = {"url": page.get.url, "take": places}
    answer, proposals = look_around(site.fetch(Get(action, "POST", form=values)), site, notice)
    return answer, [proposal.adding(options) for proposal in proposals]
