"""Katakana in Latin letters, by Hepburn. Pure."""

from __future__ import annotations

_ROWS = """
a=ア i=イ u=ウ e=エ o=オ ka=カ ki=キ ku=ク ke=ケ ko=コ sa=サ shi=シ su=ス se=セ so=ソ ta=タ chi=チ tsu=ツ te=テ to=ト na=ナ ni=ニ nu=ヌ ne=ネ no=ノ
ha=ハ hi=ヒ fu=フ he=ヘ ho=ホ ma=マ mi=ミ mu=ム me=メ mo=モ ya=ヤ yu=ユ yo=ヨ ra=ラ ri=リ ru=ル re=レ ro=ロ wa=ワ o=ヲ n=ン ga=ガ gi=ギ gu=グ ge=ゲ go=ゴ
za=ザ ji=ジ zu=ズ ze=ゼ zo=ゾ da=ダ ji=ヂ zu=ヅ de=デ do=ド ba=バ bi=ビ bu=ブ be=ベ bo=ボ pa=パ pi=ピ pu=プ pe=ペ po=ポ
"""
_LETTERS = {kana: latin for latin, _, kana in (pair.partition("=") for pair in _ROWS.split())}
_SMALL = {"ャ": "ya", "ュ": "yu", "ョ": "yo"}


def hepburn(katakana: str) -> str:
    """The Latin spelling, with long vowels as two letters: キョウコ is kyouko."""
    found = ""
    doubled = False
    for char in katakana:
        if char == "ッ":
            doubled = True
            continue
        if char in _SMALL and found.endswith("i"):
            small = _SMALL[char]
            found = found[:-1] + (small[1:] if found.endswith(("shi", "chi", "ji")) else small)
        elif char == "ー":
            found += found[-1:]
        else:
            latin = _LETTERS.get(char, "")
            found += (latin[:1] if doubled else "") + latin
        doubled = False
    return found
