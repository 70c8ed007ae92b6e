"""Point at a page: the proposals in whose entries are the parts pointed at, and not those that are "not this". Pure.

A part is an element with text of its own, by its number in the order of the page. One that is an entry lies in an entry
that has no other such part; one that is a title, a key or a column gives its place in its entry. A sentence is read as
the text of the smallest block around all of them. "Not this" lies in no entry; in one that is pointed at, or in such a
text, it is what does not count.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, NamedTuple, TypeAlias, get_args

from lxml.html import HtmlElement, defs

from sources import Page
from sources.formats.html import text_of
from sources.formats.selectors import select
from sources.model.transcript import Place
from sources.options import HttpOptions
from sources.text import clean
from watcher.propose.find import work_out
from watcher.propose.html import field_name, headings_of, place_in, propose_html, selectors_of, texts_at
from watcher.propose.html_groups import Pointed
from watcher.propose.proposal import Proposal, try_proposal

Role = Literal["entry", "title", "key", "field", "text", "not"]
Said: TypeAlias = dict[Role, list[HtmlElement]]
ROLES: tuple[Role, ...] = get_args(Role)
_SILENT = {"head", "title", "script", "style", "noscript", "template", "svg", "select", "textarea", "iframe", "object"}
_INLINE = defs.phrase_tags | defs.font_style_tags | defs.special_inline_tags | {"bdi", "data", "mark", "time", "wbr"}
_LONGEST = 200  # characters of a part that are shown


class Click(NamedTuple):
    """What somebody said of a part of a page."""

    role: Role
    part: int


class PagePart(NamedTuple):
    """A part that can be pointed at: its number, the beginning of its text, the number of the table's row or of the
    element whose line it stands in, and its box on the screenshot.
    """

    number: int
    text: str
    line: int
    box: Place | None


def find_parts(page: Page, places: Iterable[Place] = ()) -> list[PagePart]:
    """The parts of a page in its order. Of the `places` on a screenshot, each with the text of a part is its box, the
    first that of the first, as the picture may be of another visit. Raises SourceError if it is no HTML.
    """

    def letters(text: str) -> str:
        return "".join(filter(str.isalnum, text[:_LONGEST].casefold()))

    boxes = defaultdict[str, list[Place]](list)
    for place in places:
        same = boxes[letters(place.text)]
        if not same or place.top >= same[-1].top + same[-1].height or place.left >= same[-1].left + same[-1].width:
            same.append(place)  # and not an element within the last one
    elements = list(page.html.iter("*"))
    number = {element: at for at, element in enumerate(elements)}
    with_blocks, inside, parts = set[HtmlElement | None](), set[HtmlElement | None](), list[PagePart]()
    for element in reversed(elements):
        if element in with_blocks or element.tag not in _INLINE:
            with_blocks.add(element.getparent())
    for element in elements:
        own = " ".join([element.text or "", *(child.tail or "" for child in element)])
        if element.getparent() in inside or element.tag in _SILENT:
            inside.add(element)
        elif any(map(str.isalnum, own)):
            if element not in with_blocks:
                own = text_of(element)
                inside.add(element)
            text, line = clean(own), number[next(element.iterancestors("tr"), element)]
            box = same.pop(0) if (same := boxes[letters(text)]) else None
            parts.append(PagePart(number[element], text[:_LONGEST], line, box))
    return parts


def point(page: Page, clicks: Sequence[Click], http: HttpOptions, options: Mapping[str, Any]) -> list[Proposal]:
    """The proposals for what was pointed at, the best first. `options` are those that the page was fetched with.

    Raises SourceError if it is no HTML. What is said of a part that is not there is left out.
    """
    elements = list(page.html.iter("*"))
    said: Said = {role: [] for role in ROLES}
    for role, part in clicks:
        said[role] += elements[part : part + 1]
    if said["text"]:
        return [found.adding(options) for found in _read_texts(page, said["text"], said["not"], http)]
    pointed = Pointed(said["entry"], [*said["title"], *said["key"], *said["field"]], said["not"])

    def fits(found: Proposal) -> bool:
        """A page about one is one entry, with all that is pointed at among its labels and their values."""
        within = all(_field_of(found, one) for one in (*pointed.entries, *pointed.inside))
        return found.kind != "record" or (len(said["entry"]) < 2 and within)

    found = filter(fits, work_out(propose_html(page, pointed=pointed), page, http))
    return [_follow(each, page, said, http).adding(options) for each in found]


def _field_of(proposal: Proposal, element: HtmlElement) -> str:
    """The field, of any entry, that has an element's text for its value or in it; "" if there is none."""
    text = clean(text_of(element))
    fields = [(name, clean(value)) for entry in proposal.entries for name, value in entry.fields.items()]
    equal = [name for name, value in fields if text in {value, name, f"{name}:"}]
    return next(iter(equal + [name for name, value in fields if text and text in value]), "")


def _follow(proposal: Proposal, page: Page, said: Said, http: HttpOptions) -> Proposal:
    """The proposal with what is said of the parts of its entries; as it was where its kind cannot read that."""
    is_list, is_record = proposal.kind == "list", proposal.kind == "record"
    items = select(page.html, str(proposal.options["item"])) if is_list else []
    around = {each: item for item in items or page.html.iter("html" if is_record else "tr") for each in item.iter("*")}
    columns = dict(proposal.columns)

    def column(element: HtmlElement) -> str:
        """The place of an element in its entry, or the name of its column."""
        if is_record:
            return _field_of(proposal, element)
        if is_list and (item := around.get(element)) is not None:
            place = "." if item is element else place_in(item, element)
            columns[place] = texts_at(items, place)
            return place
        text, cell = clean(text_of(element)), next(element.iterancestors("td", "th"), element)
        at = len(list(cell.itersiblings("td", "th", preceding=True)))
        names = [name for name, values in columns.items() if any(text in clean(value) for value in values)]
        return next((name for name in names if list(columns)[at : at + 1] == [name]), "".join(names[:1]))

    title, key, fields = (list(filter(None, map(column, said[role]))) for role in ("title", "key", "field"))
    wanted = {around.get(each) for role in ROLES[:4] for each in said[role]} - {None}
    out = [_field_of(proposal, each) for each in said["not"] if around.get(each) in wanted]
    options: dict[str, Any] = {"ignore": list(dict.fromkeys(filter(None, out)))} if any(out) else {}
    options |= {"title": title[-1]} if title and columns else {}
    if fields:
        headings = headings_of(items[0]) if items else []
        named = {field_name(place, columns[place], headings): place for place in fields} if items else {}
        options["fields"] = named or fields
    changed = replace(proposal, columns=columns).adding(options)
    if key and columns:
        changed = changed.keyed(key[-1:] if items else key)
    return (try_proposal(changed, page, http) if options or key else None) or proposal


def _read_texts(
    page: Page, wanted: Sequence[HtmlElement], unwanted: Sequence[HtmlElement], http: HttpOptions
) -> Iterator[Proposal]:
    """The text of the smallest block around what is wanted, and of the smallest one that has a name; each without the
    largest parts of it that have what is not wanted, and nothing that is.
    """
    kept = [{each, *each.iterancestors()} for each in wanted]
    whole, around = set.intersection(*kept), set[HtmlElement]().union(*kept)
    found = False
    for block in (each for each in (wanted[0], *wanted[0].iterancestors()) if each in whole):
        css, is_named = _selector(page.html, block)
        if not css or (found and not is_named):
            continue
        others = [one for one in unwanted if one not in around and block in one.iterancestors()]
        out = [next(e for e in (one, *one.iterancestors()) if e.getparent() in around) for one in others]
        remove = list(filter(None, (_selector(page.html, each)[0] for each in dict.fromkeys(out))))
        options = {"select": css, **({"remove": remove} if remove else {})}
        if made := try_proposal(Proposal("text", options, f"the text of {css}, as one entry"), page, http):
            yield made
            if is_named:
                return
            found = True


def _selector(root: HtmlElement, element: HtmlElement) -> tuple[str, bool]:
    """CSS that finds an element alone, and whether that names it; "" where nothing does."""
    *named, place = selectors_of(element)
    plain = (css for css in (*named, place) if css.count(" > ") < 50)  # steps of a path that is written down
    css = next((css for css in plain if select(root, css) == [element]), "")
    return css, css in named
