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
        "поставки поставка incoterms incoterm порт порту порта port hafen puerto porto delivery shipment cargo lieferbedingungen lieferung livraison entrega"
        " dostawy dodaci teslim базис условиях условия отгрузка отгрузки новороссийск одесса туапсе тамань одеса rotterdam hamburg antwerp odesa constanta novorossiysk"
    )
)
"""Words near a term of delivery."""
