"""Context words about ships, aircraft, railways and travel. How they are written: see `words`. Pure."""

from __future__ import annotations

TRANSPORT = """
airline* авиакомпан* авіакомпан* fluggesellschaft* airlin* aerolinea* aerien* havayol* legitarsasag* lentoyhtio* lennufirma* compagnia αεροπορικ*
  תעופה طيران* هواپيمايي* ავიაკომპანი* ავიახაზ* ավիաընկեր* 항공* 航空 สายการบิน एयरलाइन* lagprisbolag* flygbolag* luftfartsselskab* flyselskap*
  luchtvaart* companie aerian* compagnie авіаперевізн* авиаперевозч* лоукост* lowcost* lowcoster* aviokompan* aviolinij* aviakompanij* oro linij*
  linie lotnicz* aerolin* 저가항공* 格安航空 廉航 航司 항공사* 항공편* 항공기* aviokompanij* luchtvaartmaatschappij* авіялін* خطوط ايرلاين* اييرلاين* فضايي* 航空公司 航空会社
  αερογραμμ* авиалин* авіякампан* авиокомпан* linii letecka leteckej zrakoplovn* letalsk* prevoznik* lentoyhti* lennukompan* lidsabiedr* aviakompan*
  aviasirkət* әуекомпан* vliegmaatsch* flyselskab* luftfart* aereo aerei aerea aeree aereas aereos aerov*
flight* рейс* рейс flug* fluge* vol vols vuelo* voo voos volo voli ucus* jarat* lento* skrydz* πτησ* טיסה טיסות رحله رحلات* پرواز* რეის* ფრენ* թռիչք*
  չվերթ* 항공편* フライト 航班 เที่ยวบิน उड़ान* فلايٹ* טיסת फ्लाइट* 班机 班機 비행편 운항 вылет* виліт* рэйс* полет* лета летови letov* lotu loty lotow rejs* poleti
  zbor zboruri zborul repulojarat* lennot lennon lennolla lend lennu lennud lendu lidojum* skryd* reys* parvoz* ұшу vlucht vluchten flyg flyget
  flygning* flyvning* flyet seferi seferler reiss reisa reisi kursa lennul lende lendude
airport* аэропорт* аеропорт* flughafen* aeroport* aeropuert* lotnisk* havaliman* repulot* lentoasem* lennujaam* αεροδρομ* נתב مطار* فرودگاه* აეროპორტ*
  օդանավակայան* 공항* 空港 机场 機場 สนามบิน एयरपोर्ट اييرپورٹ* נתבג שדההתעופה נמלהתעופה हवाईअड्डा аэрапорт* летищ* аеродром* aerodrom* letist* letisk*
  zracnaluka zracnoj zracne letalisc* lidost* orouost* әуежай* luchthav* vliegveld* flygplats* lufthavn* flyplass*
aircraft* самолет* літак* flugzeug* avions aviones ucak* samolot* repulogep* αεροσκαφ* αεροπλαν* מטוס* طايره طايرات* هواپيما* თვითმფრინავ* ինքնաթիռ*
  항공기* 여객기* 航空機 飛行機 飞机 飛機 เครื่องบิน विमान* авиалайнер* лайнер* самалет* авион* avion* letadl* letoun* lietadl* avioane* lentokone* lennuk* lidmasin*
  lektuv* təyyar* samolyot* ұшақ* vliegtuig* flygplan* flyet flyvemask* aereo aerei velivol* aviao avioes aeronave* طيار* 客机 客機 旅客機 機体 letalo letala
  letalsk* letalom
helicopter* chopper вертолет* вертоліт гелікоптер* вертольот* верталет* хеликоптер* helikopter* vrtulnik* smigłow* hubschrauber* *hubschrauber
  elicotter* kopteri* kopter* sraigtasparn* vertolyot* тікұшақ* elicopter* ελικοπτερ* מסוק* مروحي* هليكوبتر* بالگرد* هليكوپتر* چرخبال* هيلي كاپٹر*
  हेलीकॉप्टर* เฮลิคอปเตอร์ 直升机 直升機 ヘリ ヘリコプター 헬기 헬리콥터* ვერტმფრენ* შვეულმფრენ* ուղղաթիռ*
taxi* *taxi* таксист* таксі taks* takso* cab cabs minicab ταξι מונית מוניות تاكسي* ტაქს* տաքսի* 택시* タクシー 出租车 計程車 网约车 แท็กซี่ टैक्सी* اجره ٹيكسي* 的士 配車
  ταξιτζ* такси* pavezej* fahrdienst* vtc tassist* drosje* taxa taxaen taxaer taxachauffor*
scooter* *scooter* самокат* трот* trottinett* patinet* hulajnog* roller* rollere* monopattin* скутер* πατινι* קורקינט* سكوتر* اسكوتر* სკუტერ* սկուտեր*
  킥보드* キックボード 滑板车 สกู๊ตเตอร์ स्कूटर*
ride rides поездк* поїздк* fahrten course courses viaje* przejazd* yolculuk* διαδρομ* נסיעות सवारी การเดินทาง 乘车 乘車 乗車 승차 მგზავრობ* ուղեւոր* korning
  fahrdienst*
driver drivers водител* водії* водій таксист* *fahrer* fahrer* chauffeur* conductor* motorista* kierowc* ridic* sofor* surucu* kuljettaj* autojuh*
  vairuotoj* vaditaj* οδηγ* נהג* سايق* رانند* მძღოლ* վարորդ* 운전자* 기사* 運転手 司机 คนขับ ड्राइवर*
ship ships vessel* tanker* судно* танкер* schiff* navire* buque* statek* statk* gemi* hajo* πλοι* ספינ* אוניי* سفين* كشتي* გემ* նավ* 선박* タンカー 油轮 船只 貨船
  เรือบรรทุก जहाज* tankskip* tankfartyg* tankfart* tanktartaly* tartalyhajo* olajszallit* tankkeri* tankkilaiv* laiva* laev* tanklaev* kugi* tankkug*
  laiv* tanklaiv* schip* olietanker* skib* fartyg* корабл* судна судам судов суден* пароплав* petrolier* petrolero* petroleir* nave navi ناقله ناقلات*
  تانكر* نفتكش* سفن סיפון מכלית* אוניית δεξαμενοπλοι* τανκερ* φορτηγο ტანკერ* լցանավ* 유조선* 화물선* 船舶 輸送船 油輪 貨物船 टैंकर* เรือ صهريج* ٹينكر* מיכלית מיכליות
  เรือน้ํามัน แทงเกอร์ տանկեր* tankowiec tankowc* sailioalu* *tanker navio* tankskib* باخره شناور* بحري אוניה אוניות पोत 船 货轮 貨輪 σκαφ* ხომალდ*
  пароход* корабел* суднаў карабл* карабел* кораб* брод брода бродови brod broda brodov* lod lodi lode plavidl* ladja ladje ladjo plovil* nava navei
  navele vapor* aluksen alukset kug gəmi* kema kemasi kemalar* кеме кемесі кемелер* *schiff bateau* barco* imbarcazion* embarcac* schepen skepp*
  fartøj* skipet fartøy*
shipping freight cargo судоход* судноплав* мореход* мореплав* грузов* грузопер* фрахт* контейнер* reederei* *reederei* schifffahr* seefracht frachter*
  *frachter* armateur* maritim* fret armement navier* naviera* armador* armator* zeglug* rejdar* lodni hajozas* hajostarsasag* varustam* laivayhtio*
  merenkulku* laevandus* laevafirma* kugniec* kugosan* laivyb* denizcilik* nakliy* navlun* rederi* scheepvaart* lastfartyg* fraktfartyg* ναυτιλι*
  εφοπλιστ* φορτι* ספנות הספנות משא מטען شحن الشحن* ملاح* الملاحه كشتيراني* باربري* გადაზიდვ* საზღვაო გემთ* նավագնաց* նավային բեռնափոխադ* 해운* 선사* 화물*
  海運 船会社 貨物 航运 海运 货运 航運 海運公司 ขนส่ง เดินเรือ शिपिंग जहाजरानी माल
container* logistic* freight* forwarder* контейнер* логист* логіст* лагіст* кантэйнер* експедитор* logistyk* kontener* spedycj* kontejner* logistik*
  *logistik spedition* *container frachtfuhr* vrachtw* expediteur* conteneur* logistiq* transitaire* contenedor* logist* contentor* conteiner*
  szallitmany* logiszt* kontti* konteiner* ekspedic* ekspedij* lojistik* konteyner* κοντεινερ* εμπορευματοκιβ* εφοδιασ* מכולה מכולות לוגיסט* حاويه
  حاويات* لوجست* كانتينر* لجستيك* لاجسٹك* كنٹينر* लॉजिस्टिक* कंटेनर* โลจิสติกส์ ตู้คอนเทนเนอร์ 集装箱 貨櫃 物流 コンテナ 컨테이너* 물류 კონტეინერ* ლოჯისტიკ* կոնտեյներ*
  բեռնարկղ* լոգիստ*
port ports порт портов* *hafen hafen* puerto* porto porti porty portu pristav* kikoto* satama* sadam* ostas osta uost* liman* luka luke hamn* havn*
  haven* λιμαν* λιμεν* נמל ميناء* مواني* პორტ* նավահանգ* 항구* 항만* 港湾 港口 ท่าเรือ बंदरगाह* portul* ostu порты مرفا بندر* пристанищ* порце лук pristanisc*
  portos portuar*
shipyard* верф* верфь суднобудів* судостро* *werft* werft* chantier* astiller* cantier* estaleir* stoczni* lodenic* hajogyar* telakk* laevateh*
  kugubuv* laivu tersane* santier* brodogradil* skipsverft* skibsværft* varv ναυπηγε* מספנ* حوض ترسانه გემთმშენებ* 조선소* 造船 造船厂 造船所 อู่ต่อเรือ
  जहाजनिर्माण नौसैनिक նավաշինական նավաշինարան*
submarine* подлодк* подводн* підводн* unterseeboot* sousmarin* submarin* sottomarin* okret* ponork* tengeralattjaro* sukellusven* allveelaev* zemuden*
  povandenin* denizalti* υποβρυχι* צוללת צוללות غواص* زيردريايي* წყალქვეშა սուզանավ* 잠수함* 潜水艦 潜艇 潛艇 เรือดําน้ํา पनडुब्बी*
yacht* superyacht* яхт яхта яхты яхту яхте яхтой яхтен* яхті ехт jacht* jahta jahte jahti jahtu *yacht *jacht lustjakt yate yates megayate* panfilo
  panfili iate iates megaiate* huvijaht* luksusjaht* jahdin huvipur* jaht jahtas yat yati yatlar yatin yaxta* iaht iahtul iahturi iahtului κοτερο
  κοτερα γιοτ θαλαμηγ* יאכט* يخت يخوت كشتيتفريحي* ياٹ यॉट नौका เรือยอชต์ เรือยอทช์ 游艇 遊艇 ヨット 요트 იახტ* զբոսանավ*
railway* rail railroad* железнодорож* железн* залізниц* залізничн* *bahn eisenbahn* ferroviair* chemin ferroviari* ferrocarril* ferrovia* kolej*
  zeleznic* zeleznicn* vasut* rautatie* raudtee* dzelzcel* gelezinkel* demiryol* железниц* jarnvag* jernban* spoorweg* σιδηροδρομ* רכבת سكك سكه
  راهاهن* რკინიგზ* երկաթուղ* 철도* 鉄道 铁路 鐵路 รถไฟ रेलवे* feroviar* чыгун* железо* dəmiryol* temiryol* temir теміржол* spoor ريلوے* ريل trains train
  поезд* электричк* жд ржд поїзд* потяг* sncf tren trenes treni treno comboio* trem ferrov* zuge toget רכבות قطار* pociag* tagtrafik*
hotel* отел* готел* гостиниц* *hotel* otel* szalloda* hotell* ξενοδοχ* מלון* فندق* هتل* სასტუმრო* հյուրանոց* 호텔* ホテル 酒店 โรงแรม होटल* viesnic* viesbu*
  гатэл* mehmanxana* mehmonxona* қонақүй* هوٹل 饭店 飯店 хотелът хотелиер*
  szallod* szallo szallas* хотелск* хотелите хотелијер* гасцініц* albergo albergh* мейманхана* فنادق מלונות מלונאות מלונאי* 旅館 旅馆 宾馆 賓館 旅店 penginapan*
  hostel* хостел* motel* мотел* gostinstv*
booking* tourism tourist* travel* touroperator* бронирован* бронюван* браніраван* брониран* турист* туризм* туроператор* тураператар* турыст*
  резервац* резервир* rezervac* rezervir* rezerwac* turysty* turis* buchung* buchen *buchung reisen reiseveranst* reiseburo* boeking* reisbureau*
  toerist* bokning* resebolag* reseforet* bestilling rejsesel* rejser reiser reisebyra* reservation* voyage* touris* viaje* viagem viagens prenotaz*
  viaggi viaggio foglalas* utazas* idegenforg* varaus* matkailu* matkanjarj* broneeri* reisikorrald* celojum* turizm* kelioni* kelione* rezervasyon*
  seyahat* tatil* rezervasiya* səyahət* bron sayohat* брондау* саяхат* rezervar* κρατησει* κρατηση* τουρισμ* ταξιδι* הזמנות תייר* נופש حجز حجوزات*
  سياحه سفر رزرو گردشگر* مسافرت* بكنگ سياح* बुकिंग* पर्यटन* यात्रा จอง ท่องเที่ยว 预订 預訂 旅游 旅遊 旅行 予約 観光 예약 여행 관광 დაჯავშნ* ტურიზმ* ტურისტ* ամրագր*
  զբոսաշրջ* reisenden rezervas* reservas
truck* lorry lorries грузовик* фура фуры фуру фурой фургон* тягач* вантажівк* вантажівок грузавік* камион* шлепер* kamion* ciezarowk* ciezarowek
  ciezarowc* nakladak* nakladiak* tovornjak* camion* camioan* autocarr* caminhao caminhoes caminhon* teherauto* kuormaauto* rekka rekkaa rekkoja
  rekkojen veoauto* veok veoki veokid veokit vilkik* sunkvezim* lkw lkws lastwagen* lastkraftwag* sattelzug* vrachtwagen* vrachtauto* lastbil*
  lastebil* kamyon* φορτηγ* νταλικ* משאית משאיות شاحنه شاحنات كاميون* ٹرك ٹركون სატვირთო բեռնատար* 트럭* 화물차* トラック ダンプカー 卡车 卡車 货车 貨車 รถบรรทุก ट्रक* truk
  rekkaauto* fures
engine engines двигател* мотор мотора моторы моторов мотором мотори моторот двигун* рухавік* motor motora motory motorow motoru motorem motorul
  motorului motoare* motors motoren motorn motorer motorlar* motorun motorok motorja silnik* dzinej* varikl* moottori moottorin moottorit moottoria
  moottoreita moottorien suihkumoottor* mootor mootori mootorid mootorit mootorite triebwerk* *triebwerk moteur moteurs propulseur* motores motore
  motori hajtomu* muhərrik* қозғалтқыш* dvigatel* κινητηρ* מנוע מנועי מנועים محرك محركات موتور موتورهاي انجن ძრავა ძრავის ძრავი ძრავები ძრავების
  շարժիչ* 엔진* エンジン 引擎 发动机 發動機 เครื่องยนต์ इंजन* mesin
rental rentals carsharing carshare аренда аренды аренду арендой аренде арендн* арендов* прокат проката прокате каршеринг* кикшеринг* оренд*
  прокату каршерінг* арэнд* пракат пракату наем изнајм* рентакар rentakar rentacar iznajmljiv* najam najem najema wynaj* wypozycz* pujcov* pronaj*
  pozicovn* prenajom prenajm* izposoj* inchiri* berles* kolcsonz* autoberl* vuokra* autorent rendiauto* autorendi* iznomas* iznomat* nuoma nuomos
  nuomot* nuomoj* mietwag* autovermiet* vermiet* *vermietung leihwag* verhuur* autoverhuur* huurauto* hyrbil* biluthyr* uthyrning* leiebil* bilutleie*
  utleie* biludlej* udlejning* lejebil* loueur* alquil* arrendador* alugu* locadora* autonolegg* nolegg* kiralik kiralama* icarə* kirayə* жалға ijara*
  ενοικια* השכרה השכרת השכרות تاجير* استيجار* ايجار ايجارات اجاره* كرايه* كرايے გაქირავ* ქირავნობ* ქირაობ* վարձույթ* վարձակալ* 렌터카* 렌트카* 대여* 임대* レンタル
  レンタカー 租赁 租賃 租车 租車 出租 เช่ารถ ให้เช่า किराये किराए sewa penyewaan verleih verleiher autoverleih*
"""
