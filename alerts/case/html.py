"""A case as one page of HTML: it loads nothing, runs nothing, and can be printed. Pure.

Every foreign text is escaped, without characters that hide or reverse text; links are http or https only.
"""

from __future__ import annotations

from datetime import datetime, tzinfo

from alerts.case.story import Story
from alerts.case.view import view_of
from alerts.templating import render

_GENERATOR = "Registry Watch: a case"
MARK = f'<meta name="generator" content="{_GENERATOR}">'  # identifies such a page


def page_of(story: Story, zone: tzinfo, made: datetime) -> str:
    """The page of a story, with times in `zone`; `made` is the time shown as its own."""
    return render("case.html.j2", generator=_GENERATOR, case=view_of(story, zone, made))
