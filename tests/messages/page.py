"""docs/messages.md as it is written: the table of subjects, and eleven messages as text and drawn, one as a chat gets it;
and docs/messages/LANGUAGE.md, with the same messages as text.
"""

from __future__ import annotations

from pathlib import Path

from babel import Locale
from lxml import etree

from alerts.language import LANGUAGES, Language
from alerts.message.recipient import Form
from tests.messages.cases import Case, cases, composed, text
from tests.messages.subjects import subjects
from watcher.reports.feeds import entry_of
from watcher.terminal.words import field_lines
from watcher.web.render import templates

_HEAD = """\
# What a message says

`make pictures` writes this page, its pictures, and the same messages in [Arabic](messages/ar.md),
[Chinese](messages/zh.md), [French](messages/fr.md), [German](messages/de.md), [Polish](messages/pl.md),
[Russian](messages/ru.md), [Spanish](messages/es.md) and [Ukrainian](messages/uk.md). All firms are invented.

## Subjects

The subject says who, what, where, and how many more: `Sable Capital Ltd: Active → Suspended (FCA register) +5`. Over
all sources of a message, changes that mention a watched entity come first, then records before statements before
reports. The news stands in the first 45 characters, the whole within 78. In the brackets stands whose word it is: of a
register its name alone, else `report` or `statement` before the name. No subject holds an address.

| what has happened | subject |
| --- | --- |
"""
_BODY = """
## What stands in a message

As text and as HTML: whose word it is, the entry, each field before and after, who is mentioned, the link, what else is
known of the entity, the key, the date and the proof; then the source, when it was noticed, and the last good reading
before: a check that failed or was not believed does not count. Every change has a link: the entry's own, else its
source's page. A message about more than three entries begins with the sum by kind and field. Then come those that
mention an entity, what a register removed or changed before what it added: the first ten field by field, each other
change in a line, 100 entries in all.

| service | gets |
| --- | --- |
| mail | an HTML document, light and dark, from 320 to 800 pixels, without pictures and scripts; and the text |
| Telegram, Slack, Matrix, Discord, Mattermost | bold, links and quotes in their own form; `?format=text` in the channel's URL gives them the text |
| `json://`, `xml://`, `form://` | the text as it is, without the signs that keep others from acting on it |
| all others | the text, in which `@everyone` and the like are broken by a zero-width space |

Commands and links of proofs stand in messages of channels that hear of health (`health = true`). Others read that there
is a proof, and its number; with `attach = true` it goes along.

Mails are threaded by case: one about one entity, or one entry, alone follows the first such mail.
"""
_TEXT = """\
## A text

Of a text each place has the words that went and came, with a little of their line.

"""
_MOST_LINES = 14
DRAWN: Language = "ar"  # of the other languages, that whose mail is drawn: it is written from right to left


def page() -> str:
    """The page."""
    table = "\n".join(f"| {row.what} | `{row.subject}` |" for row in subjects())
    messages = "\n".join(map(_message, cases()))
    return f"{_HEAD}{table}\n{_BODY}\n{messages}\n{_text_everywhere()}"


def pages() -> dict[Path, str]:
    """The pages, by their files."""
    docs = Path(__file__).parents[2] / "docs"
    others = {docs / "messages" / f"{language}.md": page_in(language) for language in LANGUAGES if language != "en"}
    return {docs / "messages.md": page(), **others}


def page_in(language: Language) -> str:
    """The messages as text in another language."""
    drawn = '\n<img src="../pictures/mail-ar-light.png" width="375" alt="the mail on a phone">\n'
    name = Locale(language).get_display_name("en")
    head = f"# Messages in {name}\n\nThose of [what a message says](../messages.md), as text.\n"
    told = "\n".join(f"## {case.heading}\n\n{_told(case, language)}" for case in cases())
    return f"{head}{drawn if language == DRAWN else ''}\n{told}"


def _text_everywhere() -> str:
    """A change of a text, as each place shows it."""
    event, case = text(), Case("text", "", [text()])
    mail, chat = composed(case, Form.DOCUMENT), composed(case, Form.CHAT)
    words = [line.strip() for line in mail.html.splitlines() if "</b>" in line and "<span" in line]
    at_the_desk = templates().get_template("parts.html").module.fields(event.data, 3, 400, 24)  # type: ignore[attr-defined]
    content = etree.tostring(entry_of(event, None).find("{*}content/{*}div"), encoding="unicode")
    shown = [
        (f"The mail's text, with the subject\n`{mail.title}`", "text", "\n".join(mail.text.splitlines()[2:8])),
        ("In the mail's HTML, and on a case's page", "html", "\n".join(words)),
        ("In a chat", "html", _lines(chat.html[chat.html.index("<blockquote>") :].partition("</blockquote>")[0])),
        ("`watch log` and the terminal", "text", "\n".join(field_lines(event.data))),
        ("The desk, which also has the whole text, folded", "html", str(at_the_desk).replace("> <", ">\n<")),
        ("Atom", "html", content.replace("<p>", "\n<p>")),
    ]
    return _TEXT + "\n".join(f"{what}:\n\n```{kind}\n{made.strip()}\n```\n" for what, kind, made in shown)


def _message(case: Case) -> str:
    drawn = "\n".join(
        f'<img src="pictures/mail-{case.name}-{scheme}.png" width="375" alt="the mail on a phone, {scheme}">'
        for scheme in ("light", "dark")
    )
    in_a_chat = (
        f'\n<img src="pictures/chat-{case.name}.png" width="375" alt="the message in a chat">\n'
        if case.name == cases()[0].name
        else ""
    )
    return f"## {case.heading}\n\n{case.about}{drawn}\n\n{_told(case)}{in_a_chat}"


def _told(case: Case, language: Language = "en") -> str:
    """The subject and the text of a message."""
    mail = composed(case, Form.DOCUMENT, language)
    lines = mail.text.splitlines()
    what = "The mail's text" if len(lines) <= _MOST_LINES else "The first lines of the mail's text"
    told = "\n".join(lines[:_MOST_LINES])
    return f"{what}, with the subject\n`{mail.title}`:\n\n```text\n{told}\n```\n"


def _lines(html: str) -> str:
    """The HTML of a chat, a line for each of its lines."""
    return (
        html.replace("<br>", "<br>\n")
        .replace("<blockquote>", "\n<blockquote>")
        .replace("</blockquote>", "</blockquote>\n")
    )
