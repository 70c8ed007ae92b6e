"""The kind `fr_gels`."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from sources.formats.json_paths import JsonPath
from sources.kinds.json import Json
from sources.model import Entry, Imprint
from sources.options import Duration

_PUBLIC = "https://gels-avoirs.dgtresor.gouv.fr/Gels/RegistreDetail?idRegistre="
_NUMBERS = {"PASSEPORT": "Passeport", "NUMERO_OMI": "IMO", "AUTRE_IDENTITE": "", "IDENTIFICATION": ""}
"""Details that are identifiers, with what each is; "" where its comment says so."""
_DATE = ("Jour", "Mois", "Annee")
_REGIME = re.compile(r"\d{4} \((.+)\)")  # of an act: "(UE) 2022/332 du 25/02/2022 (UE Ukraine - R (UE) 269/2014)"


class FrGels(Json):
    """France's register of frozen assets: one entry per person, organisation, ship."""

    default_label = "France, register of frozen assets"
    imprint = Imprint("Direction générale du Trésor, France", "FR", ["sanctions"], "2025-11-21")
    proven = "captures"
    wanted = "a whole file, and one of another day"
    documented = "https://gels-avoirs.dgtresor.gouv.fr/ApiPublic/swagger/v1/swagger.json"
    asks = "to be named (Licence Ouverte 2.0)"

    url: str = "https://gels-avoirs.dgtresor.gouv.fr/ApiPublic/api/v1/publication/derniere-publication-fichier-json"
    every: Duration = timedelta(hours=1)
    items: JsonPath = "Publications.PublicationDetail"
    key: JsonPath = "IdRegistre"
    title: JsonPath | None = "Nom"
    link: JsonPath | None = f"join('', ['{_PUBLIC}', to_string(IdRegistre)])"

    def _entry(self, base: str, item: Any) -> Entry:
        from sources.kinds._lists import column, iso_date, join_words, target  # noqa: PLC0415 - loads lxml, seldom used

        own = super()._entry(base, item)
        said = defaultdict[str, list[Mapping[str, str]]](list)
        for detail in item.get("RegistreDetail") or ():
            texts = (
                {name: text for name, text in each.items() if isinstance(text, str)}
                for each in detail.get("Valeur") or ()
            )
            said[str(detail.get("TypeChamp"))] += texts
        names = [join_words(*column(said.pop("PRENOM", ()), "Prenom"), own.title)]
        names += column(said.pop("ALIAS", ()), "Alias")
        acts = column(said["FONDEMENT_JURIDIQUE"], "FondementJuridiqueLabel")
        numbers, remarks = list[str](), list[str]()
        for kind, what in _NUMBERS.items():
            for number, *comments in map(Mapping.values, said.pop(kind, ())):
                text = join_words(what, number, *filter(None, comments)) if what else join_words(*comments, number)
                (numbers if re.search(r"\d", number) else remarks).append(text)
        fields: dict[str, str | Iterable[str]] = {
            "birth_date": [
                iso_date("/".join(each.get(part) or "00" for part in _DATE))
                if each.get("Annee")
                else each.get("Commentaire", "")
                for each in said.pop("DATE_DE_NAISSANCE", ())
            ],
            "country": column(said.pop("NATIONALITE", ()), "Pays"),
            "identifiers": numbers,
            "programme": [found[1] if (found := _REGIME.search(act)) else act for act in acts],
            "Nature": str(item.get("Nature") or ""),
            "IDENTIFICATION": remarks,
        }
        for kind, values in said.items():
            fields[kind] = "; ".join(sorted(join_words(*each.values(), sign=", ") for each in values))
        return target(own.key, names, fields).at(own.url or "")
