"""Words of a question with everything personal left out. Pure.

What stays is for editors to see what people ask and find no answer to: never who asked. Digits go, given names and
patronymics go, and of the words the program has never met those go that look like a surname or are written like a name.
A rare medicine may look like a surname and be lost: better so than the other way round.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice

from opora.classifiers import naming
from opora.knowledge import packs
from opora.shared.russian import STOP, stem, words

LEFT_OUT = "…"
MOST_WORDS, LONGEST, LONGEST_WORD = 14, 200, 24
RUSSIAN = re.compile(r"[а-яё]+", re.IGNORECASE)
PATRONYMIC = re.compile(r"(ович|евич|ьич|овн|евн|ичн|инична)(а|у|ом|ем|ы|е|ой|ам)?$")
SURNAME = re.compile(
    r"(ов|ев|ин|ын|ова|ева|ина|ына|овой|евой|иной|ыной|ову|еву|ину|ыну|ову|ого|ых|их|овым|евым|иным|ыным"
    r"|ск(ий|ая|ого|ой|ому|ую|им)|цк(ий|ая|ого|ой|ому|ую|им)|енко|чук|щук|юк|ук|ян|янц?|дзе|швили|ишвили)$"
)
GIVEN = """
    александр александра алексей алена алина алиса алла анастасия анатолий ангелина андрей анна антон
    антонина арина аркадий арсений артем артур богдан борис вадим валентин валентина валерий валерия варвара
    василий василиса вера вероника виктор виктория виталий владимир владислав вячеслав галина геннадий
    георгий герман глеб григорий дарья даниил данила денис диана дмитрий ева евгений евгения егор екатерина
    елена елизавета ефим жанна зинаида зоя иван игорь илья инна ирина кирилл кира клавдия константин
    кристина ксения лариса лев леонид лидия лилия любовь людмила макар максим маргарита марина мария марк
    матвей михаил надежда наталья наталия никита николай нина оксана олег олеся ольга павел петр полина
    раиса регина ренат римма роман руслан рустам светлана семен сергей софия софья станислав степан тамара
    татьяна тимофей тимур ульяна федор филипп эдуард элина эльвира эльдар эмма юлия юрий яков яна ярослав
    саша маша даша наташа таня катя лена оля света коля вася петя ваня дима миша паша юра женя аня ира
"""


def without_persons(text: str) -> str:
    """Return the words of a question that may be kept; what was left out is one «…».

    >>> without_persons("Иванов Пётр 12.03.1985, потерял полис 5400123412341234")
    '… потерял полис …'
    >>> without_persons("протонная терапия для Анны Сергеевны Ковальчук")
    'протонная терапия для …'
    """
    kept: list[str] = []
    for word in _kept(text):
        if word != LEFT_OUT or kept[-1:] != [LEFT_OUT]:
            kept.append(word)
        if len(kept) >= MOST_WORDS:
            break
    return " ".join(kept)[:LONGEST] if any(word != LEFT_OUT for word in kept) else ""


def roots_without_persons(text: str, most: int) -> list[str]:
    """Return stems of the words that may be kept, no more than ``most``: what a model learns from."""
    found = (word.replace("ё", "е") for word in _kept(text) if word != LEFT_OUT)
    return list(islice((stem(word) for word in found if word not in STOP), most))


def _kept(text: str) -> Iterator[str]:
    for at, found in enumerate(re.finditer(r"[^\W_]+", text)):
        is_name_cased = found[0][:1].isupper() and not found[0].isupper() and at > 0
        word = found[0].lower()
        yield word if _may_stay(word, is_name_cased=is_name_cased) else LEFT_OUT


def key_of(clean: str) -> str:
    """Return what the same question in other words order and endings has in common.

    >>> key_of("потеряла полиса") == key_of("полис потерял …")
    True
    """
    return " ".join(sorted({stem(word) for word in words(clean) if word not in STOP}))[:LONGEST]


def _may_stay(word: str, *, is_name_cased: bool) -> bool:
    if len(word) > LONGEST_WORD or not RUSSIAN.fullmatch(word):
        return False
    if word in STOP:
        return True
    word = word.replace("ё", "е")
    if stem(word) in _given() or PATRONYMIC.search(word):
        return False
    return knows(stem(word)) or not (is_name_cased or SURNAME.search(word))


def knows(root: str) -> bool:
    """Return whether the shipped answers or synonyms use the word: it is a word of the trade, not somebody's name."""
    return root in _known()


@cache
def _given() -> frozenset[str]:
    return frozenset(map(stem, GIVEN.split()))


@cache
def _known() -> frozenset[str]:
    texts = [f"{card.question} {' '.join(card.variants)} {card.words} {card.body}" for card in packs.answers().cards]
    names = [name for group in naming.pack().groups for name in group]
    return frozenset(stem(word) for text in [*texts, *names] for word in words(text))


@dataclass(frozen=True, slots=True)
class Example:
    """What was asked and the topic an operator chose."""

    text: str
    code: str
