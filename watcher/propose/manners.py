"""What the site asks of programs, for whoever adds a source."""

from __future__ import annotations

from sources import Get, SourceError
from sources.http.robots import address_for, asked_for
from watcher.propose.site import Site


def manners(site: Site, url: str) -> list[str]:
    """A remark on what robots.txt asks for a page; none where there is no robots.txt."""
    try:
        page = site.fetch(Get(address_for(url)), plain=True)
    except SourceError:
        return []
    return [asked_for(url, page.body, site.http.user_agent)] if "html" not in page.content_type else []
