"""A questionnaire: what is asked next, which answers are answers, what contradicts. Pure.

Answers are ``{question code: [option code, …]}``; a number and a text are lists of one. A question that was not put or
not answered has no key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import Field, TypeAdapter, ValidationError

from opora.deadlines.packs import Strict
from opora.surveys.errors import AnswerRefused, QuestionnaireRefused
from opora.surveys.words import Kind, Role

type Answers = dict[str, list[str]]

END = "end"
LONGEST_TEXT = 500
MOST_OPTIONS = 30
MOST_QUESTIONS = 80
KEYS = "1234567890ABCDEFHIJKLMOPRSTUVWXY"  # without G, N, Q, Z: they are keys of the page and of the rail
SCALE = [(str(mark), str(mark)) for mark in range(1, 6)]
WORDS = [
    ("full", "удовлетворён(а)"),
    ("rather", "скорее да"),
    ("rather_not", "скорее нет"),
    ("not", "не удовлетворён(а)"),
    ("hard", "затрудняюсь"),
]
YES_NO = [("yes", "да"), ("no", "нет"), ("hard", "затрудняюсь")]
OWN = {Kind.SCALE: SCALE, Kind.WORDS: WORDS, Kind.YES_NO: YES_NO}
# Shares of these make an indicator unless the questionnaire says otherwise. Source: domain handbook 11 §6 (marks 4–5).
GOOD = {Kind.SCALE: ("4", "5"), Kind.WORDS: ("full", "rather"), Kind.YES_NO: ("yes",)}


class OptionShape(Strict):
    code: str = Field(pattern=r"^[a-z0-9_]{1,20}$")
    label: str = Field(min_length=1, max_length=200)
    note: str = Field("", max_length=40)


class JumpShape(Strict):
    """«Если ответ … то к вопросу …»: any of ``answers`` leads to ``to``, ``end`` ends the questionnaire."""

    answers: list[str] = Field(min_length=1)
    to: str


class QuestionShape(Strict):
    code: str = Field(pattern=r"^[a-z0-9_]{1,40}$")
    kind: Kind
    text: str = Field(min_length=1, max_length=500)
    help: str = Field("", max_length=300)
    section: str = Field("", max_length=100)
    source: str = Field(min_length=1, max_length=200)
    is_verified: bool = False
    is_obligatory: bool = True
    options: list[OptionShape] = Field([], max_length=MOST_OPTIONS)
    alone: list[str] = []
    jumps: list[JumpShape] = []
    least: int = Field(0, ge=0)
    most: int = Field(1_000_000, ge=0)
    good: list[str] | None = None
    role: Role | None = None


class ContradictionShape(Strict):
    """Two answers that do not go together; an empty list means any answer."""

    first: dict[str, list[str]] = Field(min_length=1, max_length=1)
    second: dict[str, list[str]] = Field(min_length=1, max_length=1)
    words: str = Field(min_length=1, max_length=300)


class QuestionnaireShape(Strict):
    hello: str = Field("", max_length=600)
    goodbye: str = Field("", max_length=400)
    questions: list[QuestionShape] = Field(min_length=1, max_length=MOST_QUESTIONS)
    contradictions: list[ContradictionShape] = []


@dataclass(frozen=True, slots=True)
class Option:
    code: str
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """``good`` are options whose share makes the indicator; ``alone`` ones that go with no other."""

    code: str
    kind: Kind
    text: str
    source: str
    options: tuple[Option, ...] = ()
    help: str = ""
    section: str = ""
    is_verified: bool = False
    is_obligatory: bool = True
    alone: frozenset[str] = frozenset()
    jumps: Mapping[str, str] = field(default_factory=dict)
    least: int = 0
    most: int = 1_000_000
    good: tuple[str, ...] = ()
    role: Role | None = None

    @property
    def keys(self) -> list[tuple[str, Option]]:
        """Options with the key that chooses each: 1…9, 0 for the tenth, then letters the page has no use for."""
        return [(KEYS[place] if place < len(KEYS) else "", one) for place, one in enumerate(self.options)]

    @property
    def is_closed(self) -> bool:
        return bool(self.options)

    def label(self, code: str) -> str:
        return next((one.label for one in self.options if one.code == code), code)

    def read(self, given: Sequence[str]) -> list[str]:
        """Return an answer as it is kept; empty — no answer. Raises AnswerRefused."""
        chosen = [text.strip() for text in given if text.strip()]
        if not chosen:
            if self.is_obligatory:
                raise AnswerRefused("На этот вопрос нужен ответ.")
            return []
        match self.kind:
            case Kind.NUMBER:
                return [self._number(chosen[0])]
            case Kind.TEXT:
                return [" ".join(chosen[0].replace("\x00", "").split())[:LONGEST_TEXT]]
            case _:
                return self._options(chosen)

    def of_digits(self, typed: str) -> list[str]:
        """Return the option codes behind numbers typed from paper: «1,4» or «1 4». Raises AnswerRefused."""
        if not self.is_closed:
            return [typed]
        found = []
        for part in typed.replace(",", " ").replace(".", " ").split():
            place = int(part) if part.isascii() and part.isdigit() and len(part) < 4 else 0
            if not 1 <= place <= len(self.options):
                raise AnswerRefused(f"Вариантов {len(self.options)}, а набрано «{part[:10]}».")
            found.append(self.options[place - 1].code)
        return found

    def _number(self, text: str) -> str:
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise AnswerRefused("Напишите число цифрами.")
        value = int(text)
        if not self.least <= value <= self.most:
            raise AnswerRefused(f"Число от {self.least} до {self.most}.")
        return str(value)

    def _options(self, chosen: list[str]) -> list[str]:
        known = [one.code for one in self.options]
        if any(code not in known for code in chosen):
            raise AnswerRefused
        if self.kind is not Kind.SEVERAL and len(set(chosen)) > 1:
            raise AnswerRefused("Здесь выбирают один ответ.")
        if len(set(chosen)) > 1 and self.alone & set(chosen):
            label = self.label(min(self.alone & set(chosen)))
            raise AnswerRefused(f"«{label}» не сочетается с другими ответами.")
        return [code for code in known if code in chosen]


@dataclass(frozen=True, slots=True)
class Contradiction:
    first: tuple[str, frozenset[str]]
    second: tuple[str, frozenset[str]]
    words: str

    def holds(self, answers: Mapping[str, Sequence[str]]) -> bool:
        return all(_said(answers.get(code, ()), wanted) for code, wanted in (self.first, self.second))


def _said(given: Sequence[str], wanted: frozenset[str]) -> bool:
    return bool(given) and (not wanted or bool(wanted & set(given)))


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """Questions in their order."""

    questions: tuple[Question, ...]
    contradictions: tuple[Contradiction, ...] = ()
    hello: str = ""
    goodbye: str = ""

    def question(self, code: str) -> Question | None:
        return next((one for one in self.questions if one.code == code), None)

    def after(self, question: Question, answer: Sequence[str]) -> Question | None:
        """Return the question that follows an answer; None — it was the last."""
        to = next((question.jumps[code] for code in answer if code in question.jumps), "")
        if to == END:
            return None
        if to:
            return self.question(to)
        place = self.questions.index(question) + 1
        return self.questions[place] if place < len(self.questions) else None

    def next(self, path: Sequence[str], answers: Mapping[str, Sequence[str]]) -> Question | None:
        """Return the question to be put now: ``path`` are codes of those already put."""
        if not path:
            return self.questions[0]
        last = self.question(path[-1])
        return self.after(last, answers.get(path[-1], [])) if last else None

    def put(self, answers: Mapping[str, Sequence[str]]) -> list[Question]:
        """Return the questions that these answers lead through, in order."""
        found: list[Question] = []
        question: Question | None = self.questions[0]
        while question is not None:
            found.append(question)
            question = self.after(question, answers.get(question.code, []))
        return found

    def check(self, answers: Mapping[str, Sequence[str]], *, may_lack: bool = False) -> Answers:
        """Return the whole questionnaire as it is kept: only questions that were put. Raises AnswerRefused.

        ``may_lack`` — it came on paper, where nobody could insist on an answer.
        """
        kept: Answers = {}
        for question in self.put(answers):
            given = answers.get(question.code, [])
            if (given or not may_lack) and (answer := question.read(given)):
                kept[question.code] = answer
        return kept

    def against(self, answers: Mapping[str, Sequence[str]]) -> list[str]:
        """Return in words what contradicts inside one questionnaire."""
        return [one.words for one in self.contradictions if one.holds(answers)]


def read(content: Any) -> Questionnaire:
    """Return the questionnaire of a document. Raises QuestionnaireRefused with a sentence."""
    try:
        shape = TypeAdapter(QuestionnaireShape).validate_python(content)
    except ValidationError as fault:
        place = ".".join(str(step) for step in fault.errors()[0]["loc"])
        raise QuestionnaireRefused(f"Анкета, {place}: значение сюда не подходит.") from None
    questions = tuple(_question(one) for one in shape.questions)
    whole = Questionnaire(
        questions,
        tuple(Contradiction(_side(one.first), _side(one.second), one.words) for one in shape.contradictions),
        shape.hello,
        shape.goodbye,
    )
    _check(whole)
    return whole


def _side(given: Mapping[str, Sequence[str]]) -> tuple[str, frozenset[str]]:
    [(code, answers)] = given.items()
    return code, frozenset(answers)


def _question(shape: QuestionShape) -> Question:
    options = tuple(Option(one.code, one.label, one.note) for one in shape.options)
    if shape.kind in OWN:
        options = tuple(Option(code, label) for code, label in OWN[shape.kind])
    good = GOOD.get(shape.kind, ()) if shape.good is None else tuple(shape.good)
    return Question(
        code=shape.code,
        kind=shape.kind,
        text=shape.text,
        source=shape.source,
        options=options,
        help=shape.help,
        section=shape.section,
        is_verified=shape.is_verified,
        is_obligatory=shape.is_obligatory,
        alone=frozenset(shape.alone),
        jumps={answer: jump.to for jump in shape.jumps for answer in jump.answers},
        least=shape.least,
        most=shape.most,
        good=good,
        role=shape.role,
    )


def _check(whole: Questionnaire) -> None:
    codes = [one.code for one in whole.questions]
    if twice := next((code for code in codes if codes.count(code) > 1), ""):
        raise QuestionnaireRefused(f"Код вопроса «{twice}» стоит дважды.")
    for place, one in enumerate(whole.questions):
        known = {option.code for option in one.options}
        if one.kind in {Kind.ONE, Kind.SEVERAL} and len(known) < 2:
            raise QuestionnaireRefused(f"У вопроса «{one.code}» меньше двух вариантов.")
        if len(known) != len(one.options):
            raise QuestionnaireRefused(f"У вопроса «{one.code}» код варианта стоит дважды.")
        for answer, to in one.jumps.items():
            if answer not in known:
                raise QuestionnaireRefused(f"Переход вопроса «{one.code}» — от варианта, которого нет: «{answer}».")
            if to != END and to not in codes[place + 1 :]:
                raise QuestionnaireRefused(f"Переход вопроса «{one.code}» ведёт не вперёд: «{to}».")
        if not {*one.good, *one.alone} <= known:
            raise QuestionnaireRefused(f"У вопроса «{one.code}» отмечены варианты, которых нет.")
    for rule in whole.contradictions:
        for code, wanted in (rule.first, rule.second):
            question = whole.question(code)
            if question is None or not wanted <= {option.code for option in question.options}:
                raise QuestionnaireRefused(f"Правило противоречий называет ответ, которого нет: «{code}».")
