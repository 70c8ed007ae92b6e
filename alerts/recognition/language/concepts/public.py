"""Context words about the state, law, crime and war. How they are written: see `words`. Pure."""

from __future__ import annotations

PUBLIC = """
government* gouvernement* правительств* урад урада ўрад ўрада уряд уряду урядом кабмин* кабмін* правителств* влада владе владу vlada vlade vladi
  vladn* vlady vladu rzad rzadu rzadem rzadow* regierung* *regierung gobierno* governo governi goberno governativ* kormany* hallitu* valitsus* valdib*
  vyriausyb* hukumet* hukumət* hukumat* үкімет* guvern* regering* regjering* κυβερνη* ממשל* حكومه حكومي* دولت حكومت* सरकार* รัฐบาล 政府 内阁 內閣 政権 정부
  მთავრობ* կառավարությ*
ministry ministries министерств* міністерств* міністэрств* министарств* ministarstv* ministrstv* ministerstw* ministerstv* ministerium* *ministerium
  ministere* ministerio* ministero ministeri ministeer* miniszterium* ministerie* departement* department* minister* ministrij* bakanli* nazirli*
  vazirli* министрлі* минобор* минздрав* минфин* минцифр* минпромторг* минэнерг* мінфін* мінцифр* минюст* мінюст* υπουργει* משרד وزاره وزارت*
  मंत्रालय* กระทรวง 省庁 財務省 外務省 国防部 外交部 商务部 商務部 부처 산업부 외교부 국방부 სამინისტრო* նախարարությ*
minister* министр* міністр* ministre* ministro* bakan* miniszter* ministeri* υπουργ* שר שרת وزير* მინისტრ* նախարար* 장관* 大臣 部长 部長 รัฐมนตรี मंत्री*
president* президент* prasident* presidente* prezydent* cumhurbaskan* elnok* προεδρ* נשיא* رييس* პრეზიდენტ* նախագահ* 대통령* 大統領 总统 總統 ประธานาธิบดี
  राष्ट्रपति*
governor* губернатор* gouverneur* gobernador* gubernator* κυβερνητ* περιφερειαρχ* מושל* الوالي* والي استاندار* گورنر* राज्यपाल गवर्नर 州长 州長 省长 知事 주지사
  도지사 გუბერნატორ* մարզպետ* նահանգապետ* valisi guvernor* guverner* kuvernoor* hejtman* zupan* wojewod* guvernator*
mayor mayors mayoral мэр мэра мэры мэрия мэрии мэром мерія мерії мером кмет* градоначалник* градоначелник* gradonac* zupan* burmistrz* prezydentmiasta
  primator* burgermeist* *burgermeister burgemeest* borgmast* borgmest* ordfører* maire maires mairie alcald* sindaco sindaci prefeit* polgarmest*
  pormestar* linnapea* mers merij* meras merui belediye* bələdiyy* hokim hokimi hokimlik* әкім әкімі әкімд* primar primarul* primari* δημαρχ* ראשעיר
  עיריי* עירית عمده بلديه شهردار* ميير* महापौर* मेयर* นายกเทศมนตรี ผู้ว่าฯ 市长 市長 시장 მერი մերի* քաղաքապետ* starosta starostu starosty
parliament* parlament* парламент* stateduma duma dumy dume dumie douma dooma госдум* дума думы думе думу думой держдум* дзярждум* думата sejm sejmu
  sejmie bundestag* senat* riksdag* folketing* storting* eduskunta* eduskunn* riigikogu* saeim* seimas seimo seime orszaggyules* meclis* millətməclis*
  мәжіліс* мәслихат верховнарада рада раду верховна верховній כנסת פרלמנט* برلمان* مجلس دوما پارلمان* پارليمنٹ* پارليمان* दूमा ड्यूमा संसद* सदन สภา
  รัฐสภา ดูมา 议会 議會 国会 國會 杜马 杜馬 議会 ドゥーマ 의회 국회 두마 პარლამენტ* დუმა* դուման պառլամենտ* խորհրդարան* κοινοβουλι* βουλη βουλησ δουμα* tweedekamer skupstin*
  скупштин* sabora saboru законодат* bundesrat*
deputy deputies mp mps lawmaker* legislator* parliamentarian* congressm* депутат* deputowan* парламентар* дэпутат* народни посланик посланиц* posła posłowie
  posłow posłank* poselsk* poslan* zastupnic* abgeordnet* *abgeordnete kamerlid* kamerleden riksdagsledam* folketingsmedl* stortingsrep* depute*
  diputad* deputat* deputad* kepviselo* kansanedust* riigikogul* seimun* parlamentar* milletvekil* βουλευτ* חברכנסת הכנסת نايب نواب نماينده نمايندگان*
  ركن اراكين* सांसद* विधायक* สมาชิกสภา 议员 議員 국회의원* 의원 დეპუტატ* პარლამენტარ* պատգամավոր* საკრებულო
senator* senateur* senat* сенатор* сенат сената senado senaattor* szenator* szenat* γερουσ* סנאט* سيناتور* الشيوخ* سناتور* سينيٹ* सीनेट* วุฒิสภา
  วุฒิสมาชิก 参议 參議 上院 상원 სენატ* սենատ* совфед* мәслихат
party parties парти* партія партії *partei* partei* parti partido* partito* partia partii puolue* erakon* partij* κομμα* מפלג* حزب*
  პარტი* կուսակց* 정당* 政党 政黨 พรรค पार्टी
  партыя партыі партыю партый* stranick* странк* احزاب پارٹي* strankarsk* stranack* strankama partok partja partjanak partiet partier partid partidul partiti partisi
election* выбор* вибор* *wahl* wahlen elecci* eleic* elezion* wybor* voleb* secim* valaszt* vaali* valimi* rinkim* velesan* εκλογ* בחירות انتخابات*
  არჩევნ* ընտրությ* 선거* 選挙 选举 選舉 เลือกตั้ง चुनाव*
  electoral* ballot* выбар* избори изборите изборн* izbori izbora izborim* izborn* volby volbach volbam volieb volitv* aleger* verkiezing*
  riksdagsval* kommunalval* valrorel* valresultat* valg valget valgkamp* stortingsvalg* folketingsvalg* scrutin comicios elettoral* сайлауы сайлауда
  сайлауға saylov* اليكشن* निर्वाचन* pemilu pemilihan* pilpres pilkada 大选 大選 総選挙 대선* 총선* secki seckilər* seckidə
committee* commission* comite* комитет* комітет* камітэт* комісі* комисси* комиси* камісі* komitet* komitee komisj* komissio* kommission* kommitte*
  komite* commissie* comision* comissao* comissoes comissie* comitat* bizottsag* valiokunt* valiokunn* ausschuss* *ausschuss vybor* odbor* komitə*
  komissiya* qomita* επιτροπ* ועדת ועדה הוועדה لجنه لجان هييه كميته* كميسيون* كميٹي* समिति आयोग คณะกรรมการ กรรมาธิการ 委员会 委員會 委員会 위원회 კომიტეტ* კომისი*
  հանձնաժող* կոմիտե* komisi* komise komisyon*
bill bills draftlaw законопроект* законапраект* законопроєкт* zakonski prijedlog* ustaw* zakonu gesetzentw* gesetz* *gesetz wetsvoorst* wetsontwerp*
  lagforslag* lovforsl* lovutkast* projetdeloi loi lois proyectodeley ley leyes legge leggi leis torvenyjavasl* torveny* lakiesity* laki lain lakia
  seadus* eelnou* likumprojekt* likum* istatym* tasari* yasa yasasi kanun* qanun* layihə* qonun* заң заңы заңын proiectdelege lege legea νομοσχεδι*
  νομοσ νομο חוק הצעת قانون* قوانين* لايحه مسوده विधेयक* कानून* กฎหมาย ร่าง 法案 法律 草案 법안 법률 კანონპროექტ* კანონ* օրինագիծ* օրինագծ* օրենք* օրենս* закон
  закона закону законом законе законы законов законам законами законах закони законі законів законът законопр* законодат* законот zakona zakonem
  zakonom zakony zakoni zakonik* zakonsk* zakonod*
regulator* регулятор* регулатор* рэгулятар* *aufsicht* aufsicht* regulier* regulier regulateur* regulador* regolator* authority watchdog ведомств*
  надзор* nadzor* duzenleyici* felugyel* valvoj* jarelevalv* ρυθμιστικ* רגולטור* الهييه هييه الناظم* تنظيم* რეგულატორ* կարգավոր* 규제* 当局 監督当局 监管 監管
  กํากับ नियामक* المنظم* رگولاتور* نهاد ريگوليٹر* اتهارٹي* רשות מאסדר กํากับดูแล กสทช 监管机构 規制当局 당국 ρυθμιστ* მარეგულირებ* urzad regulac* urad agencija
  regulativ* reglement* autoritate* szabalyozo* hatosag* saantelyvir* valvontavir* regulaator* uzraudz* reguliuotoj* reguliav* duzenleme tənzimləyici*
  tənzimlə* regulyator* tartibga реттеуші* *behorde regulat* autorita regolat* toezichthoud* tillsyn* myndighet* tilsyn* myndighed*
licence* license* licens* лиценз* ліценз* ліцэнз* lizenz* licenc* licencj* lisans* ruhsat* litsents* toimilup* tegevuslu* licenz* αδεια* αδειασ
  רישיון* רשיון* ترخيص* رخصه التراخيص* مجوز* پروانه ლიცენზი* լիցենզ* 면허* 인가* 免許 牌照 许可证 執照 ใบอนุญาต लाइसेंस* лиценц* licen* lisenziya* litsenziya*
  لايسنس* ライセンス vergunning* zezwoleni* koncesj* dovoljen* tilladels* lisens* tillatels* tillstand* luvan agrement* дозвіл дозволу дозволи дозволів
  дозвола дозволе дозволом
antimonopol* антимонопол* монопол* monopol* antitrust* kartell* картел* cartel* wettbewerb* *kartellamt concurrence competencia concorrenza
  concorrencia konkurenc* rekabet* verseny* kilpailu* konkurents* ανταγωνισμ* הגבלים תחרות احتكار* المنافسه انحصار* კონკურენც* մրցակց* 공정거래* 独占禁止 反垄断
  反壟斷 公平交易 uokik hospodarskesouteze protimonopol* concurent* konkurrence* konkurranse* konkurrens* mededinging* антыманапол* trzisnognatjecanja tekel
  antiinhisar* inhisar مسابقتي* اجارهداري* एकाधिकार प्रतिस्पर्धा ผูกขาด แข่งขันทางการค้า
tariff tariffs тариф* tarif tarife tarifs *tarife tarifa* taryf* tariff* сазб* tarifler* τιμολογι* תעריף תעריפי* تعريفه تعرفه* ٹيرف टैरिफ* ภาษีนําเข้า
  อัตราค่า 关税 關稅 资费 関税 料金 관세 요금 ტარიფ* սակագն* sazba
tax taxes налог* подат* податк* *steuer* steuer* impot* fiscal* impuesto* imposto* podatk* dan dane adok verot* maksuamet* nodok* mokesc* vergi*
  impozit* porez* skatt* skat belasting* φορο* φορολογ* מיסים المس ضريب* الضرايب* ضرايب* ماليات* გადასახად* հարկային* 세금* 국세* 税金 税務 税务 稅務 ภาษี टैक्स
  данъ* порез* poresk* davek davk* davcn* danov* adot adohat* impuest* hacienda tribut* soliq* салық* ٹيكس* verohal* skarbow* εφορι* taxe
customs тамож* митниц* *zoll zollamt* douan* aduan* alfandeg* celnic* vamhivat* tulli* muitas muitin* gumruk* carinsk* митнич* τελωνε* מכס جمارك*
  الجمارك* گمرك საბაჟო* 세관* 関税 税関 海关 海關 ศุลกากร सीमाशुल्क мытн* царин* celni* coln* vamhiv* vama vamal* vamii tolli* gomruk* bojxona* кеден* tull
  tullen tullverk* toldvæs* tollves* كسٹم* carina carine carinik* carini dogana dogane doganal* մաքսատուն մաքսատան carinarnic* muitnic* doganier*
national* национальн* національн* нацыянальн* националн* nacional* nazional* narodow* narodn* nationaal* nationale* kansallin* kansallise* rahvuslik*
  nemzeti* ulusal* milli ұлттық улуттук εθνικ* לאומי* הלאומי* وطني* الوطني* ملي ეროვნ* ազգային 국민* 국가* 国家 國家 แห่งชาติ राष्ट्रीय*
conference* конференц* конферен* *konferenz* konferenz* conferenc* conferencia* konferencj* konferans* neuvottelu* koosolek* 회의* 会議 会议 ประชุม सम्मेलन*
  διασκεψ* συνεδρι* ועידה ועידת כנס موتمر* كنفرانس* كانفرنس* კონფერენცი* համաժողով* գիտաժողով*
sanction* санкци* санкці* sankt* sanktion* sancion* sancti* sankcj* yaptirim* szankci* κυρωσ* סנקצי* تحريم* სანქცი* պատժամիջոց* 제재* 制裁 คว่ําบาตร
  प्रतिबंध* عقوبات* پابندي* עיצומים पाबंदी սանկցի* санкцы* sankcij* sankc* pakot* sanksiya* sanzion* sanksjon* sancao sancoes
court* суд суда суду gericht* tribunal* sad* mahkeme* birosag* δικαστηρ* משפט محكم* دادگاه* სასამართლო* դատարան* 법원* 裁判所 法院 ศาล अदालत* محاكم* قضاء
  عدالت* كورٹ ביתהמשפט בגץ कोर्ट न्यायालय* 法庭 地裁 재판부 대법원 δικαστ* դատական суде судом суды судей судеб* суді суди судзе съд съда съдът съдилищ* съдебн*
  судск* suda sudu sudsk* soud soudu soudy soudni* sudy sudn* sodisc* judecat* oikeuden tuomioist* karaja* kohus kohtu* tiesa tiesas tiesu teismas
  teismo teismui teisme teism* məhkəmə* sudi sudga сот соты сотта соттың *gericht cour justice juzgado* corte justica rechtbank* domstol* tingsratt*
  hovratt* byret* landsret* tingrett* lagmannsrett* instanta instantei instantele rechters oberlandes* судовий судового судової судове судовому
prosecut* прокур* *staatsanwal* staatsanwal* procureur* fiscalia* prokurat* savci* ugyesz* syyttaj* prokuror* εισαγγελ* תביע* نيابه دادستان* პროკურ*
  դատախազ* 검찰* 検察 检察 อัยการ अभियोज* пракурат* пракурор* тужила* tuzila* zalob* statnizastupitel* odvjetnistv* tuzitelj* tozil* prokur*
  openbaarministerie aanklag* aklag* anklag* patal* procurad* promotor* parquet پراسيكيوٹر* استغاثه الادعاء* المدعي* 검사 procuror* procurator*
  procuratur* attorney*
investigation* investigat* расследован* следств* следовател* следком* розслідуван* слідств* слідч* расследаванн* следчы разследван* истраг* istrag*
  preiskav* sledztw* dochodzen* vysetrov* ermittlung* ermittel* *ermittlungen untersuchung* onderzoek* utredning* efterforskning* undersokning*
  etterforskning* enquete* enquet* investigac* indagin* inchiest* nyomoz* vizsgal* tutkin* uurimi* juurdlus* izmekle* tyrim* sorustur* istintaq*
  arasdirma* tergov* surishtiruv* тергеу* anchet* ερευν* חקיר* תחקיר* التحقيق* تحقيقات* تفتيش* जांच* जाँच* สอบสวน สืบสวน 调查 調查 捜査 調査 수사 조사 გამოძიებ*
  հետաքննություն* քննչական* քննություն*
lawyer* адвокат* anwalt* *anwalt* avocat* abogad* advogad* avvocat* prawnik* adwokat* advokat* avukat* ugyved* asianaj* vandeadvok* δικηγορ* עורך
  محام* وكيل* ადვოკატ* փաստաբան* 변호사* 弁護士 律师 律師 ทนาย वकील*
lawsuit* sue sues sued suing иск иска иски иску исков исковое позов* klage *klage klagt verklag* plainte proces demanda* querella* causa acao processo
  pozew pozwu zalob* kereset* pert kanne kanteen haaste hagi hagiavald* prasiba* tiesvedib* ieskin* dava davasi tuzb* stamning* søksmal søgsmal
  rechtszaak* αγωγη αγωγησ μηνυσ* תביעה תביעת دعوي شكايت* სარჩელ* հայց* 소송* 訴訟 诉讼 起诉 ฟ้อง मुकदमा* procesu procesie procesy procesow procesem processi
fine fines fined штраф* strafe strafen *strafe* bussgeld* amende* multa multas multad* boete* grzywn* pokut* birsag* sakko* sakot trahv* baud* sods
  nauda ceza cezasi cərimə* amend* sanzion* казна* kazn* глоб* προστιμ* קנס* غرام* غرم* جريم* ჯარიმ* տուգան* 과징금* 벌금* 罰金 課徴金 罚款 罰款 ปรับ जुर्मान*
police полиц* поліц* polizei* polici* policj* polis* rendor* αστυνομ* משטר* شرطه پليس* პოლიცი* ոստիկան* 경찰* 警察 警方 ตํารวจ पुलिस
corrupt* *korrupt* korrupt* коррупц* корупц* карупц* bribe* bribery взятк* хабар* bestech* corruption corrupcao corruzion* corruptel* sobornos
  soborno* tangent* mazzett* korupc* korupcj* łapowk* uplatk* uplatek megveszteget* lahjon* korruptsioon* altkaem* kukul* kysis kysiai rusvet*
  yolsuzluk* corupti* διαφθορ* δωροδοκ* שחיתות שוחד فساد رشوه الرشوه კორუფ* ქრთამ* կոռուպ* կաշառ* 부패* 뇌물* 汚職 賄賂 贈賄 腐败 腐敗 贿赂 ทุจริต คอร์รัปชัน
  भ्रष्टाचार रिश्वत* подкуп* podkupn* kys korrupsi* rusvət* pora жемқор* сыбайлас omkop* mutor mutbrott* bestikk* korrupsjon* كرپشن* رشوت بدعنواني*
  สินบน schmiergeld* korrupci* kenopenz* corupt*
embezzle* fraud* растрат* хищен* мошенн* шахрай* *betrug* betrug* veruntreu* escroq* detournement* fraude* frode* estafa* oszust* podvod* csalas*
  petos* kavalluks* pettus* krapsan* sukciav* dolandir* inselaciun* prijevar* превар* bedrageri* svindel* απατ* υπεξαιρε* הונאה מרמה מעילה احتيال*
  اختلاس* كلاهبرداري* თაღლით* խարդախ* 사기* 횡령* 詐欺 横領 诈骗 詐騙 贪污 ฉ้อโกง धोखाधड़ी गबन махляр* ашуканств* измам* prevar* goljuf* krap* apgaul* dələduz*
  firildaq* firibgar* алаяқ* oplicht* bedrager* truff* frod* estaf* wyłudz* *betrug petok* huija* kelmus* دهوكه* فراڈ הונאת נוכל* หลอกลวง โกง
laundering отмыван* отмыт* відмиван* *geldwasche* geldwasche* blanchiment* blanqueo lavado lavagem riciclagg* praniu prania pranie* prani penzmos*
  rahanpes* rahapes* atmazgas* plovim* aklama* aklam* pranj* tvatt* hvitvask* hvidvask* witwas* ξεπλυμ* הלבנת הלבנה غسل تبييض* پولشويي* გათეთრ*
  լվացում* 자금세탁* 資金洗浄 マネーロンダリング 洗钱 洗錢 ฟอกเงิน адмыван* изпиран* пране прање прања spalare* spalarii yuyulma* leqallasd* yuvish* legallashtir*
  жылыстат* заңдастыр* penningtvatt* *tvatt blanchi* branqueament* لانڈرنگ* लॉन्ड्रिंग धनशोधन լվաց*
oligarch* олигарх* олігарх* *oligarch* oligarque* oligarca* oligarchi* oligarh* oligarkk* ολιγαρχ* אוליגרך اوليغارش* اليگارش* ოლიგარქ* օլիգարխ* 올리가르히*
  新興財閥 寡头 寡頭 โอลิการ์ช алігарх* oligark* oliqarx* اوليگارك* ओलिगार्क*
drug* наркот* drog* narkot* uyusturucu* ναρκωτικ* סמים مخدر* مواد ნარკოტიკ* թմրա* 마약* 麻薬 毒品 ยาเสพติด ड्रग*
extremis* экстремис* екстреміс* εξτρεμ* קיצונ* متطرف* افراط* ექსტრემის* ծայրահեղ* 극단주의* 過激派 极端主义 หัวรุนแรง कट्टरपंथ* उग्रवाद*
extremism* extremist* экстремист* екстремі* экстрэм* екстремист* ekstremist* ekstremiz* ekstremis* extrem* *extremis estremis* ekstrem* asirici*
  asirilik* radikal* экстремизм* εξτρεμισ* קיצוני* المتطرف* تطرف افراطي* انتها* उग्रवाद* चरमपंथ* หัวรุนแรง 极端 極端 過激主義 극단 ექსტრემიზმ* ծայրահեղական*
  aarimuslas* aarimuslik* aariliik*
terror* *terror террор* терорис* терор* тэрар* terorizm* teroris* τρομοκρα* טרור* מחבל* ارهاب* تروريست* تروريس* دهشت आतंक* ก่อการร้าย 恐怖 恐怖主义 恐怖分子 テロ
  테러 ტერორ* ահաբեկ*
foreignagent* agent agents иноагент* иностранныйагент іноагент* інагент* замежныагент agenta agentow agenti ausland* agenten agente ugynok* agentti
  agentteja ajani ajanlar четел πρακτορ* סוכן عميل عملاء* ايجنٹ* एजेंट* 外国代理人 エージェント 外国の代理人 외국대리인* აგენტ* գործակալ* agentem agentes агент агента
  агенту агентом агенты агентов агентам агентами агентах агенте агентите агентів ตัวแทนต่างชาติ
censor* blocking blocked blocklist blacklist цензур* блокиров* заблокиров* блокуван* заблокован* блакаван* блокіран* блокиран* блокир* blokir*
  zablokowan* cenzur* cenzu* blokow* blokov* zablokov* zensur* gesperrt sperrung* sperre netzsperr* sperrliste* geblokkeerd* blokkering* censuur*
  blockering* blockerad* blokering* blokeret blokkert sperret censura* bloque* blocco bloccat* blocage* zarol* tiltol* letilt* sensuur* estolist*
  tsensuur* blokeeri* blokes* bloket* blokav* uzblok* sansur* engelle* erisimeng* senzura* bloklama* blokdan* tsenzura* бұғатта* blocare* λογοκρισ*
  αποκλεισμ* צנזור* חסימ* חסום חסמה حجب رقابه محجوب* فيلتر* سانسور* بلاك سنسر* सेंसर* ब्लॉक प्रतिबंधित เซ็นเซอร์ ปิดกั้น บล็อก 封锁 封鎖 审查 審查 屏蔽 封禁 検閲 遮断
  ブロック 차단 검열 ცენზურ* დაბლოკ* ბლოკირებ* գրաքնն* արգելափակ*
register registry registries реестр* реєстр* рэестр* регистър* регистар* регистрац* реестар* rejestr* registr* *register nyilvantart* rekister*
  reyestr* тізілім* μητρω* רישום מרשם سجل سجلات* ثبت رجسٹر* रजिस्टर* रजिस्ट्री ทะเบียน 登记 登記 名单 名單 名录 登録簿 名簿 명단 등록 რეესტრ* რეგისტრ* ռեեստր*
  գրանցամատյ* sicili siciline
spy spies intelligence разведк* разведчик* розвідк* шпион* шпигун* geheimdienst* *geheimdienst* spion* nachrichtendienst* renseignement* espion*
  espionaj* espionaje inteligencia spionag* wywiad* szpieg* rozvedk* zpravodajsk* hirszerz* tiedustelu* vakoil* luure* spiegs izluk* zvalgyb*
  istihbarat* casus* obavestajn* obavjestajn* etterretning* underrattelse* inlichtingen* κατασκοπ* μυστικων ריגול מודיעין استخبار* جاسوس* დაზვერვ*
  հետախուզ* 정보기관* 첩보* 스파이* 諜報 情報機関 间谍 情报 情報局 ข่าวกรอง खुफिया जासूस* разузнаван* выведк* шпіен* обавештајн* шпијун* spijun* obvesceval* vohun* vyzvedn*
  kontrarozved* rozviedk* kontrarozvied* spioon* kem kemek kemked* efterretning* kəsfiyyat* razvedka* josus* барлау* тыңшы* spia spie خفيه
  контрразвед* спецслужб* контррозвід* spiegu spiegosan* snipu snipas snipai
army арми* армі* armee* ejercit* armia* ordu* στρατ* צבא* جيش* ارتش* არმი* ჯარ* բանակ* 군대* 軍隊 军队 กองทัพ सेना
  military militar* militair* militær* военн* войск* військ* збройн* ваенн* въоръжен* војск* војн* vojsk* vojn* wojsk* vojensk* vojenst* vojak*
  vojask* armada armady armade armadu armadou armadni* armata armatei hadsereg* katonai katonak katonasag* armeija* sotila* puolustusvoim* sojavag*
  kaitsevag* armija* brunot* kariuomen* kariskiai bundeswehr* streitkraft* krijgsmacht* landmacht* forsvarsmakt* hæren forsvaret askeri askerler*
  əsgər* hərbi* әскер* armiya* harbiy* צהל عسكر* فوج فوجي* სამხედრო* ռազմական* զինուժ* 군사* 육군* 陸軍 自衛隊 军方 軍方 陆军 ทหาร सैन्य सैनिक* फौज tentara militer*
  exercito exercitos esercito eserciti askerin honvedseg* honvedel*
general generals генерал* generał* gwardii generaal* generala generalu generalmajor* generaux tabornok* kenraal* kindral* generol* orgeneral*
  korgeneral* στρατηγ* גנרל* אלוף جنرال* لواء ژنرال* سرلشكر* جرنيل* जनरल* พลเอก นายพล 将军 將軍 上将 上將 将軍 大将 장군 대장 გენერალ* գեներալ* generalleut*
colonel* полковник* полковніка палкоўнік* pułkownik* plukovnik* kolonel* colonnell* coronel* ezredes* eversti* everst* pulkvedi* pulkvez* pulkinink*
  albay* polkovnik* συνταγματαρχ* אלוףמשנה קולונל* عقيد سرهنگ* كرنل* कर्नल* พันเอก นาวาเอก 上校 大校 大佐 대령 პოლკოვნიკ* գնդապետ* pukovnik* пуковник* oberst
  oberstleut* overste oberstlojt*
mercenar* наемник* найманц* найманец soldner* *soldner* mercenair* mercenari* najemni* parali* zsoldos* palkkasotur* palgasodur* μισθοφορ* שכירי מרצנר
  مرتزق* مزدور* დაქირავებულ* վարձկան* 용병* 傭兵 雇佣兵 僱傭兵 ทหารรับจ้าง भाड़े
pmc пвк чвк privatarmee* militarfirm* צבאיתפרטית مرتزقه شركهعسكريه ทหารรับจ้าง 民兵 民間軍事会社 민간군사 კერძოსამხედრო
weapon* arms оружи* оборон* зброї зброя *waffen* rustung* *rustung* armement* arme armes armas armamento armi bron zbrojen* zbran* zbroj* fegyver* ase
  asee aseteollis* relv* ieroc* ginkl* silah* savunma oruzj* vapen* vaben* wapen* οπλ* נשק سلاح اسلحه تسليح* იარაღ* զենք* 무기* 방산* 兵器 防衛 武器 军火 อาวุธ
  हथियार*
rocket* ракет* *rakete* rakete* fusee* cohete* rakiet* roket* raket* πυραυλ* רקט* טיל* صاروخ* موشك* რაკეტ* հրթիռ* 로켓* ロケット 火箭 จรวด रॉकेट*
missile* ракет* rakete* *rakete* raketa* rakiet* missil* misil* ohjus* rakett* raket* fuze* roketa* πυραυλ* טיל* صاروخ* صواريخ* موشك* რაკეტ* հրթիռ*
  미사일* ミサイル 导弹 飛彈 ขีปนาวุธ मिसाइल* strel* striel* rakes* зымыран* ميزايل* rachet* razzo razzi cohete* foguete* misseis
drone* дрон* беспилотн* безпілотн* бпла *drohne* drohne* drones droon* dronai insansiz iha droni μη επανδρωμεν* רחפן רחפנים כטב مسيرات* الطايرات*
  پهپاد* დრონ* դրոն* 드론* 무인기* ドローン 無人機 无人机 โดรน ड्रोन* беспілотн* безпилот* lennokki* bezpilot* bepilot* dron dronlar ұшқышсыз ڈرون* ντροουν dronar*
  drohn* כטבם מלט dronu drony dronow dronami dronov drona
radar* радар* радіолокац* радиолокац* радиоэлектрон* ρανταρ رادار* რადარ* ռադար* 레이더* レーダー 雷达 雷達 เรดาร์ रडार* מכם ראדאר
satellit* спутник* супутник* satelit* uydu* muhold* satelliit* δορυφορ* לוויין* ماهواره* სატელიტ* արբանյակ* 위성* 衛星 卫星 ดาวเทียม उपग्रह* спадарожнік*
  спътник* сателит* druzic* pavadon* palydov* peyk* suniy yoldosh* жерсерік* سيٹلايٹ* اقمار*
criminal* уголовн* кримінальн* крымінальн* наказателн* кривичн* krivicn* kazneno kaznen* kazensk* karne karnej karny karnego trestni* trestn* strafverfahren*
  *strafverfahren strafsach* strafrecht* penal penale penales penaux penali bunteto* rikosasia* rikostutk* rikosoikeu* kriminaal* kriminal* baudziam* cezai cinayət*
  jinoyat* қылмыстық strafzaak* strafrechtel* brottmal* brottsutred* straffesak* straffesag* ποινικ* פלילי* הפלילי* جنايي* الجنايي* جناييه كيفري*
  فوجداري* आपराधिक* อาญา คดีอาญา 刑事 형사 სისხლის քրեական
export* экспорт* експорт* экспарт* вывоз* износа износът износител* извоз* izvoz* eksport* vyvoz* ausfuhr* *ausfuhr exportkontroll* uitvoer* utforsel* exportation*
  exportacion* esportazion* exportac* exporta* kivitel kivitele kivitelt vienti* vienni* valjavedu eksporte* ihracat* ixrac* εξαγωγ* ייצוא* יצוא* تصدير* التصدير*
  صادرات* برامد* निर्यात* ส่งออก 出口 輸出 수출 ექსპორტ* արտահան*
eu european* europe europeancommission europeanunion евросоюз еврокомиссия eus ue ес єс еу εε europe* europa* europæ* europsk* europos europy europie europu europom evrop* европ* європ* еўроп* еўрап*
  euroop* eiropa* avrupa* avropa* yevrop* еуропа* еуроодақ* евросоюз* євросоюз* еўразвяз* еврокоми* єврокомісі* еўракаміс* евродепутат* євродепутат*
  evrounij* eurokomis* ευρωπ* ευρωκοινοβ* אירופ* اوروبا اوروبي* اروپا* يورپ* ევროპ* ევროკავშირ* ევროკომისი* եվրոպ* եվրամիություն* եվրահանձնաժողով* 유럽*
  欧州 欧盟 歐盟 欧洲 歐洲 ヨーロッパ 欧委会 ยุโรป อียู यूरोप* ईयू eropa
brussels brussel* брюссел* брусел* брюксел* брисел* bruxel* bryssel* brusel* bruksel* brusszel* briusel* brisel* bryussel* βρυξελλ* בריסל* بروكسل*
  برسلز ბრიუსელ* բրյուսել* 브뤼셀* ブリュッセル 布鲁塞尔 布魯塞爾 บรัสเซลส์ ब्रसेल्स ब्रुसेल्स
border borders границ* пограничн* приграничн* погранслужб* кордон* прикордон* мяжа мяжы мяжу мяжой памежн* граніц* гранични гранична граничен granica
  granice granici granicu granicom granicy granicach graniczn* granicni granicna przygranic* meje meji mejni mejna mejne hranic* pohranic* frontiera
  granitei granitele hatara hatarat hataron hatarok hataratkel* hatarzar* hataror* rajalla rajalle rajavartio* rajavalvo* rajanylity* itaraja*
  piiripunkt* piirivalv* piiriulet* riigipiir* robez* pasieni* pasieny* grenze grenzen grenzuber* grenzschutz* grenzkontroll* grenzpoliz* grenzgebiet*
  grenzregion* landesgrenz* staatsgrenz* grens grenscontrol* grensoverg* grensbewak* gransen granser granskontroll* gransoverg* grænse grænsen grænser
  grænsekontrol* grænseoverg* grense grensen grenser grensekontroll* grenseoverg* frontiere* frontalier* confini confine fronteir* sinirinda sinirdaki
  sinirotesi hudut hududu sərhəd* шекара* συνορ* גבול גבולות حدودي حدوديه مرز مرزي مرزها مرزهاي مرزبان* سرحد* بارڈر საზღვრ* საზღვარი საზღვარს
  საზღვარზე საზღვართან սահման սահմանի սահմանը սահմանին սահմանային սահմանապահ* 국경* 접경* 国境 边境 邊境 边界 邊界 ชายแดน พรมแดน सरहद सीमावर्ती बॉर्डर perbatasan
  chegarasi chegarasida chegarada chegaradan chegaralar* frontera fronteras fronteriz*
prison jail prisons jails jailed prisoner* тюрьм* тюрем тюремн* сизо сізо тюрм* вязниц* увязнен* турма турмы турму турме турэмн* затвор затвора
  затворът затворническ* затворник* затвору затворот затворск* затвореник* zatvor zatvora zatvoru zatvori zatvorsk* zatvorenik* zatvorenic* wiezien*
  wiezni* vezeni vezensk* veznic* vezni veznu vazenie vazenia vazeniu vaznic* zapor zaporu zaporih zapornik* inchisoar* inchisori* penitenciar*
  puscari* borton* vankila* vankilo* vangla vanglas vanglasse vanglat vanglad cietum* kalejim* gefangnis* *gefangnis haftanstalt* haftstrafe*
  justizvollzug* jva gevangenis* fangels* fængsel fængsl* fengsel fengsl* prisonnier* penitentiair* prision prisiones carcel* carcer* prigion*
  penitenziari* prisao prisoes hapishan* cezaevi* cezaevleri* həbsxana* түрме* qamoqxona* qamoq φυλακη φυλακησ φυλακεσ φυλακων φυλακισ* כלא מאסר سجن
  سجون سجناء سجين زندان* قيدي ციხე ციხეში ციხის ციხიდან საპატიმრო* բանտ բանտի բանտում բանտից բանտարկ* 교도소* 감옥* 구치소* 刑務所 監獄 拘置所 监狱 看守所 坐牢 เรือนจํา
  ติดคุก जेल जेलों कारागार* penjara*
arrest arrested arrests арест* задержан* арешт* затриман* арышт* затрыман* задържан* ухапс* ухапш* ухићен* уапсен* апсење апсења апсењето uhaps*
  uhicen* uhiti* areszt* zatrzyman* zatcen* zatknut* zadrzen* zadrzan* aretira* aretacij* arest* retinut* letartoztat* orizetb* pidatet* pidatys
  pidatyk* vangits* vahista* arreteer* aiztur* apcietin* suimt* suemim* sueme verhaft* festnahme* *festnahme festgenommen* gearresteerd* aangehouden
  aanhouding* arrester* anhall* haktad* haktning* haktas anhold* pagrip* pagrep* incarcer* arrestad* arresto detencion* arrestat* detido detidos
  detida detencao tutukla* gozalti* həbs həbsi həbsə тұтқында* қамауға hibsga qamoqqa συλληφθ* συλληψ* συνεληφ* מעצר מעצרים נעצר נעצרה נעצרו עצורים
  اعتقال* اعتقل معتقل معتقلين توقيف بازداشت* گرفتار* დააკავ* დაპატიმრ* დაკავება დაკავების ձերբակալ* կալանավոր* 체포* 구속* 逮捕 拘束 被捕 拘留 拘捕 จับกุม गिरफ्तार*
  गिरफ़्तार* ditangkap penangkapan menangkap interpelle interpelles interpellee* detenido detenidos detenida detenidas دستگير دستگيري
strike strikes tradeunion tradeunions walkout* забастов* бастую* бастов* стачк* профсоюз* страйк* профспілк* забастоўк* прафсаюз* стачн* синдикат*
  штрајк* strajk* sindikat* zwiazkowc* stavkuj* stavkaj* odbory odborar* greva grevei grevist* sindicat* sztrajk* szakszerv* lakko lakon lakkoa
  lakossa ammattiliit* streik* streigi* ametiuh* arodbiedr* profsajung* *streik gewerkschaft* *gewerkschaft stakingen vakbond* strejk* fackforbund*
  fackforen* fagforening* fagforbund* greve greves syndicat syndicats syndical* huelga* huelguist* sindical* scioper* sindacat* sindacal* grevi grevde
  grevci* sendika* tətil* həmkarlar* ереуіл* кәсіподақ* απεργ* συνδικατ* שביתה שביתת שביתות שובתים اضراب* نقابه نقابات نقابي* اعتصاب* سنديكا* هڑتال*
  გაფიცვ* გაფიცულ* პროფკავშირ* գործադուլ* արհմիութ* արհեստակց* 파업* 노조* 노동조합* ストライキ 労働組合 労組 罢工 罷工 工会 工會 นัดหยุดงาน สหภาพแรงงาน हड़ताल* mogok pemogokan
  stakingsac*
agency agencies агентств* агенці* агенцтв* агенци* agencij* agencj* agentur* *agentur agentie agentia agentiei agentii agentiile ugynokseg* virasto
  virastot viraston agentuur* agentschap* nyhetsbyra* byraer byraet reklambyra* nyhedsbureau* agence agences agencia* agenzia agenzie ajans* agentlik*
  agentlig* агенттік* агенттіг* πρακτορει* סוכנות סוכנויות وكاله وكالات اژانس* خبرگزاري* ايجنسي* სააგენტო* գործակալութ* 에이전시* 대행사* 代理店 エージェンシー 通信社 机构
  機構 代理商 通讯社 通訊社 เอเจนซี่ หน่วยงาน สํานักข่าว एजेंसी* एजेंसियों agensi
permit permits разрешен* дозвіл дозволу дозволів дозволом дазвол дазволу дазволы дазволаў разрешител* дозвола дозволе dozvola dozvole dozvolu dozvolom
  pozwolen* zezwolen* povolen* dovoljenj* autorizat* permise permisul engedely* luvan luvat lubade lubad atlauj* leidim* genehmig* erlaubnis*
  *genehmigung *erlaubnis vergunning* tillstand* tillatels* løyve* tilladels* autorisation* permiso permisos autorizac* permessi permesso autorizzaz*
  izin izni iznin izinler* ruhsat* icazə* рұқсат* ruxsat* αδεια αδειεσ αδειων αδειοδοτ* היתרי היתרים تصاريح ترخيص تراخيص مجوز مجوزها* پروانه اجازت*
  پرمٹ* ნებართვ* թույլտվութ* 허가* 인허가* 許可 認可 许可 许可证 許可證 ใบอนุญาต परमिट* अनुमति* perizinan izinnya alvara alvaras
patent* патент* патэнт* brevet* szabadal* patend* πατεντ* ευρεσιτεχν* פטנט* براءات پتنت* اختراع* پيٹنٹ* პატენტ* պատենտ* արտոնագր* արտոնագիր* 특허* 特許 专利
  專利 สิทธิบัตร पेटेंट* paten patennya роспатент* укрпатент*
trademark* товарный товарного товарному товарным товарном марки маркой warenzeichen* markenzeichen* markenrecht* schutzmarke* handelsmerk*
  merkenrecht* varumark* varemerk* varemærk* tavaramerk* kaubamark* vedjegy* znamk* marchio marchi marcas tescil* əmtəə* σημα σηματοσ σηματα ٹريڈمارك*
  სასაქონლო* ապրանքանիշ* 상표* 商標 商标 เครื่องหมายการค้า ट्रेडमार्क* merek
"""
