"""Words of eligibility: what one may be due, how it stands, and why. Codes are stored and sent; sentences are made."""

from __future__ import annotations

from enum import StrEnum


class Measure(StrEnum):
    """What a person may be due. ``informing.words.Measure`` repeats these codes and adds its own."""

    CHECKUP = "checkup"
    SCREENING = "screening"
    SCREENING_2 = "screening_2"
    EXTENDED = "extended"
    FERTILITY = "fertility"
    OBSERVATION = "observation"

    @property
    def words(self) -> str:
        return _MEASURES[self][0]

    @property
    def is_feminine(self) -> bool:
        return _MEASURES[self][1]

    def form(self, masculine: str, feminine: str) -> str:
        """Return the form of a word that agrees with the measure.

        >>> Measure.SCREENING.form("положен", "положена"), Measure.CHECKUP.form("положен", "положена")
        ('положена', 'положен')
        """
        return feminine if self.is_feminine else masculine


_MEASURES = {
    Measure.CHECKUP: ("профилактический осмотр", False),
    Measure.SCREENING: ("диспансеризация", True),
    Measure.SCREENING_2: ("второй этап диспансеризации", False),
    Measure.EXTENDED: ("углублённая диспансеризация", True),
    Measure.FERTILITY: ("проверка репродуктивного здоровья", True),
    Measure.OBSERVATION: ("осмотр по диспансерному наблюдению", False),
}


class Status(StrEnum):
    DUE = "due"
    PASSED = "passed"
    NOT_DUE = "not_due"
    EXCLUDED = "excluded"
    BY_LIST = "by_list"

    @property
    def words(self) -> str:
        return {
            "due": "в этом году",
            "passed": "пройдено",
            "not_due": "не в этом году",
            "excluded": "не предлагаем",
            "by_list": "по списку",
        }[self.value]


class Reason(StrEnum):
    """Why; each reason belongs to one status."""

    DUE = "due"  # a rule says so
    LISTED = "listed"  # a rule says «by list», and he is in one
    BY_LIST = "by_list"  # … and no list we know has him
    PASSED = "passed"
    PASSED_WITHIN = "passed_within"  # as a part of another measure
    NO_RULES = "no_rules"
    TOO_YOUNG = "too_young"
    OTHER_YEAR = "other_year"
    NOT_CONCERNED = "not_concerned"
    NOT_FOLLOWED = "not_followed"  # what should come before has neither been passed nor is due
    DEAD = "dead"
    NO_POLICY = "no_policy"
    INSURED_ELSEWHERE = "insured_elsewhere"
    ATTACHED_ELSEWHERE = "attached_elsewhere"
    REFUSED = "refused"
    IN_HOSPITAL = "in_hospital"

    @property
    def status(self) -> Status:
        return _STATUS[self]


_STATUS = {
    Reason.DUE: Status.DUE,
    Reason.LISTED: Status.DUE,
    Reason.BY_LIST: Status.BY_LIST,
    Reason.PASSED: Status.PASSED,
    Reason.PASSED_WITHIN: Status.PASSED,
    Reason.NO_RULES: Status.NOT_DUE,
    Reason.TOO_YOUNG: Status.NOT_DUE,
    Reason.OTHER_YEAR: Status.NOT_DUE,
    Reason.NOT_CONCERNED: Status.NOT_DUE,
    Reason.NOT_FOLLOWED: Status.NOT_DUE,
    Reason.DEAD: Status.EXCLUDED,
    Reason.NO_POLICY: Status.EXCLUDED,
    Reason.INSURED_ELSEWHERE: Status.EXCLUDED,
    Reason.ATTACHED_ELSEWHERE: Status.EXCLUDED,
    Reason.REFUSED: Status.EXCLUDED,
    Reason.IN_HOSPITAL: Status.EXCLUDED,
}

# Exclusions in the order in which they are looked at: the first four before any rule, the last two after it.
BEFORE_RULES = (Reason.DEAD, Reason.NO_POLICY, Reason.INSURED_ELSEWHERE, Reason.ATTACHED_ELSEWHERE)
AFTER_RULES = (Reason.REFUSED, Reason.IN_HOSPITAL)

EXCLUSION_WORDS = {
    Reason.DEAD: "умер",
    Reason.NO_POLICY: "нет действующего полиса",
    Reason.INSURED_ELSEWHERE: "застрахован в другой территории",
    Reason.ATTACHED_ELSEWHERE: "прикреплён к клинике другой территории",
    Reason.REFUSED: "в этом году отказался письменно: сообщаем только по его просьбе",
    Reason.IN_HOSPITAL: "сейчас лежит в больнице",
}
