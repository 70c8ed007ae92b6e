"""Words between an abbreviation and what it stands for, in thirty languages, and words of delivery. Folded. Pure."""

from __future__ import annotations

from alerts.recognition.tables import listed

LINKING = frozenset(
    listed(
        "or known as short in en anglais english englisch auf по английски англ ingles inglese angielsku anglicky francais russe russisch po for abbreviated abbreviation acronym stands called aka the a далее сокращенно сокр или то есть так называемая скорочено далі або"
        " kurz abgekurzt genannt oder bzw dit dite abrege abregee ou sigle sigla siglas abreviado abreviada o zkracene zkratka zkr dale jen skrot skrotowo"
        " skrocie czyli roviden rovidites azaz lyhenne lyhyesti eli luhend ehk sutrumpintai saisinats kisaca kisaltmasi yani prescurtat adica skraceno odnosno"
    )
)
LINKING_LETTERS = ("简称", "簡稱", "略称", "以下", "缩写", "縮寫", "略して", "약칭", "이하")
"""The same in scripts without spaces."""

TERMS_OF_DELIVERY = frozenset(listed("fas fob cif exw fca cpt cip dap dpu ddp cfr"))
OF_DELIVERY = frozenset(
    listed(
        "поставки поставка incoterms incoterm порт порту порта port hafen puerto porto delivery shipment cargo soybean soybeans bids lieferbedingungen lieferung livraison entrega"
        " dostawy dodaci teslim базис условиях условия отгрузка отгрузки новороссийск одесса туапсе тамань одеса rotterdam hamburg antwerp odesa constanta novorossiysk"
    )
)
"""Words near a term of delivery."""

_USUAL = """
фсб=федерал,служб,безопасн fsb=federal,security,russ,фсб fbi=federal,bureau,investig cia=central,intellig,agency мвд=министерств,внутренн,дел mvd=ministry,internal,interior
фнс=федерал,налог,служб фас=федерал,антимоноп,служб ркн=роском цб=центральн,банк рф=росс ск=следствен,комитет гру=главн,разведыв,управл gru=main,intellig,directorate
свр=служб,внешн,разведк фсо=федерал,охран,служб мчс=министерств,чрезвыч фсин=федерал,исполнен,наказан фтс=федерал,таможен мид=министерств,иностран сбу=служб,безпек,безопасн
нбу=національн,национал,банк набу=національн,антикоруп nbu=national,bank,narodow,ukrain nabu=anti,corrupt,national sec=securit,exchang,commission doj=justice,department
ofac=office,foreign,assets,control fca=financial,conduct sfo=serious,fraud nca=national,crime amf=autorit,marches,financiers bka=bundeskriminal bafin=bundesanstalt,finanz
europol=european,police interpol=international,police nato=north,atlantic,nord eu=europ,union un=united,nations imf=international,monetary ecb=european,central,bank
втб=внешторг мтс=мобильн,телесистем ржд=росси,желез гпб=газпром вк=вконтакт vk=вконтакт,vkontakte сбп=систем,быстр,платеж
"""
USUAL = {short: tuple(words.split(",")) for short, _, words in (pair.partition("=") for pair in _USUAL.split())}
"""What well-known abbreviations usually stand for: beginnings of words."""
