"""What may be done with a finding now: an act is a service, its key, its form, and where it fits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opora.access.rights import Right
from opora.appeals.actor import actor_of
from opora.findings import forms, services
from opora.findings.models import Finding
from opora.findings.services._step import is_hers
from opora.findings.words import Decision, Stage

if TYPE_CHECKING:
    from opora.organisations.models import Employee


@dataclass(frozen=True, slots=True)
class Act:
    """One act; ``form`` None — a button is enough. ``stages`` are those that wait for it."""

    code: str
    label: str
    icon: str
    key: str
    perform: Callable[..., object]
    fits: Callable[[Finding], bool]
    form: type[forms.FindingForm] | None = None
    stages: frozenset[Stage] = frozenset()
    done: str = "Записано."

    @property
    def asks(self) -> bool:
        """Whether it needs a form; a template would call the class itself."""
        return self.form is not None


def allowed(finding: Finding, employee: Employee) -> list[Act]:
    """Return what she may do, the act its stage waits for first."""
    found = [act for act in ACTS.values() if may(act, finding, employee)]
    return sorted(found, key=lambda act: finding.stage not in act.stages)


def may(act: Act, finding: Finding, employee: Employee) -> bool:
    """Whether right, place and state let her; the service decides again."""
    if not employee.holds(Right.FINDINGS_DECIDE) or not is_hers(finding, actor_of(employee)):
        return False
    return act.fits(finding)


def _open(finding: Finding) -> bool:
    return finding.is_open


def _written(finding: Finding) -> bool:
    return finding.is_open and finding.letter_on is not None


_S = Stage
ACTS: dict[str, Act] = {
    act.code: act
    for act in (
        Act(
            "decide",
            "Решить",
            "scale",
            "D",
            services.decide,
            lambda one: one.is_open and one.letter_on is None,
            forms.DecideForm,
            frozenset({_S.OPENED}),
            "Решение записано.",
        ),
        Act(
            "letter",
            "Письмо клинике",
            "send",
            "L",
            services.write_letter,
            lambda one: one.is_open and one.decision == Decision.VIOLATION and one.letter_on is None,
            forms.LetterForm,
            frozenset({_S.LETTER}),
            "Письмо у клиники.",
        ),
        Act(
            "reply",
            "Ответ клиники",
            "message",
            "R",
            services.note_reply,
            lambda one: _written(one) and one.replied_on is None,
            forms.ReplyForm,
            frozenset({_S.REPLY}),
        ),
        Act(
            "measures",
            "Меры клиники",
            "check",
            "M",
            services.note_measures,
            _written,
            forms.MeasuresForm,
            frozenset({_S.MEASURES}),
        ),
        Act(
            "follow",
            "Проверить сейчас",
            "refresh",
            "F",
            services.follow_up,
            lambda one: one.is_open and one.measures_on is not None,
            done="Сосчитано.",
        ),
        Act("gather", "Добавить обращения", "plus", "A", services.gather, _open, forms.GatherForm, done="Добавлено."),
        Act("remove", "Исключить обращение", "x", "U", services.remove, _open, forms.RemoveForm, done="Исключено."),
        Act(
            "bundle",
            "Открытые — в подборку",
            "link",
            "B",
            services.bundle_open,
            _open,
            done="Открытые обращения собраны в подборку: на них можно ответить одним текстом.",
        ),
        Act("note", "Заметка", "notes", "N", services.note, lambda one: True, forms.NoteForm),
        Act(
            "close",
            "Завершить",
            "check",
            "X",
            services.close,
            lambda one: one.is_open and bool(one.decision),
            forms.CloseForm,
            done="Завершено.",
        ),
        Act(
            "reopen",
            "Возобновить",
            "refresh",
            "O",
            services.reopen,
            lambda one: not one.is_open,
            forms.WhyForm,
            done="Снова открыто.",
        ),
    )
}
