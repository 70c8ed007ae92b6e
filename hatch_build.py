"""Compiles the catalogues of sentences when the project is built or installed."""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def compile_catalogues(root: Path) -> None:
    """Write the `.mo` beside each `.po` that is newer."""
    for source in root.glob("alerts/locale/*/LC_MESSAGES/*.po"):
        made = source.with_suffix(".mo")
        if not made.exists() or made.stat().st_mtime < source.stat().st_mtime:
            with source.open("rb") as text, made.open("wb") as compiled:
                write_mo(compiled, read_po(text, locale=source.parts[-3]))


class CompileCatalogues(BuildHookInterface[Any]):
    """What hatchling calls before it builds."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - as hatchling calls it
        """Compile the catalogues, and add them to what is packed."""
        compile_catalogues(Path(self.root))
        build_data["artifacts"].append("alerts/locale/**/*.mo")
