"""Screening by the API: which entries may be about somebody. A viewer may ask: nothing of it is kept."""

import time

from fastapi import APIRouter, HTTPException
from pydantic import Field
from typing_extensions import TypedDict

from alerts.event.change_json import HitJson
from watcher.web.api import RESPONSES, NoParameters, Parameters
from watcher.web.errors import AGAIN
from watcher.web.evidence import turn
from watcher.web.viewers import TheDesk

api = APIRouter(tags=["screening"])

LONGEST = 2.0  # seconds of one request for reading the names of new entries


class MatchRequest(Parameters):
    """Who is looked for. Several countries, dates and numbers are joined by ";"; a date may be a year."""

    name: str = Field(min_length=2, max_length=1000)
    birth_date: str = Field("", max_length=200)
    country: str = Field("", max_length=1000)
    identifiers: str = Field("", max_length=1000)
    limit: int = Field(10, ge=1, le=100, description="hits at most")


class MatchJson(TypedDict):
    """The entries that may be about somebody, with 70 points or more, the likest first."""

    items: list[HitJson]


@api.post("/match", responses=RESPONSES)
def match(desk: TheDesk, wanted: MatchRequest, _: NoParameters) -> MatchJson:
    """Screen one name against the entries that are there now. The first request after a large change, or ever, reads
    their names: it is answered with 503 until all are read, and each further one goes on with it.
    """
    from watcher.reports.screening import Customer, Customers, Screener, bring_up_to_date  # only where somebody asks

    customer = Customer(1, wanted.name, wanted.birth_date, wanted.country, wanted.identifiers)
    facts, error = customer.facts()
    if error:
        raise HTTPException(422, error)
    with turn(desk.list_turns):
        ends = time.monotonic() + LONGEST
        for left in bring_up_to_date(desk.whole.store, desk.whole.config):
            if left and time.monotonic() > ends:
                raise HTTPException(
                    503, f"the names of {left:,} entries are still to be read", {"Retry-After": str(AGAIN)}
                )
        cleared = Customers(desk.config, desk.store).cleared(customer)
        return {"items": Screener(desk.store).hits(facts, most=wanted.limit, cleared=cleared)}
