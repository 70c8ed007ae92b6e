"""Scores pairs by nomenklatura, in a Python of its own that has it: `python screening_peer.py MATCHER < pairs > scores`.

One JSON object a line in, as screening_pairs.Pair.as_json writes them; a number from 0 to 1 a line out.
"""

import json
import sys
from typing import Any

from followthemoney import EntityProxy, model
from nomenklatura.matching import get_algorithm

_PROPERTIES = {"names": "name", "births": "birthDate", "identifiers": "idNumber"}


def entity(id_: str, facts: dict[str, Any], *, person: bool) -> EntityProxy:
    """A person, or an organization."""
    said = {name: facts[ours] for ours, name in _PROPERTIES.items() if person or name != "birthDate"}
    said["nationality" if person else "country"] = facts["countries"]
    said["idNumber" if person else "registrationNumber"] = [text.rpartition(" ")[2] for text in said.pop("idNumber")]
    said["birthDate"] = [birth for birth in facts["births"] if "/" not in birth] if person else []
    properties = {name: values for name, values in said.items() if values}
    return model.get_proxy({"id": id_, "schema": "Person" if person else "Organization", "properties": properties})


def main() -> None:
    """Score all."""
    matcher = get_algorithm(sys.argv[1])
    assert matcher is not None
    config = matcher.default_config()
    for at, line in enumerate(sys.stdin):
        pair = json.loads(line)
        customer, entry = (  # it keeps the names of an id that it has seen
            entity(f"{side}-{at}", pair[side], person=pair["person"]) for side in ("customer", "entry")
        )
        print(matcher.compare(customer, entry, config).score)


if __name__ == "__main__":
    main()
