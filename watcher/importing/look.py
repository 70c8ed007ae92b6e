"""The kind that `watch add` would choose for an address, in the place of the text of a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sources import Get, SourceError
from watcher.importing.job import Job, check
from watcher.propose.at_address import look_around, with_authority
from watcher.propose.authority import guess
from watcher.propose.site import Site


def look(jobs: Sequence[Job], site: Site, notice: Callable[[str], None]) -> None:
    """Fetch the page of each job that selects nothing on it, and give it the best kind that has a key."""
    wanted = [job for job in jobs if job.look and not job.left]
    for number, job in enumerate(wanted, 1):
        notice(f"looking at {number} of {len(wanted)}: {job.url}")
        try:
            _look(job, site)
        except SourceError as error:
            job.without.append(f"it could not be looked at ({error.code}: {error.message}), so its text is compared")


def _look(job: Job, site: Site) -> None:
    page, proposals = look_around(site.fetch(Get(job.url)), site, lambda _: None)
    best = next((proposal for proposal in proposals if proposal.key or proposal.own_address), None)
    if best is None:
        return
    before = job.kind, job.url, job.options
    best = with_authority(best, guess(page, best).authority)
    job.kind, job.url, job.options = best.kind, page.get.url, {**best.options, **job.options}
    check(job)
    if job.left:  # what the job says of its requests is not for this kind
        job.kind, job.url, job.options, job.left = *before, ""
