"""What only a person does, or is called: words beside a first name that is a brand's, too. Folded. Pure."""

from __future__ import annotations

from alerts.recognition.tables import listed

VERBS = frozenset(
    listed(
        "downloaded married divorced slept woke cried smiled laughed sat stood wept giggled fell forgot died lay swam cooked ate drank sneezed yawned dreamt dreamed"
        " graduated whispered shrugged blushed sang danced flirted dated proposed kissed hugged emigrated"
        " спросил скачал установил поставил женился развелся поссорился помирился влюбился забыл пошел пришел поехал приехал сидел сидит сел уснул спал спит проснулся"
        " плакал плачет улыбнулся улыбается смеялся смеется родился умер погиб заболел учится учился живет жил любит любил ел поел гулял гуляет бегает играет"
        " познакомился переехал мечтает боится стесняется обиделся вздохнул покраснел признался написал"
        " скачав одружився посварився закохався забув прийшов поїхав сидів заснув прокинувся народився помер мріє"
        " verliebt heiratet heiratete schlief lachte weinte sass traumt traumte lachelte vergass"
        " dort dormait pleure pleurait sourit riait mange naquit rencontra"
        " duerme llora sonrie come olvido murio nacio conocio ride piange dorme mangia sorride"
        " spi placze zakochał zapomniał umarł urodził siedział poszedł przyszedł zapomnial umarl urodzil usnal siedzi siedzial poszedl przyszedl zakochal ożenił ozenił ozenil usmiecha spal plakal zapomnel zemrel usmal sedel zamiloval ozenil"
    )
)
"""Verbs that no company or programme has for what it does."""
MOST_PARTICLES = 3
PARTICLES = frozenset(
    listed(
        "hat ist sich s se sie est si sa już juz dziś dzis наконец сам тоже когда has had just не once then in einem einer im a an mir"
    )
)
"""Small words between a name and such a verb."""

OWNED = frozenset(
    listed(
        "mother mum mom father dad wife girlfriend boyfriend brother sister son daughter teacher classmates parents granny grandmother birthday homework bedroom"
        " kindergarten shoes mutter vater frau freundin schwester bruder tochter lehrerin"
    )
)
"""What a person has, after a possessive: Max's mother, Max told his mother."""
RELATIVES = frozenset(
    listed(
        "дочь дочка дочки дочери сын сына жена жены женой мама мамы мамой папа папы отец мать друг друга подруга подруги брат брата сестра сестры сестре бабушка бабушки"
        " дедушка невеста девушка одноклассники одноклассник мати батько дружина донька син сестра matka ojciec zona syn corka siostra brat dziewczyna"
        " mutter vater freundin tochter"
    )
)
"""Before a first name in the genitive."""
POSSESSIVES = frozenset(
    listed(
        "мой моего моему моим твой твоего малыш малыша маленький маленького юный юного little young baby kleine kleiner petit pequeno piccolo maly maluch мій мого малий"
    )
)
"""Before a first name."""
HIS = frozenset(listed("his her mein seine seiner son sa ses su sus swoja swoje jego"))
