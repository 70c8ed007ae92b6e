"""Context words about banks, markets, payments and cryptocurrencies. How they are written: see `words`. Pure."""

from __future__ import annotations

MONEY = """
exchange* *exchange* бирж* *бирж* *bors* borsa* giełd* *giełd* burza* burz* bolsa* bourse* tozsd* porssi* биржа* birj* birz* borse* *borse*
  χρηματιστηρ* ανταλλακτηρ* בורס* بورص* بورس* صرافي* ბირჟ* բորսա* 거래소* 取引所 交易所 交易平台 กระดานเทรด एक्सचेंज* bors* børs* beurs* burze burzi burzy birza*
  birzos birzas kriptoborza* kriptoborz* borza* kryptobørs* valuutabors* кріптобірж* криптобирж* біржа* биржі* تبادل* منصه 暗号資産取引所 交換所 ตลาด تداول*
  ايكسچينج* اسٹاك* ตลาดหลักทรัพย์ бірж* борса борси борсата берз* berza berze berzi borz* bursei burse bursier* *borse boursier* bursatil corretora*
  *beurs
crypto* *crypto* крипт* krypto* kripto* cripto* bitcoin* биткоин* біткоїн* blockchain* блокчейн* κρυπτο* קריפטו* كريبتو* كريپتو* مشفره رمزارز* კრიპტო*
  կրիպտո* 암호화폐* 가상화폐* 가상자산* 暗号資産 仮想通貨 加密货币 加密貨幣 虚拟货币 คริปโต क्रिप्टो* الرقميه ارزديجيتال* كرپٹو* מטבעות คริปโทฯ คริปโท 虛擬貨幣 クリプト 코인 крыпт* kript*
  krupto*
wallet* *wallet* кошел* гаманц* гаманець portfel* portefeuille* cuzdan* cartera* geldborse* πορτοφολ* ארנק* محفظ* საფულ* դրամապանակ* 지갑* ウォレット 钱包 錢包
  วอลเล็ต वॉलेट* محافظ* كيفپول* واليٹ* پرس بٹوه वालेट กระเป๋าเงิน กระเป๋า 財布 전자지갑* гаман* кашал* кашэл* портфейл* портмон* новчаник* novcanik*
  penezen* penazen* denarnic* portofel* penztarc* tarca* lompakko* lompako* rahakot* maka pinigin* pulqabi* hamyon* әмиян* geldbors* *wallet
  brieftasch* portemonnaie monedero* billetera* portafogli* carteira* portemonn* portefeuill* planbok* planbock* tegnebog* pungen lommebok* lommebøk*
  macins macinu
bank* *bank банк* banco* banque* banca* bancar* bankas* pank panga* τραπεζ* בנק* بنك* مصرف* بنوك بانك* ბანკ* բանկ* 은행* 銀行 银行 ธนาคาร बैंक* banku banku*
  banka* pankki* pankin banki* *banken bancaire* bancari* bankow* банкі* банктер* банкинг* بينك بينكون* بينكنگ* แบงก์ 은행권 bancn* banci* banche
transfer* перевод* переказ* uberweisung* virement* transferen* przelew* havale* atutalas* tilisiir* bonific* parskait* εμβασμα* העבר* تحويل* حوالات*
  გადარიცხვ* გზავნილ* փոխանց* 송금* 送金 转账 轉帳 汇款 匯款 โอนเงิน हस्तांतरण ट्रांसफर
money деньг* денег грош* geld argent dinero dinheiro soldi pieniadz* pieniedz* raha χρηματ* כסף כספ* اموال* پول ფულ* գումար* 자금* 资金 資金 เงิน पैसे पैसा
card cards *card карт* carte cartes tarjet* cartao cartoes kart* karta* kort* καρτ* כרטיס* بطاق* كارت* ბარათ* քարտ* 카드* カード 银行卡 信用卡 บัตร कार्ड*
payment* *payment* платеж* платіж* zahlung* *zahlung* paiement* pago pagos pagament* płatnos* odeme* fizetes* maksu* төлем* πληρωμ* תשלו* دفع مدفوعات*
  پرداخت* გადახდ* վճար* 결제* 決済 支付 付款 ชําระ भुगतान плацяж* аплат* плащан* плаћањ* placanj* platb* platebn* platob* placil* maksaj* mokej* odənis*
  tolov* betaling* betaal* betalning* betal* اداييگي* płatnicz* плаћ*
fund фонд* fondo* fundusz* vakif* alap* ταμει* קרן صندوق* ფონდ* հիմնադրամ* 펀드* ファンド 基金 กองทุน fundo* fondi fonds* fond fonden fonder fondet fondu
  fondy fonda sklad sklada skladi fondul rahasto* fondas fon fonu jamgarma* қор қоры فنڈ فنڈز फंड कोष صناديق*
hedgefund hedge *hedgefonds hedgefond* хедж* гедж* инвестфонд* инвестиц* інвестиц* інвестфонд* інвэсты* investment* investicijsk* investici*
  investicn* inwesty* anlagefond* *fonds beleggingsfond* beleggings* investeringsfond* investering* investissement* inversion* investiment* alapkezel*
  befektete* sijoitusrah* sijoitus* investeerimis* ieguldij* investic* fonfondu yatirim* investisiya* investitsiya* investiti* επενδυτικ* επενδυσ*
  השקעות גידור استثمار* التحوط* سرمايه* निवेश* हेज เฮดจ์ฟันด์ กองทุน ลงทุน 对冲 對沖 投资基金 投資 投资 ヘッジファンド 헤지펀드* 투자 사모펀드* საინვესტიციო* ინვესტიც* ներդրում*
pension* пенсион* пенсійн* пенсия пенсии пенсіях пэнсі* пензи* mirovinsk* mirovin* pokojnin* emerytaln* emerytur* penzijn* duchod* dochod*
  *pensionskasse rente rentenkass* pensioenfond* pensioen* tjanstepension* retraite* jubilac* previdenz* previdenc* nyugdij* elake* pensij* emekli*
  təqaud* pensiya* зейнет* pensii συνταξ* ταμειο פנסי* גמל التقاعد* بازنشست* پنشن* पेंशन* บํานาญ กองทุนสํารองเลี้ยงชีพ 养老 養老 退休金 年金 연금 საპენსიო*
  პენსი* կենսաթոշակ*
investor* инвестор* інвестор* *investor* investisseur* inversor* inwestor* yatirimci* befekteto* sijoittaj* investeerij* επενδυτ* משקיע* مستثمر*
  ინვესტორ* ներդրող* 투자자* 投資家 投资者 นักลงทุน निवेशक*
  вкладчик* інвестар* инвеститор* investitor* investidor* vlagatelj* ulagac* ulagat* улагач* investuotoj* belegger* investeerder* investerar* anleger*
  *anleger sarmoyador* inversionista* 投資者 投資人 投资人
broker* брокер* *broker* courtier* corredor* makler* μεσιτ* ברוקר* وسيط* ბროკერ* բրոկեր* 증권사* 証券 券商 forex форекс* *forex* брокерск* makelaar* maklar*
  megler* 브로커* ブローカー 经纪 經紀 โบรกเกอร์ ब्रोकर* 외환* fx 外匯 外汇
insur* страхов* страховк* *versicher* versicher* asegurad* ubezpiecz* pojist* sigorta* biztosit* vakuutus* kindlustus* ασφαλισ* ביטוח* تامين* დაზღვევ*
  ապահովագր* 보험* 保険 保险 ประกันภัย बीमा 보험사* полис полиса полисы policy polis* police polisa poliz* apolice polizz* apdrosin* draudim* forsikring*
  forsakring* verzeker* assicur* assur* asigur* osigur* осигур* застрах* страхав* zavarov* انشورنس* sugurta* сақтандыр* इंश्योरेंस
credit* кредит* *kredit* kredit* kredyt* uver* hitel* luotto* δανει* אשראי قرض* კრედიტ* վարկ* 대출* 融資 贷款 สินเชื่อ ऋण कर्ज крэдыт* aizdev* paskol* laen
  laenu laenud krediit* prestam* prestit* emprest* prets lan lanet lening* krediet* kredi* несие* laina lainat lainan הלווא* posojil* zajam zajmov*
  imprumut* pozick* pujck* lender*
deposit* вклад* депозит* einlage* lokat* vklad* betet* talletu* hoius* noguldijum* indeli* mevduat* καταθεσ* פיקדו* פקדון* وديع* ودايع* الودايع*
  سپرده* დეპოზიტ* ავანდ* ավանդ* 예금* 預金 存款 เงินฝาก जमा* влог* depozit* depot* tegoed* indskud* indlan innskudd* insattning* əmanət* omonat* салым*
  дэпазіт* depozyt* ڈپازٹ*
leasing* leased lease lessor lizing* лизинг* лізинг* лізінг* kreditbail creditbail arrendamento* lizinq* χρηματοδοτικημισθωση μισθωση ליסינג* تاجير*
  ليزينج* ليزينگ* اجاره ليز लीज़* लीजिंग* ลีสซิ่ง เช่าซื้อ 租赁 租賃 リース 리스 ლიზინგ* լիզինգ*
casino* казино *casino* kasyn* kumarhan* kaszino* kasino* καζινο קזינו كازينو* კაზინო* խաղատ* 카지노* カジノ 赌场 賭場 คาสิโน कैसीनो* जुआ
bookmaker* букмекер* *buchmacher* wettanbieter* bahis* bukmacher* apuestas* στοιχημ* בוכמייקר הימורים مراهنات* شرطبندي* सट्टेबाज* सट्टा พนัน 博彩 博弈
  ブックメーカー 베팅 도박 ბუკმეკერ* ტოტალიზატორ* բուքմեյքեր* խաղադրույք*
share shares stock stocks акци* акці* aktie* *aktie* aktien* accion* acciones acoes azioni akcj* akcie akcii akcij* reszven* osake* osakk* aktsia*
  hisse* μετοχ* מניות מניית המניה سهم اسهم سهام აქცი* բաժնետոմս* 주가* 주식* 株価 株式 股价 股票 股價 หุ้น शेयर* акцы* деониц* deonic* dionic* delnic* səhm* aksiya*
  actiun* aandeel aandelen حصص شييرز* aksje*
bond bonds eurobond* bondholder* облигац* евробонд* облігац* єврооблігац* аблігац* обвезниц* obveznic* obligacj* dluhopis* dlhopis* anleihe* *anleihe
  obligatie* obligation* obligasjon* bono bonos obligacion* obbligazion* obrigac* titulos kotveny* joukkolain* volakirj* obligacij* tahvil* istiqraz*
  obligatsiya* obligat* ομολογ* אגח איגרת איגרות سندات* اوراق* قرضه بانڈز* बॉन्ड* बांड* พันธบัตร หุ้นกู้ 债券 債券 公司債 社債 国債 채권 회사채 ობლიგაც* պարտատոմս*
ipo listing* flotation айпио размещен* розміщен* листинг* лістинг* borsengang* *borsengang beursgang* borsnoter* børsnoter* introductionenbourse
  salidaabolsa quotazion* aberturadecapital giełdow* upis tozsdei listautum* halkaarz halka arzi ипо введениенабиржу введення ipos ליסטינג הנפק*
  اكتتاب* الطرح* عرضهاوليه आईपीओ* ไอพีโอ 上市 首次公开募股 首次公開發行 上場 新規公開 상장 기업공개* ლისტინგ* առաջնային բրսայում
dividend* дивиденд* дивідэнд* дывідэнд* дивідент* дивіденд* dywidend* osztalek* osinko* osingon* temettu* divident* μερισμα μερισματ* דיבידנד* ارباح*
  توزيعات* سهام سودسهام* ڈيويڈنڈ* लाभांश* डिविडेंड* เงินปันผล ปันผล 股息 分红 股利 分紅 配当 배당 დივიდენდ* շահաբաժ*
securities stock* эмитент* цінн* ценн* wertpapier* valeurs valores titoli titulos papierow wartosciow* cenne cennych ertekpapir* arvopaper*
  vaartpaber* vertspapir* vertybini* menkul verdipapir* vardepapper* effecten χρεογραφ* ניירות اوراق* ფასიან* արժեթղթ* 증권* 有価証券 证券 證券 หลักทรัพย์
  प्रतिभूति*
stablecoin* *stablecoin* стейблко* стейблкоі* stabilcoin* стабилко* kararli سكه ثابت مستقره 스테이블코인* ステーブルコイン 稳定币 穩定幣 สเตเบิล स्टेबलकॉइन*
  σταθερονομισμα סטייבלקוין* სტეიბლქოინ* სტეიბლკოინ* սթեյբլքոյն*
token* токен* jeton* coin stablecoin* монет* zeton* τοκεν מטבע אסימון رمز توكن ტოკენ* թոքեն* 토큰* 코인* トークン コイン 代币 代幣 โทเคน टोकन*
  coins moneta monety monetami kovanec kovanc* kovanic* кованиц* ermek ermet kolikk* rahake rahakk* munt muntid munten mynt mynten myntet mynter mønt
  mønter* moneda monedas moeda moedas monete gettone gettoni sikkə* tangalar κερμα* νομισμα* מטבעות אסימונים عملات سكه ٹوكن* მონეტ* մետաղադրամ* 硬貨 硬币
  硬幣 เหรียญ सिक्का सिक्के koin koinnya monede munze munzen goldmunze*
mixer* миксер* міксер* mezclador* melangeur* mikser* misturador* misturad* tumbler* μιξερ מיקסר خلاط ميكسر* მიქსერ* 믹서* ミキサー ミキシング 混币 混幣 มิกเซอร์
  मिक्सर* միքսեր*
nft nfts нфт collectible* невзаимозамен* digitalart 非同质化 數位藏品 数字藏品 エヌエフティー 대체불가 एनएफटी* เอ็นเอฟที ενεφτι
fintech* *fintech* финтех* фінтех* 핀테크* フィンテック 金融科技 فينتك* פינטק* फिनटेक* φιντεκ ฟินเทค ფინტექ* ֆինտեխ*
currency валют* hryvnia* гривн* hrywn* hrivn* griwn* hryvn* грыўн* hrivnya* γριβνια מטבע العمله عملات* ارز كرنسي* मुद्रा สกุลเงิน เงินตรา 货币 貨幣 汇率 通貨
  환율 ვალუტ* ლარი արժույթ* արտարժույթ* valuta* valiut* valuuta* waluta waluty walut mena meny deviz* penznem*
rate rates курс* kurs* wechselkurs* arfolyam* kurz kurzu vahetuskurs* kurss kursas doviz kur kuru taux tasa tasso curs cursul ισοτιμι* نرخ विनिमय
  อัตราแลกเปลี่ยน 汇率 匯率 為替 レート 환율 კურსი փոխարժեք*
merger* takeover* acquisition* acquir* buyout слияни* поглощен* злитт* поглинан* зліцц* паглынан* сливан* придобив* спајањ* преузим* spajanj* preuzim*
  pripojit* zdruzit* prevzem* fuzj* przejeci* fuze fuzi fuzia akvizic* prevzet* prevzati* fusion* *ubernahme ubernahm* fusie overnam* fusjon* uppkop*
  forvarv* opkøb* oppkjøp* rachat* acquisit* adquisic* acquisizion* fusao fusoes aquisic* felvasarl* fuzio* fuusio* yrityskaup* uhinem* omandami*
  ulevot* apvieno* parnem* susijungim* isigijim* birlesme* devral* birləsmə* birlashish* бірігу* fuziun* achiziti* preluare* συγχωνευσ* εξαγορ* מיזוג*
  רכישת השתלטות اندماج* استحواذ* ادغام* تملك انضمام* विलय* अधिग्रहण* ควบรวม เข้าซื้อ 并购 併購 收购 收購 合并 合併 買収 統合 인수 합병 შერწყმ* შეძენ* միաձուլ* ձեռքբեր*
bankrupt* insolven* liquidat* receivership банкрот* несостоятельн* ликвидац* ліквідац* банкруц* неплатоспр* фалит* стечај* stecaj* upadłos* bankruct*
  konkurz* upadk* upadek konkurs* *insolvenz pleite faillissement* failliet* faillite* quiebra* concordato fallimento fallit* bancarrota falencia*
  recuperacaojudicial felszamol* pankrot* maksatnesp* bankrots bankrota bankrot* iflas* muflis* konkordato* faliment* πτωχευσ* πτωχευ* χρεοκοπ* פשיטת
  רגל חדלות פירעון افلاس* اعسار* ورشكست* ديواليه* दिवालिया* दिवाला ล้มละลาย 破产 破產 倒闭 清算 倒産 破綻 破産 파산 부도 법정관리* გაკოტრ* ბანკროტ* սնանկ* csod csodbe
  csodbiztos* csodeljar*
auction* tender* bidding аукцион* торги тендер* госзакуп* закупк* закупівл* аукціон* аўкцыен* тэндэр* търг търгове търга обществен поръчк* аукциј*
  лицитац* aukcij* drazb* javnanabav* natjecaj* razpis* aukcj* przetarg* licytac* aukce aukci aukcia aukcn* drazeb* verejneobst* zakazk* auktion*
  *versteigerung versteiger* ausschreib* *auktion veiling* aanbested* upphandl* udbud udbuds* anbud* auksjon* enchere* appeldoffres subasta* licitac*
  aste appalto appalti leilao leiloes arveres* kozbeszer* huutokaup* tarjouskilp* oksjon* hange hanke riigihang* izsol* iepirkum* aukcion* varzytyn*
  pirkim* muzayede* ihale* hərrac* satinalma* auksion* licitat* δημοπρασ* πλειστηρ* διαγωνισμ* מכרז* מכירהפומבית مزاد* مناقصه* مزايده* نيلام* ٹينڈر*
  नीलामी* टेंडर* निविदा* ประมูล 拍卖 拍賣 招标 招標 入札 オークション 경매 입찰 აუქციონ* ტენდერ* աճուրդ* մրցույթ*
audit* аудит* wirtschaftspruf* *prufer revisor* revision auditor* biegły rewid* konyvvizsg* tilintark* audiitor* revident* denetim* denetc* revizij*
  ελεγκτ* רואה חשבון מבקר تدقيق* حسابرس* აუდიტ* աուդիտ* 회계* 감사* 監査 审计 審計 ตรวจสอบ ऑडिट*
offshore* офшор* оффшор* афшор* *offshore offshor* steueroase* belastingparadijs* skatteparadis* skatteparad* paraisofiscal veroparatiis*
  maksuparadiis* ofsor* ofsoor* vergicennet* οφσορ* υπερακτι* אופשור ملاذ ملاذات* الضريبي* اوفشور* فراساحلي* افشور* ऑफशोर* ออฟชอร์ 离岸 離岸 オフショア 租税回避地
  조세회피* 역외 ოფშორ* օֆշոր*
mastercard* мастеркард* мастэркард* ماستركارد* مستركارد* מאסטרקארד* מסטרקארד* μαστερκαρντ* მასტერქარდ* մաստերքարդ* 마스터카드* マスターカード 万事达 萬事達
  มาสเตอร์การ์ด मास्टरकार्ड*
loan loans credit credits кредит* заем займ займа займы займов ссуда ссуды ссуду ссуд позика позики позику позик позикою пазык* крэдыт* заеми заема
  заемът зајам зајма зајмови позајмиц* zajam zajmovi kredit* pozyczk* pozyczek kredyt* pujck* pujcek pozick* poziciek uver uveru uvery uverov* uverem
  posojil* imprumut* credito creditos crediti credite creditul creditului creditelor hitel hitelt hitelek hitelei hitelez* hitelfel* hitelint*
  kolcsont laina lainat lainan lainaa lainoj* luotto luoton luottoj* laen laenud laenude krediit* aizdev* aiznem* paskol* darlehen* *darlehen krediet*
  lantagar* boliglan* forbrukslan* emprunt* prestamo* prestit* emprestimo* kredi kredisi krediler* kredili несие* қарыз qarz qarzi δανει* πιστωσ*
  אשראי قرض قروض ايتمان* وام وامهاي تسهيلات قرضه قرضے სესხ* კრედიტ* վարկ վարկի վարկը վարկեր* վարկային 대출* 융자* ローン 融資 貸付 借入 贷款 貸款 信贷 信貸 借贷 สินเชื่อ
  เงินกู้ ऋण कर्ज लोन pinjaman lening leningen הלוואה הלוואות הלוואת laenu қарызы
scam scammers scams scammer scammed мошенн* скам скама скамер* лохотрон* афера аферы аферу аферист* шахра* скаму махляр* ашуканств* ашуканц* измам*
  превар* prevar* prijevar* oszust* oszusc* wyłudz* naciagacz* goljuf* escroc* inselator* inselaciun* csalas* csalo csalok csalokat huijau* huijar*
  kelmus* kelmid pettus* petuskeem* krapsan* krapniek* sukciai sukciu sukciav* betrug* *betrug abzock* *abzocke oplicht* bedrager* bedragar*
  fupnummer* lurendrej* arnaqu* escroq* estafa* truffa truffat* vigaris* estelionat* dolandirici* sahtekar* firildaq* dələduz* алаяқ* firibgar* απατη
  απατησ απατεσ απατεων* הונאה הונאות הונאת נוכלים עוקץ احتيال* نصابين محتال محتالين كلاهبردار* اسكم دهوكه* فراڈ* جعلساز* თაღლით* խարդախ* զեղծարար*
  스캠* 詐欺 诈骗 詐騙 骗局 騙局 骗子 騙子 หลอกลวง มิจฉาชีพ สแกม ठगी ठगों धोखाधड़ी स्कैम* घोटाल* penipuan penipu podvod podvody podvodu podvodom podvodov podvodnik*
  podvodnic* atveresek svindel svindelen svindelnummer* svindler svindlere svindleren svindlerne svindleri 사기 사기를 사기에 사기로 사기의 사기가 사기꾼* 사기범* 사기죄* 사기혐의*
inflation* inflati* инфляц* інфляц* инфлац* inflac* inflaz* inflaatio* inflatsioon* infliacij* inflasjon* enflasyon* inflyas* inflyats* inflasi*
  πληθωρισμ* אינפלצי* تضخم* تورم* مهنگايي ინფლაცი* գնաճ* ինֆլյացի* 인플레이션* 물가* インフレ 物価 通胀 通脹 通货膨胀 通貨膨脹 เงินเฟ้อ मुद्रास्फीति महंगाई
"""
