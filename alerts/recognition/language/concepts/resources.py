"""Context words about energy, mining and what factories need. How they are written: see `words`. Pure."""

from __future__ import annotations

RESOURCES = """
oil нефт* нафт* erdol* petrol* petrole* ropa ropy naft* koolaj* oljy* πετρελαι* נפט نفط* نفت* ნავთობ* նավթ* 석유* 石油 原油 น้ํามัน तेल нефте* нафто* ol
  olkonzern* olpreis* olie* oljebolag* olfirma* olaj* nafta* naftas naftos naftov* petrolier* crude crudo brut greggio סולר النفط* كاز نفتي कच्चे 石油公司
  정유* 유가* بترول* تيل پٹروليم* 원유 πετρελ* петрол* rope ropu ropn* titei* toornaft* neft* мұнай* *olkonzern rohol* oltanker* olja oljan olje*
gas газ газа gaz αεριο* גז غاز* گاز* გაზ* գազ* 가스* ガス 天然气 天然氣 ก๊าซ गैस gasfeld* *gasfeld gaspreis* *erdgas* erdgas* газов* газово* природн* gazow*
  plyn* plynu gazt gazmezo* kaasu* maagaas* gaasi* duju dujos gaze gazes gazeif* naturgas* aardgas* φυσικου dogalgaz* 液化气 천연가스* گيس הגז แก๊ส 燃气 가스관
  აირ газу газом газав* гас гаса gasa plin plina gazu gazem plinsk* plinovod* gazelor gazul gazszall* foldgaz* gazmez* maakaasu* gaas gazi dabasgaz*
  dujot* qaz qazi qazin gazni газы газын gaslieferung* gazier* gasistic* gasista metano gasoduto gasbedr* gasen gassen gass
lng спг gnl flussiggas* *flussiggas* сжиженн* скраплен* skroplon* zkapalnen* cseppfolyos* nesteytet* veeldatud saskidrin* suskystint* υγροποιημεν*
  المسال* مايع 液化天然气 液化天然ガス גזנוזלי נוזלי एलएनजी ก๊าซธรรมชาติเหลว 엘엔지 액화천연가스* თხევად* հեղուկացված
azs азс азк заправк* заправочн* tankstell* *tankstelle* gasoliner* benzink* benzinkut* huoltoasem* tankla* degalin* degviel* benzinarie* benzinaio
  benzinar* бензоколонк* бензостанц* 주유소* 加油站 petrolstation gasstation fuel fuels petrol gasoline бензин* топлив* пальн* палив* бензін* запраўк* пумп*
  benzinsk* paliw* benzyn* cerpaci cerpack* benzin* cerpac* goriv* bencin* uzemanyag* carburant* huoltoas* bensa* tankl* bensiin* degal* akaryakit*
  yanacaq* yoqilgi* жанармай* *tankstelle stationservice gasolina combustible* combustiv* tankstation* bensin* mackar drivstoff* βενζιν* καυσιμ*
  πρατηρι* ბენზინ* საწვავ* բենզ* վառելիք* דלק وقود بنزين* سوخت* پمپبنزين* پيٹرول* پٹرول* ايندهن* पेट्रोल* ईंधन ปั๊มน้ํามัน น้ํามันเชื้อเพลิง 汽油 燃油
  ガソリン 給油所 휘발유
refiner* нпз нефтеперераб* нефтезавод* нафтопереробн* *raffinerie* raffinerie* raffineri* refinar* rafiner* rafineri* finomito* jalostam*
  rafineerimis* parstrad* perdirbim* διυλιστηρ* בתי זיקוק בזן مصفاه مصافي* پالايشگاه* ნავთობგადამ* նավթավերամշ* 정유* 정유공장* 製油所 炼油 煉油 โรงกลั่น रिफाइनरी*
pipeline* трубопровод* газопровод* нефтепровод* *pipeline* gazoduc* gasoduct* rurociag* gazociag* gasledning* αγωγ* צינור* მილსადენ* գազատար* 송유관*
  パイプライン 管道 тръбопровод* нефтопровод* трубопров* газопров* нафтопров* газаправод* нафтаправод* трубаправод* гасовод* gasovod* нафтовод* naftovod*
  plynovod* ropovod* plinovod* vezetek* gazvezetek* putki* kaasuput* torujuhe gaasijuht* torujuhtme* caurulvad* gazesvad* dujotiek* naftotiek*
  boruhatt* boru kəmər* quvur* құбыр* gasdott* oleodott* oleodut* gasodut* oleoduc* pijpleiding* rorledning* rørledning* gassrør* पाइपलाइन* ท่อส่ง
  انابيب* لوله צנרת խողովակաշար* conducta conducte conductei پايپلاين*
energy энерг* енерг* *energie* energie* energia* enerji* ενεργει* אנרגי* طاق* انرژي* ენერგ* էներգ* 에너지* エネルギー 能源 พลังงาน ऊर्जा energi* energ* توانايي*
electricity электроэнерг* электричеств* электросет* електроенерг* електрич* электраэнерг* електроцентр* elektricn* elektroenerg* elektrycz* prad pradu
  elektrin* strom stromnetz* stromversorg* elektriciteit* stroom elektricitet* kraftverk* elektrisitet* strøm electric* electrique electriques
  elettric* eletric* aram aramot villamos* elekter elektri* қуат электр חשמל* كهرباء* برق बिजली विद्युत ไฟฟ้า 电力 電力 供电 電網 电网 送電 전력 전기 ელექტროენერგ*
  დენის էլեկտրաէներգ* էլեկտրական* sahko sahkon sahkoa sahkoyht* sahkoverk* sahkolait* ηλεκτρισμ* ηλεκτροδοτ* elektr
nuclear атомн* ядерн* аэс аес *atomkraft* nukle* kernkraft* nucleaire* nuclear* nucleare* jadrow* jadern* jadrov* atomerom* nuklear* ydinvoim*
  tuumajaam* tuumaenerg* kodolenerg* branduol* nukleer* karnkraft* kjernekraft* atomkraft* kerncentral* πυρηνικ* גרעין גרעיני نووي* ატომურ*
  ատոմակայան* 원전* 원자력* 原発 原子力 核电 核電 นิวเคลียร์ परमाणु атамн* ядзерн* ядрен* нуклеарн* kodol* nuvə* yadroviy ядролық атом جوهري* ايٹمي* atom*
  kerneenergi* kjernekr* kernenerg* هستهاي* اتمي միջուկային ատոմային ბირთვულ*
uranium* uran uranu uranem urana уран урана ураном урану uraania uraan urano uranyum* zenginles* ουρανι* אורניום اليورانيوم* يورانيوم* اورانيوم*
  يورينيم* यूरेनियम* ยูเรเนียม 铀 鈾 铀浓缩 ウラン 우라늄 ურან* ուրան*
mining шахт* рудник* добыч* видобут* bergbau* *bergbau* mineria* gornic* madencil* banyasz* kaivos* εξορυξ* מכרה تعدين* მოპოვ* հանք* 채굴* 採掘 采矿 挖矿
  เหมือง खनन mines miner miners майнинг* майнер* горнодоб* майнінг* гірничо* миньор* копаен* рударств* rudarstv* rudar* tezb* tezar* tazb* tazobn*
  minerit* rudniek* kasyb* kaevand* banya minage minier* mineur* minerari* estrazion* minerac* minerad* mijnbouw* mijnen gruv* mədən* mayning* schurf*
  광산 כרייה כריית منجم استخراج* معدن* ماينينگ* kopalni* wydobyc* ขุด माइनिंग minedrift* добив добивът ieguve ieguves koni minero كانكني*
gold goldprei* goldmin* goldford* золот* oro ouro złot* zlat* altin* arany* kulta* kulla* auks* zelts zelta χρυσ* זהב ذهب* طلا ოქრო* ոսկ* 금광* 金鉱 黄金
  ทองคํา सोना सोने bullion سونا سونے золат* злат* алтын* qizil* oltin* aurul aurului goud* guld* gull* kuld kulda
diamond* алмаз* *diamant* diamant* diament* diamante* gyemant* timant* teemant* dimant* deimant* elmas* dijamant* διαμαντ* יהלום יהלומים الماس* ალმას*
  ადამანდ* ադամանդ* 다이아몬드* ダイヤモンド 钻石 鑽石 เพชร हीरा हीरे диамант* дијамант* almaz* olmos* гауһар هيرا هيرے бриллиант*
steel сталь* стали сталел* stahl* acier* acero* stal stali celik* acel* teras* χαλυβ* فولاذ* ფოლად* պողպատ* 철강* 鉄鋼 钢铁 鋼鐵 aco siderurg* acciai* стоман*
  челик* ocel* jekl* teraud* plien* polad* polat болат staalbedr* металлург* металург* huta huty hutnic* פלדה صلب اسٹيل* เหล็ก इस्पात स्टील сталі
  otelul otelului otelari* staal*
alumin* алюмин* алюмін* *alumin* hlinik* alumiini* aluminij* aliumin* aluminyum* αλουμιν* אלומיניום المنيوم* الومنيوم* الومينيوم* ალუმინ* ալյումին*
  알루미늄* アルミ 铝业 อลูมิเนียม एल्युमीनियम* алумин* alyumin* ايلومينيم* 铝 鋁 อะลูมิเนียม
nickel* никел* нікел* nikl* nikel* niquel* nichel* nikkel* nikkeli* νικελ* ניקל نيكل ნიკელ* նիկել* 니켈* ニッケル นิกเกิล निकेल* 镍 鎳
coal угол* угле* вугіл* *kohle kohle* charbon* carbon carvao wegl* uhli uhel* szen kivihiil* kivisusi oglu ogles komur* ugalj uglj* kol kull kul
  steenkool* ανθρακ* λιγνιτ* פחם فحم زغال ნახშირ* ածուխ* 석탄* 石炭 煤炭 煤矿 ถ่านหิน कोयला въглищ* вугал* вугл* угаљ угља uhlie uhlia uholn* premog* angliu
  komir көмір* carbun* hiili كويله كويلے* hiilen
chemical* химич* химзавод* хімічн* chemie* *chemie* chimi* quimi* chemic* chemick* vegyi* vegyip* kemia* keemia* kimij* chemij* kimya* kemij*
  kemikali* χημικ* כימי* كيماوي* كيميايي* شيميايي* ქიმიურ* քիմիական 화학* 化学 化工 化學 เคมี रासायनिक
fertili* удобрен* добрив* *dunger dungemittel* engrais fertiliz* fertilizant* fertylizant* nawoz* hnojiv* mutragy* lannoit* vaetis* mesloj* tras
  gubre* đubriv* gjødsel* godsel* gødning* kunstmest* λιπασμ* דשן דשנים اسمده كود სასუქ* պարարտանյութ* 비료* 肥料 化肥 ปุ๋ย उर्वरक* торове угнаенн* ђубрив*
  gnojiv* gnojil* ingrasam* gubrə* ogit* тыңайтқыш* كهاد abono* adubo* карбамид* калийн* trasu
grain* зерн* пшениц* getreide* *weizen* cereal* trigo zboz* psenic* obil* gabon* buza vilja* teravil* graud* grudu tahil* bugday* zito spannmal* korn
  graan* σιτηρ* δημητριακ* תבואה חיטה حبوب قمح غلات გრელ მარცვლ* ხორბლ* հացահատիկ* ցորեն* 곡물* 穀物 粮食 小麦 ธัญพืช अनाज गेहूं зърн* збожж* жито zitaric*
  taxil* galla астық* бидай گندم غله اناج kornet grano* grao* cereai* pszenic* zita
"""
