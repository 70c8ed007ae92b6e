"""The kind that `watch add` would choose for an address, in the place of the text of a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sources import Get, Page, SourceError
from watcher.importing.job import Job, check
from watcher.propose.authority import guess
from watcher.propose.find import look_around, look_rendered, with_authority
from watcher.propose.proposal import Proposal
from watcher.propose.site import Site


def look(jobs: Sequence[Job], site: Site, notice: Callable[[str], None]) -> None:
    """Fetch the page of each job that selects nothing on it, and give it the best kind that has a key. A page that only
    its scripts fill is rendered, if there is a browser.
    """
    wanted = [job for job in jobs if job.look and not job.left]
    for number, job in enumerate(wanted, 1):
        notice(f"looking at {number} of {len(wanted)}: {job.url}")
        try:
            _look(job, site)
        except SourceError as error:
            job.without.append(f"it could not be looked at ({error.code}: {error.message}), so its text is compared")


def _look(job: Job, site: Site) -> None:
    page, proposals = _looked_at(job, site)
    best = next((proposal for proposal in proposals if proposal.key or proposal.own_address), None)
    if best is None:  # the text of the page is compared, which a browser may have to fill
        job.options = {**site.options, **job.options}
        return
    before = job.kind, job.url, job.options
    best = with_authority(best, guess(page, best).authority)
    job.kind, job.url, job.options = best.kind, page.get.url, {**best.options, **job.options}
    check(job)
    if job.left:  # what the job says of its requests is not for this kind
        job.kind, job.url, job.options, job.left = *before, ""


def _looked_at(job: Job, site: Site) -> tuple[Page, Sequence[Proposal]]:
    """What could be read at the job's address. A page is rendered where only its scripts fill it, and where the other
    program has it rendered.
    """
    site.plain()
    if job.options.get("fetch") == "browser" and site.render():
        return look_rendered(Get(job.url), site, _quietly)
    return look_around(site.fetch(Get(job.url)), site, _quietly)


def _quietly(_: str) -> None:
    """Say nothing of what is tried."""
