"""Answers of one person that contradict each other: the twelve controls of the fund. Handbook 20 §6.

List A (1–20) is why a person does not come, list B (100–111) how he was served. The fund runs the controls over all it
has stored; here over whatever answers are given: of one workbook before it is sent, or of all that were ever taken.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from opora.exchange.fields import parse_date
from opora.exchange.findings import Record
from opora.shared.names import name_key

LAST_OF_A, SATISFIED_UNASKED, NOT_PASSED, HARD_TO_SAY = 20, 100, 101, 111
COMPLAINTS = range(103, 111)  # several of them may be named at once
PAIRS = ({100, 101}, {100, 102}, {100, 111}, {101, 102}, {101, 111}, {102, 111})
NOT_PASSED_WORDS = "не проходил"


@dataclass(frozen=True, slots=True)
class SurveyAnswer:
    """``who`` is the person as the fund finds him, by name and birth date; ``place`` is the caller's own mark."""

    who: tuple[str, ...]
    on: date
    code: int
    note: str = ""
    place: int = 0

    @property
    def is_why(self) -> bool:
        return self.code <= LAST_OF_A

    @classmethod
    def of(cls, record: Record) -> SurveyAnswer | None:
        """Return the answer of a row, None when its date or code cannot be read: its own control says so."""
        values = record.values
        on, code = parse_date(values["on"]), values["answer"]
        if on is None or not (code.isdecimal() and code.isascii()):
            return None
        names = tuple(name_key(values[name]) for name in ("surname", "given_name", "patronymic"))
        return cls((*names, values["birth_on"]), on, int(code), values["note"], record.place)


def contradictions(answers: Iterable[SurveyAnswer]) -> Iterator[tuple[SurveyAnswer, str]]:
    """Yield answers that cannot be true beside an earlier one of the same person, each sentence once an answer."""
    people: dict[tuple[str, ...], list[SurveyAnswer]] = defaultdict(list)
    for answer in answers:
        people[answer.who].append(answer)
    for mine in people.values():
        for answer in mine:
            if answer.code == HARD_TO_SAY and NOT_PASSED_WORDS in answer.note.casefold():
                yield answer, "Ответ 111 с примечанием «не проходил»: нужен код 101"
        yield from _of_one(sorted(mine, key=lambda answer: (answer.on, answer.place)))


def _of_one(ordered: list[SurveyAnswer]) -> Iterator[tuple[SurveyAnswer, str]]:
    """An answer is compared with the different ones before it: a thousand equal rows stay a thousand comparisons."""
    former: dict[tuple[date, int], SurveyAnswer] = {}
    for answer in ordered:
        sentences = dict.fromkeys(_together(one, answer) for one in former.values())
        yield from ((answer, sentence) for sentence in sentences if sentence)
        former.setdefault((answer.on, answer.code), answer)


def _together(former: SurveyAnswer, later: SurveyAnswer) -> str:
    """Return why two answers of one person cannot stand side by side, empty where they can."""
    codes = {former.code, later.code}
    if former.is_why != later.is_why:
        return _both_lists(former, later)
    if codes == {SATISFIED_UNASKED} and former.on != later.on:
        return "Ответ 100 дан на разные даты"
    if codes in PAIRS:
        return f"Ответы {former.code} и {later.code} у одного человека исключают друг друга"
    when = "в одном месяце" if _month(former) == _month(later) else "в разных месяцах"
    if len(codes) == 1:
        return f"Ответ {later.code} дан дважды {when}"
    if all(code in COMPLAINTS for code in codes):
        return ""
    return f"Разные ответы {when}: {former.code} и {later.code}"


def _both_lists(former: SurveyAnswer, later: SurveyAnswer) -> str:
    served = later if former.is_why else former
    if former.on != later.on or served.code not in {NOT_PASSED, HARD_TO_SAY}:
        return ""
    return f"На одну дату и причина отказа, и ответ {served.code}"


def _month(answer: SurveyAnswer) -> tuple[int, int]:
    return answer.on.year, answer.on.month
