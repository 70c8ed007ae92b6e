"""Words beside a person's name, and what makes a name in Chinese characters a longer one. Folded. Pure."""

from __future__ import annotations

from alerts.recognition.tables import listed

TITLES = frozenset(
    listed(
        "mr mrs ms miss dr sir lady herr frau monsieur madame mme senor senora sr sra signor signora pan pani pana bay bayan singer actor actress sprinter footballer"
        " goalkeeper striker winger midfielder drummer guitarist rapper boxer racer cyclist swimmer novelist poet painter sculptor pianist violinist"
        " sanger sangerin schauspieler schauspielerin rennfahrer chanteur chanteuse acteur actrice pilote cantante actor actriz piloto cantor cantora attore attrice"
        " pilota piosenkarz piosenkarka aktor aktorka kierowca zpevak zpevacka herec herecka enekes szinesz sarkici oyuncu laulaja nayttelija"
        " spaniel labrador terrier poodle retriever beagle collie kitten hamster son brother uncle father husband boyfriend nephew grandson dog puppy horse parrot bruder onkel sohn neffe hund kater frere oncle fils chien hijo hermano perro"
        " figlio fratello cane filho irmao cachorro syn brat pies bratr pes oglu kardesi kopegi"
        " сосед соседа соседу приятель приятеля однокурсник однокурсника сын сына сыну брат брата брату дядя дяди отец муж мужа племянник внук внука мальчик мальчика кот кота пес пса собака щенок"
        " composer conductor philosopher komponist compositeur compositor compositore kompozytor skladatel zeneszerzo композитор композитора дирижер философ"
        " σκυλοσ γατα γιοσ αδερφοσ הכלב החתול הבן האח كلبي قطتي ابن شقيق зять кузен кузена собаки koer koira kissa suns"
        " συνθετησ τραγουδιστησ ηθοποιοσ 배우 가수 감독 선수 래퍼 작가 мистер миссис господин госпожа господина доктор певец певица певицы певца актер актриса актера актрисы гонщик гонщика футболист хоккеист боксер режиссер"
        " писатель художник поэт рэпер блогер блогера спринтер тренер школьник школьника студент студента пенсионер співак співака співачка співачки співачку клоун клоуна клоуном актор акторка"
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

TITLES_LETTERS = ("演员", "演員", "歌手", "俳優", "選手", "作家", "导演", "監督", "司机", "ラッパー", "นักแสดง", "นักร้อง")
"""Directly before it, in scripts without spaces."""

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
        "宪法 宪政 憲法 民众 民警 民营 永久 长江 天空 元素 正常 义务 康复 贵州 阳光 星球 雷达 冰箱 柏林 桂林 荷兰 才能 智能 智慧 思想 瑞士 瑞典 卫生 卫星 朝鲜 世界 传统 华夏 华侨 华裔 华语 国企 国务 国防 国籍 国资 文学 文艺 文旅 光伏 光学 建筑 建材 健康 福建 福利 兴业 利益 利润 利率 成都 成员 林区 海南 海军 江南 玉米 云南 云计 香港 航天 航空 群众 群眾 群岛 文化 文明 明天 国家 國家 国际 国内 建设 建設 华人 华为 军事 军队 民族 民主 平安 平台 平等 海洋 海关 海外 生活 生产 成为 成立 立即 立法 东方 南方 北京 强调 强烈 伟大 光明"
        " 新闻 新聞 新疆 学生 学校 林业 江苏 江西 山东 山西 河南 河北 天津 天气 天然 春节 春天 金融 金属 春季 夏季 秋季 冬季 高速 高级 大学 大會 大会 中国 中國 中央 石油 公司 公安 公园"
        " 安全 安排 安徽 信息 信用 水利 水平 电力 電力 龙头 红色 清洁 清华 德国 英国 美国 美元 宁波 宁夏 波动 波及"
    )
)
"""Words that begin with the last character of a name, and go on."""
JOINED_BEFORE_IN_CHINESE = frozenset(
    listed(
        "感谢 感謝 致谢 多谢 鸣谢 答谢 提高 最高 很高 扩张 主张 紧张 警方 官方 地方 双方 各方 军方 校方 由于 关于 位于 属于 等于 至于 非常 经常 正常 日常"
        " 主任 责任 担任 信任 平安 公安 明白 表白 空白 岩石 钻石 完成 组成 造成 构成 赞成 收成 马杜 馬杜"
    )
)
"""Words that end with a surname, after another character."""

CHINESE_TITLES = (
    "老师",
    "老師",
    "先生",
    "女士",
    "教授",
    "同学",
    "同學",
    "医生",
    "醫生",
    "律师",
    "師傅",
    "师傅",
    "院士",
    "大爷",
    "阿姨",
)
"""Titles after a Chinese name."""

RANKS = frozenset(
    listed(
        "president premier minister chancellor senator governor mayor judge justice general admiral colonel major captain lieutenant sergeant professor prof doctor ceo cfo"
        " chairman director founder billionaire businessman tycoon magnate oligarch banker trader hacker suspect defendant prosecutor lawyer investor entrepreneur"
        " presidente prezydent prezident presedinte ministre ministro minister senador juge juez giudice general generale profesor profesora professeur directeur"
        " pan pani pana pani panu bay hanim herra rouva kungen kaptajn the and und et y e i of de von van der du da di del la le el al ben bin ibn abu"
        " january february march april may june july august september october november december monday tuesday wednesday thursday friday saturday sunday"
    )
)
"""Words with a capital letter before a surname that are no first name."""

LIKE_ALI = "على"
"""An Arabic preposition, which is folded like a first name."""
NATIVE_NAMES = frozenset(
    listed(
        "ستيبان فهد دينيس اليكسي رومان سلطان تركي ناصر גיל יוסי דוד משה אברהם יעקב יצחק שרה רחל לאה רבקה מרים דניאל מיכאל יונתן נועם איתי עומר אורי אלון עידו רון גיא תומר אייל יואב אסף ניר שי ליאור עמית אבי אלי"
        " שמעון יהודה בנימין יוסף שלמה חיים מאיר ניקולאי איוון אלכסנדר סרגיי דמיטרי ויקטור אנדריי יורי לב מיכל נועה תמר יעל שירה מאיה רותי דנה ענת אורלי עירית סיגל"
        " محمد احمد علي حسن حسين خالد يوسف عمر ابراهيم محمود مصطفي سعيد سامي سمير كمال جمال عادل ماهر وليد رامي باسم نبيل فادي زياد انس بلال حمزه عبدالله عبدالرحمن"
        " فاطمه عايشه مريم زينب ليلي سلمي نور هدي امل سعاد رانيا نيكولاي ايفان الكسندر سيرغي ديمتري فيكتور اندريه يوري"
        " رضا مهدي امير سعيد حميد مجيد بهرام فرهاد داريوش كوروش آرش سينا نيما بابك كامران شهرام زهرا مينا سارا نسرين پروين شيرين مهسا نازنين"
        " ირაკლი გიორგი დავით ლევან ზურაბ მიხეილ ნინო თამარ მარიამ ანა ნათია ეკა ლუკა სანდრო ვახტანგ თეიმურაზ გელა კახა მამუკა ნიკოლოზ ნიკოლაი ალექსანდრე ივანე სერგო"
        " राहुल अमित राजेश सुरेश महेश रमेश अनिल सुनील संजय विजय अजय मनोज विनोद दीपक सीता गीता सुनीता अनीता पूजा नेहा प्रिया निकोलाई इवान"
    )
)
"""First names in scripts without capital letters."""

IN = frozenset(
    listed(
        "in on at from to near of by w we na do z ze od v ve za u en de a au aux di da il nel nella em no i til fra fran op uit van ile"
    )
)
"""Prepositions before places and days, which may stand before a surname."""
CHINESE_SURNAMES = frozenset(
    "王李张張刘劉陈陳杨楊黄赵趙吴吳周徐孙孫马馬朱胡郭何林高罗羅郑鄭梁谢謝宋唐许許邓鄧韩韓冯馮曹彭曾萧蕭田董潘袁蔡蒋余于杜叶葉程魏苏蘇吕丁沈任姚卢傅钟姜崔谭廖范汪陆金戴贾韦夏邱方侯邹熊孟秦白江薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严武"
)
CHINESE_ROLES = tuple(
    listed(
        "演员 歌手 厨师 作家 教师 老师 记者 主播 医生 导演 画家 球员 选手 教练 学生 网红 博主 模特 律师 同学 市民 村民 居民 女子 男子 演員 記者 廚師 選手 教練 學生 護士 护士 司机 店主 设计师 工程师"
    )
)
"""Before a Chinese surname, which a given name follows."""
