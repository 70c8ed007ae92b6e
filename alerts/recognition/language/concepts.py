"""The usual context words in other languages: a text about an exchange may say Börse or borsası. Pure.

One concept a line. `stem*` stands for all words that begin so, `*stem*` also for compounds with it, the others for a word and
its inflected forms.
"""

from __future__ import annotations

from alerts.recognition.language.scripts import fold

_CONCEPTS = """
messenger* *messenger* мессенджер* месенджер* messagerie* mensajer* mensageir* komunikator* mesajlaşma* pikaviest*
app apps application* aplikac* aplicac* aplicativ* applicaz* applika* *applika* приложени* застосун* додаток додатк* uygulama* rakendus* *rakendus* sovellu* *sovellu* alkalmazás* қосымша* ilova*
соцсет* соцмереж* *netzwerk* réseau réseaux
exchange* *exchange* бирж* *бирж* *bors* borsa* giełd* *giełd* burza* burz* bolsa* bourse* tőzsd* pörssi* биржа* birj* birž* börse* *börse*
crypto* *crypto* крипт* krypto* kripto* cripto* bitcoin* биткоин* біткоїн* blockchain* блокчейн*
wallet* *wallet* кошел* гаманц* гаманець portfel* portefeuille* cüzdan* cartera* geldbörse* *wallet*
bank* *bank банк* banco* banque* banca* bancar* bankas* pank panga*
transfer* перевод* переказ* überweisung* virement* transferen* przelew* havale* átutalás* tilisiir* bonific* pārskait*
money деньг* денег грош* geld argent dinero dinheiro soldi pieniądz* pieniędz* raha
card cards *card карт* carte cartes tarjet* cartão cartões kart* karta* kort*
payment* *payment* платёж* платеж* платіж* zahlung* *zahlung* paiement* pago pagos pagament* płatnoś* ödeme* fizetés* maksu* төлем*
company compan* компани* firma* unternehmen* société* empres* aziend* spółk* şirket* vállalat* yhtiö* ettevõt* įmon* uzņēmum*
airline* авиакомпан* авіакомпан* fluggesellschaft* airlin* aerolínea* aerolinea* aérien* havayol* légitársaság* lentoyhtiö* lennufirma* compagnia
flight* рейс* рейс flug* flüge* vol vols vuelo* voo voos volo voli uçuş* járat* lento* lend* skrydž*
airport* аэропорт* аеропорт* flughafen* flughäfen* aéroport* aeropuert* aeroport* lotnisk* havaliman* repülőt* lentoasem* lennujaam*
aircraft* самолёт* самолет* літак* flugzeug* avion avions avión aviones uçak* samolot* repülőgép*
taxi* *taxi* такси таксист* таксі taks* takso* takso* cab cabs minicab
scooter* *scooter* самокат* трот* trottinett* patinet* hulajnog* roller* rollere* monopattin* скутер*
ride rides поездк* поїздк* fahrten course courses viaje* przejazd* yolculuk*
marketplace* маркетплейс* *marktplatz* marktplatz* pazaryer* piattaforma*
order orders заказ* замовлен* bestell* *bestell* commande* pedido* zamówien* zamówień sipariş* rendelés* tilau* tellimu*
seller* продав* verkäufer* *händler* vendeur* vendedor* sprzedawc* satıcı* eladó* myyjä* müüja*
delivery доставк* lieferung* livraison* entrega* dostaw* teslimat*
shop shops магазин* крамниц* boutique* tienda* sklep* mağaza*
operator* оператор* opérateur* operador* operatör* betreiber* operatorul* operaattor*
telecom* телеком* *telekom* telekom* télécom* telecomunic* связь связи звʼяз*
mobile mobil* *mobil* мобильн* мобільн* móvil* telefon* matkapuh*
internet* интернет* інтернет*
developer* девелопер* забудовник* promoteur* deweloper* bauträger* promotor* inmobiliari*
builder* застройщ* забудовн* baufirm*
apartment* flat flats квартир* wohnung* appartement* mieszkan* daire* lakás*
newbuild* новостро* новобуд* neubau*
newspaper* газет* zeitung* journal journaux periódico* gazet* newspaper* újság* sanomaleht*
media медиа медіа медыя medium medien médias medios medij* mediu* média* медии сми змі змі
outlet* издани* видан* issue portal* *portal* портал* publicación* médium* wydawnictw* redakc* редакц*
journalis* журналіст* журналист* *journalist* periodist* dziennikar* gazeteci* újságír* toimittaj* ajakirjani* žurnalist* novinář*
mercenar* наёмник* наемник* найманц* найманец söldner* *söldner* mercenair* mercenari* najemni* paralı* zsoldos* palkkasotur* palgasõdur*
pmc пвк чвк privatarmee* militärfirm*
army арми* армі* armee* armée* ejércit* armia* ordu*
sanction* санкци* санкці* sankt* sanktion* sancion* sancti* sankcj* yaptırım* szankci*
court* суд суда суду gericht* tribunal* sąd* mahkeme* bíróság*
police полиц* поліц* polizei* policí* policj* polis* rendőr*
minister* министр* міністр* ministre* ministro* bakan* miniszter* ministeri*
president* президент* präsident* président* presidente* prezydent* cumhurbaşkan* elnök*
governor* губернатор* gouverneur* gobernador* gubernator*
ship ships vessel* tanker* судно* танкер* schiff* navire* buque* statek* statk* gemi* hajó*
oil нефт* нафт* erdöl* pétrol* petróle* ropa ropy naft* petrol* kőolaj* öljy*
gas газ газа gaz gás
encryption* шифрован* шифруван* verschlüssel* chiffre* cifrad* szyfrow* şifrele*
game* игр* ігр* spiel* jeu jeux jueg* oyun* játék*
film* movie* кино* фільм* фильм* película* pelicul*
club* клуб* verein* kulüb* klub*
football* soccer* футбол* fußball* fútbol* piłk* futbol* labdarúg*
fund фонд* fonds fondo* fundusz* vakıf* alap*
school* школ* schule* école* escuel* szkoł* okul* iskol*
university университет* університет* universit* uniwersytet* üniversite* egyetem*
hospital* больниц* лікарн* krankenhaus* hôpital* szpital* hastane*
drug* наркот* drog* narkot* uyuşturucu*
extremis* экстремис* екстреміс*
""".strip().split("\n")


class Form:
    """One way to write a concept's word: the word or its beginning, folded."""

    __slots__ = ("begins", "inside", "text")

    def __init__(self, written: str) -> None:
        self.inside = written.startswith("*")
        self.begins = written.endswith("*")
        self.text = fold(written.strip("*"))

    def covers(self, folded: str) -> bool:
        """Whether a word is one of those that it stands for."""
        if self.inside and self.text in folded:
            return True
        return folded.startswith(self.text) if self.begins else folded == self.text


_FORMS: list[list[Form]] = []


def others(folded: str) -> list[Form]:
    """All forms of the concepts that a context word belongs to; none for most words."""
    if not _FORMS:
        _FORMS.extend(
            [Form(written) for written in line.split() if "*" not in written.strip("*")] for line in _CONCEPTS
        )
    return [form for concept in _FORMS if any(form.covers(folded) for form in concept) for form in concept]
