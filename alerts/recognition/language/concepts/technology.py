"""Context words about apps, networks, devices and what is done to them. How they are written: see `words`. Pure."""

from __future__ import annotations

TECHNOLOGY = """
messenger* *messenger* messanger* massenger* mesenger* меседжер* месседжер* мэссенджер* месенджар* мэсенджар* мессенджер* месенджер* messagerie* mensajer* mensageir* komunikator* mesajlasma* pikaviest* μεσσεντζερ*
  מסרים ماسنجر* مراسله تراسل* پيام* მესენჯერ* մեսենջեր* 메신저* メッセンジャー メッセージアプリ 即时通讯 通讯软件 通訊軟體 聊天软件 แชต แชท मैसेंजर* मैसेजिंग messaging *messaging*
  messageri* mesageri* mensageri* mensager* messaggistic* nachrichtendienst* *kurznachricht* uzenetkuld* uzenetvalto* viestisovellu* viestipalvelu*
  sonumirakendus* suhtlusrakendus* vestlusrakendus* zinojumapmain* zinapmain* terzesan* pokalbiu susirasinej* berichtenapp* berichtendienst* chatapp*
  *chatapp* chattapp* meddelandeapp* meddelandetjanst* beskedapp* beskedtjeneste* meldingsapp* meldingstjenest* messencer* messenjer* mesenjer*
  mesendzer* mesindzer* месинджър* месинджер* месинџер* месенџер* мессенжер* мэсэнджар* месэнджар* хабарлама* anlikmesaj* mesajlas* דרדש* دردشه محادثه
  محادثات* پيامرسان* رسايل* messengers μηνυματων ανταλλαγησ հաղորդագր* 메시징* 메시지앱* 即时通信 即時通訊 通讯应用 通訊應用 聊天应用 聊天工具 チャットアプリ 通信アプリ メッセージングアプリ メッセージサービス
  ส่งข้อความ मैसेज* संदेश* مسنجر* ميسنجر* מסנגר เมสเซนเจอร์ μεσεντζερ aplikacijazadopisivanje dopisivanj* sporociln* klepetaln* mesager* csevego*
  viestisovell* zinojumap* zinuciu messaggist* mensagens beskedtjenest*
app apps appen appar appi appis application* aplikac* aplicac* aplicativ* applicaz* applika* *applika* приложени* застосун* додаток додатк* uygulama*
  rakendus* *rakendus* sovellu* *sovellu* alkalmazas* қосымша* ilova* εφαρμογ* אפליקצי* تطبيق* اپليكيشن* აპლიკაცი* հավելված* 앱 애플리케이션* アプリ 应用 應用程式 แอป
  ऐप* aplicati* *enapp* *chatapp* *handyapp* lietotn* programel* апликаци* дадат* tətbiq* applikasjon* toepassing* aplikim* zbatim* тиркеме* 어플*
  アプリケーション 应用程序 手机应用 แอพ एप एप्लिकेशन* ايپ एप्प ايپليكيشن* ايپس יישומון יישום ऐप्स แอปพลิเคชัน 앱스토어 აპი приложух* праграма прыкладанн* apid api
  proqram* appli applis
соцсет* соцмереж* *netzwerk* reseaux κοινωνικ* סוציאל* სოციალურ* սոցցանց* 소셜* 社交 ソーシャル โซเชียล सोशल społecznosciow* kozossegi sosyal sosiaali*
  sotsiaal* socialin* social* socialni* socialne* socialna* социальн* соціальн* сацыяльн* әлеуметтік социјалн* друштвен* drustven* sociala sociale
  social sociales sociais sosiale soziale* sozialen *sozial* sieci społecz* اجتماعي* التواصل* ソーシャルメディア sns 社群 شبكههاي* سوشل سماجي* רשת חברתית רשתות
  սոցիալական сацсет* социалн* druzben* druzabn* somessa somepalvel* sosial ijtimoiy sociaux redes sociaal соцмедиа соцмеред* mreza mreze mrezi omrezj*
  sit kozosseg* retea retele reteaua retelei netwerk netwerken natverk natverket netværk netværket nettverk nettverket reseau* redsocial retesociale
  yhteisopalvel* tikls tikla tiklu tinklas sosyalmedya medyasosyal agi aglar səbəkə* sosialsəbəkə tarmog* tarmoq* желі желісі желіс* δικτυο חברתי*
  اجتماعيه ميڈيا* मीडिया โซเชียลมีเดีย เครือข่ายสังคม 社交媒体 社交媒體 社交平台 社群媒體 交友 社群網站 交流サイト 소셜미디어* 사회관계망* სოცქსელ*
network* сеть сети сетью сетей мереж* netz *netz* reseau reseaux siec* halozat* verkko* vorgu* tinkl* tikl* δικτυ* רשת شبك* ქსელ* ցանց* 네트워크* ネットワーク
  网络 網路 เครือข่าย नेटवर्क*
  redes rete natverk* nettverk* netværk* netwerk* siet sieti sietou sietach sitich mreza mreze mrezu mrezi mrezom mrezn* мрежа мреже мрежу мрежи
  мрежов* мрежом мрежат* retea reteaua retele retelei retelelor retelele желі желісі желіле* желілік tarmoq* tarmog* səbəkə* aglar aglari aglarinda
  сетка сеткі сетцы сетках jaringan* نيٹورك* 網絡 โครงข่าย
encryption* шифрован* шифруван* verschlussel* chiffre* cifrad* szyfrow* sifrele* κρυπτογραφ* הצפנ* رمزنگاري* დაშიფვრ* գաղտնագր* 암호화* 暗号化 加密 เข้ารหัส
  एन्क्रिप्शन encrypt* *encrypt* зашифрован* шифр* titkosit* salat* salau* krupt* sifrov* sifre* krypter* versleutel* criptat* criptograf* crittograf*
  chiffr* szyfr* مشفر* مشفره رمزگذاري* מוצפנ* დაშიფრ* კრიპტ* 暗号 암호* एन्क्रिप्ट* कूट* تشفير* رمزنگار* رمزگذار* خفيهكاري* انكرپشن* انكرپٹ* הצפין შიფრ*
  ծածկագր* шыфраван* шыфр* криптиран* енкрипци* enkripcij* sifrir* criptar* sifrav* sifrəl* shifrla* cifratura encript*
browser* *browser* браузер* браўзер* navigateur* navegador* przegladar* prohlizec* prehliadac* tarayici* bongeszo* *selain* selain* selaim* brauser*
  nettleser* webblasar* narsykl* parluk* brauzer* φυλλομετρητ* דפדפן* متصفح* مرورگر* ბრაუზერ* դիտարկիչ* 브라우저* ブラウザ 浏览器 瀏覽器 เบราว์เซอร์ ब्राउज़र*
  براوزر* דפדפנ* ब्राउजर* ブラウザー περιηγητ* բրաուզեր* զննարկիչ* браузър* прегледач* pregledac* претраживач* preglednik* brskalnik* veebilehits* *browser
  webblas*
vpn впн впнов فيبيان* vpns proxy прокси* впну فيلترشكن* ويپيان* 翻墙 우회 βιπιεν वीपीएन วีพีเอ็น ვიპიენ
cloud *cloud облак* облач* хмар* nuage* nube nuvem nuvola chmur* bulut* felho* pilvi* pilve* debes* makon* سحاب* ענן クラウド 클라우드* 云计算 云服务 雲端 คลาวด์
  क्लाउड* oblak oblaku oblacn* moln molnet molntjan* skyen skytjenest* كلاوڈ* ابري ابر ღრუბლ* ամպային νεφοσ νεφουσ bulud* бұлт*
internet* интернет* інтернет* διαδικτυ* אינטרנט انترنت* اينترنت* ინტერნეტ* ինտերնետ* համացանց* 인터넷* インターネット 互联网 網路 อินเทอร์เน็ต इंटरनेट
mobile mobil* *mobil* мобильн* мобільн* movil* telefon* matkapuh* κινητ* סלולר* محمول* موبايل* მობილურ* բջջային* 휴대폰* 모바일* 携帯 モバイル 手机 手機 มือถือ मोबाइल
  handynetz* mobilfunk* celular* moviles mobilni* komorkow* cep mobiilside* mobila mobilo mobilu mobilus mobiluj* жылжымалы ұялы
operator* оператор* operateur* operador* betreiber* operatorul* operaattor* παροχ* מפעיל* مشغل* اپراتور* ოპერატორ* օպերատոր* 통신사* 通信事業者 运营商 電信商
  ผู้ให้บริการ ऑपरेटर* operatør* exploitant* gestore telco telcos мобайл аператар* operater* operadora* uzemeltet* szolgaltato* operaatior* 電信公司 電信業者
  이통사* اپريٹر* โอเปอเรเตอร์ 營運商 オペレーター キャリア 사업자 оператер* operaator* isletmeci* *anbieter aanbieder* provider* teleselskab* teleselskap*
telecom* телеком* *telekom* telekom* telecomunic* связь связи звяз* τηλεπικοινων* תקשורת اتصالات* مخابرات* ტელეკომ* հեռահաղորդակց* 통신* 通信 电信 โทรคมนาคม
  दूरसंचार 통신사* 통신망* 通信会社 ارتباطات* ٹيليكام* סלולר टेलीकॉम 電信 電気通信 이동통신* კავშირგაბმულ* կապի тэлекам* сувязь сувязі далекосъобщ* telco tavkozl*
  teleyhti* televiest* teleoper* sideettev* sakaru rysio rysiu rabitə* aloqa байланыс* *telekom telefonic* teleselskab* telesel*
software *software* софт* программн* програмн* logiciel* oprogramowan* yazilim* szoftver* ohjelmisto* tarkvar* λογισμικ* תוכנ* برمج* نرم პროგრამ*
  ծրագր* 소프트웨어* ソフトウェア 软件 軟體 ซอฟต์แวร์ सॉफ्टवेयर* softwar* softver* programsk* programe softul programmatur* programin* proqram* dasturiy dastur
  бағдарлам* programvar* праграмн* سافٹويير* نرمافزار* ソフト 軟件
platform* *plattform* платформ* plateform* plataform* piattaform* πλατφορμ* פלטפורמ* منص* პლატფორმ* հարթակ* 플랫폼* プラットフォーム 平台 แพลตฟอร์ม प्लेटफॉर्म*
  platvorm* پلتفرم* پليٹفارم* պլատֆորմ* प्लेटफार्म* प्लैटफॉर्म* alustatal* alustayht*
service services сервис* сервіс* служб* dienst* *dienst* servicio* servico* servizi* usług* sluzb* hizmet* szolgaltat* palvelu* teenus* paslaug*
  pakalpojum* υπηρεσι* שירות* خدم* სერვის* ծառայությ* 서비스* サービス 服务 服務 บริการ सेवा
user users пользовател* користувач* *nutzer* nutzer* utilisateur* usuari* uzytkownik* uzivatel* kullanici* felhasznal* kayttaj* kasutaj* naudotoj*
  lietotaj* χρηστ* משתמש* مستخدم* كاربر* მომხმარებ* օգտատեր* 이용자* 사용자* ユーザー 利用者 用户 用戶 ผู้ใช้ उपयोगकर्ता*
subscriber* абонент* підписник* подписчик* abonn* *abonn* abonent* abone* suscriptor* assinant* elofizet* tilaaj* tellij* συνδρομητ* מנוי* مشترك*
  აბონენტ* բաժանորդ* 가입자* 加入者 用户 用戶 abonat* абонэнт* абонат* predplatitel* zakaznik* klientu klient* kunde* *kunden customers customer abonne* clienti
  ผู้ใช้บริการ
search* поиск* пошук* recherche* busqueda* wyszukiw* vyhledav* haku* otsing* αναζητησ* חיפוש* بحث* جستجو* ძიებ* ძებნ* որոնող* 검색* 検索 搜索 ค้นหา
  *suchmaschin* moteur buscador* motore busca pesquisa sokmotor* soktjanst* søge* søk søkemotor* paieska paieskos търсачк* търсене претраж* pretraz*
  trazilic* iskalnik* vyhladav* cautare motor kereso* axtaris* qidiruv* іздеу* سرچ מנוע 搜索引擎 搜尋引擎 搜尋 محرك suche zoekmachin* zoekdienst* zoekopdr*
  mekletaj* meklesan* खोज सर्च arama aramasi aramamotoru
email* пошт* *mail* courriel* correo* poczt* mailbox* eposta* *mail postfach* posta epasts epasta pastas elpastas sahkopost* epost meil meili mejl
  ταχυδρομειο דואל אימייל بريد ايميل* رايانامه ईमेल* อีเมล 邮箱 電郵 电邮 电子邮件 電子郵件 メール 이메일 메일 ელფოსტ* მეილ* էլփոստ* նամակ почта почты почте почту почтой
  почтов*
phone phones smartphone* *smartphone* *telefon* телефон* смартфон* telephone* telefono* telefone* puhelin* puhelim* okostelefon* τηλεφων* טלפון* هاتف
  هواتف* تلفن* گوشي* ტელეფონ* սմարթֆոն* հեռախոս* 스마트폰* スマホ スマートフォン 智能手机 โทรศัพท์ สมาร์ทโฟน फोन telefoon* فون موبايل* тэлефон* جوال
call calls звонк* звонок дзвін* дзвінк* anruf* *anruf* appel appels llamad* chamad* chiamat* połaczen* hovor* hivas* puhelu* kone zvan* skambuci*
  arama aramalar κλησ* שיחות שיחה مكالم* تماس* ზარ* զանգ* 통화* 通話 通话 โทร कॉल*
chat chats chat* чат чаты чатах чата чате чатов чату czat* chatu chatovaci tchat* csevego* cseveg* keskustelu* vestlus* cat catu sohbet* sohbət* دردشه
  چت צאט συνομιλι* ჩატ* չաթ* 채팅* 대화방* チャット 聊天 แชท แชต चैट* محادثه محادثات* گپ گفتگو* چيٹ צאטים שיחה שיחות 群聊 채팅방 მიმოწერ* զրույց* переписк* чати чаті
  чатів листуван* чаце перапіск* чатове чатовете чет четовати ћаска* caska* cetu dopisivanj* klepet* conversati* csetel* terze* cats cata pokalb*
  susirasinej* suhbat* чатта чатында clavardage groepsapp* *chatt beskedtrad* չատում չատը չատի չատեր*
chip chips чип* процессор* процесор* puce puces* semiconductor* halbleiter* połprzewodnik* yonga* 반도체* 半導体 芯片 晶片 ชิป chipmaker* semiconduct*
  microchip* τσιπακι μικροτσιπ שבבים שבב رقاقات* رقاقه चिप सेमीकंडक्टर* ჩიპ ნახევარგამტარ* չիպ չիպեր կիսահաղորդիչ*
processor* cpu gpu микросхем* микрочип* мікросхем* мікрочіп* полупроводн* напівпровідн* паўправадн* чипов чипы чипа mikroproces* procesor* połprzewod*
  mikrocip* cip cipu cipy cipov cipova cipovi cipi polovodic* poluvodic* poluprovodnik* polprevodnik* prozessor* mikrochip* halvleder* chiparna
  processeur* semiconduct* semicond* procesador* processador* felvezeto* processzor* chipgyart* puolijohde* suoritin suorittim* pooljuht* kiip kiibid
  kiibi protsessor* pusvadit* cips mikroshem* puslaidinink* mikroschem* yariiletken* iletken* islemci* cipler yarimkeciric* prosessor* otkazgich
  өткізгіш* процессор* cipuri ημιαγωγ* επεξεργαστ* τσιπ שבב מעבד* رقاقه رقايق* معالج* شرايح* الموصلات* تراشه* نيمههادي* پردازنده* پروسيسر* سيمي
  كنڈكٹر* चिप चिप्स सेमीकंडक्टर* प्रोसेसर* เซมิคอนดักเตอร์ หน่วยประมวลผล ชิป 芯片 晶片 半导体 半導體 处理器 處理器 チップ プロセッサ 반도체 프로세서* 칩 ჩიპ პროცესორ* ნახევარგამტარ*
  չիպ կիսահաղորդ* պրոցեսոր*
operatingsystem android linux windows операционк* операционн* операційн* аперацыйн* операцион* operacijski operacijsk* operacyjn* operacn*
  betriebssyst* *betriebssystem besturingssyst* operativsyst* styresyst* sistemaoperativo kayttojarj* operatsioonis* operetajsist* operacin* isletim*
  əməliyyat операциялық λειτουργικ* הפעלה تشغيل* سيستمعامل* اپريٹنگ* ऑपरेटिंग ระบบปฏิบัติการ 操作系统 作業系統 基本ソフト 운영체제* ოპერაციულ* օպերացիոն*
server* серверов сервер* сэрвер* serveur* servidor* szerver* palvelin* palvelim* sunucu* serwer* datacent* датацентр* дацэнтр* rechenzentr*
  *rechenzentrum centrosdedatos adatkozpont* konesal* andmekesk* verimerkez* centredate διακομιστ* שרת שרתים חוות خادم خوادم* سرور* सर्वर* เซิร์ฟเวอร์
  服务器 伺服器 数据中心 資料中心 サーバ サーバー データセンター 서버 데이터센터* სერვერ* սերվեր*
personaldata privacy персональн* персданн* datenschutz* privacywet* persoonsgeg* personuppg* persondata personopplys* privacidad* riservatezza
  adatved* tietosuoj* andmekaits* kvkk перслич* osobnipodaci osobnich osobowych osobnych gdpr dsgvo rodo 개인정보* 個人情報 隐私 隱私 个人信息 個資 خصوصيه פרטיות निजता
  गोपनीयता ความเป็นส่วนตัว απορρητ* პირადი անձնական
antivirus* антивирус* антивірус* *virenscanner* virenschutz* viruskereso* virusirto* virustorjun* viiruset* pretvir* αντιικ* انتيويروس* فيروسات*
  ანტივირუს* հակավիրուս* 백신* ウイルス対策 杀毒 防毒 แอนตี้ไวรัส एंटीवायरस* אנטיוירוס*
cyber* кибер* кібер* *cyber* *cybersicherheit* ciber* siber* kyber* kiber* kuber* kibernet* κυβερν* סייבר سيبران* الكترونيه سايبري* კიბერ* կիբեր* 사이버*
  サイバー 网络安全 網路安全 ไซเบอร์ साइबर*
hacker* хакер* взлом* злам* кибератак* кібератак* *hacker* cyberangriff* cyberattaque* cyberatak* ciberataque* piratage* pirate pirates attacco
  włamani* kyberutok* hekker* hakker* kiberuzbr* kibernet* siber* hakir* hackare* χακερ* האקר* פריצ* هاكر* قراصنه اختراق* هكر* ჰაკერ* հաքեր* 해커* 해킹*
  ハッカー ハッキング 黑客 駭客 แฮกเกอร์ हैकर* hakeri* hakeru programis* isilauz* haker* xaker* heker* هيكر* هيكنگ* hack* แฮก แฮ็ก แฮ็กเกอร์
malware* virus* malicious spyware* רוגל* ריגול* snipinej* шпионск* шпигунськ* шпыен* espion* spionag* spionsoft* *spyware* wywiadowcz* szpieg*
  kemprogram* vakoilu* شپايويير جاسوسي* تجسس* casusyaz* casusluk* スパイウェア 스파이웨어* 间谍软件 間諜軟體 間諜軟件 κατασκοπ* ჯაშუშ* լրտես* जासूसी* สปายแวร์ trojan* вредонос* троян* шкідлив* malver* злонамерен* зловмисн* złosliw* malwer* skodliv* schadling* schadprog*
  schadsoftware* spionagesoft* kwaadaardig* skadlig* skadelig* skadevare* logiciels malveillant* malicios* malevol* kartevo* kartekony* haittaohjelm*
  vakoiluohjelm* pahavar* launatur* kenkejis* kotucul* zararli* casusyazilim* zərərli* зиянды κακοβουλ* נוזק* רוגלה برمجيات* خبيثه بدافزار*
  جاسوسافزار* وايرس* मैलवेयर* वायरस* มัลแวร์ ไวรัส 恶意软件 恶意程序 惡意軟體 間諜軟體 木马 木馬 病毒 マルウェア スパイウェア ウイルス 악성코드* 스파이웨어* მავნე ვირუს* չարամիտ* լրտեսող*
ransomware* malware* вымогател* вирус* вірус* вредонос* *ransomware* schadsoftware* rancongiciel* ransomver* secuestro zsarolovirus* kiristysohj*
  lunavara izspiedejvir* fidye* λυτρισμικ* כופר נוזקה فديه باجافزار* გამომძალ* 랜섬웨어* 악성코드* ランサムウェア マルウェア 勒索 恶意软件 มัลแวร์ रैंसमवेयर* כופרה כופרת 勒索软件
  勒索軟體 шифровальщик* okup okupu уцењивач* ucjenjivac* vyderac* շորթող փրկագին
leak leaks leaked leakage databreach breach утечк* слив витік витоку витоки вытач* уцечк* изтичане течове цурењ* curenje curenja wyciek* unik uniku
  uniky datenleck* datenpanne* datenlec* datalek* datalack* datalæk* lækage* lækk* fuite fuites filtrac* fuga fughe vazament* kiszivarog* adatszivarg*
  szivarg* tietovuo* tietomurt* andmelek* lekke leke noplud* nuteke* nutekin* sizinti* sizdir* sizma* sizib* scurger* διαρροη διαρροεσ διαρρο* דליפ*
  דלפו הדלפ* تسريب* تسرب* نشت درز افشاي* افشا ليك लीक รั่วไหล 泄露 泄漏 外泄 洩漏 外洩 漏洩 流出 유출 გაჟონვ* გაჟონ* արտահոս*
darknet* даркнет* darkweb *darknet* даркнету حشيش ダークウェブ 다크웹* 暗网 暗網 ดาร์กเว็บ דארקנט νταρκνετ डार्कनेट डार्कवेब დარკნეტ* դարկնետ*
torrent* пират* пірат* *raubkopi* pirat* piracy pirateria pirataria pirateri* kaloz* piraatti* piraat* korsan* πειρατ* פיראט* قرصن* دزدي მეკობრ*
  ծովահեն* 해적* 불법복제* 海賊版 盗版 盜版 ละเมิดลิขสิทธิ์ पायरेसी टोरेंट
game* игр* ігр* spiel* jeu jeux jueg* oyun* jatek* παιχνιδ* משחק* لعبه العاب* بازي* თამაშ* խաղ* 게임* ゲーム 游戏 遊戲 เกม गेम* 게임사* 게임업체* videogame* видеоигр*
  відеоігор* spelet zaidim* peli pelit hra hry hier gra gry gier igr hre herni igra igre igrica igraca igric* joc jocul jocuri* spele speles spelu
  mang mangu mangud oyin* ойын* spel spellen spelbolag* spil spillet computerspil* dataspill* gioco giochi videogioc* jogo jogos videojog* jeuxvideo
  гульня гульні гульняў گيم گيمز گيمنگ* konsole* console* gaming playstation xbox nintendo приставк* геймер* гра гри гру קונסול* ゲーム機 콘솔 游戏机 主机
  hernich консоль консоли консолей консолям консолі
video* *video* видео* видэа* відео* wideo* βιντεο* וידאו סרטון فيديو* ويديو* ვიდეო* տեսա* 동영상* 영상* 動画 视频 視頻 วิดีโอ वीडियो відэа* ويڈيو* vaizdo бейне*
  短视频 短視頻 ビデオ
videocall* видеосвяз* видеозвон* відеозвяз* видеоконференц* відеоконференц* videokonferen* visioconference* videoconferenc* videollamad* videoanruf*
  телеконференц* 화상회의* ビデオ会議 视频会议 βιντεοκλησ* βιντεοδιασκεψ* שיחתוידאו ويڈيوكال* वीडियोकॉल วิดีโอคอล 视频通话 ビデオ通話 영상통화* ვიდეოზარ* տեսազանգ*
стрим* стриминг* трансляц* ubertragung* diffusion* transmision* yayin* پخش სტრიმინგ* 스트리밍* ストリーミング 流媒体 สตรีม μεταδοσ* שידור* البث प्रसारण հեռարձակ*
streaming* кинотеатр* кінотеатр* stream streamer* стриминг* 스트리밍* 流媒体 串流 ストリーミング 配信 סטרימינג البث استريم* स्ट्रीमिंग สตรีมมิง สตรีมมิ่ง streamov*
  strumieniow* μεταδοσ* სტრიმინგ* ստրիմինգ* հեռարձակ* ნაკადური
facebook* фейсбук* фэйсбук* فيسبوك* فيس* بوك* פייסבוק* φεισμπουκ* ფეისბუქ* ֆեյսբուք* 페이스북* フェイスブック* 臉書 脸书 เฟซบุ๊ก* เฟสบุ๊ก* फेसबुक*
instagram* инстаграм* інстаграм* انستغرام* انستجرام* انستقرام* اينستاگرام* אינסטגרם* ινσταγκραμ* ინსტაგრამ* ինստագրամ* 인스타그램* インスタグラム* インスタ*
  อินสตาแกรม* इंस्टाग्राम* 照片墙
whatsapp* ватсап* вотсап* воцап* واتساب* واتساپ* واتس* וואטסאפ* ווטסאפ* γουατσαπ* ვოთსაპ* ვატსაპ* ուաթսափ* վոթսափ* 왓츠앱* ワッツアップ* วอทส์แอป* व्हाट्सएप*
  व्हाट्सऐप* 瓦次普
zuckerberg* цукерберг* زوكربيرج* زوكربيرغ* زاكربرگ* צוקרברג* ζουκερμπεργκ* ცუკერბერგ* ցուկերբերգ* 저커버그* ザッカーバーグ* 扎克伯格* 祖克柏* ซักเคอร์เบิร์ก* ज़करबर्ग*
youtube* ютуб* يوتيوب* יוטיוב* γιουτιουμπ* იუთუბ* 유튜브* ユーチューブ* ยูทูบ* यूट्यूब* յութուբ* 油管
ev electric* электромобил* электрокар* електромобіл* *elektroauto* elektroauto* electrique* elettric* eletric* elektryczn* elektromobil* elektromos
  sahkoauto* elektriauto* elektromob* elektrikli elbil* ηλεκτρικ* חשמלי* كهربايي* برقي ელექტრო* էլեկտրա* 전기차* 電気自動車 电动车 電動車 ไฟฟ้า इलेक्ट्रिक evs
  электрамаб* електромоб* elektricniautomobil elektricn* elektrisch* electriqu* اليكٹرك*
battery batteries akkus аккумулятор* батаре* акумулятор* батери* baterij* bateri* akumulator* batteri* *batterie pilas pila akkumulator* akku* akud
  akumulat* akumuliator* pilleri batareya* μπαταρι* סולל* בטריי* بطاريه بطاريات* باتري* باطري* بيٹري* बैटरी* แบตเตอรี่ 电池 電池 バッテリー 蓄電池 배터리 이차전지*
  ბატარე* აკუმულატორ* մարտկոց*
tiktok* тикток* тікток* تيكتوك* تيكتاك* טיקטוק* τικτοκ* ტიკტოკ* տիկտոկ* թիքթոք* 틱톡 抖音 ティックトック ติ๊กต็อก टिकटॉक*
meeting meetings совещан* заседан* встреча встречи встречу встрече встречей встреч встречах созвон созвона созвоны созвонов нарада наради нараду
  нараді нарадою нарад засідан* нарады нарадзе сустрэч* пасяджэнн* среща срещата срещи срещите съвещан* састанак састанк* састанц* сусрет сусрета
  сусрету седниц* состанок состаноц* средба средбата средби sastanak sastank* sastanc* susret susreta susretu sjednic* sednic* spotkani* narada narady
  naradzie narade posiedzen* zebranie zebrania zebraniu schuz* zasedan* setkan* zasadnut* stretnut* sestanek sestank* srecanj* sedinta sedinte
  sedintei sedintele intalnir* intrunir* reuniune reuniunea reuniuni reuniunii ertekezlet* megbeszeles* kokous kokouk* tapaami* palaveri palaverit
  koosolek* kohtumi* noupidami* sapulc* sanaksm* tiksan* apspriede apspriedes susitikim* posedis posedz* posedyje susirinkim* pasitarim* besprechung*
  *besprechung sitzung* *sitzung versammlung* *versammlung vergader* bijeenkomst* overleg motet styrelsemot* arsmot* sammantrad* møde møder mødet
  møderne bestyrelsesmød* møte møter møtet møtene styremøt* reunion reunions reuniones riunion* reuniao reunioes toplanti* iclas* yigincaq* жиналыс*
  кездесу* отырыс* yigilish* uchrashuv* συσκεψ* συνεδριασ* פגישה פגישות פגישת ישיבה ישיבות ישיבת אסיפה اجتماع اجتماعات لقاء لقاءات جلسه جلسات نشست
  ديدار ملاقات اجلاس შეხვედრ* სხდომ* თათბირ* հանդիպում* ժողով ժողովի ժողովը ժողովում նիստ նիստի նիստը նիստում խորհրդակցություն* 회의* 미팅* 모임 회동* 会議 会合
  打ち合わせ 打合せ ミーティング 会议 會議 开会 開會 会晤 會晤 ประชุม बैठक* मीटिंग* मुलाकात rapat pertemuan зустріч зустрічі зустрічей зустріччю зустрічах schodzu schodzk*
  talalkozo talalkozot talalkozon talalkozoja talalkozora συναντηση συναντησησ συναντησεισ συναντησεων gorusme gorusmesi gorusmeler* gorusmede
  gorusmeye
webinar* *webinar webinaire* webinaar* veebinar* veebiseminar* verkkoseminaar* vebinar* webseminar* onlineseminar* nettseminar* webbinar* вебинар*
  вебінар* вэбінар* ουεμπιναρ* βεμπιναρ* וובינר* וובינאר* ובינר ويبينار* وبينار* ندوه ندوات ვებინარ* վեբինար* 웨비나* ウェビナー ウエビナー オンラインセミナー 网络研讨会 網路研討會
  线上研讨会 線上研討會 เว็บบินาร์ เว็บินาร์ เว็บมินาร์ वेबिनार*
laptop laptops notebook laptop* notebook* ноутбук* лэптоп* лептоп* ноўтбук* лаптоп* prenosnik* prijenosnik* kannettava kannettavan kannettavat
  kannettavia lappari* sulearvut* klepjdator* nesiojamasis nesiojamieji nesiojamuju nesiojamaji bærbar* portatil portatiles portateis portatile
  portatili dizustu* noutbuk* λαπτοπ לפטופ* لابتوب* لپتاپ* ليپٹاپ* ლეპტოპ* ნოუთბუქ* նոութբուք* նոթբուք* 노트북* 랩톱* 랩탑* ノートパソコン ラップトップ 笔记本电脑 筆記型電腦 笔电 筆電
  แล็ปท็อป โน้ตบุ๊ก โน๊ตบุ๊ค लैपटॉप*
tablet tablets tabletu tabletem tablety tabletow tabletach tabletek tableti tabletler* планшет* планшэт* таблет таблета таблети таблетите tablagep*
  tablettitietok* taulutietok* tahvelarvut* planset* surfplatt* tavlecomputer* nettbrett* planshet* ταμπλετ* טאבלט* טבלט طابلت تابلت* لوحي لوحيه تبلت*
  ٹيبلٹ* პლანშეტ* պլանշետ* 태블릿* タブレット 平板电脑 平板電腦 แท็บเล็ต टैबलेट* टैबलट
password* пароль пароля пароли паролей паролю паролем паролі паролів паролями парола паролата паролите паролаў лозинк* lozink* zaporka zaporke zaporku
  zaporki geslo gesla geslom gesel gesli hasło hasła haseł hasłem hasłami heslo hesla hesel heslem hesly hesiel parolele parolei parolelor parolu
  parooli paroolid paroole salasona* slaptazod* jelszo* jelszav* salasan* passwort* *passwort kennwort* wachtwoord* losenord* adgangskod* kodeord*
  passord* contrasen* senha senhas sifre sifresi sifreler* parollar* құпиясөз* κωδικοσ κωδικου κωδικο κωδικοι κωδικουσ συνθηματικο סיסמה סיסמא סיסמאות
  סיסמת باسورد* گذرواژه* پسورد* پاسورڈ* პაროლ* գաղտնաբառ* 비밀번호* 패스워드* パスワード 密码 密碼 口令 รหัสผ่าน พาสเวิร์ด पासवर्ड*
login logins loginu loginy loginem логин логина логины логину логином логинами логін логіна логіни логінів лагін лагіна logowan* zalogow* prihlasov*
  prihlasen* bejelentkez* kirjautu* sisaankirjaut* sisselog* pieslegsan* prisijungim* einlogg* eingeloggt* anmeldedat* inlog* indlogn* innlogg*
  palogg* identifiant* logarea autentificar* oturum* התחברות לוגין لاگين* لوجين ავტორიზაცი* մուտքանուն* լոգին* 로그인* ログイン サインイン 登录 登錄 登入 เข้าสู่ระบบ
  ล็อกอิน लॉगिन* लॉगइन
subscription* subscriber* подписк* подписок подписчик* підписк* підписок підписник* передплат* падпіск* падпісчык* абонамент* абонемент* абонент*
  абонат* абанемент* абанент* претплат* pretplat* subskryp* subskryb* abonament* predplat* narocnin* narocnik* abonat abonati abonatii elofizet*
  tilaaja* kestotilau* tellija* pusitellim* prenumer* abonn* abbonament* abbonat* assinante* subscri* abone* abunə* жазылым* жазылушы* obuna* מנוי
  מנויים מנויי اشتراك اشتراكات مشتركين مشتركون مشتركان سبسكرپشن* سبسكرايبر* გამოწერ* აბონენტ* აბონემენტ* բաժանորդ* 구독* 가입자* サブスク サブスクリプション 購読 加入者 订阅
  訂閱 订户 訂戶 สมัครสมาชิก सदस्यता सब्सक्रिप्शन* सब्सक्राइबर* langganan berlangganan συνδρομη συνδρομησ συνδρομεσ συνδρομητ* suscripcion* suscriptor*
account accounts учетн* аккаунт* акаунт* обліков* акаўнт* уліков* кориснички* korisnicki* сметка сметката сметки konto konta kontu kontem kontach
  kontami ucet ucty uctu uctem uctech uctov uctoch racun racuna racunu racuni racune racunov racunom contul conturi conturile contului fiok fiokot
  fiokja fiokok fiokjat fiokjaban szamla szamlak tili tilin tilit tilia tilille tililla tililta kontot kontod kontole konts kontos rekening rekeningen
  konton kontona kontoen kontoer konti compte comptes cuenta cuentas conta contas conto hesap hesabi hesabin hesabina hesabini hesaplar* hesab
  hesablar* тіркелгі* akkaunt* hisob hisobi hisoblar λογαριασμ* חשבון חשבונות חשבונו חשבונה حساب حسابات حسابه حسابها اكانت* اكاونٹ* ანგარიშ* ექაუნთ*
  հաշիվ* 계정* アカウント 账号 账户 帐号 帐户 帳號 帳戶 賬號 賬戶 บัญชี खाता खाते खातों अकाउंट* akun akunnya bankkonto* benutzerkonto* nutzerkonto* kundenkonto* paskyra
  paskyros paskyru paskyras paskyroje
blogger* influencer* блогер* блоггер* инфлюенсер* инфлуенсер* інфлюенсер* інфлюэнсар* инфлуенсър* блогър* ютубер* тиктокер* youtuber* vlogger*
  tiktoker* bloger* vloger* influenser* vplivnez* influenszer* bloggaaj* vaikuttaj* suunamudij* blogij* tinklarastinink* bloggare bloggaren influerare
  blogueu* influenceu* bloguer* blogueir* influenciador* bloqer* μπλογκερ* ινφλουενσερ* בלוגר* משפיען משפיענ* יוטיובר* مدونون مدونين مدونات موثرون
  موثرين موثرات بلاگر* بلوگر* اينفلوينسر* انفلوينسر* يوتيوبر* يوٹيوبر* ბლოგერ* ინფლუენსერ* բլոգեր* բլոգեռ* ինֆլուենսեր* 블로거* 인플루언서* 유튜버* ブロガー インフルエンサー
  ユーチューバー 博主 网红 網紅 部落客 บล็อกเกอร์ อินฟลูเอนเซอร์ ยูทูบเบอร์ ब्लॉगर* इन्फ्लुएंसर* इन्फ्लूएंसर* यूट्यूबर* selebgram*
"""
