"""The usual context words in other languages, one concept in each paragraph, folded (see `scripts.fold`). Pure.

`stem*` stands for all words that begin so, `*stem*` also for compounds with it, the others for a word and its inflected forms.
An indented line goes on with the concept of the line before.
"""

from __future__ import annotations

from alerts.recognition.language.concepts.culture import CULTURE
from alerts.recognition.language.concepts.money import MONEY
from alerts.recognition.language.concepts.public import PUBLIC
from alerts.recognition.language.concepts.resources import RESOURCES
from alerts.recognition.language.concepts.technology import TECHNOLOGY
from alerts.recognition.language.concepts.trade import TRADE
from alerts.recognition.language.concepts.transport import TRANSPORT

CONCEPTS = f"{TECHNOLOGY}{MONEY}{TRADE}{TRANSPORT}{RESOURCES}{PUBLIC}{CULTURE}"
