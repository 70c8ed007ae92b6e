"""Words for what somebody is, before a first name, in scripts where nothing else marks a name. Folded. Pure."""

from __future__ import annotations

from alerts.recognition.tables import listed

_ARABIC = """
مدرب لاعب حارس مهاجم سباح بطل ملاكم عداء مغني مغنيه ممثل ممثله رسام رسامه فنان فنانه كاتب كاتبه شاعر شاعره مذيع مذيعه مخرج مخرجه عازف عازفه مصمم مصممه طباخ
طبيب طبيبه مهندس معلم معلمه استاذ طالب طالبه صحفي صحفيه نجم نجمه حكم خباز نحات مصور بازيگر خواننده نقاش شاعر نويسنده كارگردان فوتباليست مربي دروازهبان
"""
_HEBREW = """
שופט שופטת שר שרת פרופסור זמר זמרת שחקן שחקנית צייר ציירת כנר כנרת פסנתרן מאמן מאמנת שוער חלוץ בלם כדורגלן כדורסלן שחיין רץ סופר סופרת משורר משוררת במאי במאית שף אופה טבח מעצב מעצבת פסל
צלם צלמת רופא רופאה מורה סטודנט תלמיד תלמידה מוזיקאי אמן אמנית קומיקאי שדר רקדן רקדנית נגן מתאגרף מלחין
"""
_GEORGIAN = """
მხატვარ მომღერალ მსახიობ მწვრთნელ მეკარე ფეხბურთელ მწერალ პოეტ პიანისტ მევიოლინე მოჭადრაკე მოკრივე მოჭიდავე რეჟისორ ექიმ მასწავლებელ დიზაინერ მოქანდაკე
კომპოზიტორ მძღოლ სტუდენტ მოსწავლე
"""
_ARMENIAN = """
դաշնակահար երգիչ երգչուհի դերասան դերասանուհի նկարիչ մարզիչ ֆուտբոլիստ գրող բանաստեղծ շախմատիստ ջութակահար ռեժիսոր բժիշկ ուսուցիչ
"""
_DEVANAGARI = """
गायक गायिका अभिनेता अभिनेत्री कोच खिलाड़ी चित्रकार लेखक लेखिका कवि डॉक्टर शिक्षक शिक्षिका छात्र छात्रा निर्देशक बल्लेबाज गेंदबाज पहलवान मुक्केबाज धावक नर्तक संगीतकार
"""
_HANGUL = """
국가대표 화가 가수 배우 감독 코치 선수 골키퍼 작가 시인 교수 의사 피아니스트 바이올리니스트 디자이너 요리사 조각가 사진가 투수 타자 복서 학생 교사 작곡가 지휘자 무용가
"""
_GREEK = """
ζωγραφοσ τραγουδιστησ ηθοποιοσ προπονητησ τερματοφυλακασ ποδοσφαιριστησ συγγραφεασ ποιητησ σκηνοθετησ γιατροσ πιανιστασ
"""
ROLES = frozenset(listed(f"{_ARABIC} {_HEBREW} {_GEORGIAN} {_ARMENIAN} {_DEVANAGARI} {_HANGUL} {_GREEK}"))
"""Painters, coaches, players and the like."""
OF_WORKERS = (
    "er", "or", "ist", "ian", "ant", "ent", "man", "woman", "smith", "wright", "in", "eur", "euse", "iste", "ien", "ienne", "ista", "ore", "rice", "arz", "nik", "ik", "el", "chef", "meister", "coach", "nurse", "cook",
    "mann", "frau", "mogul", "lord", "boss", "king", "maker",
)  # fmt: skip
"""Endings of Latin words for what somebody is, and of few first names that are not listed as such."""
GERMAN_WORKERS = (
    "er",
    "in",
    "meister",
    "coach",
    "nurse",
    "cook",
    "mann",
    "frau",
    "ist",
    "or",
    "eur",
    "ent",
    "ant",
    "oge",
    "wirt",
    "arzt",
    "koch",
)
"""The German ones."""
CASELESS = frozenset(listed("arabic hebrew georgian devanagari thai hangul kana han"))
"""Scripts without capital letters."""
