"""HTML pages as lxml trees, and the visible text of elements."""

import re

from lxml import etree
from lxml.html import (
    FormElement,
    HtmlComment,
    HtmlElement,
    HtmlEntity,
    HTMLParser,
    HtmlProcessingInstruction,
    InputElement,
    LabelElement,
    SelectElement,
    TextareaElement,
    defs,
    document_fromstring,
)

from sources.errors import BadDocument, WrongContent
from sources.formats.decode import name_binary
from sources.formats.download import Download

_OTHER_TYPES = re.compile(r"(image|audio|video|font)/|application/(pdf|zip|x-zip|gzip|vnd\.|msword|octet-stream)")
_HIDDEN = frozenset(("script", "style", "noscript", "template", "head"))
_BLOCK_NAMES = """
    address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hr legend li main menu nav ol option p pre section summary table tbody tfoot
    thead tr ul
"""
_EDGES = dict.fromkeys(_BLOCK_NAMES.split(), "\n") | {"td": " ", "th": " "}  # what stands before and after an element
_ENDS = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)  # libxml2 ignores all after them; browsers do not
# Characters that XML forbids, literal or as references: libxml2's trees cannot be modified where they occur.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
    "|&#(?:0*(?:[0-8]|1[1-24-9]|2[0-9]|3[01]|6553[45])|x0*(?:[0-8bce-f]|1[0-9a-f]|fff[ef]))(?:;|(?![0-9a-f]))",
    re.IGNORECASE,
)
_CONTROLS = bytes({*range(32)} - {9, 10, 12, 13})
_MARKUP = re.compile(
    r"<(?:/?([a-z][a-z0-9]*)(?=[\s/>])[^<>]*>|!--)|&(?:#\d+|#x[0-9a-f]+|[a-z][a-z0-9]+);", re.IGNORECASE
)

# The element classes of lxml.html, looked up in C: its own look-up is in Python, per element.
_CLASSES = etree.ElementNamespaceClassLookup(
    etree.ElementDefaultClassLookup(
        element=HtmlElement, comment=HtmlComment, pi=HtmlProcessingInstruction, entity=HtmlEntity
    )
)
_CLASSES.get_namespace(None).update(
    {"form": FormElement, "input": InputElement, "label": LabelElement, "select": SelectElement}
    | {"textarea": TextareaElement}
)


def parse_html(page: Download) -> HtmlElement:
    """The page as a tree, from its decoded text.

    Raises WrongContent when it is certainly no HTML, BadDocument when it is empty or nested too deeply.
    """
    if what := not_html(page):
        raise WrongContent(f"{page.url} is no HTML page but {what}")
    root = parse_text(page.text)
    if root is None:
        raise BadDocument(f"{page.url} is an empty page: there is no element and no text in it")
    return root


def parse_text(text: str) -> HtmlElement | None:
    """HTML text as a tree, None when it is empty. Raises BadDocument when it is nested too deeply."""
    text = text.replace("\f", " ")
    data = text.encode("utf-8", "replace")  # UTF-8 has no ASCII byte inside a character
    suspicious = "&#" in text or "\ufffe" in text or "\uffff" in text
    if suspicious or len(data.translate(None, _CONTROLS)) < len(data):
        text = _UNWANTED.sub("", text)
    # Without huge_tree libxml2 silently drops what is nested 256 deep, and texts of 10 MB.
    parser = HTMLParser(encoding="utf-8", huge_tree=True)
    parser.set_element_class_lookup(_CLASSES)
    try:
        root = document_fromstring(_ENDS.sub("", text).encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:
        return None
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        raise BadDocument("the page is nested too deeply: not all of it could be read")
    return root


def not_html(page: Download) -> str | None:
    """The name of the page's format when it is certainly no markup, else None."""
    if what := name_binary(page.content[:64]):
        return what
    if _OTHER_TYPES.match(page.content_type) and page.text.lstrip()[:1] != "<":
        return f"of type {page.content_type}"
    start = page.text.lstrip("\ufeff \t\r\n")[:1]
    if start == "<" or not ("json" in page.content_type or start in ("{", "[")):
        return None
    try:
        page.json()
    except WrongContent:
        return None
    return "JSON"


def text_of(element: HtmlElement) -> str:
    """The element's visible text: one line per block or <br>, without scripts and empty lines.

    Whitespace in the source becomes one space, as in a browser; line breaks count only inside <pre>.
    """
    if not len(element) and element.tag not in _HIDDEN and element.tag != "pre":
        return " ".join((element.text or "").split())
    pieces: list[str] = []
    stack: list[HtmlElement | str | None] = [element]  # as pages nest deeper than Python's recursion limit
    inside = 0  # of how many <pre>, each of which ends at a None
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            pieces.append(node)
        elif node is None:
            inside -= 1
        elif isinstance(node.tag, str) and node.tag not in _HIDDEN:
            if edge := _EDGES.get(node.tag):
                pieces.append(edge)
                stack.append(edge)
            if node.tag == "pre":
                stack.append(None)
                inside += 1
            if text := node.text:
                pieces.append(text if inside else text.replace("\n", " "))
            for child in reversed(node):
                if text := child.tail:
                    stack.append(text if inside else text.replace("\n", " "))
                stack.append(child)
    lines = "".join(pieces).split("\n")
    return "\n".join(filter(None, (" ".join(line.split()) for line in lines)))


def plain(markup: str) -> str:
    """The text of a string that may be HTML, such as a feed's title: it is if it has known tags or entities."""
    found = (match[1] for match in _MARKUP.finditer(markup))
    if not any(tag is None or tag.lower() in defs.tags for tag in found):
        return "\n".join(filter(None, (" ".join(line.split()) for line in markup.splitlines())))
    root = parse_text(f"<div>{markup}</div>")
    return "" if root is None else text_of(root)
