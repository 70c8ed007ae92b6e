"""Nouns for things of another kind, in thirty languages: an island, a toothpaste, a film of the same name. Pure.

Folded (see `scripts.fold`). `stem*` stands for all words that begin so, the others for themselves.
"""

from __future__ import annotations

import re
from functools import cache

from alerts.recognition.language.native_forms import forms
from alerts.recognition.language.scripts import script_of
from alerts.recognition.language.tokens import SPACELESS
from alerts.recognition.language.word_lists import apposed

_BESIDE = """
island islands isle insel iles isla islas isola ilha wyspa wyspie wyspy ostrov ostrova ostrove ostrvo остров* острів* острова востраў* sziget* saari saarella
saarel ada adasi adasinda insula otok otoka otoku oya νησι νησου νησοσ אי האי באי جزيره جزر კუნძულ* կղզի* 섬 섬에 섬의 島 岛 เกาะ द्वीप
lighthouse leuchtturm phare faro farol latarni* majak* маяк* vilagitotorony majakka tuletorn feneri φαροσ φαρου מגדלור مناره فانوس შუქურა փարոս 등대 灯台 灯塔
燈塔 ประภาคาร
паста пасты пасту пастой пасте toothpaste toothbrush zahnpasta zahncreme dentifrice dentifrico dentifricio dentar pasty зубн* fogkrem hammastahna hambapasta tandkram tandpasta macunu οδοντοκρεμα
οδοντοκρεμεσ שיניים اسنان الاسنان دندان კბილის 치약 歯磨き 歯磨き粉 牙膏 ยาสีฟัน टूथपेस्ट मंजन
yildizi вертолет* dizisi 드라마 ドラマ 电视剧 連續劇 剧集 ซีรีส์ ละคร
film movie thriller фильм* фільм* кинофильм* мультфильм* pelicula filme filmu filmi elokuva elokuvan ταινια סרט فيلم ფილმ* ֆիլմ* 영화 映画 电影 電影 ภาพยนตร์ फिल्म
song ballad album albums chanson cancion canzone cancao piosenka pisen песн* пісн* kappale laul sarkisi τραγουδι שיר اغنيه البوم სიმღერა երգ 노래 앨범 アルバム 歌曲 专辑
เพลง गाना गीत роман романа романе powiesc novela romanzo regeny μυθιστορημα روايه 소설 小説 小说 นวนิยาย उपन्यास
stadium stadion stadionu stade estadio стадион* стадіен* стадіон* stadyumu stadi stadionul σταδιο אצטדיון ملعب استاد ورزشگاه სტადიონ* մարզադաշտ* 경기장 스타디움
スタジアム 体育场 สนามกีฬา स्टेडियम
hotel hotelu гостиниц* отел* готел* oteli otel szalloda ξενοδοχειο מלון فندق هتل სასტუმრო հյուրանոց 호텔 ホテル 酒店 โรงแรม होटल cafe кафе restaurant ресторан*
kawiarnia kavarna kavezo kahvila kohvik καφετερια مطعم مقهي كافه კაფე 카페 カフェ 咖啡馆 咖啡店 餐厅
cinema cinemas kino kina kinie кинотеатр* кінотеатр* sinemasi mozi bioscoop elokuvateatteri кинотеатр* κινηματογραφοσ سينما კინოთეატრი 영화관 映画館 电影院
theatre theater театр* teatro teatr divadlo tiyatrosu szinhaz teatteri θεατρο תיאטרון مسرح თეატრი 극장 劇場 剧院 โรงละคร
cruiser icebreaker frigate submarine yacht ferry warship крейсер* ледокол* фрегат* подлодк* яхт* теплоход* пароход* шхун* паром* эсминец* kreuzer eisbrecher
fregatte jacht croiseur voilier crucero fregata krazownik lodołamacz jachta ιστιοφορο יאכטה מפרשית سيיرת يخت طراد فرقاطه 요트 순양함 쇄빙선 ヨット 巡洋艦 砕氷船 游艇 帆船
巡洋舰
spacecraft spaceship капсул* raumschiff raumsonde raumkapsel raumstation avaruusalus kosmoselaev διαστημοπλοιο חללית كبسوله فضاپيما كپسول 우주선 탐사선 宇宙船
カプセル 探査機 飞船 太空船 探测器 ยานอวกาศ
constellation nebula galaxy asteroid comet созвезди* сузір* туманност* галактик* астероид* комет* планет* sternbild constelacion nebulosa costellazione gwiazdozbior
mgławica souhvezdi csillagkep tahdisto takimyildizi αστερισμοσ αστερισμο γαλαξιασ كوكبه سديم თანავარსკვლავედი 별자리 성운 星座 星雲 星云 กลุ่มดาว तारामंडल
river lake bay volcano reka реки реке озеро озера озере залив* вулкан* річк* fluss lac fleuve riviere lago bahia fiume rzeka jezioro zatoka folyo jarvi nehri golu λιμνη
ποταμοσ נהר نهر بحيره رودخانه درياچه მდინარე 호수 湖 แม่น้ํา ทะเลสาบ नदी झील
street avenue boulevard улиц* вулиц* проспект* бульвар* площад* площі площа strasse rue avenida calle piazza rua ulica ulicy ulici ulice utca caddesi sokagi οδοσ οδο πλατεια רחוב
כיכר شارع ميدان خيابان ქუჩა փողոց 거리 通り 大街 ถนน सड़क
church mosque kirche eglise iglesia chiesa kosciol kostel templom kirkko церков* мечет* храм* مسجد جامع كنيسه مدرسه כנסיה כנסיית village town hamlet деревн* поселк* поселок поселком село dorf ortschaft pueblo villaggio wies wsi koyu kyla kula χωριο כפר قريه روستا სოფელ* գյուղ 마을 หมู่บ้าน गांव
festival festivalu фестивал* фестывал* festivali festivaali φεστιβαλ פסטיבל مهرجان جشنواره ფესტივალი 축제 페스티벌 フェスティバル 音乐节 เทศกาล
beer vodka wine whisky chocolate shampoo soap perfume cigarettes пиво пива водк* вино шампун* мыло сигарет* конфет* шоколад* bier wein biere cerveza birra cerveja piwo pivo
olut birasi μπυρα בירה شامبو صابون شوكولاته 맥주 초코파이 ビール 啤酒 香水 洗发水 เบียร์ बीयर
телевизор* холодильник* батискаф* мотоцикл* велосипед* трактор* фотоаппарат* пианино рояль тепловоз* катер катера fc fk futbol fussballclub уголок цирк* зоопарк* скульптур* памятник* монумент*
"""
"""Before the name, or after it."""

_BEFORE = """
乐队 樂隊 バンド 밴드 band banda kapela zespol лайнер* przedszkol* kindergarten kita lyzeum lycee liceum guarderia ovoda maternelle детсад* садик opera oper опера оперы оперу опере симфони* балет* اوبرا האופרה series serial sitcom drama serie serien serija сериал* серіал* серыял* драма* sorozat* sarja seriale serialu סדרת סדרה הדרמה مسلسل المسلسل سريال დრამა სერიალ* 시리즈
space космическ* космічн* орбитальн* orbital planet planete planeta planeten כוכב
レストラン 料理店 ペンション 旅館 民宿 食堂 居酒屋 喫茶店 薬局 保育園 幼稚園 旅馆 客栈 饭店 药店 幼儿园 residents inhabitants villagers жител* дачник* окрестност* окраин* жителі мешканц* бухта бухты бухте god gods goddess dieu dios бог бога богу богом богиня mairie ville commune municipio maire gare rathaus burgermeister мэрия мэрии мэр город города городе городок
ayuntamiento alcalde sindaco burmistrz starosta mestecko mesto varos kaupunki kaupungin linn pilseta miestas county comte condado contea landkreis okres powiat hrabstwo grafschaft megye maakunta maakond округ округа округе графств* مقاطعه ولايه مديريه מחוז شهرستان استان department departement departamento dipartimento departament* департамент* електростанц* электростанц* лицей* модуль* модуля ром рома коктейл* агент agent prince princess
duke futbolo футбольн* хоккейн* баскетбольн* волейбольн* спортклуб* football hockey basketball volleyball fotbalovy piłkarski نادي باشگاه 구단 俱乐部 สโมสร ποδοσφαιρικοσ
metro underground метро traffic railway rail railroad distress светофор* семафор* дорожн* тревожн* аварийн* trafik traffico semaforo ampel κυκλοφοριασ תנועה רמזור
الرمزور المرور مرور ترافيك ٹريفك ट्रैफिक ट्रैफ़िक यातायात रेलवे लाल 교통 신호등 交通 信号機 信号灯 จราจร автобус* трамва* тролейбус* гонк* ралли регат*
станци* станці* ближн* дальн* средн*
"""
"""Before it only."""

_INSTITUTIONS = """
submersible borealis australis rum hamburger* burger* hospital school university college mall park museum institute больниц* अस्पताल हॉस्पिटल हेल्थकेयर विश्वविद्यालय कॉलेज स्कूल hastanesi universitesi lisesi korhaz iskola
egyetem sairaala haigla ligonine slimnica 병원 대학교 고등학교 공원 病院 大学 高校 公園 医院 公园 โรงพยาบาล مستشفي 분석 解析 版 县 縣 郡 镇 鎮 省 州 群岛 半岛
"""
"""After it only."""


class _Words:
    """A table, by how a word is compared with it; `letters` are those of scripts without spaces."""

    def __init__(self, table: str) -> None:
        words = table.split()
        spaceless = re.compile(f"[{SPACELESS}]")
        self.whole = frozenset(word for word in words if not word.endswith("*"))
        self.begins = tuple(word[:-1] for word in words if word.endswith("*"))
        self.letters = tuple(word for word in words if spaceless.match(word))

    def have(self, folded: str) -> bool:
        if folded in self.whole or (self.begins and folded.startswith(self.begins)):
            return True
        return script_of(folded) == "other" and any(form in self.whole for form in forms(folded))


@cache
def _words(*tables: str) -> _Words:
    """Made with the first ambiguous name in a text."""
    return _Words(" ".join(tables))


def is_kind_before(folded: str) -> bool:
    """Whether a folded word before a name says that it is something else."""
    return _words(_BESIDE, _BEFORE, apposed.KINDS).have(folded)


def is_kind_apposed(folded: str) -> bool:
    """Whether a folded word after a name and a comma says that it is something else."""
    return is_kind_before(folded) or is_kind_after(folded)


def is_person(folded: str) -> bool:
    """Whether a folded word says that somebody is a performer, a sportsman or the like."""
    return _words(apposed.PERSONS).have(folded)


def is_kind_after(folded: str) -> bool:
    """Whether a folded word after a name says that it is something else."""
    return _words(_BESIDE, _INSTITUTIONS).have(folded)


def ends_with_kind(text: str) -> bool:
    """Whether a text ends with such a noun of a script without spaces."""
    return text.endswith(_words(_BESIDE, _BEFORE, apposed.KINDS).letters)


def begins_with_kind(text: str) -> bool:
    """Whether a text begins with such a noun of a script without spaces."""
    return text.startswith(_words(_BESIDE, _INSTITUTIONS).letters)
