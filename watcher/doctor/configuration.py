"""The configuration: warnings, credentials, channels (nothing is sent) and rules."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from watcher.config.load import Config
from watcher.doctor.finding import Findings, error, ok, warning
from watcher.terminal.words import count

_SYSTEM_CREDENTIALS = Path("/etc/registry-watch/credentials")


def examine(config: Config | None) -> Findings:
    """Warnings, credentials, channels and rules."""
    if config is None:
        return
    entities = count(len(config.entities), "entity", "entities")
    yield ok("configuration", f"{config.path}: {count(len(config.sources), 'source')}, {entities}")
    yield from (warning("configuration", line, "`watch check-config` names it, too") for line in config.warnings)
    yield from credentials(os.environ)
    yield from _channels(config)
    if config.channels and not config.heartbeat:
        yield warning("rules", "nobody is told when this program itself stops", "set heartbeat: docs/operate.md")


def credentials(environment: Mapping[str, str], system: Path = _SYSTEM_CREDENTIALS) -> Findings:
    """Whether others may read the folders of secrets."""
    given = environment.get("CREDENTIALS_DIRECTORY")
    for folder in dict.fromkeys([*([Path(given)] if given else []), system]):
        try:
            files = [folder, *folder.iterdir()]
            bare = [file for file in files if file.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH)]
        except OSError:
            continue  # there is none, or it is not for this user: others cannot read it either
        hidden = not folder.stat().st_mode & stat.S_IXOTH
        if bare and not hidden:
            yield error("credentials", f"everybody may read {bare[0]}", f"chmod -R o= {folder}")
        else:
            yield ok("credentials", f"{folder}: {count(len(files) - 1, 'secret')}, closed to others")


def _channels(config: Config) -> Findings:
    if not config.channels:
        yield warning("channels", "there are none, so alerts are only printed", "add [channels.NAME] and [[alerts]]")
    for name, channel in config.channels.items():
        if "${" in channel.url:
            do = "set the variable, or give the unit LoadCredential=; as root, `registry-watch` takes the service's"
            yield warning("channels", f"{name}: a secret in its address is not set here", do)
        elif problem := channel.problem():
            yield error(
                "channels", f"{name}: {problem}", "correct its url; https://appriseit.com/services/ has the forms"
            )
        else:
            yield ok("channels", f"{name}: its address is valid; `watch alert-test {name}` sends a test alert")
