"""The pages of the demo's web site at each moment of the story.

They were written for the demo, with the structure of the real sites and after reports of July 2025. No wording is a
quotation.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape

LIST, FEED, CHANNEL = "/agents/list", "/rss/v2.xml", "/s/durov"

_DONE, _NOT_DONE, _PENDING = "исполнено", "не исполнено", "в стадии согласования"


@dataclass(frozen=True, slots=True)
class StoryMoment:
    """One step of the story: its time, what happens, and the page at each path of the site from then on."""

    at: datetime
    headline: str
    pages: Mapping[str, str]


def _list(telegram: str) -> str:
    companies = [
        ("Google LLC", "google.com", _DONE, _DONE, _DONE),
        ("Apple Inc.", "apple.com", _DONE, _DONE, _DONE),
        ("Telegram Messenger Inc.", "telegram.org", _DONE, _DONE, telegram),
        ("Zoom Video Communications, Inc.", "zoom.us", _DONE, _NOT_DONE, _NOT_DONE),
        ("Discord, Inc.", "discord.com", _NOT_DONE, _NOT_DONE, _NOT_DONE),
    ]
    rows = "\n".join(
        f"<tr><td>{number}</td>" + "".join(f"<td>{escape(cell)}</td>" for cell in company) + "</tr>"
        for number, company in enumerate(companies, 1)
    )
    return f"""<!DOCTYPE html>
<html lang="ru"><head><meta charset="utf-8"><title>Перечень иностранных лиц</title></head><body>
<h1>Перечень иностранных лиц, осуществляющих деятельность в сети «Интернет» на территории Российской Федерации</h1>
<table>
<thead><tr>
<th>№</th><th>Наименование иностранного лица</th><th>Информационный ресурс</th>
<th>Разместить на информационном ресурсе электронную форму для направления обращений</th>
<th>Зарегистрировать личный кабинет на официальном сайте Роскомнадзора</th>
<th>Создать филиал, или открыть представительство, или учредить российское юридическое лицо</th>
</tr></thead>
<tbody>
{rows}
</tbody></table></body></html>
"""


def _feed(*items: tuple[int, datetime, str, str]) -> str:
    body = "\n".join(
        f"<item><title>{escape(title)}</title><link>https://news.example/{number}</link>"
        f"<guid>https://news.example/{number}</guid><pubDate>{format_datetime(at)}</pubDate>"
        f"<description>{escape(text)}</description></item>"
        for number, at, title, text in items
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>News agency</title><link>https://news.example/</link>
<description>All news</description>
{body}
</channel></rss>
"""


def _channel(*posts: tuple[int, datetime, str]) -> str:
    body = "\n".join(
        f"""<div class="tgme_widget_message_wrap js-widget_message_wrap">
<div class="tgme_widget_message text_not_supported_wrap js-widget_message" data-post="durov/{number}">
<div class="tgme_widget_message_bubble">
<div class="tgme_widget_message_text js-message_text" dir="auto">{escape(text)}</div>
<div class="tgme_widget_message_footer"><span class="tgme_widget_message_views">{number}K</span>
<a class="tgme_widget_message_date" href="https://t.me/durov/{number}">
<time datetime="{at.isoformat()}">{at:%H:%M}</time></a>
</div></div></div></div>"""
        for number, at, text in posts
    )
    return f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>Telegram channel</title></head><body>
<main class="tgme_main" data-url="/durov"><section class="tgme_channel_history js-message_history">
{body}
</section></main></body></html>
"""


def _at(hour: int, minute: int) -> datetime:
    return datetime(2025, 7, 17, hour, minute, tzinfo=UTC)


_WEEKLY = "The regulator has published its weekly update."
_OLD_NEWS = (41, _at(8, 0), "Registry of telecom licences updated", _WEEKLY)
_BRANCH = "The messenger's obligation to open a branch is marked as under approval in the list under the landing law."
_REPORT = (42, _at(17, 40), "Telegram is opening an office in Russia, the regulator's register shows", _BRANCH)
_OLD_POST = (430, _at(6, 30), "A new version of the app is out.")
_DENIAL = (431, _at(19, 15), "Telegram has not opened an office in Russia, whatever you have read today.")


def clock() -> Callable[[], datetime]:
    """A clock that shows the time of the story's last moment now, and goes on from there."""
    since = datetime.now(UTC) - moments()[-1].at
    return lambda: datetime.now(UTC) - since


def moments() -> Sequence[StoryMoment]:
    """The story in order. The first moment is the state before it."""
    before = {LIST: _list(_NOT_DONE), FEED: _feed(_OLD_NEWS), CHANNEL: _channel(_OLD_POST)}
    return (
        StoryMoment(_at(15, 57), "Everything is as it has been since 2021", before),
        StoryMoment(_at(16, 2), "One field of one row of the register changes", {LIST: _list(_PENDING)}),
        StoryMoment(_at(17, 42), "A news agency reports it", {FEED: _feed(_REPORT, _OLD_NEWS)}),
        StoryMoment(_at(19, 17), "The founder's channel denies it", {CHANNEL: _channel(_OLD_POST, _DENIAL)}),
    )
