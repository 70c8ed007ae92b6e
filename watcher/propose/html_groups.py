"""The elements that repeat on a page, scored by how similar they are to the entries of a register."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain, islice
from mimetypes import MimeTypes
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from sources.formats.html import text_of
from sources.formats.selectors import CSS_NAME, class_names, css_tag
from watcher.propose import looks

_HIDDEN = frozenset(("head", "script", "style", "noscript", "template", "svg", "select", "button", "iframe", "object"))
_FURNITURE_TAGS = frozenset(("nav", "header", "footer", "aside"))
_FURNITURE_ROLES = frozenset(("navigation", "banner", "contentinfo", "search", "menu", "menubar", "complementary"))
_FURNITURE_NAMES = """
    ads advert banner breadcrumb breadcrumbs carousel cookie cookies dropdown footer gallery header lang language
    languages masthead megamenu menu modal nav navbar navigation newsletter pager pagination popup promo share sharing
    sidebar skip slideshow social subscribe subnav submenu tabs toolbar topbar
"""
_FURNITURE_WORDS = frozenset(_FURNITURE_NAMES.split())
_FURNITURE_ENDS = ("menu", "nav", "navigation", "footer", "navbar")
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_MENU_LENGTH, _MANY_LINKS = 40, 8  # characters of a menu's entry, and links of a menu
_MOST_SIDES = 2  # elements of one class beside each other that are furniture by their name
_MOST_ALIKE = 0.8  # of the links
_TYPES = MimeTypes(())  # the same on every machine
_MOST_OF_PAGE = 0.6  # an element with more of the text is the page itself, whatever its name
_MOST_OF_CONTENT = 0.7  # links with more of the text beside the menus are what the page is for


class TextOutline:
    """The visible elements of a page in document order, with the lengths of their text (characters)."""

    def __init__(self, root: HtmlElement) -> None:
        # all visible elements: this also keeps lxml's proxies alive, so that elements can be compared by identity
        self.elements, stack = list[HtmlElement](), [root]
        while stack:
            element = stack.pop()
            if isinstance(element.tag, str) and element.tag not in _HIDDEN:
                self.elements.append(element)
                stack.extend(reversed(element))
        # many groups share an element
        self.read = cache(text_of)
        self.links = cache(lambda element: [href for link in element.iter("a") if (href := link.get("href"))])
        self.build, self.has_date = cache(_build), cache(looks.has_date)
        self.text: dict[HtmlElement, int] = {}
        self.linked: dict[HtmlElement, int] = {}
        for element in reversed(self.elements):
            inner = [child for child in element if child in self.text]
            own = _length(element.text) + sum(_length(child.tail) for child in element)
            self.text[element] = own + sum(self.text[child] for child in inner)
            is_link = element.tag == "a" and element.get("href")
            self.linked[element] = self.text[element] if is_link else sum(self.linked[child] for child in inner)
        self.whole = max(1, self.text.get(root, 0))
        self._alike = Counter((element.getparent(), element.get("class")) for element in self.elements)
        self._furniture: dict[HtmlElement, bool] = {}
        for element in self.elements:
            self._furniture[element] = self.is_furniture(element.getparent()) or self._begins_furniture(element)
        outside = (e for e in self.elements if self._furniture[e] and not self.is_furniture(e.getparent()))
        self.content = max(1, self.whole - sum(self.text[element] for element in outside))

    def is_furniture(self, element: HtmlElement | None) -> bool:
        """Whether the element belongs to a menu, a footer or the like."""
        return element is not None and self._furniture.get(element, False)

    def _begins_furniture(self, element: HtmlElement) -> bool:
        if element.tag in ("html", "body", "main", "article"):
            return False
        if element.tag in _FURNITURE_TAGS or element.get("role") in _FURNITURE_ROLES:
            return next(element.iter("main", "article"), None) is None
        if self.text[element] > self.whole * _MOST_OF_PAGE:
            return False
        named = f"{element.get('class') or ''} {element.get('id') or ''}"
        words = [word.lower() for word in _WORDS.findall(named)]
        if any(word in _FURNITURE_WORDS or word.endswith(_FURNITURE_ENDS) for word in words):
            # a page has one of each; and a menu of documents is a list
            once = self._alike[element.getparent(), element.get("class")] <= _MOST_SIDES
            return once and not _are_documents(self.links(element))
        if self.linked[element] < 0.9 * self.text[element]:
            return False
        links = self.links(element)  # a menu has many short ones that lead to different places
        short = self.text[element] < _MENU_LENGTH * len(links)
        return short and len(links) >= _MANY_LINKS and not _lead_alike(links)


def _length(text: str | None) -> int:
    return len(" ".join(text.split())) if text else 0


_ITEM_NAMES = "a article blockquote dd details div dl fieldset figure h2 h3 h4 h5 li p section tr ul"
_ITEM_TAGS = frozenset(_ITEM_NAMES.split())
_DEEPEST = 5  # most steps from an element to a named ancestor
_PROMISING, _CLOSELY, _SAMPLE = 60, 15, 120  # groups to look at, groups to look at closely, and items of each
_SHORT = 60  # characters: a name or a heading, rather than a sentence
_MOST_TOLD = 100  # tags and classes by which elements are told from each other
_LONG = 800  # characters: longer than most entries of a register


@dataclass(frozen=True, slots=True)
class Group:
    """Elements that one CSS selector finds, their score as entries (0 to about 3), and those without a link beside them
    that are left out.
    """

    css: str
    items: Sequence[HtmlElement]
    score: float
    left_out: Sequence[HtmlElement] = ()

    def order(self) -> tuple[float, int]:
        """What it is sorted by: the best first, of equal ones that with the shortest selector."""
        return -self.score, len(self.css)


@dataclass(frozen=True, slots=True)
class Pointed:
    """What somebody pointed at: elements that are each in an entry of their own, elements that are in some entry, and
    elements that are in none but one of these.
    """

    entries: Sequence[HtmlElement] = ()
    inside: Sequence[HtmlElement] = ()
    outside: Sequence[HtmlElement] = ()

    def admits(self, items: Sequence[HtmlElement]) -> bool:
        """Whether these may be the entries, all of them."""
        return next(self.admitted("", items), ("", ()))[1] is items

    def admitted(self, css: str, items: Sequence[HtmlElement]) -> Iterator[tuple[str, Sequence[HtmlElement]]]:
        """A group, if it may be the entries; else the largest part of it that a class, or what is in an element, tells
        from what is none.
        """
        among = set(items)

        def around(element: HtmlElement) -> HtmlElement | None:
            return next((each for each in (element, *element.iterancestors()) if each in among), None)

        held = list(map(around, (*self.entries, *self.inside)))
        others = {item for item in map(around, self.outside) if item is not None and item not in held}
        if None in held or len(set(held[: len(self.entries)])) < len(self.entries):
            return
        if not others:
            yield css, items
            return
        # what an element may be told from others by: its classes, and the tags and classes in it, as CSS
        built = {item: {f".{token}" for token in class_names(item)} for item in items}
        for item, told_by in built.items():
            for each in islice(item.iterdescendants(), _MOST_TOLD):
                if (tag := css_tag(each)) != "*":
                    told_by |= {f":has({tag}{name})" for name in ("", *(f".{one}" for one in class_names(each)))}
        likes = [built[item] for item in items if item not in others and (item in held or not held)]
        unlikes = [built[item] for item in others]
        told = [(each, True) for each in set.intersection(*likes or [set()]) - set().union(*unlikes)]
        told += [(each, False) for each in set.intersection(*unlikes) - set().union(*likes)]
        found = [
            (f"{css}{each}" if is_like else f"{css}:not({each})", [i for i in items if (each in built[i]) is is_like])
            for each, is_like in told[:_MOST_TOLD]
        ]
        yield from sorted(found, key=lambda each: (-len(each[1]), each[0]))[:1]


def groups(outline: TextOutline, pointed: Pointed) -> list[Group]:
    """The repeating elements of a page that may be the entries pointed at, the best group first."""
    wider = [(css, items) for css, items in _candidates(outline).items() if len(items) > 1 and not _are_nested(items)]
    found = [each for group in wider for each in pointed.admitted(*group) if len(each[1]) > 1]
    promising = sorted(found, key=lambda group: _promise(outline, group[1]), reverse=True)[:_PROMISING]
    scored = list[Group]()
    for whole in promising:
        own = _without_furniture(outline, *whole)
        css, items = own if pointed.admits(own[1]) else whole
        group = Group(css, items, score(outline, items))
        narrow = _narrow(outline, group)
        scored.append(narrow if pointed.admits(narrow.items) else group)
    best = sorted(scored, key=Group.order)[:_CLOSELY]
    return sorted((replace(group, score=_find_score(outline, group, best)) for group in best), key=Group.order)


def _candidates(outline: TextOutline) -> dict[str, list[HtmlElement]]:
    """Elements by the selectors that may find them: by class, by position, by both."""
    found: defaultdict[str, list[HtmlElement]] = defaultdict(list)
    for element in outline.elements:
        tag = str(element.tag)
        if tag not in _ITEM_TAGS or not outline.text[element]:
            continue
        above = _above(element)
        selectors = [f"{above} > {tag}"] if above else []
        for token in class_names(element):
            selectors.append(f"{tag}.{token}")
            selectors += [f"{above} > {tag}.{token}"] if above else []
        for css in selectors:
            found[css].append(element)
    return found


def _above(element: HtmlElement) -> str:
    """The steps from the nearest named ancestor to the parent: "#list > ul", "div.views > table"."""
    steps: list[str] = []
    for ancestor in element.iterancestors():
        is_last = len(steps) == _DEEPEST or ancestor.tag in ("html", "body")
        name = "" if is_last else _name(ancestor)
        steps.append(name or css_tag(ancestor))
        if name or is_last:
            break
    return " > ".join(reversed(steps))


def _name(element: HtmlElement) -> str:
    own = element.get("id") or ""
    if CSS_NAME.fullmatch(own) and not looks_random(own):
        return f"{css_tag(element)}#{own}"
    named = [token for token in class_names(element) if not looks_random(token)]
    return f"{css_tag(element)}.{named[0]}" if named else ""


def looks_random(name: str) -> bool:
    """Whether a name was generated for this one response, such as an id with a UUID in it."""
    return bool(re.search(r"[0-9a-f]{8}|\d{4}|(?=\w*\d)(?=\w*[a-z])(?=\w*[A-Z])\w{8,}$", name))


def _are_nested(items: Sequence[HtmlElement]) -> bool:
    """Whether more than a few of the elements are inside another one."""
    inside = set(items)
    nested = sum(any(ancestor in inside for ancestor in item.iterancestors()) for item in items)
    return nested * 10 > len(items)


def _promise(outline: TextOutline, items: Sequence[HtmlElement]) -> float:
    """A first estimate of the score, from the measures of the outline."""
    furniture = sum(map(outline.is_furniture, items)) / len(items)
    many = len(items) / (len(items) + 3)
    return math.sqrt(_coverage(outline, items)) * many * (1 - 0.9 * furniture)


def _coverage(outline: TextOutline, items: Sequence[HtmlElement]) -> float:
    return min(1.0, sum(outline.text[item] for item in items) / outline.content)


def score(outline: TextOutline, items: Sequence[HtmlElement], *, named: bool = False) -> float:
    """The score of elements as entries.

    Entries have much of the page's text, are many, differ in words and have a similar structure, and often have a date
    and a link. Menus are short and consist of links; prose, and the facts of one record, have neither dates nor links,
    which rows of a table whose columns are `named` need not have.
    """
    sample = list(items[:: max(1, len(items) // _SAMPLE)])
    texts, links = list(map(outline.read, sample)), list(map(outline.links, sample))
    dated, linked = looks.share(texts, outline.has_date), sum(map(bool, links)) / len(sample)
    told = [f"{text} {href}" for text, href in zip(texts, (each[0] if each else "" for each in links), strict=True)]
    value = _promise(outline, items) * looks.distinct(told) * looks.filled_share(texts)
    value *= (1 + 0.5 * dated) * (1 + 0.3 * linked) * (0.25 + 0.75 * alike(list(map(outline.build, sample))))
    length = looks.mean_length(texts)
    in_links = sum(outline.linked[item] for item in sample) / max(1, sum(outline.text[item] for item in sample))
    menu = in_links > 0.9 and length < _MENU_LENGTH and _coverage(outline, items) < _MOST_OF_CONTENT
    if menu and dated < 0.2 and not _lead_alike([*chain(*links)]):
        value *= 0.3
    if length > _LONG:
        value *= math.sqrt(_LONG / length)
    held = max(dated, linked)
    prose = (1 - held) * min(1.0, max(0.0, length - _SHORT) / _SHORT)
    return value if named else value * (0.6 if held <= 0.5 else 1.0) * (1 - 0.75 * prose)


def _lead_alike(links: Sequence[str]) -> bool:
    """Whether most links lead to one folder of the site, to one file but for its numbers (`firm.php?id=7`), or to
    documents: entries do, and those of a menu do not.
    """
    paths = (re.sub(r"\d+", "0", path.strip("/")) for path in _paths(links))
    places = Counter(path.rpartition("/")[0] or path for path in paths if "/" in path or "." in path)
    return max(places.values(), default=0) > _MOST_ALIKE * len(links) or _are_documents(links)


def _are_documents(links: Sequence[str]) -> bool:
    types = (_TYPES.guess_type(path)[0] or "" for path in _paths(links))
    return sum(each.startswith("application/") for each in types) > _MOST_ALIKE * len(links)


def _paths(links: Sequence[str]) -> Iterator[str]:
    return (urlsplit(link.strip()[:_LONG]).path for link in links if "[" not in link)


def _without_furniture(
    outline: TextOutline, css: str, items: Sequence[HtmlElement]
) -> tuple[str, Sequence[HtmlElement]]:
    """A group without the items that belong to a menu, where some do, if the elements around the others tell."""
    own = [item for item in items if not outline.is_furniture(item)]
    steps = [css.rpartition(" > ")[2]]
    for ancestor in islice(own[0].iterancestors(), _DEEPEST) if 1 < len(own) < len(items) else ():
        steps.insert(0, _name(ancestor) or css_tag(ancestor))
        if outline.elements[0].cssselect(" > ".join(steps)) == own:
            return " > ".join(steps), own
    return css, items


def _narrow(outline: TextOutline, group: Group) -> Group:
    """The group without items that have no link, if most have one and the others are headings or notes."""
    linking = [item for item in group.items if outline.links(item)]
    others = [item for item in group.items if not outline.links(item)]
    if group.items[0].tag == "a" or not 0.6 < len(linking) / len(group.items) < 1 or len(linking) < 2:
        return group
    narrow = Group(f"{group.css}:has(a[href])", linking, score(outline, linking), others)
    return narrow if narrow.score > group.score * 0.9 else group


def _find_score(outline: TextOutline, group: Group, others: Sequence[Group]) -> float:
    """The score; that of the group around it, if its items are lists of these."""
    for outer in others:
        if outer.score <= group.score or outer is group or len(outer.items) * 1.3 > len(group.items):
            continue
        around = set(outer.items)
        within = sum(any(ancestor in around for ancestor in item.iterancestors()) for item in group.items)
        much = _coverage(outline, group.items) > 0.4 * _coverage(outline, outer.items)
        if within > 0.9 * len(group.items) and much and outer.score < 2 * group.score:
            # if the elements have the same structure and different links
            links = ["".join(outline.links(item)[:1]) for item in group.items]
            differ = looks.filled_share(links) > 0.9 and looks.distinct(links) > 0.95
            if differ and alike(list(map(outline.build, group.items))) > 0.7:
                return outer.score + 0.01
    return group.score


def alike(builds: Sequence[frozenset[str]]) -> float:
    """How similar the structure of elements is, 0 to 1, by the steps in each."""
    times = Counter(chain.from_iterable(builds))
    common = {part for part, count in times.items() if count * 2 >= len(builds)}
    return sum(len(build & common) / max(1, len(build | common)) for build in builds) / len(builds)


def _build(item: HtmlElement) -> frozenset[str]:
    """The steps in an element, each from a tag to the tag and the first class below it."""
    build = set[str]()
    for child in item.iter():
        parent = child.getparent()
        if isinstance(child.tag, str) and child.tag not in ("br", "wbr") and parent is not None:
            build.add(f"{'' if child is item else parent.tag!s} {child.tag}{''.join(class_names(child)[:1])}")
    return frozenset(build)
