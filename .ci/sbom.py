"""The parts of a release as CycloneDX, from the pinned requirements: `python .ci/sbom.py requirements.txt FILE`.

Each package is there with its version and the hashes of its files, and with its licence where it is installed. The same
requirements give the same file, byte for byte.
"""

# ruff: noqa: INP001 - a script beside the program, not a part of it
from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

ROOT = Path(__file__).parents[1]
_PIN = re.compile(r"^([A-Za-z0-9][\w.-]*)==([^\s;\\]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def pinned(text: str) -> Iterator[tuple[str, str, list[str]]]:
    """Each package of a requirements file, its version, and the SHA-256 hashes of its files."""
    for block in re.split(r"\n(?=\S)", text):
        if found := _PIN.match(block):
            yield found[1], found[2], _HASH.findall(block)


def bom(requirements: Path) -> Bom:
    """The program, and what it needs."""
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    licences = LicenseFactory()
    program = Component(
        name=project["name"],
        version=project["version"],
        type=ComponentType.APPLICATION,
        bom_ref=project["name"],
        description=project["description"],
        licenses=[licences.make_from_string(project["license"])],
        purl=PackageURL("pypi", name=project["name"], version=project["version"]),
    )
    made = Bom(components=[_part(licences, *each) for each in pinned(requirements.read_text("utf-8"))])
    made.metadata.component = program
    made.metadata.timestamp = datetime(2020, 1, 1, tzinfo=UTC)  # a fixed one: the file is made again byte for byte
    made.serial_number = uuid5(NAMESPACE_URL, requirements.read_text("utf-8") + project["version"])
    made.register_dependency(program, list(made.components))
    return made


def _part(licences: LicenseFactory, name: str, version: str, hashes: list[str]) -> Component:
    known = _licence(name)
    files = [HashType(alg=HashAlgorithm.SHA_256, content=each) for each in sorted(hashes)]
    purl = PackageURL("pypi", name=name, version=version)
    wheel = ExternalReference(type=ExternalReferenceType.DISTRIBUTION, url=XsUri(f"pkg:pypi/{name}"), hashes=files)
    return Component(
        name=name,
        version=version,
        type=ComponentType.LIBRARY,
        bom_ref=str(purl),
        purl=purl,
        licenses=[licences.make_from_string(known)] if known else [],
        external_references=[wheel],
    )


def _licence(name: str) -> str:
    try:
        found = metadata(name)
    except PackageNotFoundError:
        return ""
    given = found.get("License-Expression") or found.get("License") or ""
    return given.strip() if len(given) < 100 and "\n" not in given.strip() else ""


def main(requirements: str, file: str) -> int:
    """Write the list of parts to a file."""
    output = make_outputter(bom(Path(requirements)), OutputFormat.JSON, SchemaVersion.V1_6)
    Path(file).write_text(output.output_as_string(indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
