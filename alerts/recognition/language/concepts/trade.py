"""Context words about companies, people in them, shops and goods. How they are written: see `words`. Pure."""

from __future__ import annotations

TRADE = """
company compan* компани* firma* unternehmen* societe* empres* aziend* społk* sirket* vallalat* yhtio* ettevot* imon* uznemum* εταιρ* חברת شرك* شركت*
  კომპანი* ընկերությ* 회사* 기업* 会社 企業 公司 บริษัท कंपनी* कंपनियों кампан* фірм* фирм* дружеств* firm* предузећ* preduzec* spolecnost* podnik* spolocnos*
  tvrtk* poduzec* podjetj* kompan* bendrov* sirkət* korxona* кәсіпорын* bedrijf bedrijven onderneming* bolag* foretag* *bolaget selskab* virksomhed*
  selskap* bedrift* *selskapet كمپني* كمپنيون* كمپنيان* druzba druzbe druzbi druzbo
businessman businessmen businesswoman tycoon* entrepreneur* billionaire* millionaire* бизнесмен* предпринимател* миллиардер* бізнесмен* підприєм*
  мільярдер* бізнэсмен* прадпрымальн* милиардер* милијардер* предприемач* biznismen* poduzetnik* podjetnik* miliarder* biznesmen* przedsiebior*
  miliardar* podnikatel* geschaftsmann* unternehmer* milliardar* zakenm* ondernemer* miljardair* affarsm* forretningsm* milliardær* miljardar*
  foretagare iværksætter* hommedaffaires milliardaire* empresari* magnate* multimillonari* imprenditor* bilionari* empresar* uzletemb* vallalkozo*
  milliardos* liikemie* arimees* arimehe* uznemej* miljardier* verslinink* milijardier* isadam* isinsan* milyarder* tadbirkor* кәсіпкер* omdeafaceri
  επιχειρηματ* δισεκατομμυριουχ* מיליארדר* طايكون* الاعمال* ملياردير* المليارد* بازرگان* ميليارد* تاجر پتي कारोबारी व्यवसायी उद्योगपति अरबपति
  นักธุรกิจ มหาเศรษฐี 商人 富豪 企业家 企業家 亿万富翁 億萬富翁 大亨 実業家 億万長者 사업가 기업인 억만장자* 재벌 ბიზნესმენ* მილიარდერ* გოწარმე* գործարար* միլիարդատեր*
owner* shareholder* beneficiar* stakeholder* владел* собственник* акционер* бенефициар* власник* акціонер* бенефіціар* уладальнік* уласнік* акцыянер*
  собственик* собственици vlasnik* vlasnic* dionicar* lastnik* delnicar* własciciel* akcjonarius* udziałow* majitel* vlastnik* akcionar* vlastnic*
  eigentumer* inhaber* besitzer* aktionar* gesellschafter* *aktionar eigenaar* aandeelhoud* agare* aktieagar* ejer ejere ejerne aktionær* eier eiere
  eierne aksjonær* proprietaire* actionnair* dueno* propietari* accionist* proprietari* azionist* titolare donos acionist* tulajdonos* reszvenyes*
  omistaj* osakkeenomist* omanik* aktsionar* ipasniek* savinink* akcinink* sahibi sahipleri ortagi hissedar* sahibkar* səhmdar* egasi aksiyador* иесі
  иелері proprietar* actionar* ιδιοκτητ* μετοχ* בעלים בעלת בעלי בעלהמניות مالك ملاك مساهم* سهامدار* مالكان* حصص मालिक* शेयरधारक* เจ้าของ ผู้ถือหุ้น
  所有者 业主 股东 股東 老板 大股东 オーナー 株主 소유주 주주 오너 მფლობელ* მესაკუთრ* აქციონერ* սեփականատեր* բաժնետեր*
founder* cofounder* основател* сооснователь сооснователе* засновник* співзасновник* заснавальнік* сузаснавальнік* основоположник оснивач* osnivac*
  ustanovitel* załozyciel* wspołzałozyciel* zakladatel* spoluzakladatel* grunder* mitgrunder* mitbegrunder* oprichter* medeoprichter* grundar*
  medgrundar* stifter* medstifter* grunnlegger* fondateur* cofondateur* cofondatr* fundador* cofundador* fondator* fondatric* alapito* tarsalapito*
  perustaj* asutaj* kaasasutaj* dibinataj* lidzdibin* ikurej* steigej* kurucu* qurucu* təsisci* asoschi* құрылтайшы* cofondator* ιδρυτ* συνιδρυτ*
  מייסד* موسس بنيانگذار* باني संस्थापक* ผู้ก่อตั้ง 创始人 創始人 创办人 創辦人 創業者 창업자 창립자 설립자 დამფუძნებ* დამაარსებ* հիմնադիր* համահիմնադիր* grundlaggare*
ceo ceos chiefexecutive executive* director* директор* дырэктар* гендиректор* дирэктор* управител* direktor* dyrektor* prezes* reditel* riaditel*
  geschaftsfuhr* vorstand* konzernchef* *vorstand directeur* bestuursvoorz* topman topvrouw koncernchef* topchef* konsernsjef* administrerende
  direktør* *direktør toimitusjoht* pdg dirigeant* consejerodelegado directivo* amministratore amministratrice diretor* vezerigazgato* igazgato*
  tegevjuht* juhatus* valdesprieks* izpilddirekt* vadov* genelmudur mudur* yonetici* icraci бастығы διευθυνων διευθυνοντ* διευθυντ* מנכל מנכלית מנהל*
  مديرعامل* الرييسالتنفيذي* التنفيذي* المدير* سربراه ايگزيكٹو* सीईओ* निदेशक* ซีอีโอ ผู้บริหาร กรรมการผู้จัดการ 首席执行官 執行長 总裁 總裁 总经理 總經理 最高経営責任者 社長
  대표이사* 사장 최고경영자* დირექტორ* տնօրեն* გენდირექტორ* administratorul
employee* staff worker* layoff* сотрудник* работник* увольнен* працівник* співробітник* супрацоўнік* работнік* служител* запослен* radnik* radnic*
  zaposlen* delavc* pracown* zamestnan* mitarbeit* angestellt* *mitarbeiter beschaftig* werknemer* medewerk* personeel* anstalld* medarbetar* ansat
  ansatte ansatt medarbejder* employe* salarie* emplead* trabajador* dipendent* lavorator* funcionar* trabalhad* empregad* alkalmazott* munkatars*
  dolgozo* tyontekij* henkilost* tootaj* darbiniek* darbuotoj* calisan* personel* isci* əməkdas* xodim* қызметкер* angajat* υπαλληλ* εργαζομεν* עובד
  עובדי עובדים موظف* عمال كارمند* كاركنان* كارگر* ملازم* कर्मचारी* कर्मचारियों พนักงาน ลูกจ้าง 员工 員工 职员 職員 雇员 僱員 従業員 社員 직원 임직원 노동자 თანამშრომ*
  დასაქმებ* աշխատակ* աշխատող*
subsidiary subsidiaries дочк* дочерн* дочірн* tochterfirm* *tochter tochtergesellschaft* filial* filiale* filie* społka corka zalezn* dcerin*
  leanyvall* leanyc* tytaryhtio* tutarettev* meitasuznem* dukterin* istirak* bagli kcerk* dotterbolag* datterselskap* datterselskab* dochter*
  θυγατρικ* חברת בת تابعه شركت შვილობილ* դուստր 자회사* 子会社 子公司 บริษัทลูก
concern концерн* konzern* *konzern* koncern* konsern* konzorc* ομιλοσ ομιλου קונצרן كنسرن* گروپ เครือ กลุ่มบริษัท 集团 集團 グループ 그룹 კონცერნ* ჰოლდინგ*
  կոնցեռն* հոլդինգ* holding*
marketplace* маркетплейс* *marktplatz* marktplatz* pazaryer* piattaforma* מרקטפלייס მარკეტპლეის* 오픈마켓* マーケットプレイス 电商 電商 มาร์เก็ตเพลส markkinapai*
  kauppapaik* turuplats* tirgus* turgaviet* handelsplats* marknadsplats* markedsplads* markedsplass* piacter* trzist* piata piazza platforma handlow*
  marketpleys* бозор* базар* αγορα* سوق אתר ईकॉमर्स* 온라인몰* 쇼핑몰* 通販 շուկա առեւտրային ماركت* मार्केटप्लेस
order orders заказ* замовлен* bestell* *bestell* commande* pedido* zamowien* zamowien siparis* rendeles* tilau* tellimu* παραγγελι* הזמנ* طلبيه طلبات*
  سفارش* შეკვეთ* պատվեր* 주문* 注文 订单 訂單 คําสั่งซื้อ ऑर्डर*
seller* продав* verkaufer* *handler* vendeur* vendedor* sprzedawc* satici* elado* myyja* muuja* πωλητ* מוכרים بايع* فروشند* გამყიდველ* վաճառող* 판매자*
  出品者 卖家 商家 ผู้ขาย विक्रेता*
delivery доставк* lieferung* livraison* entrega* dostaw* teslimat* παραδοσ* משלוח* توصيل* მიწოდებ* მიტან* առաք* 배달* 배송* 配達 外卖 配送 डिलीवरी จัดส่ง
  เดลิเวอรี ส่งอาหาร
  deliveries lieferdienst* *lieferdienst lieferservice* lieferfahr* liefern liefert auslieferung* bezorgdienst* bezorger* bezorging* bezorgen bezorgt
  bezorgapp* maaltijdbezorg* levering* leverans* levererar levererat hemleverans* matleverans* matlevering* kuryer* kurir* kurier* kurjer* kurye
  kuryesi kuryeler курьер* куриер* курєр* dorucen* dorucov* dorucit* dodavka dodavky dodavku dodavok dodavek rozvoz* donask* dostave dostavu dostavom
  dostavljac* dostavljanj* достава доставе доставу доставом доставува* дастаўк* dowoz dowozu dowozem dorecz* szallit* kiszallit* hazhozszallit*
  kotiinkuljetu* ruokalahet* toimitusaik* tarne tarned tarneid tarneahel* kohaletoimet* piegad* pristatym* isvezioj* livreur* livrer livrent livrator*
  repartidor* repartos consegn* asporto catdiril* жеткіз* yetkazib yetkazish yetkazuvchi* διανομ* ντελιβερι שליחויות دليوري ڈيليوري* ترسيل კურიერ* 택배*
  宅配 デリバリー 出前 外賣 外送 送餐 送货 送貨 डिलिवरी pengiriman pengantaran курир курира курири куририте kullerid kullerit kullerteenus* livrare livrarea livrari
  livrarile livrarii
shop shops магазин* крамниц* boutique* tienda* sklep* magaza* καταστημα* חנות חנויות متجر* متاجر* فروشگاه* მაღაზი* խանութ* 매장* 상점* 店舗 商店 门店 門市 ร้านค้า
  दुकान* store stores *laden laden geschaft* obchod* prodejn* trgovin* uzlet* kauppa* kaupan kauppo* myymal* kauplus* pood veikal* parduotuv* winkel*
  butik* негозио negozio magasin* loja lojas дүкен* dukkan* محلات* مغازه* دكان* اسٹور* شاپ חנותו स्टोर ร้าน 店铺 店 ショップ 가게 μαγαζι* крам крама крамы
  краме продавниц* prodavnic* радњ* predajn* ducan* magazin* boltok boltj* poed poes dokon negozi* dokonlar dokonlari dokonda dokoni dokonlarda
retailer* retail *retail* ритейлер* ритейл* ретейл* рітейлер* *einzelhandler* *einzelhandel* detaillant* minorista* varejist* dettagliant* perakend*
  kiskereskedo* vahittais* jaemuuja* jaekaubandus* prekybinink* mazumtirgo* roznicn* detalist* maloobchod* λιανικ* קמעונא* რითეილ* 소매* 小売 零售 ค้าปลีก
  маркет* торговельн* торгов* kaubandus* handelskett* *handelskette* handelsbolag* siec sklepow kiskeresked* магазинів сетев* تجزيه خردهفروش* خرده
  ريٹيل* خورده रिटेल* खुदरा 零售商 유통업체* λιανεμπορ* საცალო մանրածախ ռիթեյլ* рітейл* рытэйл* рознічн* търговец търговск* малопродај* maloprodaj*
  detaliczn* retezec retezc* retazec retazc* trgovack* trgovec trgovsk* kauppaketju* jaekett* jaemuu* jaekauband* mazumtirg* mazmenin* pərakəndə*
  chakana бөлшек* einzelhand* handler* *handler distributeur* rivenditor* retalhist* winkelketen* detaljhand* detaljist* butikskedj* detailhand*
  detailkæd* butikkjed*
supermarket* *supermarkt* супермаркет* гипермаркет* гіпермаркет* hypermarket* hipermerca* hipermarket* supermarche* hypermarche* supermercado*
  supermercat* szupermarket* supermarke* lielveikal* prekybos σουπερμαρκετ* סופרמרקט* סופר سوبرماركت* სუპერმარკეტ* სუპერმარკეტ 슈퍼마켓* 대형마트* スーパー 超市
  ซูเปอร์มาร์เก็ต सुपरमार्केट* սուպերմարկետ* հիպերմարկետ*
  хипермаркет* универсам* hypermarke* ruokakaup* toidupood* stormarknad* matbutik* dagligvar* elelmiszerbolt* سوپرماركت* هايپرماركت* هايبرماركت*
  سپرماركيٹ* היפרמרקט* υπερμαρκετ* ჰიპერმარკეტ* 하이퍼마켓* スーパーマーケット 超级市场 超級市場 大卖场 大賣場 量販 ไฮเปอร์มาร์เก็ต ซุปเปอร์มาร์เก็ต swalayan grocer*
trader* трейдер* торгов* *handler* rohstoffhand* negoc* negociant* operador* comerciante* trader handlarz* obchodnik* obchodn* kereskedo* kauppias*
  tradingu kaupleja* tirgotaj* prekiautoj* tuccar* trgovac trgovc* handlare* εμπορ* סוחר* متداول* تاجر* ტრეიდერ* առեւտր* 트레이더* トレーダー 交易员 交易商 เทรดเดอร์
  ट्रेडर*
brand brands branded branding marke marken бренд* marque* marca marcas marka* brandi* kaubamark* μαρκ* מותג* علامه برند* ბრენდ* բրենդ* 브랜드* ブランド 品牌 แบรนด์ ब्रांड*
  брэнд брэнда брэнды брэндаў брэндам znack* znamk* brendovi brendom brendu brendove tuotemerk* zimol* merk varumark* merkevar* mærke mærker mærket
  mærkevar* ماركات برانڈ* 名牌 ยี่ห้อ merek marchio marchi marki
advert* ads реклам* рэклам* reklam* oglas* werbe* *anzeige reclame* annons* publicit* publicidad* anuncio* anunciant* pubblicit* inserzion* hirdet*
  mainos* mainont* reklaami* reklaam* ilan ilanlar ilani жарнама* reclam* διαφημισ* διαφημ* פרסומ* פרסום اعلانات* دعايه تبليغ* اگهي* اشتهار* विज्ञापन*
  โฆษณา 广告 廣告 広告 광고 რეკლამ* գովազդ*
parcel* postal mailing courier* shipment* посылк* посилк* поштов* пошти пошту пасылк* колет* пратк* куриер* курьер* курєр* kurier* paczk* poczt*
  zasielk* zasilk* posta posti paket pakete paketa* paketdien* *paket postdienst* pakje pakket* postbedr* koerier* postnord pakke pakker pakkepost*
  colis coursier* correos paqueter* paquete* mensajeria pacco pacchi corriere corrieri encomenda* correios csomag* futarszolg* postat postai
  pakiautom* postipakk* kuller* sutijum* pakas pasts pasta pakomat* siunt* pastas pasto pastomat* kargo kargosu postasi pochta* jonatma* пошта*
  сәлемдеме* coletarie curier* δεμα δεματ* ταχυδρομ* דואר חבילות חבילה שליח* طرد طرود بريد پستي مرسولات* ڈاك پارسل* पार्सल* डाक कूरियर* ไปรษณีย์ พัสดุ
  邮政 郵政 快递 快遞 包裹 郵便 宅配 荷物 우편 택배 소포 ფოსტა* ფოსტის ამანათ* փոստ* ծանրոց* baliku baliky balikov* postovn* postova почта почты почте почту почтой почтов*
  почтамт* colet coletul coletului colete coletar*
warehouse* склад* *lager lagerhaus* lagerhall* entrepot* almacen* magazzin* armazem* magazyn* sklady raktar* varasto* laos laoruum* noliktav* sandel*
  depo deposu skladist* αποθηκ* מחסן מחסני مستودع* انبار* საწყობ* պահեստ* 창고* 물류* 倉庫 物流 仓库 คลังสินค้า गोदाम*
developer* девелопер* забудовник* promoteur* deweloper* bautrager* promotor* inmobiliari* κατασκευαστ* יזם مطور* დეველოპერ* կառուցապատող* 개발사* 开发商 開發商
  विकासक डेवलपर* ผู้พัฒนา
builder* застройщ* забудовн* baufirm* κατασκευαστικ* בנאי مقاول* बिल्डर* ผู้รับเหมา 建筑商 建商 ゼネコン 건설사 მშენებელ* կառուցապատող*
apartment* flat flats квартир* wohnung* appartement* mieszkan* daire* lakas* διαμερισμα διαμερισματ* דירה דירות דירת شقه شقق اپارتمان* اپارٹمنٹ* फ्लैट
  अपार्टमेंट* คอนโด อพาร์ตเมนต์ 公寓 住宅 マンション 아파트 ბინა ბინები ბინის բնակարան* apartament* apartman* kvartira* lagenhet* lejlighet* leilighet* asunto*
  korter*
newbuild* новостро* новобуд* neubau* νεοδμητ* בנייןחדש مشروعسكني* नवनिर्मित โครงการใหม่ 新房 新建 新築 분양 ახალაშენებ* նորակառույց*
realestate недвижим* нерухом* нерухомо* immobili* *immobilien* inmobil* imobil* nieruchom* nemovitost* nehnutel* ingatlan* kiinteisto* kinnisvar*
  nekustam* nekilnojam* emlak* gayrimenkul* nekretnin* fastighet* eiendom* ejendom* vastgoed* ακινητ* נדל נדלן عقار* املاك* უძრავი անշարժ 부동산* 不動産 房地产
  房地產 房产 อสังหา* अचल
construction* contractor* строительств* стройк* строительн* подрядчик* застройк* будівництв* будівельн* підрядник* будаўніцтв* падрадчык* строителств*
  строеж* изградњ* грађевин* građevin* izgradnj* gradnj* gradben* budow* stavebn* stavba stavby stavbe stavieb vystavb* bauunternehm* baukonzern* bau
  bautrag* bouw* aannemer* byggfirm* byggnad* byggeri* byggefirm* entreprenør* entreprenad* travaux construct* construccion* construc* contratist*
  costruzion* costruttor* construtor* epitoipar* epites* epitke* kivitelezo* rakennus* rakentam* urakoits* ehitus* ehitaj* toovot* buvniec* buvuzn*
  statyb* rangov* insaat* tikinti* qurilish* құрылыс* мердігер* κατασκευ* εργολαβ* בנייה קבלן קבלנ* בינוי مقاولات* مقاول* بناء انشاءات* وساز پيمانكار*
  تعمير* ٹهيكيدار* निर्माण* ठेकेदार* ก่อสร้าง ผู้รับเหมา 建筑 建築 建设 建設 施工 工程 ゼネコン 건설 시공 მშენებლობ* სამშენებლო* շինարար* byggeplad* შენობ*
car cars autos auto autok automobil* автомобил* автомобіл* voiture* coche* samochod* araba* arac* αυτοκιν* רכב* سيار* خودرو* ავტომობილ* մեքեն* ավտո*
  자동차* 自動車 汽车 汽車 รถยนต์ कार
carmaker* automaker* автоконцерн* автопроизводител* autobauer* autohersteller* constructeur* *autobauer autoherstell* автовиробник* samochodow*
  motoryzac* automobilist* casaautomobilistica automobile* automotri* montador* autofabrik* autobouw* biltillverk* bilforet* bilmark* bilproducent*
  bilfabrik* bilprodusent* automobilk* autogyar* constructoruloauto autovalmist* autonvalmist* autotoot* autorazot* autobuv* automobil* autogamint*
  otomotiv* otomobil* avtomobil* avtosanoat автокөлік* αυτοκινητοβιομηχαν* יצרנית سيارات* خودروساز* گاڑيان* گاڑيون* वाहन कारनिर्माता รถยนต์ ค่ายรถ 车企
  車廠 汽车制造商 自動車メーカー 車メーカー 완성차 ავტომწარმოებ* ավտոարտադրող* аўтавытворц* аўтамаб* автомобил* автопроизв* аутомобил* автозавод* автопром*
  car cars автомашин* автокол* колата autoturism* masina masini masinii gepkocsi* gepjarmu* vozidl* vozilo vozila vozilu vozilima vozilom vozilih
  возило возила возилото возилата возилима возилу bilar bilarna bilene biler bilerne bilindustri* bilprodu* bilforhandl* carro carros vettura vetture
  autovettur* mashina* masinlar automasin* көлік* מכונית מכוניות ماشين* گاڑي* 승용차* 완성차* 乗用車 クルマ 自動車 轿车 轎車 车辆 車輛 गाड़ी गाड़ियों ավտոմեքեն* მანქან*
  otomotif*
factory factories завод* фабрик* fabrik* *fabrik* fabrica* fabbrica* fabryk* tovarn* gyar* tehdas* tehta* tehas* εργοστασι* מפעל* مصنع* مصانع*
  كارخانه* ქარხან* գործարան* 공장* 工場 工厂 工廠 โรงงาน कारखान*
  rupnic* gamykl* tvornic* uzina uzine uzinei uzinele fabricii fabricile зауыт* zavodunda zavodunun zavodlar* zavodda zavodida zavodining фабрык*
  fabriek* produktionsanlæg* produktionsstatt* usine usines planta fabbriche stabiliment* pabrik* tovaren vabrik* uzemben uzemet uzemek ქარხნ*
  ֆաբրիկա* فيكٹري* फैक्ट्री* फैक्टरी* फ़ैक्टरी* 制造厂 製造廠
restaurant* ресторан* *restaurant* restaurac* restoran* etterem* ravintola* ristorant* εστιατορι* מסעד* مطعم* رستوران* რესტორან* ռեստորան* 식당* レストラン
  餐厅 餐廳 ร้านอาหาร रेस्तरां рэстаран* restavracij* мейрамхана* ريستوران* ريسٹورنٹ*
  vendeglo* restaurang* trattoria* osteria lokanta* مطاعم 레스토랑* 음식점* 飲食店 料理店 餐馆 餐館 ภัตตาคาร रेस्टोरेंट* रेस्तरा* ταβερν* eatery eateries gastropub*
  restavrac* ettermek ettermet ettermi ettermeb* ettermei
fastfood burger* pizz* cafe* coffee* catering* фастфуд* кафе общепит* бургер* піца піцер* пицц* кофейн* кавяр* заведен* kawiarn* kavarn* kaviar*
  imbiss* gaststatt* schnellrestaurant* snackbar* snabbmat* hamburgar* hurtigmat* gatekjøk* restauration comedor bares caffe trattori* lanchonete*
  gyorsett* kavez* bufe* pikaruo* kahvil* kiirtoit* kohvik* kafejnic* greitasmaist* lokanta* kafe kafesi fastfud* oshxona* дәмхана* ταχυφαγ* καφε
  καφετερι* בתיקפה מסעד* קפה مقهي مقاهي* المطعم* مطاعم* الوجبات* وجبات* فستفود* كافه* كيفے* कैफ़े* फास्टफूड* ร้านกาแฟ ฟาสต์ฟู้ด 快餐 速食 咖啡 咖啡馆 餐飲 餐饮
  ファストフード 外食 カフェ 喫茶 패스트푸드* 카페 외식 კაფე* ფასტფუდ* սրճարան* kavine kavines
beer beers brewer* brewing пиво пива пивн* пивом пивовар* піва піваварн* бира бири piva pivu pivsk* pivovar* piwo piwa piwn* browar* pivo* bier
  brauer* *brauerei bieren brouwer* ølen oler bryggeri* øl øllet biere* brasser* cerveza* cervec* birra birre birrif* cerveja* sorfoz* sorgy* olut
  oluen olutt* panimo* olletoo* alaus aluda* bira birasi biraci* pivə* қайнат* bere berii berari* μπυρ* μπιρ* ζυθοποι* בירה בירות מבשל* جعه البيره
  بيره ابجو* بيير बीयर* बियर* เบียร์ 啤酒 ビール 醸造 맥주 ლუდი* գարեջ*
tobacco* cigar* табак* табач* сигарет* тютюн* цыгарэт* тытун* вейп* дуван* цигар* duhan* duvan* tobacn* tyton tytoni* papieros* tabak* *tabak
  zigarett* sigarett* tobak* tabac* sigaret* dohany* tupak* savuke* tubak* tabok* tutun* sigara* siqaret* tamaki* temeki темекі* tigar* καπν* τσιγαρ*
  טבק סיגרי* تبغ سجاير* دخان سيگار* توتون* دخانيات* تمباكو* سگريٹ* तंबाकू* तम्बाकू* सिगरेट* ยาสูบ บุหรี่ 烟草 菸草 香烟 香菸 电子烟 たばこ タバコ 담배 თამბაქო* სიგარეტ*
  ծխախոտ* vape vapes
fashion* clothing clothes apparel garment* одежд* мод модн* одяг* адзен* облекл* одећ* мода odjec* oblacil* moda mody modn* odziez* ubran oblecen*
  mode modemarke* modehaus* bekleid* kleidung* kledin* klader kladk* kladmark* tøj tøjmærk* klær klesmerk* vetement* pretaporter ropa textil*
  abbigliament* vestit* roupa* vestuar* ruhaz* ruha ruhak divat* muoti* vaate* vaattei* moeb* roiva* apgerb* drabuz* mados giyim* modasi geyim* kiyim*
  киім* imbracamint* haine μοδα μοδασ ενδυσ* ρουχ* אופנ* בגד הלבשה ازياء* ملابس* موضه مد پوشاك* لباس* فيشن* كپڑے फैशन* कपड़े परिधान แฟชั่น เสื้อผ้า 时装
  時裝 服装 服飾 时尚 時尚 ファッション アパレル 衣料 패션 의류 მოდის ტანსაცმ* მოდა նորաձեւ* հագուստ*
cosmetic* beauty perfume* fragranc* космети* парфюм* парфум* касметы* козмети* парфем* kozmeti* parfum* parfem* kosmety* perfum* kosmet* kozmet*
  *kosmetik schoonheid* skonhet* skønhed* skjønnhet* cosmetiq* beaute belleza profum* bellezza beleza kauneuden* kauneud* kosmeetik* ilutoot*
  guzellik* ətriyyat* καλλυντικ* αρωμα αρωματ* קוסמטיק* בושם בשמים تجميل* مستحضرات* عطور عطر ارايشي* كاسميٹك* सौंदर्य प्रसाधन कॉस्मेटिक* เครื่องสําอาง
  น้ําหอม 化妆品 化妝品 美妆 美妝 香水 化粧品 コスメ 화장품 뷰티 კოსმეტიკ* სუნამო* կոսմետիկ* օծանելիք*
furniture* мебел* меблі меблів мебля* мэбл* намештај* namjestaj* namestaj* pohistv* mebl* nabyt* mobel* *mobel meubel* mobl* møbel* møbler meuble*
  mueble* mobili mobilificio movei* mobiliari* butor* huonekal* kalust* moob* mebe* baldu mobilya* жиһаз* mobil mobilier* mobila רהיט* اثاث مبلمان*
  مبل فرنيچر* फर्नीचर* เฟอร์นิเจอร์ 家具 家居 傢俱 가구 ავეჯ* կահույք* baldai επιπλα επιπλων επιπλο arredament* arredo arredi
pharma* фарма* аптек* лекарств* ліки *pharma* pharmazeut* pharmaceut* farmac* farmaceut* gyogyszer* laake* ravim* zalu zales vaist* ilac* eczac*
  lijek* lakemedel* legemid* lægemid* geneesmid* φαρμακ* תרופ* دواء ادويه دارو* ფარმა* წამლ* դեղ* 제약* 의약품* 製薬 医薬品 制药 製藥 ยา दवा chemist drugstore
  аптэк* лекі апотек* apotek* лекови lekarn* leky leciv* lieky ljekarn* zdravil* patika apteek* aptiek* aptek* leki lekow apothek* arzneimittel*
  *apotheke medicament* apothe* medicijn* medicin eczane* əczaci* dorixona* dori дәріхана* дәрі מרקחת ביתמרקחת صيدليه صيدليات* فارميسي* ادويات* دوا
  ร้านขายยา फार्मेसी औषधि 药房 藥局 药店 药企 薬局 약국 აფთიაქ* ліків
clinic clinics clinical medical* клиник* клінік* медцентр* медичн* медицин* мэдыц* klinik* *klinik przychodn* klinic* cliniqu* clinica* kliinik*
  poliklin* gydykl* rendeloint* orvosi medicin* medizin* healthcare clinici κλινικ* ιατρικ* קליניק* מרפא* عياده عيادات* طبي طبيه كلينيك* درمانگاه*
  پزشكي* كلينك* क्लिनिक* चिकित्सा คลินิก 诊所 診所 医疗 醫療 診療所 クリニック 医療 클리닉 의료 კლინიკ* կլինիկա* բժշկ* կլինիկ*
hospital* больниц* лікарн* krankenhaus* hopital* szpital* hastane* νοσοκομει* חולים مستشف* بيمارستان* საავადმყოფო* հիվանդանոց* 병원* 病院 医院 醫院 โรงพยาบาล
  अस्पताल* бальніц* шпітал* болниц* bolnic* nemocnic* bolnisnic* korhaz* spital* sairaal* haigl* slimnic* ligonin* xəstəxana* kasalxona* shifoxona*
  аурухана* ziekenhui* sjukhus* sygehus* sykehus* ospedal* hospitai* هسپتال* اسپتال* klinikum* *krankenhaus госпітал* госпитал*
vaccin* вакцин* прививк* щеплен* *impfstoff impfung* szczepion* vakcin* ockov* vacun* vacin* vaktsiin* rokot* skiep* asisi asilar asilama* peyvənd*
  vaksin* emlash* екпе εμβολι* εμβολ* חיסון* חיסונ* لقاح* تطعيم* واكسن* ويكسين* वैक्सीन* टीका टीके टीकाकरण วัคซีน 疫苗 ワクチン 백신 ვაქცინ* պատվաստ* прышчэп*
shoes sneakers footwear shoe sneaker обувь обуви обувью обувн* кроссовк* кроссовок ботинк* ботинок туфли туфель взутт* кросівк* кросівок абутак абутк*
  красовак красоўк* обувк* маратонк* обућ* патик* ципеле ципела obuca obuce obucu obucom patike cipele cipela cipelama чевли чевлите tenisic* cevlj*
  obutev obutve obutvi obutven* superge obuv* tenisky tenisek topank* topanok buty butow butach obuwi* sneakersy sneakersow incaltamint* pantofi
  pantofii pantofilor cipo cipot cipok cipoket cipoje sportcipo* labbeli* kenka kengan kengat kenkien jalkine* lenkkar* jalats* jalanou* kingad
  kingade tossud apavi apavu apaviem kurpes avalyn* batai sportbaci* schuh schuhe schuhen schuhmark* schuhhers* schuhhand* turnschuh* sportschuh*
  laufschuh* schoenen* sportschoen* sko skorna skomark* skotillverk* loparsko* gymnastiksko* fodtøj* fottøy* skotøy* joggesko* chaussur* zapato
  zapatos zapatill* zapateria* calzado* scarpe scarpa calzatur* sapato sapatos sapatilh* calcado calcados ayakkab* ayaqqab* poyabzal* poyafzal*
  krossovk* παπουτσ* υποδημ* נעליים נעלי סניקרס הנעלה حذاء احذيه سنيكرز كفش كفشهاي كتوني جوتے جوتا جوتون ფეხსაცმ* ბოტას* կոշիկ* սպորտակոշիկ* 신발* 운동화*
  스니커즈* シューズ スニーカー 運動靴 革靴 鞋子 运动鞋 運動鞋 球鞋 跑鞋 鞋类 鞋類 鞋业 鞋業 รองเท้า जूते जूता जूतों स्नीकर* sepatu sepatunya
grocery groceries grocer grocers бакале* продовольств* гастроном бакалі* продовольч* харчов* прадуктов* хранителни хранителните бакалия бакалии
  бакалниц* намирниц* прехрамбен* прехранбен* bakalnic* namirnic* prehramben* spozywcz* potravin* zivila zivil zivilsk* bacani* alimentaire*
  elelmiszer* elintarvik* ruokakaup* ruokaosto* paivittaistavar* toidukaup* toidupood* toidupoe* esmatarbekaup* partikas maisto lebensmittel*
  *lebensmittel levensmiddel* boodschappen* kruidenier* livsmedel* dagligvar* matvar* matbutik* fødevare* epicerie* epicier* comestibles abarrot*
  drogheria mercearia* bakkal* gida gidasi ərzaq* baqqal* азықтүлік* азық oziq* παντοπωλει* τροφιμ* μπακαλικ* מכולת מצרכים מזון بقاله بقالات غذاييه
  خواربار* بقالي كريانه گروسري სასურსათ* სურსათ* մթերք* մթերային նպարեղեն* 식료품* 식자재* 食料品 食品スーパー 生鮮食品 杂货 雜貨 生鲜 生鮮 ของชํา ของสด किराना* sembako
  kelontong alimentari alimentare alimentares продуктовый продуктовые продуктовых продуктовая продуктовой продуктовий продуктові продуктових
manufacturer* maker makers производитель производителя производители производителей производителю производителем производителям производителями
  производителе производителях производител производителят производителите производителот виробник* вытворц* произвођач* proizvođac* proizvodjac*
  producent* producenc* wytworc* vyrobc* producator* fabricant* gyarto* valmistaja* valmistaji* tootja* razotaj* gamintoj* hersteller* *hersteller
  fabrikant* tillverkare tillverkaren tillverkarna tillverkares produsent* produttor* produttric* fabbricant* uretici* imalatci* istehsalci* өндіруші*
  chiqaruvchi* παρασκευαστ* יצרן יצרני יצרנים יצרנית יצרניות مصنعه مصنعين مصنعون منتجين منتجون توليدكننده* توليدكنندگان سازنده سازندگان مينوفيكچرر*
  მწარმოებ* արտադրող* 제조사* 제조업체* 제조업자* 메이커* メーカー 製造業者 製造元 制造商 製造商 生产商 生產商 厂商 廠商 ผู้ผลิต निर्माता* विनिर्माता* उत्पादक produsen pabrikan manufaktur
  proizvajalec proizvajalc* κατασκευαστησ κατασκευαστη κατασκευαστεσ κατασκευαστων κατασκευαστρι*
supplier* поставщик* постачальник* пастаўшчык* доставчик* добављач* снабдевач* добавувач* снабдувач* dobavljac* snabdevac* dostawc* dodavatel*
  dobavitelj* furnizor* beszallito* alihankkij* tavarantoimittaj* tarnija* piegadataj* tiekej* lieferant* *lieferant zulieferer* *zulieferer
  leverancier* toeleverancier* leverantor* underleverantor* leverandør* underleverandør* fournisseur* equipementier* proveedor* fornitor* fornitric*
  fornecedor* tedarikci* təchizatci* жеткізуші* taminotchi* προμηθευτ* ספקים ספקית ספקיות موردين موردون تامينكننده* عرضهكننده* سپلاير* მომწოდებ*
  მიმწოდებ* մատակարար* 공급업체* 공급사* 공급자* 협력업체* 납품업체* サプライヤー 供給業者 仕入先 納入業者 供应商 供應商 供货商 供貨商 ซัพพลายเออร์ आपूर्तिकर्ता* सप्लायर* pemasok*
insurance insurer* insured poistovn* poisteni* poistn* seguradora* ressegur* reasegur* vakuutuk* draudik* بيمه* სადაზღვევ* asuransi*
trade trading trades торгов* торгівл* гандаль гандл* търгов* трговин* трговиј* трговск* трговачк* trgovin* trgovanj* trgovack* handel handlu handlem
  handlow* welthandel* aussenhandel* commerce commerces comercio comercial comerciales commercio kereskedel* kaupankayn* kauppapolit* kauppasot*
  kauppasopim* ulkomaankaup* kaubandus* tirdzniec* prekyb* ticaret* ticari ticarət* сауда саудасы саудасын сауданы сауданың savdo* εμπορι* סחר מסחר
  מסחרי تجاره تجاري تجاريه تداول تجارت* بازرگاني ვაჭრობ* სავაჭრო առեւտր* առեւտուր* 무역* 교역* 거래* 通商 貿易 取引 トレード 贸易 交易 การค้า ค้าขาย व्यापार* perdagangan
  dagang comertul comertului handelspolit* handelsabkomm* handelskrieg* handelskrig* handelsavtal* handelsaftal* handelspartner* handelsoorlog obchod
  obchodu obchode obchodem obchodn*
food foods еда еды еду едой пищев* питани* продовольств* пища пищи пищу їжа їжі їжу їжею харчов* харчув* продовольч* ежа ежы ежу харчав* храна храната
  хранителн* хране храну храном прехрамб* prehramb* prehran* hrana hrane hranu hranom zivilsk* zywnosc* jedzeni* spozywcz* potravin* jidlo jidla
  jidlem jedlo elelmiszer* etelek eteleket ruoka ruoan ruokaa ruuan elintarvi* toidu toitu toiduain* toidukaup* toidutoo* edien* maistas maisto
  lebensmittel* nahrungs* nahrung *lebensmittel voedsel* voeding* levensmiddel* livsmedel* matvar* næringsmid* fødevar* madvar* aliment* nourriture*
  agroaliment* comida comidas cibo cibi gida gidalar gidanin yiyecek* qida* ərzaq* тағам* азық* oziq* ovqat* τροφιμ* τροφη τροφεσ φαγητ* מזון מזונות
  אוכל غذاء غذايي* اغذيه طعام غذا غذاي خوراك كهانا كهانے საკვებ* სურსათ* სასურსათ* սննդ* սնունդ* ուտելիք* պարեն* 식품* 음식* 먹거리* 식료품* 食品 食べ物 食料 フード 食物 粮食
  糧食 อาหาร भोजन खाद्य makanan* pangan partika partikas partiku
beverage* drinks softdrink* напитк* напиток напій напої напоїв напоями напоям напой напоі напояў napitak napitk* напитак напиц* пијалац* пијалоц*
  безалкогол* безалкохол* bezalkohol* bautur* italok* uditoit* juoma* virvoitusjuom* jook joogi joogid jookide dzerien* gerimai gerimu gerimo gerimas
  gerimus getrank* *getranke dranken frisdrank* dryck* laskedryck* laskeblad drikkevar* sodavand* boisson* bebida* refresco* refrigerantes bibita
  bibite icecek* mesrubat* icki* сусын* ichimlik* ποτο ποτα ποτων αναψυκτικ* משקה משקאות مشروب* نوشيدني* نوشابه* სასმელ* ըմպելիք* խմիչք* 음료* 飲料 飲み物
  ドリンク 饮料 饮品 飲品 เครื่องดื่ม पेय minuman* napici brezalkohol* napoj napoje napoju napojow napojov napojom napojovy bevanda bevande
wine wines winery wineries winemak* vineyard* вино вином винодел* винзавод* винный винного винная винные винных винной виноградник* винороб* винний
  віно вінароб* виното винар* винск* vinar* vinsk* wino winem winiar* winnica winnice winnicy vinul vinuri* vin borasz* borok viini* veini* vynas
  vynin* vyndar* wein weine weins weingut* winzer weinbau* weinkell* rotwein* weisswein* wijn wijnen wijnboer* wijnmak* wijngaard* wijnhuis* vinet
  vingard* vinmak* vignob* vigner* viticult* vinicol* vinos vined* bodega* vinho* vigneto vigneti saraplar sarabi sarapcilik* sərab* шарап шарабы
  шарапхана* sharob* κρασι κρασια κρασιου οινοποι* οινοσ οινου οινων יין יינות יקב יקבי יקבים نبيذ* ღვინ* მეღვინ* գինի* գինու գինեգործ* 와인* 포도주* 와이너리*
  ワイン ワイナリー 葡萄酒 红酒 紅酒 酒庄 酒莊 ไวน์ वाइन* vinice vinici vindari vindaru
vodka* spirits distiller* liquor* liqueur* whisky whiskey whiskies cognac* водка водки водку водкой водок водочн* спиртн* спирт спирта алкогол*
  алкохол* ликер* коньяк* виски горілк* горілч* спиртов* гарэлк* алкагол* спіртн* лікеро* ракия ракии ракиј* rakij* вотка votka votke votku wodka
  wodki wodke wodek spirytus* alkohol* gorzelni* vodk* lihovin* lihovar* palenka palenky palenku palenice liehov* zganj* spirtoas* alcool* palinka*
  szeszes* szeszfoz* szeszipar* viina viinan viinaa viinad piiritus* degvin* degtin* schnaps* spirituos* branntwein* jenever* gedistil* alcohol*
  brannvin* sprit spriten brennevin* spiritus* brændevin* spiritueux licor licores destilad* aguardiente* aguardente* cachaca* grappa superalcolic*
  alcolic* votkasi raki rakisi alkol* araq spirtli* alkoqol* арақ арағы aroq βοτκα βοτκασ αλκοολ* οινοπνευματ* ποτοποι* וודקה אלכוהול* فودكا كحول*
  خمور* ودكا شراب ووڈكا არაყ* არყის ალკოჰოლ* օղի* օղու ալկոհոլ* ոգելից 보드카* 소주* 위스키* 증류주* ウォッカ ウオッカ 蒸留酒 焼酎 ウイスキー 伏特加 白酒 烈酒 วอดก้า เหล้า वोदका शराब
  ruou
milk dairy dairies молок* молоч* малако малака малаком малочн* мляко млякото млеч* млеко млека млекар* млијек* mlecz* mlek* mlecn* mliek* mliec*
  mlijek* mlijec* mljekar* lapte laptele laptelui lactate tejet tejipar* tejtermek* tejuzem* tejfeldolg* maito maidon maitoa maitotuot* meijeri* piim
  piima piimatoo* piens piensaimn* pienas pienine pienines pieninink* milch* *milch molker* melk zuivel* melkvee* melkprod* melkfabriek* mjolk*
  mejeri* melken melkeprod* meieri* mælk* lait laits laitier* laiter* leche lacteo lacteos lactea lacteas lechera lechero* leite laticin* latte
  lattier* casear* caseific* sutculuk* sutu sutun mandira* sudculuk* сүт сүті сүттің sutchilik* γαλα γαλακτ* חלב חלבי מחלבה מחלבות מחלבת حليب* البان
  لبنيات* دوده ڈيري რძე რძის რძეს რძით կաթ կաթի կաթն* 우유* 유제품* 낙농* 牛乳 乳製品 ミルク 酪農 牛奶 奶制品 乳制品 乳业 乳業 นมสด ผลิตภัณฑ์นม दूध डेयरी* susu
meat meats sausage* мясо мясом мяса мясн* мясоком* мясопер* колбас* сосиск* ковбас* каўбас* месо месото кобасиц* mesarij* mesarstv* mesnin* mesnic*
  meso kobasic* mieso miesa miesn* kiełbas* wedlin* maso masem masny uzenin* klobas* masiarst* udenin* carne carnea carnii husipar* husuzem*
  huskeszit* kolbasz* liha lihan lihaa makkar* vorsti vorstid lihatoo* cukgal* desra desros desru desrel* fleisch* *fleisch wurst wurste *wurst
  metzgerei* vlees* rookworst* kottet kott korv korvar charkuteri* chark kjøtt* pølse* kød kødet kødprod* kødind* kødvar* slagter* viande* saucis*
  charcut* carnes carnic* salchich* embutid* frigorific* salsich* linguica* carni salsicc* salum* sucuk* sosis* kasap kasaplar ət əti ətin kolbasa*
  шұжық* gosht* κρεασ κρεατ* λουκανικ* αλλαντ* בשר נקניק* لحوم لحم نقانق سجق گوشت* سوسيس* كالباس* ხორც* ძეხვ* სოსის* միս մսի մսամթերք* երշիկ*
  նրբերշիկ* 고기 육류* 소시지* 정육* 食肉 精肉 牛肉 豚肉 鶏肉 ソーセージ 肉类 肉類 香肠 香腸 猪肉 豬肉 肉制品 เนื้อสัตว์ ไส้กรอก เนื้อหมู เนื้อวัว मांस मीट daging thit mezeluri mezelurile
  ясо ясом ясокомб* ясопер* carnati carnatii
toys toy toymak* игрушк* игрушек игрушеч* іграшк* іграшок цацк* цацак играчк* igrack* zabawk* zabawek hrack* hracek hraciek jucari* jatekszer*
  jatekbolt* jatekgyart* lelu lelut lelun leluja lelukaup* manguasj* rotallie* zaisl* spielzeug* spielwar* *spielzeug speelgoed* leksak* leketøy*
  legetøj* jouet jouets juguet* brinquedo* giocattol* oyuncak* oyuncaq* ойыншық* oyinchoq* παιχνιδ* צעצוע* العاب عروسك* كهلون* სათამაშო* խաղալիք* 장난감*
  완구* 玩具 おもちゃ ของเล่น खिलौना खिलौने खिलौनों mainan*
jewellery jewelry jeweller* jeweler* jewels ювелир* драгоценн* украшени* ювелір* прикрас* коштовн* упрыгож* каштоўн* бижу* златарск* златарств*
  златарниц* накит* zlatarn* zlatarst* nakitom драгуљ* dragulj* bizuter* jubiler* sperk* klenot* bijuter* ekszer* korut korujen koruja juveel* ehted
  ehete juvelier* rotasliet* juvelyr* papuosal* schmuck schmucks schmuckst* schmuckhand* juwel* sieraad sieraden smycke* juveler* guldsmed* smykke*
  gullsmed* bijou bijoux bijout* joaill* joyer* joya joyas joalher* joia joias gioiell* zargarlik* orafo orafi orefic* mucevher* kuyumcu* zərgər*
  зергер* zargarl* κοσμημα* תכשיט* مجوهرات* جواهرات زيورات زيور საიუველირ* იუველირ* სამკაულ* ոսկերչ* ոսկերիչ* զարդեր* 주얼리* 쥬얼리* 귀금속* 보석상* 宝石 宝飾 ジュエリー
  珠宝 珠寶 首饰 首飾 เครื่องประดับ อัญมณี आभूषण* ज्वेलरी* ज्वैलर* जेवर* गहने perhiasan* nakitu
luxury luxur* luxus* luxe люкс люксов* роскош* розкіш* розкоші раскош* луксоз* лукс лукса луксуз* luksuz* luksus* razkos* luxos luxoas* luxului
  fenyuz* ylellis* luks luksa grezn* prabanga prabangos prabangus prabangiu prabangios prabangu *luxus luxueu* lyxig* lyxbil* lyxmark* lyxvar* lyx
  lujo lujos* luxo luxuos* lusso lussuos* dəbdəb* hashamat* πολυτελ* יוקרה יוקרתי* فاخره فخم* لوكس لاكچري لگژري پرتعيش ლუქს* ფუფუნებ* շքեղ* լյուքս 명품*
  럭셔리* 高級 ラグジュアリー 奢侈 奢侈品 奢华 奢華 หรูหรา ลักชัวรี लग्जरी लक्जरी विलासिता mewah* kemewahan
contract* contractor* контракт* договор договора договору договором договоре договоры договоров договорам подряда подрядчик* договір договори
  договорів підряду підрядник* кантракт* дагавор дагавора дагаворы дагавору падрадчык* договорът подизпълнит* уговор уговора уговори ugovor* umowa
  umowy umowe umow umowie wykonawc* smlouv* smluv* zmluv* dodavatel* pogodb* izvođac* antreprenor* szerzod* sopimu* urakoits* urakka* leping* toovot*
  ligum* sutart* sutarc* rangov* vertrag vertrage vertrages vertrags* auftragnehm* aannemer* overeenkomst* avtal avtalet avtalen entreprenad*
  entreprenor* avtale aftale aftalen entreprenør* contrat contrats contrato contratos contratist* contratac* empreiteir* contratt* appalt* sozlesme*
  kontrat* yuklenici* muteahhit* muqavilə* келісімшарт* мердігер* shartnoma* pudrat* συμβολαι* συμβασ* εργολαβ* חוזה חוזים קבלן קבלנים عقود مقاول*
  قرارداد* پيمانكار* ٹهيك* كنٹريكٹ* კონტრაქტ* ხელშეკრულებ* պայմանագ* կոնտրակտ* կապալառու* 계약* 도급* 契約 請負 合同 合約 合约 承包 承包商 คู่สัญญา ผู้รับเหมา अनुबंध*
  ठेका ठेके ठेकेदार* कॉन्ट्रैक्ट* kontrak* arbeitsvertrag* kaufvertrag* liefervertrag* rahmenvertrag* mietvertrag*
concession* concess* концесс* концеси* канцэс* konzession* koncesj* koncesi* koncese koncesii koncesij* konsess* koncesszio* kontsessioon* παραχωρησ* זיכיון
  זכיינ* امتياز* კონცესი* կոնցեսիա* 특허권* 운영권* 運営権 特许经营 特許經營 สัมปทาน imtiyaz* концессия*
"""
