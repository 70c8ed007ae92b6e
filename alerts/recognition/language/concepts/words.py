"""The usual context words in other languages, one concept in each paragraph, folded (see `scripts.fold`). Pure.

`stem*` stands for all words that begin so, `*stem*` also for compounds with it, the others for a word and its inflected forms.
An indented line goes on with the concept of the line before.
"""

from __future__ import annotations

CONCEPTS = """
messenger* *messenger* месенджар* мэсенджар* мессенджер* месенджер* messagerie* mensajer* mensageir* komunikator* mesajlasma* pikaviest*
  μεσσεντζερ* מסרים ماسنجر مراسله تراسل پيام* მესენჯერ* մեսենջեր* 메신저* メッセンジャー メッセージアプリ 即时通讯 通讯软件 通訊軟體 聊天软件 แชต แชท मैसेंजर* मैसेजिंग
  messaging *messaging* messageri* mesageri* mensageri* mensager* messaggistic* nachrichtendienst* *kurznachricht* uzenetkuld* uzenetvalto*
  viestisovellu* viestipalvelu* sonumirakendus* suhtlusrakendus* vestlusrakendus* zinojumapmain* zinapmain* terzesan* pokalbiu susirasinej*
  berichtenapp* berichtendienst* chatapp* *chatapp* chattapp* meddelandeapp* meddelandetjanst* beskedapp* beskedtjeneste* meldingsapp*
  meldingstjenest* messencer* messenjer* mesenjer* mesendzer* mesindzer* месинджър* месинджер* месинџер* месенџер* мессенжер* мэсэнджар* месэнджар*
  хабарлама* anlikmesaj* mesajlas* דרדש* دردشه محادثه محادثات پيامرسان* رسايل messengers μηνυματων ανταλλαγησ հաղորդագր* 메시징* 메시지앱*
  即时通信 即時通訊 通讯应用 通訊應用 聊天应用 聊天工具 チャットアプリ 通信アプリ メッセージングアプリ メッセージサービス ส่งข้อความ मैसेज* संदेश*
app apps appen appar appi appis application* aplikac* aplicac* aplicativ* applicaz* applika* *applika* приложени* застосун* додаток додатк* uygulama* rakendus* *rakendus*
  sovellu* *sovellu* alkalmazas* қосымша* ilova*
  εφαρμογ* אפליקצי* تطبيق* اپليكيشن* აპლიკაცი* հավելված* 앱 애플리케이션* アプリ 应用 應用程式 แอป ऐप*
  aplicati* *enapp* *chatapp* *handyapp* lietotn* programel* апликаци* дадат* tətbiq* applikasjon* toepassing* aplikim* zbatim* тиркеме* 어플* アプリケーション
  应用程序 手机应用 แอพ एप एप्लिकेशन* ايپ एप्प
соцсет* соцмереж* *netzwerk* reseau reseaux
  κοινωνικ* סוציאל* სოციალურ* սոցցանց* 소셜* 社交 ソーシャル โซเชียล सोशल
  społecznosciow* kozossegi sosyal sosiaali* sotsiaal* socialin* social* socialni* socialne* socialna* социальн* соціальн* сацыяльн* әлеуметтік
  социјалн* друштвен* drustven* sociala sociale social sociales sociais sosiale soziale* sozialen *sozial* sieci społecz* اجتماعي التواصل ソーシャルメディア
  sns 社群
network* сеть сети сетью сетей мереж* netz *netz* reseau reseaux siec* halozat* verkko* vorgu* tinkl* tikl*
  δικτυ* רשת شبك* ქსელ* ցանց* 네트워크* ネットワーク 网络 網路 เครือข่าย नेटवर्क*
exchange* *exchange* бирж* *бирж* *bors* borsa* giełd* *giełd* burza* burz* bolsa* bourse* tozsd* porssi* биржа* birj* birz* borse* *borse*
  χρηματιστηρ* ανταλλακτηρ* בורס* بورص* بورس* صرافي* ბირჟ* բորսա* 거래소* 取引所 交易所 交易平台 กระดานเทรด एक्सचेंज*
  bors* børs* beurs* burze burzi burzy birza* birzos birzas kriptoborza* kriptoborz* borza* kryptobørs* valuutabors* кріптобірж* криптобирж* біржа*
  биржі* تبادل* منصه 暗号資産取引所 交換所 ตลาด
crypto* *crypto* крипт* krypto* kripto* cripto* bitcoin* биткоин* біткоїн* blockchain* блокчейн*
  κρυπτο* קריפטו* كريبتو* كريپتو* مشفره رمزارز* კრიპტო* կրիպտո* 암호화폐* 가상화폐* 가상자산* 暗号資産 仮想通貨 加密货币 加密貨幣 虚拟货币 คริปโต क्रिप्टो*
wallet* *wallet* кошел* гаманц* гаманець portfel* portefeuille* cuzdan* cartera* geldborse*
  πορτοφολ* ארנק* محفظ* საფულ* դրամապանակ* 지갑* ウォレット 钱包 錢包 วอลเล็ต वॉलेट*
bank* *bank банк* banco* banque* banca* bancar* bankas* pank panga*
  τραπεζ* בנק* بنك* مصرف* بنوك بانك* ბანკ* բանկ* 은행* 銀行 银行 ธนาคาร बैंक*
  banku banku* banka* pankki* pankin banki* *banken bancaire* bancari* bankow* банкі* банктер* банкинг*
transfer* перевод* переказ* uberweisung* virement* transferen* przelew* havale* atutalas* tilisiir* bonific* parskait*
  εμβασμα* העבר* تحويل* حوالات გადარიცხვ* გზავნილ* փոխանց* 송금* 送金 转账 轉帳 汇款 匯款 โอนเงิน
money деньг* денег грош* geld argent dinero dinheiro soldi pieniadz* pieniedz* raha
  χρηματ* כסף כספ* اموال پول ფულ* գումար* 자금* 资金 資金 เงิน पैसे पैसा
card cards *card карт* carte cartes tarjet* cartao cartoes kart* karta* kort*
  καρτ* כרטיס* بطاق* كارت* ბარათ* քարտ* 카드* カード 银行卡 信用卡 บัตร कार्ड*
payment* *payment* платеж* платіж* zahlung* *zahlung* paiement* pago pagos pagament* płatnos* odeme* fizetes* maksu* төлем*
  πληρωμ* תשלו* دفع مدفوعات پرداخت* გადახდ* վճար* 결제* 決済 支付 付款 ชําระ भुगतान
company compan* компани* firma* unternehmen* societe* empres* aziend* społk* sirket* vallalat* yhtio* ettevot* imon* uznemum*
  εταιρ* חברת شرك* شركت* კომპანი* ընկերությ* 회사* 기업* 会社 企業 公司 บริษัท कंपनी* कंपनियों
airline* авиакомпан* авіакомпан* fluggesellschaft* airlin* aerolinea* aerien* havayol* legitarsasag* lentoyhtio* lennufirma* compagnia
  αεροπορικ* תעופה طيران هواپيمايي* ავიაკომპანი* ავიახაზ* ավիաընկեր* 항공* 航空 สายการบิน एयरलाइन*
  lagprisbolag* flygbolag* luftfartsselskab* flyselskap* luchtvaart* companie aerian* compagnie авіаперевізн* авиаперевозч* лоукост* lowcost*
  lowcoster* aviokompan* aviolinij* aviakompanij* oro linij* linie lotnicz* aerolin* 저가항공* 格安航空 廉航 航司
  항공사* 항공편* 항공기* aviokompanij* legitarsasag* luchtvaartmaatschappij* авіялін*
flight* рейс* рейс flug* fluge* vol vols vuelo* voo voos volo voli ucus* jarat* lento* lend* skrydz*
  πτησ* טיסה טיסות رحله رحلات پرواز* რეის* ფრენ* թռիչք* չվերթ* 항공편* フライト 航班 เที่ยวบิน उड़ान*
airport* аэропорт* аеропорт* flughafen* aeroport* aeropuert* lotnisk* havaliman* repulot* lentoasem* lennujaam*
  αεροδρομ* נתב مطار* فرودگاه* აეროპორტ* օդանավակայան* 공항* 空港 机场 機場 สนามบิน एयरपोर्ट
aircraft* самолет* літак* flugzeug* avion avions aviones ucak* samolot* repulogep*
  αεροσκαφ* αεροπλαν* מטוס* طايره طايرات هواپيما* თვითმფრინავ* ինքնաթիռ* 항공기* 여객기* 航空機 飛行機 飞机 飛機 เครื่องบิน विमान*
taxi* *taxi* такси таксист* таксі taks* takso* cab cabs minicab
  ταξι מונית מוניות تاكسي* ტაქს* տաքսի* 택시* タクシー 出租车 計程車 网约车 แท็กซี่ टैक्सी*
scooter* *scooter* самокат* трот* trottinett* patinet* hulajnog* roller* rollere* monopattin* скутер*
  πατινι* קורקינט* سكوتر* اسكوتر* სკუტერ* սկուտեր* 킥보드* キックボード 滑板车 สกู๊ตเตอร์ स्कूटर*
ride rides поездк* поїздк* fahrten course courses viaje* przejazd* yolculuk*
marketplace* маркетплейс* *marktplatz* marktplatz* pazaryer* piattaforma*
  מרקטפלייס მარკეტპლეის* 오픈마켓* マーケットプレイス 电商 電商 มาร์เก็ตเพลส
  markkinapai* kauppapaik* turuplats* tirgus* turgaviet* handelsplats* marknadsplats* markedsplads* markedsplass* piacter* trzist* piata piazza
  platforma handlow* marketpleys* бозор* базар* αγορα* سوق אתר ईकॉमर्स* 온라인몰* 쇼핑몰* 通販
order orders заказ* замовлен* bestell* *bestell* commande* pedido* zamowien* zamowien siparis* rendeles* tilau* tellimu*
  παραγγελι* הזמנ* طلبيه طلبات سفارش* შეკვეთ* պատվեր* 주문* 注文 订单 訂單 คําสั่งซื้อ ऑर्डर*
seller* продав* verkaufer* *handler* vendeur* vendedor* sprzedawc* satici* elado* myyja* muuja*
  πωλητ* מוכרים بايع* فروشند* გამყიდველ* վաճառող* 판매자* 出品者 卖家 商家 ผู้ขาย विक्रेता*
delivery доставк* lieferung* livraison* entrega* dostaw* teslimat*
  παραδοσ* משלוח* توصيل მიწოდებ* მიტან* առաք* 배달* 배송* 配達 外卖 配送 डिलीवरी
shop shops магазин* крамниц* boutique* tienda* sklep* magaza*
  καταστημα* חנות חנויות متجر* متاجر فروشگاه* მაღაზი* խանութ* 매장* 상점* 店舗 商店 门店 門市 ร้านค้า दुकान*
  store stores *laden laden geschaft* obchod* prodejn* trgovin* uzlet* kauppa* kaupan kauppo* myymal* kauplus* pood veikal* parduotuv* winkel* butik*
  негозио negozio negozi magasin* loja lojas дүкен* dukkan*
operator* оператор* operateur* operador* betreiber* operatorul* operaattor*
  παροχ* מפעיל* مشغل* اپراتور* ოპერატორ* օպերատոր* 통신사* 通信事業者 运营商 電信商 ผู้ให้บริการ ऑपरेटर*
  operatør* exploitant* gestore telco telcos мобайл аператар* operater* operadora* uzemeltet* szolgaltato* operaatior* 電信公司 電信業者 이통사*
telecom* телеком* *telekom* telekom* telecomunic* связь связи звяз*
  τηλεπικοινων* תקשורת اتصالات مخابرات ტელეკომ* հեռահաղորդակց* 통신* 通信 电信 โทรคมนาคม दूरसंचार
  통신사* 통신망* 通信会社
mobile mobil* *mobil* мобильн* мобільн* movil* telefon* matkapuh*
  κινητ* סלולר* محمول موبايل* მობილურ* բջջային* 휴대폰* 모바일* 携帯 モバイル 手机 手機 มือถือ मोबाइल
  handynetz* mobilfunk* celular* moviles mobilni* komorkow* cep mobiilside* mobila mobilo mobilu mobilus mobiluj* жылжымалы ұялы
internet* интернет* інтернет*
  διαδικτυ* אינטרנט انترنت اينترنت* ინტერნეტ* ինտերնետ* համացանց* 인터넷* インターネット 互联网 網路 อินเทอร์เน็ต इंटरनेट
developer* девелопер* забудовник* promoteur* deweloper* bautrager* promotor* inmobiliari*
  κατασκευαστ* יזם مطور* დეველოპერ* կառուցապատող* 개발사* 开发商 開發商
builder* застройщ* забудовн* baufirm*
apartment* flat flats квартир* wohnung* appartement* mieszkan* daire* lakas*
newbuild* новостро* новобуд* neubau*
newspaper* газет* zeitung* journal journaux periodico* gazet* ujsag* sanomaleht*
  εφημεριδ* עיתון* صحيفه جريده روزنامه* გაზეთ* թերթ* 신문* 新聞 报纸 หนังสือพิมพ์ अखबार*
media медиа медіа медыя medium medien medias medios medij* mediu* media* медии сми змі
  μμε תקשורת اعلام* رسانه* მედია* լրատվ* 언론* 미디어* メディア 媒体 媒體 สื่อ मीडिया
outlet* издани* видан* issue portal* *portal* портал* publicacion* medium* wydawnictw* redakc* редакц*
journalis* журналіст* журналист* *journalist* periodist* dziennikar* gazeteci* ujsagir* toimittaj* ajakirjani* zurnalist* novinar*
  δημοσιογραφ* עיתונא* صحفي* صحافي* خبرنگار* ჟურნალისტ* լրագրող* 기자* 記者 ジャーナリスト 记者 นักข่าว पत्रकार*
mercenar* наемник* найманц* найманец soldner* *soldner* mercenair* mercenari* najemni* parali* zsoldos* palkkasotur* palgasodur*
  μισθοφορ* שכירי מרצנר مرتزق* مزدور* დაქირავებულ* վարձկան* 용병* 傭兵 雇佣兵 僱傭兵 ทหารรับจ้าง
pmc пвк чвк privatarmee* militarfirm*
army арми* армі* armee* ejercit* armia* ordu*
  στρατ* צבא* جيش* ارتش* არმი* ჯარ* բանակ* 군대* 軍隊 军队 กองทัพ सेना
sanction* санкци* санкці* sankt* sanktion* sancion* sancti* sankcj* yaptirim* szankci*
  κυρωσ* סנקצי* عقوبات تحريم* სანქცი* պատժամիջոց* 제재* 制裁 คว่ําบาตร प्रतिबंध*
court* суд суда суду gericht* tribunal* sad* mahkeme* birosag*
  δικαστηρ* משפט محكم* دادگاه* სასამართლო* դատարան* 법원* 裁判所 法院 ศาล अदालत*
police полиц* поліц* polizei* polici* policj* polis* rendor*
  αστυνομ* משטר* شرطه پليس* პოლიცი* ոստիկան* 경찰* 警察 警方 ตํารวจ पुलिस
minister* министр* міністр* ministre* ministro* bakan* miniszter* ministeri*
  υπουργ* שר שרת وزير* მინისტრ* նախարար* 장관* 大臣 部长 部長 รัฐมนตรี मंत्री*
president* президент* prasident* presidente* prezydent* cumhurbaskan* elnok*
  προεδρ* נשיא* رييس* პრეზიდენტ* նախագահ* 대통령* 大統領 总统 總統 ประธานาธิบดี राष्ट्रपति*
governor* губернатор* gouverneur* gobernador* gubernator*
ship ships vessel* tanker* судно* танкер* schiff* navire* buque* statek* statk* gemi* hajo*
  πλοι* ספינ* אוניי* سفين* كشتي* გემ* նավ* 선박* タンカー 油轮 船只 貨船 เรือบรรทุก जहाज*
  tankskip* tankfartyg* tankfart* tanktartaly* tartalyhajo* olajszallit* tankkeri* tankkilaiv* laiva* laev* tanklaev* kugi* tankkug* laiv* tanklaiv*
  schip* olietanker* skib* fartyg* корабл* судна судам судов суден* пароплав* petrolier* petrolero* petroleir* nave navi ناقله ناقلات تانكر*
  نفتكش* سفن סיפון מכלית* אוניית δεξαμενοπλοι* τανκερ* φορτηγο ტანკერ* լցանավ* 유조선* 화물선* 船舶 輸送船 油輪 貨物船 टैंकर* เรือ
oil нефт* нафт* erdol* petrol* petrole* ropa ropy naft* koolaj* oljy*
  πετρελαι* נפט نفط* نفت* ნავთობ* նավթ* 석유* 石油 原油 น้ํามัน तेल
  нефте* нафто* ol olkonzern* olpreis* olie* oljebolag* olfirma* olaj* nafta* naftas naftos naftov* petrolier* crude crudo brut greggio סולר النفط
  كاز نفتي कच्चे 石油公司 정유* 유가*
gas газ газа gaz
  αεριο* גז غاز* گاز* გაზ* գազ* 가스* ガス 天然气 天然氣 ก๊าซ गैस
  gasfeld* *gasfeld gaspreis* *erdgas* erdgas* газов* газово* природн* gazow* plyn* plynu gazt gazmezo* kaasu* maagaas* gaasi* duju dujos gaze gazes
  gazeif* naturgas* aardgas* φυσικου dogalgaz* 液化气 천연가스*
encryption* шифрован* шифруван* verschlussel* chiffre* cifrad* szyfrow* sifrele*
  κρυπτογραφ* הצפנ* تشفير رمزنگاري* დაშიფვრ* գաղտնագր* 암호화* 暗号化 加密 เข้ารหัส एन्क्रिप्शन
  encrypt* *encrypt* зашифрован* шифр* titkosit* salat* salau* krupt* sifrov* sifre* krypter* versleutel* criptat* criptograf* crittograf* chiffr*
  szyfr* مشفر* مشفره رمزگذاري* מוצפנ* დაშიფრ* კრიპტ* 暗号 암호* एन्क्रिप्ट* कूट*
game* игр* ігр* spiel* jeu jeux jueg* oyun* jatek*
  παιχνιδ* משחק* لعبه العاب بازي* თამაშ* խաղ* 게임* ゲーム 游戏 遊戲 เกม गेम*
  게임사* 게임업체* videogame* видеоигр* відеоігор* spelet zaidim* peli pelit hra hry hier gra gry gier
film* movie* кино* фільм* фильм* pelicula* pelicul*
  ταινι* סרט* فيلم* ფილმ* ֆիլմ* 영화* 映画 电影 電影 ภาพยนตร์ फिल्म*
club* клуб* verein* kulub* klub*
  συλλογ* מועדון* نادي* باشگاه* კლუბ* ակումբ* 구단* クラブ 俱乐部 俱樂部 สโมสร क्लब*
football* soccer* футбол* fussball* futbol* piłk* labdarug*
  ποδοσφαιρ* כדורגל* كره فوتبال* ფეხბურთ* ֆուտբոլ* 축구* サッカー 足球 ฟุตบอล फुटबॉल*
fund фонд* fonds fondo* fundusz* vakif* alap*
  ταμει* קרן صندوق* ფონდ* հիմնադրամ* 펀드* ファンド 基金 กองทุน
school* школ* schule* ecole* escuel* szkoł* okul* iskol*
  σχολ* בית مدرس* სკოლ* դպրոց* 학교* 学校 โรงเรียน स्कूल*
university университет* університет* universit* uniwersytet* universite* egyetem*
  πανεπιστημι* אוניברסיט* جامع* دانشگاه* უნივერსიტეტ* համալսարան* 대학* 大学 大學 มหาวิทยาลัย विश्वविद्यालय*
hospital* больниц* лікарн* krankenhaus* hopital* szpital* hastane*
  νοσοκομει* חולים مستشف* بيمارستان* საავადმყოფო* հիվանդանոց* 병원* 病院 医院 醫院 โรงพยาบาล अस्पताल*
drug* наркот* drog* narkot* uyusturucu*
  ναρκωτικ* סמים مخدر* مواد ნარკოტიკ* թմրա* 마약* 麻薬 毒品 ยาเสพติด ड्रग*
extremis* экстремис* екстреміс*
  εξτρεμ* קיצונ* متطرف* افراط* ექსტრემის* ծայրահեղ* 극단주의* 過激派 极端主义 หัวรุนแรง
browser* *browser* браузер* браўзер* navigateur* navegador* przegladar* prohlizec* prehliadac* tarayici* bongeszo* *selain* selain* selaim* brauser*
  nettleser* webblasar* narsykl* parluk* brauzer*
  φυλλομετρητ* דפדפן* متصفح* مرورگر* ბრაუზერ* դիտարկիչ* 브라우저* ブラウザ 浏览器 瀏覽器 เบราว์เซอร์ ब्राउज़र*
vpn впн впнов
cloud *cloud облак* облач* хмар* nuage* nube nuvem nuvola chmur* bulut* felho* pilvi* pilve* debes* makon*
  سحاب* ענן クラウド 클라우드* 云计算 云服务 雲端 คลาวด์ क्लाउड*
retailer* retail *retail* ритейлер* ритейл* ретейл* рітейлер* *einzelhandler* *einzelhandel* detaillant* minorista* varejist* dettagliant* perakend*
  kiskereskedo* vahittais* jaemuuja* jaekaubandus* prekybinink* mazumtirgo* roznicn* detalist* maloobchod*
  λιανικ* קמעונא* რითეილ* 소매* 小売 零售 ค้าปลีก
  маркет* торговельн* торгов* kaubandus* handelskett* *handelskette* handelsbolag* siec sklepow kiskeresked* магазинів сетев*
supermarket* *supermarkt* супермаркет* гипермаркет* гіпермаркет* hypermarket* hipermerca* hipermarket* supermarche* hypermarche* supermercado*
  supermercat* szupermarket* supermarke* lielveikal* prekybos
  σουπερμαρκετ* סופרמרקט* סופר سوبرماركت* სუპერმარკეტ* სუპერმარკეტ 슈퍼마켓* 대형마트* スーパー 超市 ซูเปอร์มาร์เก็ต सुपरमार्केट*
gold goldprei* goldmin* goldford* золот* oro ouro złot* zlat* altin* arany* kulta* kulla* auks* zelts zelta
  χρυσ* זהב ذهب* طلا ოქრო* ոսկ* 금광* 金鉱 黄金 ทองคํา सोना सोने
subscriber* абонент* підписник* подписчик* abonn* *abonn* abonent* abone* suscriptor* assinant* elofizet* tilaaj* tellij*
  συνδρομητ* מנוי* مشترك* აბონენტ* բաժանորդ* 가입자* 加入者 用户 用戶
  abonat* абонэнт* абонат* predplatitel* zakaznik* klientu klient* kunde* *kunden customers customer abonne* clienti
driver drivers водител* водії* водій таксист* *fahrer* fahrer* chauffeur* conductor* motorista* kierowc* ridic* sofor* surucu* kuljettaj* autojuh*
  vairuotoj* vaditaj*
  οδηγ* נהג* سايق* رانند* მძღოლ* վարորդ* 운전자* 기사* 運転手 司机 คนขับ ड्राइवर*
software *software* софт* программн* програмн* logiciel* oprogramowan* yazilim* szoftver* ohjelmisto* tarkvar*
  λογισμικ* תוכנ* برمج* نرم პროგრამ* ծրագր* 소프트웨어* ソフトウェア 软件 軟體 ซอฟต์แวร์ सॉफ्टवेयर*
platform* *plattform* платформ* plateform* plataform* piattaform*
  πλατφορμ* פלטפורמ* منص* პლატფორმ* հարթակ* 플랫폼* プラットフォーム 平台 แพลตฟอร์ม प्लेटफॉर्म*
service services сервис* сервіс* служб* dienst* *dienst* servicio* servico* servizi* usług* sluzb* hizmet* szolgaltat* palvelu* teenus* paslaug*
  pakalpojum*
  υπηρεσι* שירות* خدم* სერვის* ծառայությ* 서비스* サービス 服务 服務 บริการ सेवा
user users пользовател* користувач* *nutzer* nutzer* utilisateur* usuari* uzytkownik* uzivatel* kullanici* felhasznal* kayttaj* kasutaj* naudotoj*
  lietotaj*
  χρηστ* משתמש* مستخدم* كاربر* მომხმარებ* օգտատեր* 이용자* 사용자* ユーザー 利用者 用户 用戶 ผู้ใช้ उपयोगकर्ता*
video* *video* видео* видэа* відео* wideo*
  βιντεο* וידאו סרטון فيديو* ويديو* ვიდეო* տեսա* 동영상* 영상* 動画 视频 視頻 วิดีโอ वीडियो
videocall* видеосвяз* видеозвон* відеозвяз* видеоконференц* відеоконференц* videokonferen* visioconference* videoconferenc* videollamad* videoanruf*
  телеконференц*
  화상회의* ビデオ会議 视频会议
стрим* стриминг* трансляц* ubertragung* diffusion* transmision* yayin*
  پخش სტრიმინგ* 스트리밍* ストリーミング 流媒体 สตรีม
search* поиск* пошук* recherche* busqueda* wyszukiw* vyhledav* arama* haku* otsing*
  αναζητησ* חיפוש* بحث* جستجو* ძიებ* ძებნ* որոնող* 검색* 検索 搜索 ค้นหา
email* почт* пошт* *mail* courriel* correo* poczt* mailbox* eposta*
streaming* кинотеатр* кінотеатр*
phone phones smartphone* *smartphone* *telefon* телефон* смартфон* telephone* telefono* telefone* puhelin* puhelim* okostelefon*
  τηλεφων* טלפון* هاتف هواتف تلفن* گوشي* ტელეფონ* սմարթֆոն* հեռախոս* 스마트폰* スマホ スマートフォン 智能手机 โทรศัพท์ สมาร์ทโฟน फोन
investor* инвестор* інвестор* *investor* investisseur* inversor* inwestor* yatirimci* befekteto* sijoittaj* investeerij*
  επενδυτ* משקיע* مستثمر* ინვესტორ* ներդրող* 투자자* 投資家 投资者 นักลงทุน निवेशक*
broker* брокер* *broker* courtier* corredor* makler*
  μεσιτ* ברוקר* وسيط* ბროკერ* բրոկեր* 증권사* 証券 券商
  forex форекс* *forex* брокерск* makelaar* maklar* megler* 브로커* ブローカー 经纪 經紀 โบรกเกอร์ ब्रोकर* 외환* fx 外匯 外汇
insur* страхов* страховк* *versicher* versicher* asegurad* ubezpiecz* pojist* sigorta* biztosit* vakuutus* kindlustus*
  ασφαλισ* ביטוח* تامين* დაზღვევ* ապահովագր* 보험* 保険 保险 ประกันภัย बीमा
  보험사* полис полиса полисы policy polis* police polisa poliz* apolice polizz* apdrosin* draudim* forsikring* forsakring* verzeker* assicur* assur*
  asigur* osigur* осигур* застрах*
credit* кредит* *kredit* kredit* kredyt* uver* hitel* luotto*
  δανει* אשראי قرض* კრედიტ* վարկ* 대출* 融資 贷款 สินเชื่อ ऋण कर्ज
casino* казино *casino* kasyn* kumarhan* kaszino* kasino*
  καζινο קזינו كازينو კაზინო* խաղատ* 카지노* カジノ 赌场 賭場 คาสิโน
bookmaker* букмекер* *buchmacher* wettanbieter* bahis* bukmacher* apuestas*
  στοιχημ*
car cars autos auto autok automobil* автомобил* автомобіл* voiture* coche* samochod* araba* arac*
  αυτοκιν* רכב* سيار* خودرو* ავტომობილ* մեքեն* ավտո* 자동차* 自動車 汽车 汽車 รถยนต์ कार
carmaker* automaker* автоконцерн* автопроизводител* autobauer* autohersteller* constructeur*
factory factories завод* фабрик* fabrik* *fabrik* fabrica* fabbrica* fabryk* tovarn* gyar* tehdas* tehta* tehas*
  εργοστασι* מפעל* مصنع* مصانع كارخانه* ქარხან* գործարան* 공장* 工場 工厂 工廠 โรงงาน कारखान*
chip chips чип* процессор* процесор* puce puces* semiconductor* halbleiter* połprzewodnik* yonga*
  반도체* 半導体 芯片 晶片 ชิป
energy энерг* енерг* *energie* energie* energia* enerji*
  ενεργει* אנרגי* طاق* انرژي* ენერგ* էներգ* 에너지* エネルギー 能源 พลังงาน ऊर्जा
mining шахт* рудник* добыч* видобут* bergbau* *bergbau* mineria* gornic* madencil* banyasz* kaivos*
  εξορυξ* מכרה تعدين* მოპოვ* հանք* 채굴* 採掘 采矿 挖矿 เหมือง खनन
steel сталь* стали сталел* stahl* acier* acero* stal stali celik* acel* teras*
  χαλυβ* فولاذ* ფოლად* պողպատ* 철강* 鉄鋼 钢铁 鋼鐵
pipeline* трубопровод* газопровод* нефтепровод* *pipeline* gazoduc* gasoduct* rurociag* gazociag* gasledning*
  αγωγ* צינור* მილსადენ* գազատար* 송유관* パイプライン 管道
lawyer* адвокат* anwalt* *anwalt* avocat* abogad* advogad* avvocat* prawnik* adwokat* advokat* avukat* ugyved* asianaj* vandeadvok*
  δικηγορ* עורך محام* وكيل* ადვოკატ* փաստաբան* 변호사* 弁護士 律师 律師 ทนาย वकील*
prosecut* прокур* *staatsanwal* staatsanwal* procureur* fiscalia* prokurat* savci* ugyesz* syyttaj* prokuror*
  εισαγγελ* תביע* نيابه دادستان* პროკურ* դատախազ* 검찰* 検察 检察 อัยการ अभियोज*
party parties парти* партія партії *partei* partei* parti partido* partito* partia partii parti* part* puolue* erakon* partij*
  κομμα* מפלג* حزب* პარტი* կուսակց* 정당* 政党 政黨 พรรค पार्टी
election* выбор* вибор* *wahl* wahlen elecci* eleic* elezion* wybor* voleb* secim* valaszt* vaali* valimi* rinkim* velesan*
  εκλογ* בחירות انتخابات* არჩევნ* ընտրությ* 선거* 選挙 选举 選舉 เลือกตั้ง चुनाव*
hotel* отел* готел* гостиниц* *hotel* otel* szalloda* hotell*
  ξενοδοχ* מלון* فندق* هتل* სასტუმრო* հյուրանոց* 호텔* ホテル 酒店 โรงแรม होटल*
restaurant* ресторан* *restaurant* restaurac* restoran* etterem* ravintola* ristorant*
  εστιατορι* מסעד* مطعم* رستوران* რესტორან* ռեստորան* 식당* レストラン 餐厅 餐廳 ร้านอาหาร रेस्तरां
brand* marke marken бренд* marque* marca marcas marka* brandi* kaubamark*
  μαρκ* מותג* علامه برند* ბრენდ* բրենդ* 브랜드* ブランド 品牌 แบรนด์ ब्रांड*
rocket* ракет* *rakete* rakete* fusee* cohete* rakiet* roket* raket*
  πυραυλ* רקט* טיל* صاروخ* موشك* რაკეტ* հրթիռ* 로켓* ロケット 火箭 จรวด रॉकेट*
satellit* спутник* супутник* satelit* uydu* muhold* satelliit*
  δορυφορ* לוויין* ماهواره* სატელიტ* արբանյակ* 위성* 衛星 卫星 ดาวเทียม उपग्रह*
shipping freight cargo судоход* судноплав* мореход* мореплав* грузов* грузопер* фрахт* контейнер* reederei* *reederei* schifffahr* seefracht
  frachter* *frachter* armateur* maritim* fret armement navier* naviera* armador* armator* zeglug* rejdar* lodni hajozas* hajostarsasag* varustam*
  laivayhtio* merenkulku* laevandus* laevafirma* kugniec* kugosan* laivyb* denizcilik* nakliy* navlun* rederi* scheepvaart* lastfartyg* fraktfartyg*
  ναυτιλι* εφοπλιστ* φορτι* ספנות הספנות משא מטען شحن الشحن ملاح* الملاحه كشتيراني* باربري გადაზიდვ* საზღვაო გემთ* նավագնաց* նավային բեռնափոխադ* 해운*
  선사* 화물* 海運 船会社 貨物 航运 海运 货运 航運 海運公司 ขนส่ง เดินเรือ शिपिंग जहाजरानी माल
chat chats chat* чат чаты чатах чата чате чатов чату czat* chatu chatovaci tchat* csevego* cseveg* keskustelu* vestlus* cat catu sohbet*
  sohbət* دردشه چت צאט συνομιλι* ჩატ* չաթ* 채팅* 대화방* チャット 聊天 แชท แชต चैट*
fine fines fined штраф* strafe strafen *strafe* bussgeld* amende* multa multas multad* boete* grzywn* pokut* birsag* sakko* sakot trahv* baud* sods
  nauda ceza cezasi cezasi cərimə* amend* sanzion* казна* kazn* глоб* προστιμ* קנס* غرام* غرم* جريم* ჯარიმ* տուգան* 과징금* 벌금* 罰金 課徴金 罚款 罰款 ปรับ जुर्मान*
licence* license* licens* лиценз* ліценз* ліцэнз* lizenz* licenc* licencj* lisans* ruhsat* litsents* toimilup* tegevuslu* licenz* αδεια* αδειασ
  רישיון* רשיון* ترخيص* رخصه التراخيص مجوز* پروانه ლიცენზი* լիցենզ* 면허* 인가* 免許 牌照 许可证 執照 ใบอนุญาต लाइसेंस*
deposit* вклад* депозит* einlage* lokat* vklad* betet* talletu* hoius* noguldijum* indeli* mevduat* καταθεσ* פיקדו* פקדון* وديع* ودايع الودايع
  سپرده* დეპოზიტ* ავანდ* ավանդ* 예금* 預金 存款 เงินฝาก जमा*
antimonopol* антимонопол* монопол* monopol* antitrust* kartell* картел* cartel* wettbewerb* *kartellamt concurrence competencia concorrenza
  concorrencia konkurenc* rekabet* verseny* kilpailu* konkurents* ανταγωνισμ* הגבלים תחרות احتكار* المنافسه انحصار* კონკურენც* մրցակց* 공정거래* 独占禁止 反垄断
  反壟斷 公平交易
regulator* регулятор* регулатор* рэгулятар* *aufsicht* aufsicht* regulier* regulier regulateur* regulador* regolator* authority watchdog ведомств*
  надзор* nadzor* duzenleyici* felugyel* valvoj* jarelevalv* ρυθμιστικ* רגולטור* الهييه هييه الناظم* تنظيم* რეგულატორ* կարգավոր* 규제* 当局 監督当局 监管 監管
  กํากับ नियामक*
tariff tariffs тариф* tarif tarife tarifs *tarife tarifa* taryf* tariff* сазб* tarifler* τιμολογι*
share shares stock stocks акци* акці* aktie* *aktie* aktien* accion* acciones acoes azioni akcj* akcie akcii akcij* reszven* osake* osakk* aktsia*
  hisse* μετοχ* מניות מניית המניה سهم اسهم سهام აქცი* բաժնետոմս* 주가* 주식* 株価 株式 股价 股票 股價 หุ้น शेयर*
stablecoin* *stablecoin* стейблко* стейблкоі* stabilcoin* стабилко* kararli سكه ثابت مستقره 스테이블코인* ステーブルコイン 稳定币 穩定幣 สเตเบิล स्टेबलकॉइन*
lng спг gnl flussiggas* *flussiggas* сжиженн* скраплен* skroplon* zkapalnen* cseppfolyos* nesteytet* veeldatud saskidrin* suskystint* υγροποιημεν*
  المسال مايع 液化天然气 液化天然ガス
azs азс азк заправк* заправочн* tankstell* *tankstelle* gasoliner* benzink* benzinkut* huoltoasem* tankla* degalin* degviel* benzinarie* benzinaio
  benzinar* бензоколонк* бензостанц* 주유소* 加油站
fintech* *fintech* финтех* фінтех* 핀테크* フィンテック 金融科技 فينتك פינטק* फिनटेक*
concern концерн* konzern* *konzern* koncern* konsern* konzorc*
call calls звонк* звонок дзвін* дзвінк* anruf* *anruf* appel appels llamad* chamad* chiamat* połaczen* hovor* hivas* puhelu* kone zvan* skambuci*
  arama aramalar κλησ* שיחות שיחה مكالم* تماس* ზარ* զանգ* 통화* 通話 通话 โทร कॉल*
conference* конференц* конферен* *konferenz* konferenz* conferenc* conferencia* konferencj* konferans* neuvottelu* koosolek* 회의* 会議 会议 ประชุม
  सम्मेलन*
national* национальн* національн* нацыянальн* националн* nacional* nazional* narodow* narodn* nationaal* nationale* kansallin* kansallise*
  rahvuslik* nemzeti* ulusal* milli ұлттық улуттук εθνικ* לאומי* הלאומי* وطني* الوطني* ملي ეროვნ* ազգային 국민* 국가* 国家 國家 แห่งชาติ राष्ट्रीय*
currency валют* hryvnia* гривн* hrywn* hrivn* griwn* hryvn* грыўн* hrivnya* γριβνια
rate rates курс* kurs* wechselkurs* arfolyam* kurz kurzu vahetuskurs* kurss kursas doviz kur kuru taux tasa tasso curs cursul
facebook* фейсбук* фэйсбук* фейсбук* فيسبوك* فيس* بوك* פייסבוק* φεισμπουκ* ფეისბუქ* ֆեյսբուք* 페이스북* フェイスブック* 臉書 脸书 เฟซบุ๊ก* เฟสบุ๊ก* फेसबुक*
instagram* инстаграм* інстаграм* انستغرام* انستجرام* انستقرام* اينستاگرام* אינסטגרם* ινσταγκραμ* ინსტაგრამ* ինստագրամ* 인스타그램* インスタグラム* インスタ* อินสตาแกรม* इंस्टाग्राम*
whatsapp* ватсап* вотсап* воцап* واتساب* واتساپ* واتس* וואטסאפ* ווטסאפ* γουατσαπ* ვოთსაპ* ვატსაპ* ուաթսափ* վոթսափ* 왓츠앱* ワッツアップ* วอทส์แอป* व्हाट्सएप* व्हाट्सऐप*
zuckerberg* цукерберг* زوكربيرج* زوكربيرغ* زاكربرگ* צוקרברג* ζουκερμπεργκ* ცუკერბერგ* ցուկերբերգ* 저커버그* ザッカーバーグ* 扎克伯格* 祖克柏* ซักเคอร์เบิร์ก* ज़करबर्ग*
youtube* ютуб* يوتيوب* יוטיוב* γιουτιουμπ* იუთუბ* 유튜브* ユーチューブ* ยูทูบ* यूट्यूब*
missile* ракет* rakete* *rakete* raketa* rakiet* missil* misil* ohjus* rakett* raket* fuze* roketa* πυραυλ* טיל* صاروخ* صواريخ موشك*
  რაკეტ* հրթիռ* 미사일* ミサイル 导弹 飛彈 ขีปนาวุธ मिसाइल*
shipyard* верф* верфь суднобудів* судостро* *werft* werft* chantier* astiller* cantier* estaleir* stoczni* lodenic* hajogyar* telakk* laevateh*
  kugubuv* laivu tersane* santier* brodogradil* skipsverft* skibsværft* varv ναυπηγε* מספנ* حوض ترسانه გემთმშენებ* 조선소* 造船 造船厂 造船所
  อู่ต่อเรือ
submarine* подлодк* подводн* підводн* unterseeboot* sousmarin* submarin* sottomarin* okret* ponork* tengeralattjaro*
  sukellusven* allveelaev* zemuden* povandenin* denizalti* υποβρυχι* צוללת צוללות غواص* زيردريايي წყალქვეშა սուզանավ* 잠수함* 潜水艦 潜艇 潛艇 เรือดําน้ํา
  पनडुब्बी*
radar* радар* радіолокац* радиолокац* радиоэлектрон* ρανταρ رادار* რადარ* ռադար* 레이더* レーダー 雷达 雷達 เรดาร์ रडार*
realestate недвижим* нерухом* нерухомо* immobili* *immobilien* inmobil* imobil* nieruchom* nemovitost* nehnutel* ingatlan* kiinteisto* kinnisvar*
  nekustam* nekilnojam* emlak* gayrimenkul* nekretnin* fastighet* eiendom* ejendom* vastgoed* ακινητ* נדל נדלן عقار* املاك უძრავი անշարժ 부동산* 不動産 房地产
  房地產 房产 อสังหา*
warehouse* склад* *lager lagerhaus* lagerhall* entrepot* almacen* magazzin* armazem* magazyn* sklady raktar* varasto* laos laoruum* noliktav*
  sandel* depo deposu skladist* αποθηκ* מחסן מחסני مستودع* انبار* საწყობ* պահեստ* 창고* 물류* 倉庫 物流 仓库 คลังสินค้า गोदाम*
spy spies intelligence разведк* разведчик* розвідк* шпион* шпигун* geheimdienst* *geheimdienst* spion* nachrichtendienst* renseignement* espion*
  espionaj* espionaje inteligencia spionag* wywiad* szpieg* rozvedk* zpravodajsk* hirszerz* tiedustelu* vakoil* luure* spiegs izluk* zvalgyb*
  istihbarat* casus* obavestajn* obavjestajn* etterretning* underrattelse* inlichtingen* κατασκοπ* μυστικων ריגול מודיעין استخبار* جاسوس*
  დაზვერვ* հետախուզ* 정보기관* 첩보* 스파이* 諜報 情報機関 间谍 情报 情報局 ข่าวกรอง खुफिया जासूस*
securities stock* эмитент* цінн* ценн* wertpapier* valeurs valores titoli titulos papierow wartosciow* cenne cennych ertekpapir* arvopaper*
  vaartpaber* vertspapir* vertybini* menkul verdipapir* vardepapper* effecten χρεογραφ* ניירות اوراق ფასიან* արժեթղթ* 증권* 有価証券 证券 證券 หลักทรัพย์
  प्रतिभूति*
lawsuit* sue sues sued suing иск иска иски иску исков исковое позов* klage *klage klagt verklag* plainte proces proces* demanda* querella* causa
  acao processo pozew pozwu zalob* kereset* pert kanne kanteen haaste hagi hagiavald* prasiba* tiesvedib* ieskin* dava davasi tuzb* stamning* søksmal
  søgsmal rechtszaak* αγωγη αγωγησ μηνυσ* תביעה תביעת دعوي شكايت სარჩელ* հայց* 소송* 訴訟 诉讼 起诉 ฟ้อง मुकदमा*
token* токен* jeton* coin stablecoin* монет* zeton* τοκεν מטבע אסימון رمز توكن ტოკენ* թոքեն* 토큰* 코인* トークン コイン 代币 代幣 โทเคน टोकन*
chemical* химич* химзавод* хімічн* chemie* *chemie* chimi* quimi* chemic* chemick* vegyi* vegyip* kemia* keemia* kimij* chemij* kimya* kemij* kemikali*
  χημικ* כימי* كيماوي* كيميايي* شيميايي* ქიმიურ* քիմիական 화학* 化学 化工 化學 เคมี रासायनिक
subsidiary subsidiaries дочк* дочерн* дочірн* tochterfirm* *tochter tochtergesellschaft* filial* filiale* filie* społka corka zalezn* dcerin*
  leanyvall* leanyc* tytaryhtio* tutarettev* meitasuznem* dukterin* istirak* bagli kcerk* dotterbolag* datterselskap* datterselskab* dochter*
  θυγατρικ* חברת בת تابعه شركت შვილობილ* դուստր 자회사* 子会社 子公司 บริษัทลูก
post posts пост посты постов постах публикац* beitrag beitrage publication* publicac* wpis wpisy prispev* bejegyz* julkaisu* postitus* ieraksts
  iras gonderi* paylasim* objav* inlagg* innlegg* opslag αναρτησ* פוסט פוסטים منشور* تغريد* پست* პოსტ* գրառում* 게시물* 投稿 帖子 โพสต์ पोस्ट*
drone* дрон* беспилотн* безпілотн* бпла *drohne* drohne* drones dron* droon* dronai insansiz iha droni μη επανδρωμεν* רחפן רחפנים כטב مسيرات
  الطايرات پهپاد* დრონ* դրոն* 드론* 무인기* ドローン 無人機 无人机 โดรน ड्रोन*
hacker* хакер* взлом* злам* кибератак* кібератак* *hacker* cyberangriff* cyberattaque* cyberatak* ciberataque* piratage* pirate pirates attacco
  włamani* kyberutok* hekker* hakker* kiberuzbr* kibernet* siber* hakir* hakeri hackare* χακερ* האקר* פריצ* هاكر* قراصنه اختراق* هكر* ჰაკერ* հաքեր*
  해커* 해킹* ハッカー ハッキング 黑客 駭客 แฮกเกอร์ हैकर*
ransomware* malware* вымогател* вирус* вірус* вредонос* *ransomware* schadsoftware* rancongiciel* ransomver* secuestro zsarolovirus* kiristysohj*
  lunavara izspiedejvir* fidye* λυτρισμικ* כופר נוזקה فديه باجافزار გამომძალ* 랜섬웨어* 악성코드* ランサムウェア マルウェア 勒索 恶意软件 มัลแวร์ रैंसमवेयर*
laundering отмыван* отмыт* відмиван* *geldwasche* geldwasche* blanchiment* blanqueo lavado lavagem riciclagg* praniu prania pranie* prani penzmos*
  rahanpes* rahapes* atmazgas* plovim* aklama* aklam* pranj* tvatt* hvitvask* hvidvask* witwas* ξεπλυμ* הלבנת הלבנה غسل تبييض پولشويي გათეთრ* լվացում*
  자금세탁* 資金洗浄 マネーロンダリング 洗钱 洗錢 ฟอกเงิน
darknet* даркнет* darkweb *darknet* даркнету حشيش ダークウェブ 다크웹* 暗网 暗網 ดาร์กเว็บ דארקנט νταρκνετ
mixer* миксер* міксер* mezclador* melangeur* mikser* misturador* misturad* tumbler* μιξερ מיקסר خلاط ميكسر მიქსერ* 믹서* ミキサー ミキシング 混币 混幣 มิกเซอร์
  मिक्सर*
nuclear атомн* ядерн* аэс аес *atomkraft* nukle* kernkraft* nucleaire* nuclear* nucleare* jadrow* jadern* jadrov* atomerom* nuklear* ydinvoim*
  tuumajaam* tuumaenerg* kodolenerg* branduol* nukleer* karnkraft* kjernekraft* atomkraft* kerncentral* πυρηνικ* גרעין גרעיני نووي* ატომურ*
  ատոմակայան* 원전* 원자력* 原発 原子力 核电 核電 นิวเคลียร์ परमाणु
diamond* алмаз* *diamant* diamant* diament* diamante* gyemant* timant* teemant* dimant* deimant* elmas* dijamant* διαμαντ* יהלום יהלומים الماس*
  ალმას* ადამანდ* ադամանդ* 다이아몬드* ダイヤモンド 钻石 鑽石 เพชร हीरा हीरे
alumin* алюмин* алюмін* *alumin* hlinik* alumiini* aluminij* aliumin* aluminyum* αλουμιν* אלומיניום المنيوم الومنيوم الومينيوم ალუმინ* ալյումին*
  알루미늄* アルミ 铝业 อลูมิเนียม एल्युमीनियम*
nickel* никел* нікел* nikl* nikel* niquel* nichel* nikkel* nikkeli* νικελ* ניקל نيكل ნიკელ* նիկել* 니켈* ニッケル นิกเกิล निकेल*
coal угол* угле* вугіл* *kohle kohle* charbon* carbon carvao wegl* uhli uhel* szen kivihiil* kivisusi oglu ogles komur* ugalj uglj* kol
  kull kul steenkool* ανθρακ* λιγνιτ* פחם فحم زغال ნახშირ* ածուխ* 석탄* 石炭 煤炭 煤矿 ถ่านหิน कोयला
fertili* удобрен* добрив* *dunger dungemittel* engrais fertiliz* fertilizant* fertylizant* nawoz* hnojiv* mutragy* lannoit* vaetis* mesloj* tras
  gubre* đubriv* gjødsel* godsel* gødning* kunstmest* λιπασμ* דשן דשנים اسمده كود სასუქ* պարարտանյութ* 비료* 肥料 化肥 ปุ๋ย उर्वरक*
grain* зерн* пшениц* getreide* *weizen* cereal* trigo grano zboz* psenic* obil* gabon* buza vilja* teravil* graud* grudu tahil* bugday* zito
  spannmal* korn graan* σιτηρ* δημητριακ* תבואה חיטה حبوب قمح غلات გრელ მარცვლ* ხორბლ* հացահատիկ* ցորեն* 곡물* 穀物 粮食 小麦 ธัญพืช अनाज गेहूं
port ports порт портов* портов* *hafen hafen* puerto* porto porti porty portu pristav* kikoto* satama* sadam* ostas osta uost* liman* luka luke hamn* havn*
  haven* λιμαν* λιμεν* נמל ميناء مواني بندر პორტ* նավահանգ* 항구* 항만* 港湾 港口 ท่าเรือ बंदरगाह*
railway* rail railroad* железнодорож* железн* залізниц* залізничн* *bahn eisenbahn* ferroviair* chemin ferroviari* ferrocarril* ferrovia* kolej*
  zeleznic* zeleznicn* vasut* rautatie* raudtee* dzelzcel* gelezinkel* demiryol* железниц* jarnvag* jernban* spoorweg* σιδηροδρομ* רכבת سكك سكه راهاهن
  რკინიგზ* երկաթուղ* 철도* 鉄道 铁路 鐵路 รถไฟ रेलवे*
refiner* нпз нефтеперераб* нефтезавод* нафтопереробн* *raffinerie* raffinerie* raffineri* refinar* rafiner* rafineri* finomito* jalostam*
  rafineerimis* parstrad* perdirbim* διυλιστηρ* בתי זיקוק בזן مصفاه مصافي پالايشگاه* ნავთობგადამ* նավթավերամշ* 정유* 정유공장* 製油所 炼油 煉油 โรงกลั่น रिफाइनरी*
trader* трейдер* торгов* *handler* rohstoffhand* negoc* negociant* operador* comerciante* trader handlarz* obchodnik* obchodn* kereskedo* kauppias*
  tradingu kaupleja* tirgotaj* prekiautoj* tuccar* trgovac trgovc* handlare* εμπορ* סוחר* متداول تاجر* ტრეიდერ* առեւտր* 트레이더* トレーダー 交易员 交易商
  เทรดเดอร์ ट्रेडर*
audit* аудит* wirtschaftspruf* *prufer revisor* revision auditor* biegły rewid* konyvvizsg* tilintark* audiitor* revident* denetim* denetc* revizij*
  ελεγκτ* רואה חשבון מבקר تدقيق حسابرس* აუდიტ* աուդիտ* 회계* 감사* 監査 审计 審計 ตรวจสอบ ऑडिट*
antivirus* антивирус* антивірус* *virenscanner* virenschutz* viruskereso* virusirto* virustorjun* viiruset* pretvir* αντιικ*
  انتيويروس فيروسات ანტივირუს* հակավիրուս* 백신* ウイルス対策 杀毒 防毒 แอนตี้ไวรัส एंटीवायरस*
cyber* кибер* кібер* *cyber* *cybersicherheit* ciber* siber* kyber* kiber* kuber* kibernet* κυβερν* סייבר سيبران* الكترونيه سايبري კიბერ*
  կիբեր* 사이버* サイバー 网络安全 網路安全 ไซเบอร์ साइबर*
weapon* arms оружи* оборон* зброї зброя *waffen* rustung* *rustung* armement* arme armes armas armamento armi bron zbrojen* zbran* zbroj* fegyver*
  ase asee aseteollis* relv* ieroc* ginkl* silah* savunma oruzj* vapen* vaben* wapen* οπλ* נשק سلاح اسلحه تسليح იარაღ* զենք* 무기* 방산* 兵器 防衛 武器 军火 อาวุธ
  हथियार*
oligarch* олигарх* олігарх* *oligarch* oligarque* oligarca* oligarchi* oligarh* oligarkk* ολιγαρχ* אוליגרך اوليغارش* اليگارش* ოლიგარქ* օլիգարխ*
  올리가르히* 新興財閥 寡头 寡頭 โอลิการ์ช
pharma* фарма* аптек* лекарств* ліки *pharma* pharmazeut* pharmaceut* farmac* farmaceut* gyogyszer* laake* ravim* zalu zales vaist* ilac* eczac*
  lijek* lakemedel* legemid* lægemid* geneesmid* φαρμακ* תרופ* دواء ادويه دارو* ფარმა* წამლ* դեղ* 제약* 의약품* 製薬 医薬品 制药 製藥 ยา दवा
ev electric* электромобил* электрокар* електромобіл* *elektroauto* elektroauto* electrique* elettric* eletric* elektryczn* elektromobil* elektromos
  sahkoauto* elektriauto* elektromob* elektrikli elbil* ηλεκτρικ* חשמלי* كهربايي* برقي ელექტრო* էլեկտրա* 전기차* 電気自動車 电动车 電動車 ไฟฟ้า इलेक्ट्रिक
music* музык* музич* *musik* musik* musique* musica* muzyk* hudb* zene* zenei musiikk* muusik* muzik* glazb* μουσικ* מוזיק* موسيق* მუსიკ* երաժշտ*
  음악* 음원* 音楽 音乐 音樂 ดนตรี เพลง संगीत
channel* канал* *kanal kanal* chaine* canal canales canali kanava* kanał* csatorn* καναλι* ערוץ ערוצי قناه قنوات كانال* არხ* ալիք* 채널* チャンネル 频道 頻道
  ช่อง चैनल*
donat* пожертв* донат* *spende* spenden* dons don donation* donativ* doacao donazion* darowizn* dary dary adomany* lahjoit* anneta* ziedoj* auk auka
  paramos bagis* donacij* δωρε* תרומ* تبرع* اعانه დონაცი* նվիրատվ* 기부* 寄付 捐款 บริจาค दान
torrent* пират* пірат* *raubkopi* pirat* piracy pirateria pirataria pirateri* kaloz* piraatti* piraat* korsan* πειρατ* פיראט* قرصن* دزدي მეკობრ*
  ծովահեն* 해적* 불법복제* 海賊版 盗版 盜版 ละเมิดลิขสิทธิ์
corrupt* *korrupt* korrupt* коррупц* корупц* карупц* bribe* bribery взятк* хабар* bestech* corruption corrupcao corruzion* corruptel* sobornos
  soborno* tangent* mazzett* korupc* korupcj* łapowk* uplatk* uplatek megveszteget* lahjon* korruptsioon* altkaem* kukul* kysis kysiai rusvet*
  yolsuzluk* corupti* διαφθορ* δωροδοκ* שחיתות שוחד فساد رشوه الرشوه კორუფ* ქრთამ* կոռուպ* կաշառ* 부패* 뇌물* 汚職 賄賂 贈賄 腐败 腐敗 贿赂 ทุจริต คอร์รัปชัน
  भ्रष्टाचार रिश्वत*
embezzle* fraud* растрат* хищен* мошенн* шахрай* *betrug* betrug* veruntreu* escroq* detournement* fraude* frode* estafa* oszust* podvod* csalas*
  petos* kavalluks* pettus* krapsan* sukciav* dolandir* inselaciun* prijevar* превар* bedrageri* svindel* απατ* υπεξαιρε* הונאה מרמה מעילה احتيال
  اختلاس كلاهبرداري თაღლით* խարդախ* 사기* 횡령* 詐欺 横領 诈骗 詐騙 贪污 ฉ้อโกง धोखाधड़ी गबन
tax taxes налог* подат* податк* *steuer* steuer* impot* fiscal* impuesto* imposto* podatk* dan dane adok verot* maksuamet* nodok* mokesc* vergi*
  impozit* porez* skatt* skat belasting* φορο* φορολογ* מיסים المس ضريب* الضرايب ضرايب ماليات გადასახად* հարկային* 세금* 국세* 税金 税務 税务 稅務 ภาษี टैक्स
customs тамож* митниц* *zoll zollamt* douan* aduan* alfandeg* celnic* celni vamhivat* tulli* muitas muitin* gumruk* carinsk* митнич* τελωνε* מכס
  جمارك الجمارك گمرك საბაჟო* 세관* 関税 税関 海关 海關 ศุลกากร सीमाशुल्क
"""
