"""Beginnings of verbs that say what companies do, in the languages in which a name may be an ordinary word. Folded. Pure."""

from __future__ import annotations

from alerts.recognition.tables import listed

SKIPPED = frozenset(
    listed(
        "не nie ne nu no nicht n снова опять вновь больше se впервые уже знову вже again finally now still reportedly wieder erneut nun di nuevo encore deja juz znovu"
    )
)
"""Small words before such a verb."""
LIKE_VERBS = {
    "pl": listed("ła ł ło uje aje eje ją"), "cs": listed("la lo uje í ejí ují ila ala"), "sk": listed("la lo uje í ujú ila ala"),
    "es": listed("rá rán ó"), "pt": listed("rá rão ou"), "it": listed("rà ranno"),
}  # fmt: skip
"""Endings of verbs, which a noun has not that may follow there, by language."""
ACTS = listed(
    # Russian, Ukrainian, Bulgarian
    "обяза зобов обжал купи приобр приобре прода отмени открое откры закрое закры запусти запуск увеличи нарасти сократи снизи повыси поднял подняла приостанов прекрати подал подала"
    " подаст выигра оштраф сообщи сообща заяви объяви опроверг получил получи привлек размести выплат договор подписа намер сменит сменил инвестир отказа"
    " нанял уволи уволь представи тестиру введет введ обнови добави потребова судит ушел ушла уходи вышла верну продолж разреши запрети ограничи планир"
    " заблокир оштраф обвин оспор подозрева недоступ суд арест задерж провер вызва отрица требу пригроз предлож предостав пообеща поруч возбу ответ"
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
HEADLINES = frozenset(
    listed(
        # in other languages, what English headlines say
        "annule gele recrute negocie poursuit releve reduit plafonne demenage reprend cede ecope essuie propose cherche laisse prepare permet interdit obtient recoit remporte"
        " aumenta cancela despide enfrenta acuerda permite cobra ofrece explica promete acepta prepara dice pide sigue deja abandona implanta estrena traslada amplia obtiene"
        " recibe gana logra reduce incorpora dispara mejora llega entra sale vuelve annulla licenzia offre chiede promette ritira lascia punta introduce abbassa vince vieta"
        " permette ottiene riceve torna entra arriva cerca demite oferece pede deixa recebe consegue volta chega anuleaza spune ofera primeste cere renunta"
        " erhalt bekommt bietet kurzt weitet nimmt gibt lasst zieht holt sucht findet feiert wachst schrumpft fusioniert einigt fordert wirft verlangt"
        " offnet hebt verbietet erlaubt drosselt verteuert beendet schickt entschuldigt krijgt stopt schrapt verhoogt verlaagt biedt zoekt vraagt opent sluit weigert"
        " ogłasza odmawia otwiera zamyka wypłaca oddaje traci skraca przeprasza zgłasza ogranicza zmienia ruszył rusza daje bierze zapowiada oferuje oznamil zrusil spustil"
        " zkracuje nabizi zdrazuje hlasi meni rusi propousti odmita vraci kysyy avaa sulkee myy ostaa nostaa laskee hojer sanker lanserar oppnar saljer koper varnar"
        # English
        "says said sues sued fined fines launches launched blocks blocked unblocks bans banned announces announced denies denied warns warned adds added gets got wins"
        " won loses lost buys bought sells sold pays paid hires hired fires fired appeals appealed faces faced agrees agreed asks asked tells told plans planned"
        " wants wanted seeks sought opens opened closes closed cuts raises raised lifts lifted drops removes removed deletes deleted restores restored tests tested"
        " rolls rolled releases released updates updated unveils unveiled reports reported posts posted settles settled admits admitted confirms confirmed rejects"
        " rejected accuses accused charges charged files filed signs signed joins joined leaves left moves moved names named offers offered refuses refused"
        " responds responded replies replied reveals revealed suspends suspended shuts stops stopped threatens threatened urges urged vows vowed will would has had"
        " down offline must may can could cannot isn hasn fires probes probed raids raided arrests arrested investigates seizes seized freezes froze orders ordered"
        " approves approved demands demanded fights fought halts halted expands expanded acquires acquired merges merged borrows users customers shares"
        # Russian, Ukrainian
        " скачали скачивают установили отвечает ответил ответила ответило сообщает блокирует заблокировал заблокировала заблокирует разблокировал возбудила возбудил выдала выдал проверит проверил"
        " проверила наложила наложил обвинил обвинила подозревает требует просит предупредил предупредила накажет наказала объявил завел завела"
        " удалил удалила удаляет добавит ввел ввела собирает передал передала хочет может будет станет стал стала лежит упал отключил отключила"
        " відповів відповіла блокує заблокував повідомив повідомила оголосив запустив заборонив вимагає перевірить видалив видаляє підозрює затримало викрило"
        # German, Dutch
        " wehrt sagt antwortet loscht loschte sperrt sperrte blockiert blockierte entfernt bestatigt warnt verteidigt reagiert darf soll kann wird hat hatte fuhrt"
        " weist lehnt stellt testet veroffentlicht ermittelt ubernimmt entlasst statt plant schaltet zegt blokkeert verwijdert reageert krijgt moet wil betaalt verkoopt"
        # French, Spanish, Portuguese, Italian
        " repond supprime bloque suspend retire nie rejette avertit affirme va a est doit veut devra pourrait inflige sanctionne enquete ajoute integre teste deploie attaque condamne verse reagit"
        " responde elimina bloquea retira niega rechaza advierte afirma asegura cierra acusa admite confirma suspende borra debe quiere podra ha sera multa investiga anade prueba integra despliega ataca"
        " bloqueia remove nega rejeita alerta diz vai deve pode quer"
        " risponde rimuove blocca sospende nega respinge avverte afferma ammette conferma cancella deve vuole pagherà puo indaga toglie lancia aggiunge testa attacca"
        # Polish, Czech, Turkish, Romanian, Hungarian, Swedish, Finnish
        " odpowiada usuwa blokuje usunie zablokuje odpira twierdzi ostrzega musi moze zamierza odpovida maze blokuje smaze odmita tvrdi varuje muze"
        " acikladi duyurdu engelledi kaldirdi siliyor sildi raspunde sterge blocheaza neaga valaszol torol letilt tagad svarar tar stanger blockerar nekar vastaa poistaa estaa kiistaa"
    )
)
"""Such verbs, and the small words that follow a name in a headline. Whole."""
