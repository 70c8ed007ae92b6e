"""Beginnings of verbs that say what companies do, in the languages in which a name may be an ordinary word. Folded. Pure."""

from __future__ import annotations

from alerts.recognition.tables import listed

NOT = frozenset(listed("снова опять вновь уже больше again wieder znowu opet не nie ne nu no nicht n"))
LIKE_VERBS = {
    "pl": listed("ła ł ło uje aje eje ją"), "cs": listed("la lo uje í ejí ují ila ala"), "sk": listed("la lo uje í ujú ila ala"),
}  # fmt: skip
"""Endings of verbs, which a noun in the genitive has not, by language."""
ACTS = listed(
    # Russian, Ukrainian, Bulgarian
    "купи приобр приобре прода отмени открое откры закрое закры запусти запуск увеличи нарасти сократи снизи повыси поднял подняла приостанов прекрати подал подала"
    " подаст выигра оштраф сообщи сообща заяви объяви опроверг получил получи привлек размести выплат договор подписа намер сменит сменил инвестир отказа"
    " нанял уволи уволь представи тестиру введет введ обнови добави потребова судит ушел ушла уходи вышла верну продолж разреши запрети ограничи планир"
    " зарабат заработа потерял нача перестал перестан работает поглоти объедини раскры отчита купу продає продав закрив відкрив запусти спря спира пусна обяви забран плати съди скасува збільши"
    # Spanish, Portuguese, French, Italian, Romanian
    " amenaza respond rimuov elimin retir bloque nieg promet pierde gana vende compra lanza anuncia demanda sube baja cierra abre despide recorta paga apela presenta factura invierte crece supera renuncia"
    " perde ganha lanca demite fecha multa processa cresce"
    " perd gagne vend achete rachete lance annonce augmente baisse ferme ouvre supprime coupe licencie paie investit conteste depose menace refuse quitte rejoint accuse deplore signe veut va doit recule"
    " minaccia vendera acquist annuncia chiude apre taglia investe licenzia ricorre alza"
    " pierd castig vinde cumpar lanseaz anunta inchide deschide concediaz majoreaz reduce investest contesta"
    # German, Polish, Czech, Hungarian
    " verkauf kauft steigert senkt erhoht streicht schliesst eroffnet startet meldet kundigt klagt zahlt verliert gewinnt will muss darf schweigt droht baut plant verspricht"
    " grozi podnos zwoln sprzeda kupi kupuje podnosi zwieksz obniz zamyka otwiera zwalnia oglasza placi traci zyska wprowadz planuje chce"
    " proda koup zvys sniz zavr otev spust zapla ztrac chce plan"
    " elad megvesz emel csokk bezar nyit elbocs jelent indit fizet veszt"
)
