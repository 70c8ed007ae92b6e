"""The job lists of urlwatch (urls.yaml) and webchanges (jobs.yaml)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from watcher.errors import UsageError
from watcher.importing.job import Found, Job, Left
from watcher.importing.lists import urlwatch_filters
from watcher.importing.lists.bounded_yaml import YamlError, documents
from watcher.importing.translate import requests, targets, wire

_KEYS = {"url", "navigate", "command"}
# Keys that say nothing a source needs to be told.
_PLAIN = {
    "url", "navigate", "name", "kind", "filter", "filters", "headers", "cookies", "method", "data", "post", "timeout",
    "http_proxy", "https_proxy", "encoding", "enabled", "use_browser", "note", "index_number", "guid", "location",
    "is_markdown", "markdown_padded_tables", "monospace", "max_tries", "retries", "initialization_url", "params",
    "data_as_json", "proxy", "http_credentials", "wait_for_selector", "referer", "useragent", "contextlines",
    "suppress_errors", "suppress_error_ended", "empty_as_transient", "http_version", "stderr",
    "ignore_connection_errors", "ignore_timeout_errors", "ignore_too_many_redirects", "ignore_dh_key_too_small",
    "suppress_repeated_errors", "no_conditional_request", "ignore_cached", "treat_new_as_changed", "http_client",
}  # fmt: skip
_KINDS = {None, "", "url", "browser", "shell"}
_UNMET = {
    "diff_filter": "an alert has the whole change",
    "diff_filters": "an alert has the whole change",
    "diff_tool": "an alert shows the lines that changed",
    "differ": "an alert shows the lines that changed",
    "additions_only": "a change that only removes lines is told, too; names are looked for in added lines alone",
    "deletions_only": "a change that only adds lines is told, too",
    "compared_versions": "a page that goes back and forth is told as that",
    "ssl_no_verify": "certificates are always verified; ca_file adds an authority",
    "ignore_https_errors": "certificates are always verified; ca_file adds an authority",
    "ignore_http_error_codes": "a page that cannot be read is told once, to rules with health = true",
    "user_visible_url": "messages link to the address that is read",
    "url_for_human": "messages link to the address that is read",
    "no_redirects": "redirects are followed, within limits",
    "tags": "there are no groups of sources; a rule names its sources, with patterns",
}


def find(text: str) -> Found:
    """The jobs of a list. Raises UsageError when it is no such list."""
    try:
        values = documents(text)
    except YamlError as error:
        raise UsageError(f"this is no YAML that can be read: {error}") from None
    listed = [value for document in values for value in (document if isinstance(document, list) else [document])]
    jobs = [value for value in listed if value is not None]
    if not jobs or not any(isinstance(job, Mapping) and _KEYS & job.keys() for job in jobs):
        raise UsageError("this has no job of urlwatch or webchanges: none has url, navigate or command")
    return Found("urlwatch or webchanges", [_job(number, value) for number, value in enumerate(jobs, 1)])


def _job(number: int, given: object) -> Job:
    if not isinstance(given, Mapping):
        return Job(f"job {number}", left="it is no mapping with an address")
    named = given.get("name")
    where = given.get("url") or given.get("navigate") or given.get("command") or ""
    job = Job(f"job {number}: {wire.public(named or where)}", label=str(named) if named else "")
    try:
        _convert(job, given)
    except Left as reason:
        job.left = str(reason)
    return job


def _convert(job: Job, given: Mapping[str, Any]) -> None:
    if given.get("command"):
        raise Left("it runs a program; Registry Watch runs none")
    if given.get("kind") not in _KINDS:
        raise Left(f"its kind {given['kind']} is of hooks.py")
    wire.address(job, given.get("url") or given.get("navigate"))
    job.url = requests.asked_in_address(job.url, given.get("params"))
    if given.get("navigate") or given.get("use_browser"):
        _browser(job, given)
    more = {"Referer": given.get("referer"), "User-Agent": given.get("useragent")}
    wire.headers(job, {**_mapping(given.get("headers")), **{name: value for name, value in more.items() if value}})
    wire.cookies(job, given.get("cookies"))
    data = given.get("data") or given.get("post")
    requests.send(job, given.get("method"), data, as_json=given.get("data_as_json") is True)
    secure = job.url.startswith("https:")
    wire.proxy(job, given.get("https_proxy" if secure else "http_proxy"), given.get("proxy"))
    wire.seconds(job, "timeout", given.get("timeout"))
    wire.common(job, given)
    if given.get("enabled") is False:
        job.options["enabled"] = False
    _before(job, given.get("initialization_url"))
    selection = urlwatch_filters.select(job, given.get("filters") or given.get("filter"))
    targets.settle(job, selection)
    job.without += [
        f"{key}: {_UNMET.get(key, 'it has no counterpart')}"
        for key, value in given.items()
        if key not in _PLAIN and value not in (None, False, "", [], {})
    ]


def _browser(job: Job, given: Mapping[str, Any]) -> None:
    wire.browser(job)
    place = given.get("wait_for_selector")
    if place := _mapping(place).get("selector") if isinstance(place, Mapping) else place:
        job.options["wait_for"] = str(place)
    credentials = _mapping(given.get("http_credentials"))
    if credentials.get("username"):
        job.options["auth"] = f"{credentials['username']}:{credentials.get('password') or ''}"


def _before(job: Job, url: object) -> None:
    """The page that is opened first, for its cookies."""
    if not isinstance(url, str) or not url:
        return
    if job.options.get("fetch") == "browser":
        job.without.append("initialization_url: a browser begins at the address of the source")
    else:
        job.options["before"] = {"url": url}


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
