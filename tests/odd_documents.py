"""Registers in odd forms, each as it was and as it is after some edits, drawn by a number: for comparisons of pages."""

from __future__ import annotations

import gzip
import io
import json
import random
import zipfile
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any, ClassVar, NamedTuple

VALUES = (
    *("valid", "revoked", "Acme Ltd", "a  b", " padded ", "ООО «Ромашка»", "Škoda", "日本", "1,5", "x; y", "a|b", "-0-", "NULL"),
    *("", "", " ", "5'", "it's", "\u00a0", "\u2028x", "x\x85y", "\ufeff", "\u200bz", "e\u0301", "=1+1", "Loading...", "#"),
    *("<b>x</b>", "&amp;", "&", "<", "]]>", "--", "\\", "{}", "[", "},{", "null", "2025-07-15", "İ", "\U0001f600", "0", "00"),
    *('say "x"', '"', "'q'", "\\n", "<!-- x", "</entry>", "</td>", "<tr>", "]", '","'),
)  # fmt: skip
CONTROLS = ("\x0bv", "\x0c", "\x1a")
SPANNING = ("two\nlines", "two\r\nlines", "a\n\nb", "end\n")
COLUMNS = ("Name", "Status", "status", "Дата", "Note")
ENDS = (*["\n"] * 9, *["\r\n"] * 5, "\r")
LAST = (*["\n"] * 5, "\r\n", "", "\n\n", "\n\x1a", "\n \n")
ENCODINGS = (*["utf-8"] * 6, "utf-8-sig", "cp1251", "koi8-r", "cp1252", "gb18030", "cp932", "utf-16")
PACKED = (*[""] * 8, "gzip", "zip")

Records = list[tuple[str, str]]  # the key and the text of each


class OddRegister(NamedTuple):
    """A page of a source before and after, with the source's kind and options."""

    kind: str
    options: Mapping[str, Any]
    before: bytes
    after: bytes
    content_type: str


class Draft:
    """A register as it is written. `frame` is what stands around its records."""

    kind: ClassVar[str]
    content_types: ClassVar[Sequence[str]]

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.columns = ["No", *chance.sample(COLUMNS, chance.randrange(1, 5))]
        self.options: dict[str, Any] = {"key": "No"}
        self.encoding = chance.choice(ENCODINGS)
        if self.encoding not in ("utf-8", "utf-16") and self.rarely(0.4):
            self.options["encoding"] = self.encoding.removesuffix("-sig")
        for name, value in (("ignore", [self.columns[-1]]), ("personal", [self.columns[-1]])):
            if self.rarely(0.1):
                self.options[name] = value
        self.ends, self.last = chance.choice(ENDS), chance.choice(LAST)
        self.packed = chance.choice(PACKED)

    def rarely(self, share: float) -> bool:
        return self.chance.random() < share

    def value(self) -> str:
        chance = self.chance
        return chance.choice((chance.choice(VALUES), str(chance.randrange(5)), f"name {chance.randrange(99)}"))

    def record(self, key: str) -> str:
        """Another record with this key."""
        raise NotImplementedError

    def odd(self) -> str:
        """What is no plain record."""
        raise NotImplementedError

    def write(self, records: Sequence[str]) -> str:
        """The page."""
        raise NotImplementedError

    def reframe(self) -> None:
        """Change what stands around the records."""
        self.ends, self.last = self.chance.choice(ENDS), self.chance.choice(LAST)

    def body(self, records: Records) -> bytes:
        text = self.write([text for _, text in records])
        body = text.encode(self.encoding, "xmlcharrefreplace" if self.kind in ("xml", "table") else "replace")
        if self.packed == "gzip":
            return gzip.compress(body, mtime=0)
        return _zipped(body) if self.packed else body


def _zipped(body: bytes) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as members:
        members.writestr("register.csv", body)
    return archive.getvalue()


def draw(kind: str, number: int) -> OddRegister:
    """A register of a kind before and after; the same for the same number."""
    chance = random.Random(f"{kind} {number}")
    draft = DRAFTS[kind](chance)
    records = [(str(at), draft.record(str(at))) for at in range(chance.choice((3, 12, 40)))]
    for _ in range(chance.choice((*[0] * 9, 1, 2, 3))):
        records.insert(chance.randrange(len(records) + 1), ("", draft.odd()))
    before = draft.body(records)
    for _ in range(chance.choice((0, 1, 1, 2, 4))):
        records = edit(chance, draft, records)
    if chance.random() < 0.15:
        draft.reframe()
    after = damage(chance, draft.body(records))
    return OddRegister(draft.kind, draft.options, before, after, chance.choice(draft.content_types))


def edit(chance: random.Random, draft: Draft, records: Records) -> Records:
    """The records after one edit."""
    at, put = chance.randrange(len(records) + 1), chance.randrange(len(records) + 1)
    key, text = records[at] if at < len(records) else ("0", draft.record("0"))
    new, rest = str(chance.randrange(40, 60)), [*records[:at], *records[at + 1 :]]
    some: Mapping[str, Callable[[], Records]] = {
        "add": lambda: [*records[:put], (new, draft.record(new)), *records[put:]],
        "another": lambda: [*records[:put], (key, draft.record(key)), *records[put:]],
        "change": lambda: [*records[:at], (key, draft.record(key)), *records[at + 1 :]],
        "copy": lambda: [*records[:put], (key, text), *records[put:]],
        "delete": lambda: rest,
        "delete all": lambda: [] if draft.rarely(0.2) else rest,
        "mix": lambda: chance.sample(records, len(records)),
        "move": lambda: [*rest[:put], (key, text), *rest[put:]],
        "odd": lambda: [*records[:put], ("", draft.odd()), *records[put:]],
    }
    return some[chance.choice((*some, "add", "change", "change", "delete"))]()


def damage(chance: random.Random, body: bytes) -> bytes:
    """A body that is cut off, or has a wrong byte; seldom."""
    if body and chance.random() < 0.06:
        at = chance.randrange(len(body))
        return chance.choice((body[:at], body[:at] + bytes([chance.randrange(256)]) + body[at + 1 :]))
    return body


class CsvDraft(Draft):
    """Delimiters, quotes, headings, lines above them, ends of lines, and values that span lines."""

    kind = "csv"
    content_types = ("", "text/csv", "text/csv; charset=utf-8", "text/csv; charset=windows-1251")

    def __init__(self, chance: random.Random) -> None:
        super().__init__(chance)
        self.sign = chance.choice((",", ",", ";", "\t", "|"))
        self.quote, self.spans = chance.choice(('"', '"', '"', "'", "")), self.rarely(0.08)
        self.columns[1:1] = chance.choice(([], [], [], [""]))
        self.header = chance.choice((1, 1, 1, 1, 2, 3, 0))
        self.above = [chance.choice(("Register", "", "as of 1 May", "a,b")), chance.choice(("", "x"))]
        self.heading = self.sign.join(map(self.cell, self.columns))
        self.options |= {"header": self.header, "quote": self.quote}
        if self.header == 0 or self.rarely(0.05):
            self.options["columns"] = [name or "empty" for name in self.columns]
        if self.header == 0 or self.rarely(0.6):
            self.options["delimiter"] = self.sign
        odd = {"ragged": True, "null": ["-0-", "NULL"], "fields": ["No"], "link": "No", "key": ["No", self.columns[-1]]}
        self.options |= {name: value for name, value in odd.items() if self.rarely(0.1)}

    def cell(self, text: str) -> str:
        if not self.spans:
            text = text.replace("\n", " ").replace("\r", "")
        if not self.quote:
            return text.replace(self.sign, " ").replace("\n", " ").replace("\r", "")
        if self.rarely(0.1) or any(sign in text for sign in (self.sign, self.quote, "\n", "\r")):
            return f"{self.quote}{text.replace(self.quote, self.quote * 2)}{self.quote}"
        return text

    def value(self) -> str:
        return self.chance.choice(
            CONTROLS if self.rarely(0.05) else SPANNING if self.rarely(0.1) else (super().value(),)
        )

    def record(self, key: str) -> str:
        return self.sign.join([self.cell(key), *(self.cell(self.value()) for _ in self.columns[1:])])

    def odd(self) -> str:
        plain, q = self.record("7"), self.quote
        short = (
            "",
            " ",
            self.sign * (len(self.columns) - 1),
            "-----",
            "# note",
            "7",
            "\x1a",
            "\r",
            "9\0",
            self.heading,
        )
        lines = (f"{plain}\r{self.record('77')}", f"8{self.sign}{q}{self.chance.choice(SPANNING)}{q}", f"{plain}\n{q}")
        return self.chance.choice((*short, *lines, plain + self.sign, f"{plain}{self.sign}more", q + plain, plain + q))

    def write(self, records: Sequence[str]) -> str:
        head = [*self.above[: max(0, self.header - 1)], *([self.heading] if self.header else [])]
        return self.ends.join([*head, *records]) + self.last

    def reframe(self) -> None:
        names = self.columns
        self.heading = self.sign.join(
            self.chance.choice(
                (names, self.chance.sample(names, len(names)), [*names[:-1], "Other"], map(str.upper, names))
            )
        )
        self.chance.choice((super().reframe, self.above.reverse, lambda: setattr(self, "encoding", "utf-8-sig")))()


class JsonDraft(Draft):
    """Lists at the top and in members, one object for each line, nested members, and the same texts written otherwise."""

    kind = "json"
    content_types = ("", "application/json", "application/json; charset=utf-8", "text/plain")

    def __init__(self, chance: random.Random) -> None:
        super().__init__(chance)
        self.packed, self.form = "", chance.choice(("list", "member", "deep", "lines"))
        self.options["items"] = {"list": "@", "member": "items", "deep": "data.list", "lines": "@"}[self.form]
        self.options |= {"lines": True} if self.form == "lines" else {}
        self.around = {"total": chance.randrange(50), "as of": "2025-07-15", "items of": [{"No": "1"}], "x": "},{"}
        self.between = chance.choice((",", ", ", ",\n", ",\r\n  ", " ,\n"))
        self.indent = chance.choice((None, None, None, 1)) if self.form != "lines" else None
        one, last = (json.dumps(self.columns[at], ensure_ascii=False) for at in (1, -1))
        odd = {"fields": {"one": one}, "title": one, "link": last}
        self.options |= {name: value for name, value in odd.items() if self.rarely(0.1)}

    def member(self) -> Any:
        plain = (self.value(), self.value(), self.value(), self.chance.randrange(9), 1.50, 10**20, None, True)
        nested = ([self.value()], {"a": self.value(), "b": [1]}, [], {}, [[{"No": "3"}]])
        return self.chance.choice((*plain, self.chance.choice(nested)))

    def record(self, key: str) -> str:
        said = {"No": key} | {name: self.member() for name in self.columns[1:] if not self.rarely(0.1)}
        names = list(said) if self.rarely(0.9) else self.chance.sample(list(said), len(said))
        text = json.dumps({name: said[name] for name in names}, ensure_ascii=self.rarely(0.3), indent=self.indent)
        return text.replace('{"No"', '{ "No"') if self.rarely(0.05) else text

    def odd(self) -> str:
        plain = self.record("7")
        broken = (
            "",
            " ",
            "{",
            "}",
            plain[:-1],
            plain + "}",
            '{"No": "7", "No": "8"}',
            f"{plain},{self.record('77')}",
            "//",
        )
        return self.chance.choice(
            (*broken, "5", "null", "[]", "{}", '"text"', f"[{plain}]", '{"Name": "no key"}', "NaN")
        )

    def write(self, records: Sequence[str]) -> str:
        if self.form == "lines":
            return self.ends.join(records) + self.last
        items = f"[{self.between.join(records)}]"
        if self.form == "list":
            return f"{items}{self.last.strip(chr(26))}"
        inner = items if self.form == "member" else f'{{"note": [], "list": {items}, "list2": []}}'
        head = json.dumps(self.around)[:-1]
        return f'{head}, "{"items" if self.form == "member" else "data"}": {inner}, "end": {{"items": [1]}}}}'

    def reframe(self) -> None:
        odd = ({"total": 99}, {"items": []}, {"data": {}}, {"as of": "]"}, {"next": {"list": [{"No": "9"}]}})
        self.around |= self.chance.choice(odd)
        self.chance.choice((super().reframe, lambda: setattr(self, "between", ",\n\n")))()


class XmlDraft(Draft):
    """Names with prefixes, comments, CDATA, items within items, attributes, entities, and elements around and between."""

    kind = "xml"
    content_types = ("", "application/xml", "text/xml; charset=utf-8", "text/xml; charset=windows-1251")

    def __init__(self, chance: random.Random) -> None:
        super().__init__(chance)
        self.columns = [name for name in self.columns if name.isascii()]
        self.by_attribute, self.prefix = self.rarely(0.2), chance.choice(("", "", "", "r:"))
        self.options |= {"items": chance.choice(("entry", "register/entry", "entry"))}
        self.options["key"] = "@No" if self.by_attribute else "No"
        if self.prefix:
            self.options |= {"namespaces": {"r": "urn:r"}, "items": "r:entry"}
            self.options["key"] = "@No" if self.by_attribute else "r:No"
        self.head = chance.choice(("", "<!-- <entry> -->", "<count>5</count>", "<!DOCTYPE register>", "<?x y?>"))
        self.tail = chance.choice(("", "<end/>", "<entries><note>x</note></entries>", "<!-- end -->"))
        odd = {"fields": {"one": self.columns[-1]}, "title": self.columns[-1], "link": self.columns[-1]}
        self.options |= {name: value for name, value in odd.items() if self.rarely(0.1) and not self.prefix}

    def text(self) -> str:
        value = self.value()
        if self.rarely(0.05) and "]]>" not in value:
            return f"<![CDATA[{value}]]>"
        return escape(value, quote=False) + self.chance.choice(
            (*[""] * 20, "<!-- c -->", "&#65;", "<b>in</b> it", "\n")
        )

    def record(self, key: str) -> str:
        p = self.prefix
        own = "" if self.by_attribute else f"<{p}No>{key}</{p}No>"
        rest = "".join(f"<{p}{name}>{self.text()}</{p}{name}>" for name in self.columns[1:] if not self.rarely(0.1))
        at = (
            f' No="{key}"'
            if self.by_attribute
            else self.chance.choice((*[""] * 9, ' id="1"', " x='>'", " xmlns:z='u'"))
        )
        return f"<{p}entry{at}>{own}{rest}</{p}entry>"

    def odd(self) -> str:
        plain, p = self.record("7"), self.prefix
        inside = plain.replace(f"</{p}entry>", f"{self.record('8')}</{p}entry>")
        outside = (
            f"<!-- {plain} -->",
            "<other/>",
            f"<group>{plain}</group>",
            "text",
            f"<{p}entry/>",
            "<entry></other>",
        )
        return self.chance.choice(
            (inside, *outside, f"<entries>{plain}</entries>", plain[:-3], f"<![CDATA[{plain}]]>", "&")
        )

    def write(self, records: Sequence[str]) -> str:
        declared = self.chance.choice(("", f"<?xml version='1.0' encoding='{self.encoding.removesuffix('-sig')}'?>"))
        doctype, head = (self.head, "") if self.head.startswith("<!D") else ("", self.head)
        root = "register" + (" xmlns:r='urn:r'" if self.prefix else "")
        return f"{declared}{doctype}<{root}>{head}\n{self.ends.join(records)}{self.tail}</register>{self.last.strip(chr(26))}"

    def reframe(self) -> None:
        self.head = self.chance.choice(("", "<count>6</count>", "<entry><No>1</No></entry>", "<x xmlns='urn:r'/>"))
        self.chance.choice(
            (super().reframe, lambda: setattr(self, "prefix", "r:"), lambda: setattr(self, "tail", ""))
        )()


class TableDraft(Draft):
    """Cells that span rows and columns, links, other tables, elements that are not closed, and texts around."""

    kind = "table"
    content_types = ("text/html", "text/html; charset=utf-8", "")

    def __init__(self, chance: random.Random) -> None:
        super().__init__(chance)
        self.packed, self.closed = "", self.rarely(0.95)
        self.parts, self.between = self.rarely(0.6), chance.choice(("\n", "\n", "", "\r\n"))
        other = "<table><tr><th>No</th></tr><tr><td>5</td></tr></table>"
        self.before = chance.choice(("", "", "<p>As of 1 May", "<h1>Register</h1>", other if self.rarely(0.3) else ""))
        self.behind = chance.choice(
            ("", "<footer>Visits: 1</footer>", "<p>x", "<table><tr><td>a<td>b</table>", "</div>")
        )
        self.heads = "".join(f"<th>{name}</th>" for name in self.columns)
        self.row = chance.choice((*["<tr>"] * 5, "<tr class='row'>", "<TR>"))
        odd = {"title": self.columns[1], "link": False, "table": "#register", "fields": [self.columns[1]]}
        self.options |= {name: value for name, value in odd.items() if self.rarely(0.1)}

    def cell(self, text: str) -> str:
        if self.rarely(0.03):
            text += self.chance.choice(
                ("<br>x", "<a href='/e?id=1'>l</a>", "<!-- c -->", "<b>b</b>", "<script>x</script>")
            )
        return f"<td>{text}{'</td>' if self.closed else ''}"

    def record(self, key: str) -> str:
        cells = [self.cell(key), *(self.cell(escape(self.value(), quote=False)) for _ in self.columns[1:])]
        return f"{self.row}{''.join(cells)}{'</tr>' if self.closed else ''}"

    def odd(self) -> str:
        plain = self.record("7")
        spans = (
            plain.replace("<td>", "<td rowspan=2>", 1),
            plain.replace("<td>", "<td colspan=2>", 1),
            f"<tr>{self.heads}</tr>",
        )
        tables = (
            f"<tr><td><table>{plain}</table></td></tr>",
            f"</table><table>{plain}",
            "<tr></tr>",
            "<tr><td>only</td></tr>",
        )
        return self.chance.choice(
            (*spans, *tables, f"<!-- {plain} -->", "</tbody><tbody>", "text", "<tr hidden>", "<td>x")
        )

    def write(self, records: Sequence[str]) -> str:
        rows = self.between.join(records)
        heads, end = f"<tr>{self.heads}</tr>", self.last.strip(chr(26))
        table = f"<thead>{heads}</thead>\n<tbody>{rows}</tbody>" if self.parts else f"{heads}\n{rows}"
        start = "<!doctype html><html><head><title>Register</title></head><body>"
        return f"{start}{self.before}\n<table id=register>{table}</table>{self.behind}</body></html>{end}"

    def reframe(self) -> None:
        self.before = self.chance.choice(
            ("", "<h1>Other</h1>", "<table>" + "<tr><td>1<td>2" * 9 + "</table>", "<base href=/x/>")
        )
        self.behind = self.chance.choice((self.behind, "<footer>Visits: 2</footer>"))
        if self.rarely(0.3):
            self.heads = "".join(f"<th>{name}</th>" for name in self.chance.sample(self.columns, len(self.columns)))


DRAFTS: Mapping[str, type[Draft]] = {each.kind: each for each in (CsvDraft, JsonDraft, XmlDraft, TableDraft)}
