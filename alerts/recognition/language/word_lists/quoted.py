"""Nouns before a name in quotation marks: for companies and what they make, and for other things. Beginnings, folded. Pure."""

from __future__ import annotations

from alerts.recognition.tables import listed

OF_COMPANIES = listed(
    "компан фирм предприят корпорац холдинг групп концерн банк сервис приложен мессенджер программ платформ сет магазин супермаркет гипермаркет маркет бренд"
    " марк сайт портал соцсет чат канал бот авиа маркетплейс агрегатор стартап организац структур обществ объединен проект систем клиент продукт имя имен"
    " назван слов ооо ао пао зао тоо ип нао гк нпо гигант конкурент дочк акци бирж кошел экосистем технолог эмитент конгломерат ведомств служб агентств"
    " фонд ассоциац парти издани меди телеканал сми логотип вывеск верси подписк обновлен новинк токен монет тег хештег мереж крамниц додат застосун"
    " підприєм корпорац браузер софт утилит такси каршеринг кикшеринг лаборатор интернет аккаунт страниц сообществ паблик раздел офис филиал склад пункт"
    " сооснователь основатель владел собственник глав данны слух реклам лиценз сговор суд штраф иск долг налог жалоб цен убыт прибыл выручк провер запрос"
    " претенз требован закон отзыв сдач продаж покупк росси украин казахстан беларус год месяц недел утр вечер день ночь сегодня раз врем процент рубл долл миллион миллиард тысяч"
    " гражд ввод доступ блокировк сделк пользу сторон помощ минут час карт прокси рынок рынк рейс маршрут"
)
"""A name in quotation marks after them is the company's, or has nothing to do with the noun."""
OF_ACTORS = ("ер", "ор", "ик", "тель", "ист", "ние", "ция", "ость", "тие", "ство", "ению", "ания", "ении")
"""Endings of Russian nouns for who does something, among them companies, and for what is done."""
OF_THINGS = listed(
    "піцері табір табор садок садк готел лікарн пансіонат притул корабл пором літак поїзд вистав конкурс готель кав'ярн кавярн гуртк гурток ансамбл"
    " ярн кондитерск парикмахерск столов пекарн прачечн закусочн перукарн їдальн крамничк церкв"
    " kultury przedszkol osrodek osrodk przychodn szkol rezerwat statek statk prom zaklad fabryk zakład ksiazk piosenk zespół zespol kawiarni restauracj"
    " willa domek schronisk festiwal konkurs nagrod wystaw operacj szpital złob zlob sanatori sanatór pensjonat kapliczk parafi klub pomnik kamienic skwer osiedl hufiec druzyn drużyn"
    " školka skolka mateřsk matersk rybnik rybník penzion chata skola divadl"
)
"""Nouns of other Slavic languages for other things."""
