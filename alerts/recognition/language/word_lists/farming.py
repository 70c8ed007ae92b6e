"""Fruits, and the words beside them where no company is meant. Folded. Pure."""

from __future__ import annotations

from alerts.recognition.tables import listed

FRUITS = frozenset(
    listed(
        "apple apples orange oranges lemon lemons mango peach cherry plum pear banana lime olive berry blackberry raspberry strawberry apricot fig melon"
        " papaya kiwi grape coconut pomelo tangerine mandarin pumpkin tomato potato pepper mint sage basil clover almond pistachio lavender saffron"
        " лимон лимоны апельсин апельсины манго персик вишня слива груша банан олива малина ежевика клубника абрикос мандарин гранат миндаль"
    )
)
FARMING = frozenset(
    listed(
        "harvest harvests crop crops orchard orchards grower growers growing grove groves farmer farmers farming tree trees pie pies cider ciders juice juices peel"
        " peels zest sauce jam marmalade vinegar crumble strudel tart tarts picking picker pickers blossom blossoms slices cake cakes pulp seeds"
        " cobbler squash variety varieties season skins flesh fritters turnover turnovers brandy liqueur smoothie smoothies butter compote cores"
        " chutney chutneys lassi salsa sorbet sorbets puree nectar compote cultivar cultivars breeders pruning prices plantation plantations oil leaves soup lemonade"
        " сок сока соки урожай урожая сад сады садов варенье пирог сорта сорт дерево деревья"
        " saft baum baume ernte kuchen jus verger vergers recolte zumo jugo huerto cosecha suco succo frutteto suyu bahcesi bahceleri drzewo sok sad"
    )
)
"""Words after the name of a fruit."""

JUICE = frozenset(
    listed(
        "juice jus zumo jugo suco succo saft sok сок сока соком сік soku zeste ecorce pelure peel cascara scorza corteza marmelade confiture"
        " marmellata mermelada варенье варенья компот уксус tarte torta verger vergers huerto pommier"
    )
)
"""Words up to two before it."""

FOOD = {
    "小米": ("辣", "歉收", "收成", "种子", "和玉米", "酒", "醋", "锅巴", "粥", "饭", "飯", "糕", "面", "椒", "丰收", "豐收", "种植"), "苹果": ("汁", "派", "园", "树", "醋", "酱", "丰收"),
    "蘋果": ("汁", "派", "園", "樹", "醋", "醬"), "アップル": ("パイ", "ジュース", "ティー", "マンゴー"), "애플": ("파이", "망고", "주스"),
}  # fmt: skip
"""Names that are food with what follows directly, in scripts without spaces and in Korean."""
BEFORE_FOOD = {
    "小米": ("种", "煮", "吃", "喝", "熬", "斤", "袋", "碗", "收割"),
    "苹果": ("吃", "种", "斤", "箱"),
    "蘋果": ("吃", "種", "顆"),
}
"""The same with what stands directly before."""
REMARKS = {"리플": (" 수", " 달", " 몇", " 남", "달", " 고소", " 놀이", " 폭탄")}
REMARKS_BEFORE = {"리플": ("악성 ", "기사에 ", "댓글 ", "게시글에 ")}
"""A Korean word for a comment, with what follows or stands before."""
