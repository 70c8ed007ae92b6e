"""Where a Thai text, which has no spaces between words, may have a name: between its usual words. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from alerts.recognition.language.frequent import is_frequent
from alerts.recognition.tables import listed

# Titles, and what stands before and after names: prepositions, conjunctions, verbs of reports, kinds of things.
_USUAL = """
นาย นาง นางสาว น.ส. ดร. ด.ช. ด.ญ. พล.ต.อ. พล.ต.ท. พล.ต.ต. พ.ต.อ. พ.ต.ท. พ.ต.ต. ร.ต.อ. พล.อ. พล.ท. พล.ต.
พันเอก พลเอก คุณ เสี่ย เจ้าสัว ศ. รศ. ผศ. โดย ของ กับ และ หรือ ที่ ซึ่ง ใน จาก ว่า ให้ ถึง ต่อ ตาม เพื่อ
แก่ แต่ คือ เป็น ได้ แล้ว ไม่ มี จะ ถูก เคย ยัง เมื่อ หลัง ก่อน ขณะ ระหว่าง ผ่าน บน ใต้ ไป มา อยู่ ด้วย
กว่า ชื่อ ตัว บัญชี แอป แอปพลิเคชัน แอพ เว็บไซต์ เว็บ แพลตฟอร์ม บริษัท กลุ่ม เครือ หุ้น เหรียญ กระดาน
กระเป๋า ช่อง แชต แชท เพจ ข้อความ ธนาคาร ผู้ ผู้ก่อตั้ง ผู้บริหาร ผู้ต้องหา ผู้ใช้ ประธาน ซีอีโอ กรรมการ
เจ้าของ เจ้าหน้าที่ ทนาย นักธุรกิจ ตำรวจ ศาล ทางการ กระทรวง รัฐบาล รัสเซีย จีน สหรัฐ อังกฤษ ญี่ปุ่น
เกาหลี ลงนาม กล่าว ระบุ แถลง เปิดเผย ยืนยัน ปฏิเสธ ประกาศ แจ้ง สั่ง จับ จับกุม ควบคุม ควบคุมตัว ยึด
อายัด ฟ้อง ปรับ บล็อก ปิดกั้น ระงับ เปิด ปิด ขาย ซื้อ โอน ฝาก ถอน ลงทุน เดินทาง เดิน พบ เข้า ออก หลอก
หลอกลวง โกง ร่วม จด ตั้ง ก่อตั้ง เรียก ติดต่อ ใช้ ทำ รับ ส่ง ขอ ต้อง อาจ กำลัง เตรียม เพิ่ม ลด ขึ้น ลง
วัน เดือน ปี ครั้ง ราย คน ล้าน
"""
_DEPENDENT = "\u0e30-\u0e3a\u0e45-\u0e4e"  # vowels and signs that follow the letter to which they belong
LONGEST, _SHORTEST = 24, 3
"""Letters of a word that may be a name."""
_MOST_ENDS = 3

Place = tuple[int, int]
"""Where a word begins and ends."""


@cache
def _usual() -> re.Pattern[str]:
    words = sorted(map(re.escape, listed(_USUAL)), key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(words)})(?![{_DEPENDENT}])")


def between_usual_words(text: str, start: int, end: int) -> Iterator[Place]:
    """Where a name may be in a run of letters, at each beginning the longest first."""
    usual = [found.span() for found in _usual().finditer(text, start, end)]
    begins = [start, *(stop for _, stop in usual)]
    ends = [*(begin for begin, _ in usual), end]
    for at, begin in enumerate(begins):
        for stop in reversed(ends[at : at + _MOST_ENDS]):
            if _SHORTEST <= stop - begin <= LONGEST and not is_frequent(text[begin:stop]):
                yield begin, stop
