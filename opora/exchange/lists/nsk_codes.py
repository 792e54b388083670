"""Codes of Novosibirsk in our words and back. Handbook 21 §5.2 (stages, ways, consents), §6 (answers A and B)."""

from __future__ import annotations

from dataclasses import dataclass

from opora.informing.words import Channel, Measure, Outcome, Purpose, Reason, Sequence


@dataclass(frozen=True, slots=True)
class Stage:
    """What a stage says. ``note`` keeps what our words do not tell."""

    measure: Measure
    sequence: Sequence | None
    purpose: Purpose
    note: str = ""


STAGES = {
    "1": Stage(Measure.SCREENING, Sequence.FIRST, Purpose.INVITE),
    "2": Stage(Measure.SCREENING_2, Sequence.FIRST, Purpose.INVITE),
    "3": Stage(Measure.SCREENING, Sequence.REPEAT, Purpose.REMIND),
    "4": Stage(Measure.CHECKUP, Sequence.FIRST, Purpose.INVITE),
    "5": Stage(Measure.OBSERVATION, Sequence.FIRST, Purpose.INVITE),
    "6": Stage(Measure.SCREENING, Sequence.FIRST, Purpose.INVITE),  # once in two years, as it was until 2019
    "7": Stage(Measure.SCREENING, Sequence.REPEAT, Purpose.REMIND),
    "8": Stage(Measure.OBSERVATION, Sequence.REPEAT, Purpose.REMIND),
    "9": Stage(Measure.CHECKUP, Sequence.REPEAT, Purpose.REMIND),
    "10": Stage(Measure.SCREENING, None, Purpose.OTHER, "Отмена диспансеризации и профосмотров"),
    "11": Stage(Measure.SCREENING, None, Purpose.OTHER, "Как вести себя при ковиде"),
    "12": Stage(Measure.OBSERVATION, None, Purpose.OTHER),
}
STAGES_OUT = {  # a second stage and the stages of 2020 are not told as repeated: the list has no code for it
    (Measure.SCREENING, Sequence.FIRST): "1",
    (Measure.SCREENING_2, Sequence.FIRST): "2",
    (Measure.SCREENING, Sequence.REPEAT): "3",
    (Measure.CHECKUP, Sequence.FIRST): "4",
    (Measure.OBSERVATION, Sequence.FIRST): "5",
    (Measure.OBSERVATION, Sequence.REPEAT): "8",
    (Measure.CHECKUP, Sequence.REPEAT): "9",
    (Measure.OBSERVATION, None): "12",
}

IMPOSSIBLE, PASSED = "6", "7"  # outcomes among the ways: attempts that are no success
WAYS = {
    "1": Channel.SMS,
    "2": Channel.CALL,
    "3": Channel.EMAIL,
    "4": Channel.LETTER,
    "5": Channel.AT_INSURER,
    IMPOSSIBLE: Channel.OTHER,
    PASSED: Channel.OTHER,
}
OUTCOMES = {IMPOSSIBLE: Outcome.IMPOSSIBLE, PASSED: Outcome.PASSED}
WAYS_OUT = {
    Channel.SMS: "1",
    Channel.MESSENGER: "1",  # as Kabardino-Balkaria counts: SMS and messenger are one way
    Channel.CALL: "2",
    Channel.ROBOT: "2",
    Channel.EMAIL: "3",
    Channel.LETTER: "4",
    Channel.AT_INSURER: "5",
    Channel.AT_CLINIC: "5",
    Channel.VISIT: "5",
}
NOT_REACHED = {
    Outcome.IMPOSSIBLE,
    Outcome.WRONG_NUMBER,
    Outcome.FOREIGN_PERSON,
    Outcome.UNDELIVERED,
    Outcome.RETURNED,
}
# An attempt, not yet a result of informing.
UNFINISHED = {Outcome.NO_ANSWER, Outcome.BUSY, Outcome.CALL_LATER, Outcome.UNKNOWN}

REASONS = {
    "1": Reason.NO_TIME,
    "2": Reason.EMPLOYER,
    "3": Reason.AWAY,
    "4": Reason.CARES,
    "5": Reason.LATER,
    "6": Reason.HOURS,
    "7": Reason.FAR,
    "8": Reason.LONG,
    "9": Reason.BAD_CARE,
    "10": Reason.RUDE,
    "11": Reason.QUEUES,
    "12": Reason.EQUIPMENT,
    "13": Reason.NO_TEAM,
    "14": Reason.OBSERVED,
    "15": Reason.PREGNANT,
    "16": Reason.AT_WORK,
    "17": Reason.IN_HOSPITAL,
    "18": Reason.OTHER,
    "19": Reason.UNWILLING,
    "20": Reason.DID_NOT_KNOW,
}
REASONS_OUT = {reason: code for code, reason in REASONS.items()}
OTHER_REASON = "18"

SERVED = {  # list B has no words of ours: it travels as the beginning of the note
    "101": "Не проходил",
    "102": "Полностью удовлетворён",
    "103": "Длительный срок",
    "104": "Качество",
    "105": "Формальное отношение",
    "106": "Некорректное отношение",
    "107": "Очередность",
    "108": "Разрозненность отделений",
    "109": "Неудобный график",
    "110": "Объём помощи",
    "111": "Затрудняется ответить",
}

CONSENTS = {
    "1": "При оформлении полиса",
    "2": "На приёме у врача",
    "3": "У представителя в клинике",
    "4": "Лично в страховой",
    "5": "Почтой",
    "6": "На сайте",
}
CONSENTS_OUT = {words: code for code, words in CONSENTS.items()}
