"""A case as one page of HTML: nothing is loaded from anywhere, nothing in it acts, and it prints. Pure.

Every text from outside is escaped and rid of what hides or turns it; links are http or https alone.
"""

from __future__ import annotations

from datetime import datetime, tzinfo

from alerts.case.story import Story
from alerts.case.view import view_of
from alerts.templating import render

_GENERATOR = "Registry Watch: a case"
MARK = f'<meta name="generator" content="{_GENERATOR}">'  # by which such a page is known again


def page_of(story: Story, zone: tzinfo, made: datetime) -> str:
    """The page of a story, with times in a zone, made at a moment."""
    return render("case.html.j2", generator=_GENERATOR, case=view_of(story, zone, made))
