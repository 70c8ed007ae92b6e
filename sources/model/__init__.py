"""The types a kind is written with.

entry       Entry: one record; Rows: many records of one table, as columns
page        Get: one request, as a kind asks for it; Page: what came for it; what it shows of its list
transcript  the exchange over the wire for a page, and what a browser reports of it, for evidence
source      Source: the options that all kinds have, and what a kind may define
"""

from sources.model.entry import Entry
from sources.model.page import Get, Page
from sources.model.source import Authority, Imprint, Listing, Proven, Source, Topic

__all__ = ["Authority", "Entry", "Get", "Imprint", "Listing", "Page", "Proven", "Source", "Topic"]
