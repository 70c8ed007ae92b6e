"""Words beside a person's name, and what makes a name in Chinese characters a longer one. Folded. Pure."""

from __future__ import annotations

from alerts.recognition.tables import listed

TITLES = frozenset(
    listed(
        "mr mrs ms miss dr sir lady herr frau monsieur madame mme senor senora sr sra signor signora pan pani pana bay bayan singer actor actress sprinter footballer"
        " goalkeeper striker winger midfielder drummer guitarist rapper boxer racer cyclist swimmer novelist poet painter sculptor pianist violinist"
        " sanger sangerin schauspieler schauspielerin rennfahrer chanteur chanteuse acteur actrice pilote cantante actor actriz piloto cantor cantora attore attrice"
        " pilota piosenkarz piosenkarka aktor aktorka kierowca zpevak zpevacka herec herecka enekes szinesz sarkici oyuncu laulaja nayttelija"
        " son brother uncle father husband boyfriend nephew grandson dog puppy horse parrot bruder onkel sohn neffe hund kater frere oncle fils chien hijo hermano perro"
        " figlio fratello cane filho irmao cachorro syn brat pies bratr pes oglu kardesi kopegi"
        " сын сына сыну брат брата брату дядя дяди отец муж мужа племянник внук внука мальчик мальчика кот кота пес пса собака щенок"
        " composer conductor philosopher komponist compositeur compositor compositore kompozytor skladatel zeneszerzo композитор композитора дирижер философ"
        " мистер миссис господин госпожа господина доктор певец певица певицы певца актер актриса актера актрисы гонщик гонщика футболист хоккеист боксер режиссер"
        " писатель художник поэт рэпер блогер блогера спринтер тренер школьник школьника студент студента пенсионер співак співачка актор акторка"
    )
)
"""Directly before the name."""

TITLES_BEFORE = frozenset(
    listed(
        "الرييس رييس وزير الوزير السياسي النايب المغني المغنيه الممثل الممثله اللاعب لاعب السايق سايق الكاتب الكاتبه الدكتور المحامي الطالب المدرب راننده بازيگر"
        " خواننده نشيا נשיא הנשיא השר שר שרת הזמר זמר הזמרת השחקן שחקן השחקנית הנהג הפוליטיקאי הסטודנט התלמיד राष्ट्रपति अभिनेता गायिका गायक खिलाड़ी चालक छात्र"
        " მომღერალი მსახიობი მრბოლელი მოსწავლე երգիչ դերասան աշակերտ ο τραγουδιστησ ηθοποιοσ οδηγοσ μαθητησ"
    )
)
"""A few words before it, in scripts without capital letters and in Greek."""
OF_COMPANIES = frozenset(
    listed(
        "شركه الشركه لشركه التنفيذي تطبيق منصه مجموعه عملاق شركت חברת חברה ענקית אפליקציית מנכל ऐप कंपनी სი კომპანია აპლიკაცია ընկերություն εταιρεια"
    )
)
"""Words that make the name a company's again."""

TITLES_AFTER = (
    "さん",
    "氏",
    "容疑者",
    "選手",
    "投手",
    "監督",
    "大統領",
    "首相",
    "議員",
    "被告",
    "先生",
    "先輩",
    "총리",
    "대통령",
    "의원",
    "선수",
    "감독",
    "씨",
    "군",
    "总统",
    "總統",
    "总理",
    "车手",
    "先生",
    "女士",
)
"""Directly after it, in scripts without spaces and in Korean."""

LONGER_IN_JAPANESE = frozenset("子司太郎朗美介助夫男雄彦之也恵代江奈香菜那乃輔斗吾哉弥佳樹希衣")
NO_NAME_IN_JAPANESE = frozenset(
    listed("夫人 夫妻 子会 代表 代理 助教 助理 介入 介護 男性 美術 美国 希望 司法 司令 司会 司教 之一 太平")
)
"""Words that begin with such a character, but are none of a name."""
NUMERALS = frozenset("一二三四五")
AFTER_NUMERAL = frozenset("郎朗さ氏様く選容被")
LONGER_IN_CHINESE = frozenset(
    "明华華国國军軍平强強伟偉东東林红紅英霞芳玲丽麗文龙龍杰傑峰辉輝斌波涛鹏鵬超勇刚剛磊洋静靜敏娟燕玉梅萍宇浩轩軒豪婷雯颖穎琳"
)
NO_NAME_IN_CHINESE = frozenset(
    listed(
        "明确 明天 明年 明知 明显 国内 国家 国际 国外 军方 军队 平均 平时 平台 强调 强行 强烈 超过 超出 超额 文章 文件 东部 林业 华人 波及 勇敢 龙头 杰出 英国 英方 丽江 玉石 静静 梅开 红色 國內 國家 國際 強調 軍方"
    )
)
JOINED_IN_CHINESE = frozenset(
    listed(
        "华夏 华侨 华裔 华语 国企 国务 国防 国籍 国资 文学 文艺 文旅 光伏 光学 建筑 建材 健康 福建 福利 兴业 利益 利润 利率 成都 成员 林区 海南 海军 江南 玉米 云南 云计 香港 航天 航空 群众 群眾 群岛 文化 文明 明天 国家 國家 国际 国内 建设 建設 华人 华为 军事 军队 民族 民主 平安 平台 平等 海洋 海关 海外 生活 生产 成为 成立 立即 立法 东方 南方 北京 强调 强烈 伟大 光明"
        " 新闻 新聞 新疆 学生 学校 林业 江苏 江西 山东 山西 河南 河北 天津 天气 天然 春节 春天 金融 金属 春季 夏季 秋季 冬季 高速 高级 大学 大會 大会 中国 中國 中央 石油 公司 公安 公园"
        " 安全 安排 安徽 信息 信用 水利 水平 电力 電力 龙头 红色 清洁 清华 德国 英国 美国 美元 宁波 宁夏 波动 波及"
    )
)
"""Words that begin with the last character of a name, and go on."""
