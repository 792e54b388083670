"""A questionnaire under way, one question at a time. It lives in the page, sealed, and nowhere else: a talk that is
broken off leaves nothing behind, and a page needs no script to go on.

A flow holds the version it began with: a newer one never meets answers of the older.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from opora.surveys import sealing
from opora.surveys.errors import StateLost
from opora.surveys.models import Round, SurveyVersion
from opora.surveys.questionnaire import Answers, Question, Questionnaire

PURPOSE = "page"


@dataclass(slots=True)
class Flow:
    """``whose`` ties the page to one contact, so that answers begun with one person are never another's."""

    round: int
    version: int
    whose: str
    path: list[str] = field(default_factory=list)
    answers: Answers = field(default_factory=dict)

    @property
    def questionnaire(self) -> Questionnaire:
        return questionnaire_of(self.version)

    @property
    def question(self) -> Question | None:
        """What is put now; None — everything was."""
        return self.questionnaire.next(self.path, self.answers)

    @property
    def number(self) -> int:
        return len(self.path) + 1

    @property
    def against(self) -> list[str]:
        return self.questionnaire.against(self.answers)

    def answer(self, given: Sequence[str]) -> None:
        """Keep an answer and go on. Raises AnswerRefused."""
        question = self.question
        if question is None:
            return
        if kept := question.read(given):
            self.answers[question.code] = kept
        else:
            self.answers.pop(question.code, None)
        self.path.append(question.code)

    def back(self) -> list[str]:
        """Go one question back; return what was answered to it."""
        return self.answers.pop(self.path.pop(), []) if self.path else []

    def sealed(self) -> str:
        return sealing.seal([self.round, self.version, self.whose, self.path, self.answers], PURPOSE)


def begin(asked: Round, whose: str) -> Flow:
    return Flow(asked.pk, asked.version_id, whose)


def resume(sealed: str, whose: str) -> Flow:
    """Return the flow of a page. Raises StateLost, also for a page of somebody else."""
    content = sealing.unseal(sealed, PURPOSE)
    flow = Flow(*content)
    if flow.whose != whose:
        raise StateLost
    return flow


@lru_cache(maxsize=64)
def questionnaire_of(version: int) -> Questionnaire:
    """A version in use never changes, so its reading may be kept."""
    return SurveyVersion.objects.get(pk=version).questionnaire
