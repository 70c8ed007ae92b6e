"""docs/messages.md as it is written: the table of subjects, and five messages as text and drawn, one as a chat gets it."""

from __future__ import annotations

from alerts.message.recipient import Form
from tests.messages.cases import Case, cases, composed
from tests.messages.subjects import subjects

_HEAD = """\
# What a message says

`make pictures` writes this page and draws its pictures; a test holds it to what the program says. All firms are
invented.

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

The same in the same order, as text and as HTML: whose word it is, the entry, each field before and after, who is
mentioned, the link, what else is known of the entity, the key, the date and the proof; then the source and the times.
Every change has a link: the entry's own, else the page of its source. Where one message has more than three entries it
begins with the sum by kind and field, then come all changes that mention an entity, then five of each kind.

| service | gets |
| --- | --- |
| mail | an HTML document, light and dark, from 320 to 800 pixels, without pictures and scripts; and the text |
| Telegram, Slack, Matrix, Discord, Mattermost | bold, links and quotes in their own form; `?format=text` in the channel's URL gives them the text |
| `json://`, `xml://`, `form://` | the text as it is, without the signs that keep others from acting on it |
| all others | the text, in which `@everyone` and the like are broken by a zero-width space |

Commands and the links of proofs stand in the messages of channels that hear of health (`health = true`): whoever reads
those runs the service. Others read that there is a proof, and its number; with `attach = true` it goes along.

Mails are threaded by case: a mail that is about one entity, or one entry, alone goes on from the first such mail.
"""


def page() -> str:
    """The page."""
    table = "\n".join(f"| {row.what} | `{row.subject}` |" for row in subjects())
    messages = "\n".join(map(_message, cases()))
    return f"{_HEAD}{table}\n{_BODY}\n{messages}"


def _message(case: Case) -> str:
    mail, chat = composed(case, Form.DOCUMENT), composed(case, Form.CHAT)
    drawn = "\n".join(
        f'<img src="pictures/mail-{case.name}-{scheme}.png" width="375" alt="the mail on a phone, {scheme}">'
        for scheme in ("light", "dark")
    )
    in_a_chat = (
        f'\n<img src="pictures/chat-{case.name}.png" width="375" alt="the message in a chat">\n\n'
        f"What chats are given, here as HTML:\n\n```html\n{_lines(chat.html)}\n```\n"
        if case.name == cases()[0].name
        else ""
    )
    return (
        f"## {case.heading}\n\n{drawn}\n\nThe mail's text, with the subject `{mail.title}`:\n\n"
        f"```text\n{mail.text}\n```\n{in_a_chat}"
    )


def _lines(html: str) -> str:
    """The HTML of a chat, a line for each of its lines."""
    return (
        html.replace("<br>", "<br>\n")
        .replace("<blockquote>", "\n<blockquote>")
        .replace("</blockquote>", "</blockquote>\n")
    )
