"""Names listed in one script and written in another: as the press does, in every form, and within running text."""

from __future__ import annotations

import pytest

from alerts.recognition.language.scripts import one_form
from alerts.recognition.merging import between_usual_words
from alerts.recognition.phrases import established
from alerts.recognition.recognizer import Recognizer
from alerts.recognition.sound.alphabets import said
from tests.alerts.recognition.watched import Watched


def found(name: str, text: str, *context: str) -> list[str]:
    """The words of a text that are the name."""
    findings = Recognizer({"one": Watched((name,), context)}).findings([("text", text)])
    return [finding.words for finding in findings if not finding.against]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Tether", "أصدرت تيثر عملات جديدة"),
        ("Binance", "הכספים עברו לביננס"),
        ("Google", "谷歌上周上诉"),
        ("Google", "구글은 항소했다"),
        ("Apple", "アップルが発表した"),
        ("WhatsApp", "واٹس ایپ بند"),
        ("WhatsApp", "כך נמסר בוואטסאפ"),
        ("Telegram", "ﾃﾚｸﾞﾗﾑで連絡"),
        ("Kaspersky", "კასპერსკიმ განაცხადა"),
        ("Siemens", "Заводы Сименса стоят"),
        ("Binance", "เงินถูกโอนไปยังไบแนนซ์เมื่อวาน"),
    ],
)
def test_a_well_known_name_is_found_as_the_press_of_each_script_writes_it(name, text):
    assert found(name, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Apple", "أسعار الإبل ترتفع"),
        ("Apple", "حريق في كابل"),
        ("Apple", "农民收获苹果"),
        ("Binance", "货币安全会议"),
        ("Google", "峡谷歌会开幕"),
        ("Tether", "تأثير القرار"),
        ("Google", "그걸 봤다"),
        ("Alibaba", "أغلق الباب"),
        ("Meta", "メタ分析の結果"),
    ],
)
def test_words_that_look_or_sound_a_little_like_a_well_known_name_are_not_it(name, text):
    assert not found(name, text)


def test_a_spelling_that_is_an_ordinary_word_counts_with_a_context():
    assert found("Apple", "苹果发布新手机，iPhone 涨价", "iPhone")


def test_the_table_of_well_known_names_has_each_spelling_once_in_a_row():
    for name in ("google", "tether", "tornado cash", "роскомнадзор"):
        spellings = established(name, guarded=True).spellings
        assert len(set(spellings)) == len(spellings) > 8


@pytest.mark.parametrize(
    ("one", "other"), [("鴻", "鸿"), ("沢", "泽"), ("澤", "泽"), ("広", "广"), ("廣", "广"), ("王", "王")]
)
def test_a_chinese_character_has_one_form(one, other):
    assert one_form(one) == other


@pytest.mark.parametrize(
    ("name", "text"), [("陈国泽", "商人陳國澤被捕"), ("陳國澤", "商人陈国泽被捕"), ("小澤廣子", "小沢広子氏")]
)
def test_a_name_in_chinese_characters_is_found_in_their_other_forms(name, text):
    assert found(name, text)


@pytest.mark.parametrize(("name", "text"), [("陈国泽", "律师陈国择"), ("小沢広", "小沢広子氏")])
def test_a_name_in_other_characters_or_with_one_more_is_another_name(name, text):
    assert not found(name, text)


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("Geoffroy Thibaudault", "Жоффруа Тибодо|ジョフロワ・ティボドー|조프루아 티보도"),
        ("Kenneth Wainwright", "Кеннет Уэйнрайт|ケネス・ウェインライト|كينيث وينرايت"),
        ("Zbigniew Wąsikowski", "Збигнев Вонсиковский|ズビグニェフ・ヴォンシコフスキ"),
        ("Dieter Quaschner", "Дитер Квашнер|ディーター・クヴァシュナー|דיטר קוושנר"),
        ("Тарас Гнатюк", "Taras Hnatiuk|タラス・フナチューク"),
        ("Мар'ян Дем'янчук", "Мар'ян Дем'янчук|Marian Demianchuk"),
        ("عبد الرحيم الجزولي", "Abdurrahim al-Jazouli|Абдуррахим аль-Джазули|عبدالرحيم الجزولي"),
        ("فریبرز جهان‌پور", "Fariborz Jahanpour|Фариборз Джаханпур|فريبرز جهان بور"),
        ("אלי צ'רניאק", "Eli Cherniak|Эли Черняк|エリ・チェルニアク"),
        ("周家琪", "Chou Chia-ch'i|Zhou Jiaqi|저우자치"),
        ("남궁현", "Namgung Hyun|Намгун Хён"),
        ("สมชาย วงศ์สวัสดิ์", "แจ้งข้อหานายสมชาย วงศ์สวัสดิ์ แล้ว|Somchai Wongsawat"),
        ("Gareth Pembridge", "ลงนามโดยแกเร็ธ เพมบริดจ์ เมื่อวาน|加雷思·彭布里奇 出庭"),
    ],
)
def test_a_person_is_found_in_other_scripts(name, texts):
    assert [text for text in texts.split("|") if not found(name, text)] == []


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("Kenneth Wainwright", "ケネス・ウェイン|Кеннет Уэллс|كينيث والاس|케네스 웰스"),
        ("Тарас Гнатюк", "Taras Hnatenko|タラス・フナテンコ|טאראס הורביץ"),
        ("周家琪", "Zhou Jiahao|周嘉琪|チョウ・カコ"),
        ("Gareth Pembridge", "แกเร็ธ เพนนี|加雷思·彭斯|ガレス・ペンズ"),
    ],
)
def test_somebody_with_the_same_given_name_is_another_person(name, texts):
    assert [text for text in texts.split("|") if found(name, text)] == []


def test_a_latin_name_is_said_by_the_rules_of_the_languages_that_it_may_be_of():
    assert "tevenua" in said("thévenois")
    assert any(word.startswith("kvel") for word in said("quellhorst"))
    assert list(said("garantex")) == []


def test_a_thai_name_is_between_usual_words():
    text = "ลงนามโดยแกเร็ธเมื่อวาน"
    assert "แกเร็ธ" in [text[begin:end] for begin, end in between_usual_words(text, 0, len(text))]


def test_a_character_of_another_entitys_context_is_still_one_of_the_name():
    watched = {"xu": Watched(("许景川",)), "bis": Watched(("BIS",), context=("license",))}
    findings = Recognizer(watched).findings([("text", "法院裁定許景川交還股權。")])
    assert [finding.entity for finding in findings] == ["xu"]


def test_a_name_is_spelt_in_cyrillic_only_for_a_text_in_cyrillic(monkeypatch):
    asked: list[str] = []
    monkeypatch.setattr("alerts.recognition.stems.respelt", lambda folded: iter(asked.append(folded) or ()))
    recognizer = Recognizer({"one": Watched(("Kowalski Holding",))})
    for text in ("Miami: Kowalski Holding appeals", "Kowalski Holding은 항소했다"):
        assert [finding.entity for finding in recognizer.findings([("text", text)])] == ["one"]
        assert not asked
    recognizer.findings([("text", "Холдинг Ковальски обжалует решение")])
    assert "kowalski" in asked


def test_of_many_names_all_spellings_are_made_before_the_first_text(monkeypatch):
    asked: list[str] = []
    monkeypatch.setattr("alerts.recognition.stems.respelt", lambda folded: iter(asked.append(folded) or ()))
    monkeypatch.setattr("alerts.recognition.vocabulary._MANY", 2)
    recognizer = Recognizer({"one": Watched(("Kowalski Holding",))})
    assert "kowalski" in asked
    asked.clear()
    recognizer.findings([("text", "Холдинг Ковальски обжалует решение")])
    assert not asked
