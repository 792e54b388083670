"""What may be done with a case now: an act is a service, its key, its form, and where it fits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from opora.access.rights import Right
from opora.appeals.actor import actor_of
from opora.complaints import forms, services
from opora.complaints.queries import CaseShown
from opora.complaints.services._step import is_hers
from opora.complaints.words import CaseStage, ControlState, RequestState

if TYPE_CHECKING:
    from opora.organisations.models import Employee

type Fits = Callable[[CaseShown, Any], bool]
type Perform = Callable[[CaseShown, Any, dict[str, Any], Employee, int], object]


@dataclass(frozen=True, slots=True)
class Act:
    """One act. ``of`` names the row it is done to (empty — the case itself); ``form`` None — a button is enough."""

    code: str
    label: str
    icon: str
    perform: Perform
    fits: Fits
    form: type[forms.CaseForm] | None = None
    key: str = ""
    of: str = ""
    done: str = ""
    stages: frozenset[CaseStage] = frozenset()

    @property
    def asks(self) -> bool:
        """Whether it needs a form; a template would call the class itself."""
        return self.form is not None


def allowed(shown: CaseShown, employee: Employee) -> list[Act]:
    """Return the acts on the case itself, the one its stage waits for first."""
    found = [act for act in ACTS.values() if not act.of and may(act, shown, None, employee)]
    return sorted(found, key=lambda act: not is_next(act, shown))


def of_row(shown: CaseShown, row: Any, kind: str, employee: Employee) -> list[tuple[Act, bool]]:
    """Return the acts on a row, and whether the stage waits for each."""
    found = [act for act in ACTS.values() if act.of == kind and may(act, shown, row, employee)]
    return [(act, is_next(act, shown)) for act in found]


def may(act: Act, shown: CaseShown, row: Any, employee: Employee) -> bool:
    """Whether right, place and state let her; the service decides again."""
    return is_handled_by(shown, employee) and act.fits(shown, row)


def is_handled_by(shown: CaseShown, employee: Employee) -> bool:
    """Whether she may act on the case at all."""
    return employee.holds(Right.COMPLAINTS_HANDLE) and is_hers(shown.case, actor_of(employee))


def version(shown: CaseShown, row: Any) -> int:
    """Return the version a page is opened with: that of the row; of the case where the row has none."""
    return int(getattr(row, "version", shown.case.version))


def is_next(act: Act, shown: CaseShown) -> bool:
    """Whether the stage waits for this act; documents that are asked for already are not asked for twice."""
    if act.code == "ask" and any(row.state != RequestState.WITHDRAWN for row in shown.requests):
        return False
    if act.code == "standing":
        return shown.case.stage == CaseStage.OPENED and not shown.case.consent
    return shown.case.stage in act.stages


def _open(shown: CaseShown, row: Any) -> bool:
    return shown.case.is_open


def _of_case(service: Callable[..., object]) -> Perform:
    return lambda shown, row, data, by, version: service(shown.case.pk, **data, by=by, version=version)


def _of_row(service: Callable[..., object]) -> Perform:
    return lambda shown, row, data, by, version: service(row.pk, **data, by=by, version=version)


def _request(*states: RequestState) -> Fits:
    return lambda shown, row: shown.case.is_open and row.state in states


def _control(*states: ControlState) -> Fits:
    return lambda shown, row: shown.case.is_open and row.state in states and row.repeats_id is None


def _answered(shown: CaseShown, row: Any) -> bool:
    """The clinic has answered, or its day is over."""
    if row.state == ControlState.HANDED and row.due_on is not None and row.due_on >= shown.today:
        return False
    return _control(ControlState.HANDED, ControlState.SIGNED, ControlState.DISPUTED)(shown, row)


def _needs_check(shown: CaseShown, row: Any) -> bool:
    return shown.case.is_open and shown.case.decision == "needed"


def _assignable(shown: CaseShown, row: Any) -> bool:
    return shown.case.is_open and row.state == RequestState.ACCEPTED


_S, _R, _K = CaseStage, RequestState, ControlState
ACTS: dict[str, Act] = {
    act.code: act
    for act in (
        Act(
            "take",
            "Взять",
            "user-check",
            _of_case(services.take),
            lambda shown, row: shown.case.is_open and shown.case.expert_id is None,
            key="T",
            done="Дело у вас.",
        ),
        Act(
            "standing",
            "Кто жалуется",
            "id",
            _of_case(services.set_standing),
            _open,
            forms.StandingForm,
            "C",
            done="Записано.",
        ),
        Act(
            "decide",
            "Решить об экспертизе",
            "scale",
            _of_case(services.decide),
            lambda shown, row: shown.case.is_open and bool(shown.case.consent),
            forms.DecideForm,
            "D",
            done="Решение записано.",
            stages=frozenset({_S.OPENED}),
        ),
        Act(
            "ask",
            "Запросить документы",
            "file-text",
            _of_case(services.ask),
            _needs_check,
            forms.AskForm,
            "A",
            done="Запрос у клиники.",
            stages=frozenset({_S.RECORDS}),
        ),
        Act(
            "restore",
            "Право восстановлено",
            "heart-handshake",
            _of_case(services.restore),
            _open,
            forms.RestoreForm,
            "R",
            done="Записано.",
            stages=frozenset({_S.RESTORING}),
        ),
        Act(
            "doubt",
            "Услуга, которой не было",
            "alert-circle",
            _of_case(services.doubt),
            _open,
            forms.DoubtForm,
            "U",
            done="Услуга записана.",
        ),
        Act(
            "dispute",
            "До суда и в суде",
            "certificate",
            _of_case(services.open_dispute),
            lambda shown, row: True,
            forms.DisputeForm,
            "S",
            done="Записано.",
        ),
        Act("note", "Заметка", "notes", _of_case(services.note), lambda shown, row: True, forms.NoteForm, "M"),
        Act(
            "close",
            "Завершить дело",
            "check",
            _of_case(services.close_case),
            lambda shown, row: shown.case.stage == _S.READY,
            key="X",
            done="Дело завершено.",
            stages=frozenset({_S.READY}),
        ),
        Act(
            "reopen",
            "Возобновить",
            "refresh",
            _of_case(services.reopen_case),
            lambda shown, row: not shown.case.is_open and shown.case.withdrawn_at is None,
            forms.WhyForm,
            "O",
            done="Дело снова открыто.",
        ),
        Act(
            "accept",
            "Принять",
            "check",
            _of_row(services.accept),
            _request(_R.ANSWERED),
            key="Y",
            stages=frozenset({_S.RECORDS}),
            of="request",
        ),
        Act(
            "send-back",
            "Вернуть",
            "arrow-back-up",
            _of_row(services.send_back),
            _request(_R.ANSWERED),
            forms.WhyForm,
            key="B",
            of="request",
        ),
        Act(
            "withdraw",
            "Отозвать",
            "x",
            _of_row(services.withdraw),
            _request(_R.ASKED, _R.RETURNED),
            forms.WhyForm,
            of="request",
        ),
        Act(
            "assign",
            "Поручить эксперту",
            "stethoscope",
            _of_row(services.assign),
            _assignable,
            forms.AssignForm,
            key="E",
            stages=frozenset({_S.CONTROL}),
            of="request",
            done="Экспертиза поручена.",
        ),
        Act(
            "act",
            "Акт",
            "file-text",
            _of_row(services.write_act),
            _control(_K.ASSIGNED, _K.ACT),
            forms.ActForm,
            key="W",
            stages=frozenset({_S.CONTROL}),
            of="control",
            done="Акт записан.",
        ),
        Act(
            "hand-over",
            "Передать клинике",
            "send",
            _of_row(services.hand_over),
            _control(_K.ACT),
            key="H",
            stages=frozenset({_S.CONTROL}),
            of="control",
            done="Акт у клиники.",
        ),
        Act(
            "finish",
            "Завершить экспертизу",
            "check",
            _of_row(services.finish),
            _answered,
            forms.FinishForm,
            key="F",
            stages=frozenset({_S.WITH_CLINIC}),
            of="control",
            done="Экспертиза завершена.",
        ),
        Act(
            "cancel",
            "Отменить",
            "x",
            _of_row(services.cancel),
            _control(_K.ASSIGNED),
            forms.WhyForm,
            of="control",
        ),
        Act(
            "verdict",
            "Решение",
            "scale",
            _of_row(services.set_verdict),
            lambda shown, row: shown.case.stage in {_S.VERDICT, _S.RESTORING, _S.READY},
            forms.VerdictForm,
            key="V",
            stages=frozenset({_S.VERDICT}),
            of="reason",
            done="Решение записано.",
        ),
        Act(
            "end",
            "Чем кончилось",
            "certificate",
            _of_row(services.end_dispute),
            lambda shown, row: not row.outcome,
            forms.DisputeEndForm,
            of="dispute",
        ),
        Act(
            "found",
            "Что установлено",
            "check",
            _of_row(services.find_doubted),
            lambda shown, row: shown.case.is_open and not row.found,
            forms.FoundForm,
            of="doubted",
        ),
    )
}
