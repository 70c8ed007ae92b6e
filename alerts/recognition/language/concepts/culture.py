"""Context words about the press, arts, sports and learning. How they are written: see `words`. Pure."""

from __future__ import annotations

CULTURE = """
newspaper* газет* zeitung* journal journaux periodico* gazet* ujsag* sanomaleht* εφημεριδ* עיתון* صحيفه جريده روزنامه* გაზეთ* թերթ* 신문* 新聞 报纸
  หนังสือพิมพ์ अखबार*
media медіа медыя medium medias medios medij* mediu* media* сми змі μμε תקשורת اعلام* رسانه* მედია* լրատվ* 언론* 미디어* メディア 媒体 媒體 สื่อ मीडिया ميڈيا* 報道
  매체 ενημερωσ* մեդիա* медиа* смі медия* медии* медиј* mediom mediow* medii mediich presa presei sajto* tiedotusval* meedia* plassazin* ziniasklaid*
  medya* kiv oav бақ medien* prensa stampa midia* imprensa medier mediehus* nyhet*
outlet* издани* видан* issue portal* *portal* портал* publicacion* medium* wydawnictw* redakc* редакц* نشريه प्रकाशन สํานักข่าว 刊物 매체 გამოცემ*
  լրատվամիջոց*
journalis* журналіст* журналист* *journalist* periodist* dziennikar* gazeteci* ujsagir* toimittaj* ajakirjani* zurnalist* novinar* δημοσιογραφ*
  עיתונא* صحفي* صحافي* خبرنگار* ჟურნალისტ* լրագրող* 기자* 記者 ジャーナリスト 记者 นักข่าว पत्रकार*
channel* канал* *kanal kanal* chaine* canal canales canali kanava* kanał* csatorn* καναλι* ערוץ ערוצי قناه قنوات* كانال* არხ* ալիք* 채널* チャンネル 频道 頻道
  ช่อง चैनल*
  телеканал* тэлеканал* *kanaal kanaal kanavien canais canalul canale canalele телеарна* арнасы арнасында چينل* saluran* kenh
post posts пост посты постов постах публикац* beitrag beitrage publication* publicac* wpis wpisy prispev* bejegyz* julkaisu* postitus* ieraksts iras
  gonderi* paylasim* objav* inlagg* innlegg* opslag αναρτησ* פוסט פוסטים منشور* تغريد* پست* პოსტ* գրառում* 게시물* 投稿 帖子 โพสต์ पोस्ट*
film* movie* кино* фільм* фильм* pelicula* pelicul* ταινι* סרט* فيلم* ფილმ* ֆիլմ* 영화* 映画 电影 電影 ภาพยนตร์ फिल्म* cinema screenplay showrunner кіно филм*
  elokuv* mozifilm* sinema* kino קולנוע افلام* سينما* فلم فلمون* *film snimek snimok
tvseries *serie сериал* серіал* серыял* серија* serija serije serijal* sorozat* telenovel* sarja sarjan seriaal* serialas dizi dizisi dizinin seriali*
  teleserial* телехикая* serialul* σειρασ סדרה סדרת مسلسل* سريال* ڈرامه सीरीज़* धारावाहिक ซีรีส์ ละคร 电视剧 電視劇 剧集 影集 ドラマ シリーズ 드라마 시리즈 სერიალ* սերիալ*
  serial serialu serialem serialach serialy
music* музык* музич* *musik* musik* musique* musica* muzyk* hudb* zene* zenei musiikk* muusik* muzik* glazb* μουσικ* מוזיק* موسيق* მუსიკ* երաժշտ* 음악*
  음원* 音楽 音乐 音樂 ดนตรี เพลง संगीत
label labels recordlabel лейбл* лэйбл* wytworn* vydavatelstv* plattenfirm* musiklabel* *label platenmaatsch* skivbolag* pladeselskab* plateselskap*
  maisondedisques discograf* gravador* etichett* lemezkiad* levyyhti* plaadifirm* ierakstukomp* irasu plaksirk* plakfirm* casadediscuri δισκογραφικ*
  לייבל* תקליטים شركهانتاج* تسجيلات* الاسطوانات* ليبل ناشر लेबल* ค่ายเพลง 唱片 唱片公司 レーベル 레이블 음반사 ლეიბლ* լեյբլ*
publisher* publishing издательств* видавниц* видавець видавц* выдавец* издавач* издател* izdavac* zalozb* wydawnictw* wydawc* nakladatel* vydavatel*
  verlag* *verlag uitgever* forlag* editeur* maisondedition editorial* editores editore editori editora* kiado* kustantam* kustantaj* kirjastus*
  izdevniec* leidykl* yayinev* yayinci* nəsriyyat* nashriyot* баспа* editur* εκδοτ* εκδοσεισ הוצאת ההוצאה النشر* ناشر ناشرين* انتشارات* ناشران* پبلشر*
  प्रकाशक* प्रकाशन สํานักพิมพ์ 出版社 出版商 出版 발행사 출판사 출판 გამომცემლ* հրատարակ*
book books книга книги книгу книге книг книгой книжн* книжк* кніг* книж* knjig* ksiazk* ksiazek knih* buch buchs bucher* boek boeken bok boken bocker
  bogen bøger bøker livre livres libro* libri livro* konyv* kirja kirjan kirjat kirjoj* raamat* gramat* knyga knygo* knygu kitap* kitab* kitob* кітап*
  carti βιβλι* ספר ספרים كتب كتاب* किताब* पुस्तक* หนังสือ 书籍 图书 圖書 書籍 도서 서적 책 წიგნ* գիրք գրքի գրքեր*
club* клуб* verein* kulub* klub* συλλογ* מועדון* نادي* باشگاه* კლუბ* ակումբ* 구단* クラブ 俱乐部 俱樂部 สโมสร क्लब* seura seuran كلب
football* soccer* футбол* fussball* futbol* piłk* labdarug* ποδοσφαιρ* כדורגל* كره فوتبال* ფეხბურთ* ֆուտբոլ* 축구* サッカー 足球 ฟุตบอล फुटबॉल* fc fotbal*
  futbal* nogomet* фудбал* fudbal* jalkapall* futis* jalgpall* voetbal* fotboll* fodbold* calcio futebol* فٹبال*
stadium* arenas стадион* стадіон* стадыен* арена арене арены *stadion stadiu* stades estadi* stadi arena* arene staadion* stadyum* stadio* σταδι*
  γηπεδ* אצטדיון* אצטדיונ* ملعب ملاعب* ورزشگاه* اسٹيڈيم* स्टेडियम* สนามกีฬา สเตเดียม 体育场 體育場 球场 球場 スタジアム 競技場 경기장 스타디움* სტადიონ* մարզադաշտ*
school* школ* schule* ecole* escuel* szkoł* okul* iskol* σχολ* مدرس* სკოლ* դպրոց* 학교* 学校 โรงเรียน स्कूल*
  училищ* шкіл шкільн* skola skolan skolor skole skolen skoler skolu skoly skolach skoli skolom skolsk* skolni* skolas skolam solstv* osnovnosol*
  mokykl* koulu* kool koolid koolis koolide kooli scholen scuol* escola escolas escolar* scoala scoli scolii scolile scolar* məktəb* мектеп* мектеб*
  maktab* سكول* اسكول* مدارس पाठशाला विद्यालय* sekolah* 學校 中学 小学 高校 colegio colegios תיכון grundschule* volksschule* realschule* solski solsko solska
  solskih solske solskega
university университет* університет* universit* uniwersytet* universite* egyetem* πανεπιστημι* אוניברסיט* جامع* دانشگاه* უნივერსიტეტ* համալսարան* 대학*
  大学 大學 มหาวิทยาลัย विश्वविद्यालय* วิทยาลัย університэт* универзит* univerz* *universitat uni hochschul* *hochschule universidad* yliopisto* yliopist*
  ulikool* augstskol* вуз вузов вуза вузы институт* akademi* академі* академи* college* polytechni* פוליטכניון טכניון يونيورسٹي* كليه
church* церк* царк* цэркв* църкв* patriarch* патриарх* патріарх* епархи* єпархі* митрополи* monaster* монастыр* манастир* kirche* *kirche kerk kerken
  kyrka* kirke* eglise* iglesia* chiesa chiese igreja* koscioł* cerkiew cerkw* cirkev* cirkv* crkv* cerkv* cerkev egyhaz* templom* kirkko* kirkon
  kirik kirikut kirikl* baznic* baznyc* kilise* kilsə* cherkov* шіркеу* biseric* εκκλησι* πατριαρχ* כנסיי* كنيسه كنايس* بطريرك* كليسا* چرچ गिरजा โบสถ์
  คริสตจักร 教会 教會 教堂 東正教 교회 정교회 ეკლესი* საპატრიარქო* եկեղեց* चर्च
ngo ngos nonprofit нко нпо charit* некоммерч* неприбутк* благодийн* благодійн* благотвор* нпа нго nvo nevladin* pozarzadow* fundacj* neziskov*
  mimovlad* gemeinnutz* nichtregierung* hilfsorganis* ong ongs ideell* ngoer civilszerv* kansalaisjarjest* hyvantekevais* vabauhend* mittetulund*
  nevyriausyb* labdar* stk vakif* qht notijorat* ққұ үеұ onlus beneficen* benefic* bienfais* μκο ανθρωπιστ* עמותה עמותת מלכר גמח منظمات* خيريه سمن
  فلاحي* एनजीओ धर्मार्थ มูลนิธิ 非政府组织 非营利 非營利 慈善 公益 非営利 慈善団体 엔지오 시민단체* 비영리 არასამთავრობო* საქველმოქმედო* հկ բարեգործ*
foundation* фонд* фундац* fondac* stiftung* *stiftung stichting* stiftelse* fonden fondation* fundaci* fondazion* fundacao alapitvany* saatio*
  sihtasut* fond fonds fonda fondas fondi fundacj* nadac* zakład* vakfi vakif* fondu jamgarma* қор қоры қорының fundati* ιδρυμα ιδρυματ* קרן עמותה
  موسسه بنياد* وقف فاونڈيشن* फाउंडेशन* प्रतिष्ठान มูลนิธิ 基金会 基金會 財団 재단 ფონდი* հիմնադրամ*
donat* пожертв* донат* *spende* spenden* dons don donation* donativ* doacao donazion* darowizn* dary adomany* lahjoit* anneta* ziedoj* auk auka
  paramos bagis* donacij* δωρε* תרומ* تبرع* اعانه დონაცი* նվիրատվ* 기부* 寄付 捐款 บริจาค दान
podcast* *podcast podkast* подкаст* падкаст* podden poddar poddavsnitt* taskuhaaling* raidierakst* tinklalaid* baladodiffusion* ποντκαστ* פודקאסט*
  פודקסט* הסכת הסכתים بودكاست* پادكست* پوڈكاسٹ* პოდკასტ* փոդքասթ* փոդքաստ* պոդկաստ* 팟캐스트* ポッドキャスト 播客 พอดแคสต์ พอดคาสต์ पॉडकास्ट* siniar
studio studios студия студии студию студией студий студиях киностуди* кіностуді* студія студії студію студій студією студыя студыі студыю студио
  студиото студиа filmstudio* tonstudio* spielestudio* spelstudio* spilstudie* filmstudie* studion studiot studiossa pelistudio* studioul studioului
  studiouri* studiok studioja studioban stuudio* kinostudij* kinostudiya* studyo* studiya* στουντιο סטודיו אולפן אולפני אולפנים استوديو* استديو*
  اسٹوڈيو* სტუდია სტუდიის სტუდიაში სტუდიები ստուդիա* 스튜디오* スタジオ 工作室 制片厂 製片廠 摄影棚 攝影棚 演播室 สตูดิโอ स्टूडियो* ierakstustudij*
museum* *museum музей музея музею музеем музее музеи музеев музеях музеї музеїв музеєм музеі музеяў музейн* музеј* музеят muzej* muzeu* muzeo* muzea
  muzeach muzei muzee muzeelor muziej* muzesi muzesinde muzeler* muzede muzenin museen musea museet museer musee musees museo* musei museu museus
  muuseum* мұражай* μουσει* מוזיאון* מוזאון* متحف متاحف موزه موزهها موزهاي ميوزيم* მუზეუმ* թանգարան* 박물관* 미술관* 博物館 美術館 ミュージアム 博物馆 美术馆 พิพิธภัณฑ์
  संग्रहालय* म्यूज़ियम* म्यूजियम* muzey muzeyi muzeyda muzeyida muzeylar* muzeyində
theatre theater theatre* theater* theatr* театр* тэатр* театър* театар позоришт* pozorist* kazalist* gledalisc* teatar teatr* divadl* divadel divadiel
  szinhaz* teatter* teater teatern tiyatro* θεατρ* תיאטרון* תאטרון* مسرح مسارح مسرحي تياتر* تهيٹر* თეატრ* թատրոն* 극장* 劇場 シアター 剧院 劇院 剧场 โรงละคร थिएटर*
  रंगमंच*
"""
