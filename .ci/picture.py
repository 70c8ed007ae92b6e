"""Draws the packages and what they import into docs/design.md, from the imports themselves: `make picture`.

Boxes are packages, rounded ones are modules. An arrow that follows from two others is left out. `--check` says whether
the picture is the present one, and changes nothing.
"""

# ruff: noqa: INP001 - a script beside the program, not a part of it
from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import grimp

LAYERS = ("watcher", "alerts", "state", "sources")
PAGE = Path(__file__).parents[1] / "docs" / "design.md"
BEGIN, END = "<!-- picture: packages -->", "<!-- end of picture -->"


def rooms(graph: grimp.ImportGraph) -> dict[str, str]:
    """Each module's room: the child of its layer that it is, or is in."""
    return {module: ".".join(module.split(".")[:2]) for module in graph.modules if "." in module}


def arrows(graph: grimp.ImportGraph) -> set[tuple[str, str]]:
    """Which room imports which, but for what follows from two other arrows."""
    room = rooms(graph)
    direct = {
        (room[one], room[other])
        for one in room
        for other in graph.find_modules_directly_imported_by(one)
        if other in room
    }
    direct = {(one, other) for one, other in direct if one != other}
    return {(one, other) for one, other in direct if not _leads(one, other, direct - {(one, other)})}


def _leads(start: str, goal: str, direct: set[tuple[str, str]]) -> bool:
    seen, ahead = {start}, [start]
    while ahead:
        here = ahead.pop()
        following = {other for one, other in direct if one == here} - seen
        if goal in following:
            return True
        seen |= following
        ahead += following
    return False


def mermaid(graph: grimp.ImportGraph) -> Iterator[str]:
    """The lines of the picture."""
    yield "```mermaid"
    yield "flowchart LR"
    for layer in LAYERS:
        yield f"  subgraph {layer}"
        for name in sorted(graph.find_children(layer)):
            box = "[{}]" if graph.find_children(name) else "([{}])"
            yield f"    {_node(name)}{box.format(name.partition('.')[2])}"
        yield "  end"
    for one, those in groupby(sorted(arrows(graph)), key=itemgetter(0)):
        yield f"  {_node(one)} --> {' & '.join(_node(other) for _, other in those)}"
    yield "```"


def _node(name: str) -> str:
    return name.replace(".", "_")


def main(arguments: list[str]) -> int | str:
    """0; with --check what to do when the picture is another one than the imports."""
    graph = grimp.build_graph(*LAYERS, exclude_type_checking_imports=True)
    page = PAGE.read_text("utf-8")
    before, rest = page.split(BEGIN)
    drawn = f"{before}{BEGIN}\n" + "\n".join(mermaid(graph)) + f"\n{END}{rest.split(END)[1]}"
    if "--check" in arguments:
        return "docs/design.md: the picture of the packages is an old one; run `make picture`" if drawn != page else 0
    PAGE.write_text(drawn, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
