"""Bundles: many appeals with one cause and one text. Each keeps its number and clock and is answered by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from opora.access.errors import RightMissing
from opora.access.rights import Right
from opora.appeals import channels, policies
from opora.appeals.actor import actor_of
from opora.appeals.errors import (
    AlreadyBundled,
    AppealsError,
    ChangedMeanwhile,
    NotBundled,
    NotComplete,
    NotFound,
    NotNow,
)
from opora.appeals.models import Answer, Appeal, Bundle
from opora.appeals.rules import SENTENCES, Command
from opora.appeals.services._change import By, changing, check_right, words
from opora.appeals.services.answers import prepare_answer, send_answer, submit_answer
from opora.appeals.services.closing import close
from opora.appeals.words import AnswerKind, AnswerState, EventKind, Stage
from opora.audit.services import record
from opora.classifiers.words import Outcome

MOST = 500


@dataclass(slots=True)
class Report:
    """What became of each appeal of a common answer: numbers, and the sentence of what was refused."""

    closed: list[str] = field(default_factory=list)
    submitted: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def bundle(ids: Sequence[UUID], *, title: str, cause: str = "", by: By) -> Bundle:
    """Gather open appeals with one cause. All or none: raises NotFound, AlreadyBundled, AlreadyClosed, NotYours."""
    check_right(Command.BUNDLE, by)
    if not ids:
        raise NotComplete("Выберите обращения для подборки.")
    actor = actor_of(by)
    made = Bundle.objects.create(
        organisation=actor.organisation,
        title=words(title, "Напишите, о чём подборка.")[:200],
        cause=cause.strip(),
        created_by_id=actor.employee,
    )
    _add(made, ids, by)
    record("appeals.bundle.make", made, by=by, details={"appeals": len(set(ids))})
    return made


def add_to_bundle(bundle_id: UUID, ids: Sequence[UUID], *, by: By) -> Bundle:
    """Add open appeals. All or none."""
    found = _locked(bundle_id, by)
    _add(found, ids, by)
    Bundle.objects.filter(pk=found.pk).update(closed_at=None, version=F("version") + 1)
    return found


def remove_from_bundle(bundle_id: UUID, appeal_id: UUID, *, why: str, by: By) -> Bundle:
    """Take an appeal out, with a reason; what was answered stays answered. Raises NotBundled."""
    found = _locked(bundle_id, by)
    with changing(appeal_id, Command.UNBUNDLE, by=by) as step:
        if step.appeal.bundle_id != found.pk:
            raise NotBundled
        text = words(why, "Напишите, почему исключаете обращение.")
        step.set(bundle_id=None)
        step.tell(EventKind.UNBUNDLED, text, bundle=str(found.pk))
    Bundle.objects.filter(pk=found.pk).update(version=F("version") + 1)
    return found


def answer_bundle(
    bundle_id: UUID,
    *,
    text: str,
    channel: str = "",
    outcome: str,
    verdict: str = "",
    by: By,
    version: int | None = None,
) -> Report:
    """Answer and close every open appeal of a bundle with one text; who is refused stays as it was and is named.

    Without a ``channel`` each is answered the way it came. Where the organisation wants approval the answer is sent to
    who approves; run again after that, the approved ones leave and close. Raises NotComplete, ChangedMeanwhile.
    """
    for command in (Command.PREPARE, Command.CLOSE):
        check_right(command, by)
    if outcome not in Outcome.values:
        raise NotComplete("Укажите исход, чтобы закрыть обращения.")
    found = _locked(bundle_id, by, version)
    text = words(text, "Напишите общий текст ответа.")
    Bundle.objects.filter(pk=found.pk).update(answer_text=text, version=F("version") + 1)
    report = Report()
    for appeal in Appeal.objects.within(by.scope).open().filter(bundle=found).order_by("pk"):
        try:
            with transaction.atomic():
                is_closed = _answer(appeal, text, channel, outcome, verdict, by)
        except (AppealsError, RightMissing) as refusal:
            report.refused.append((appeal.number, refusal.sentence))
        else:
            (report.closed if is_closed else report.submitted).append(appeal.number)
    if not Appeal.objects.open().filter(bundle=found).exists():
        Bundle.objects.filter(pk=found.pk).update(closed_at=timezone.now())
    counts = {"closed": len(report.closed), "submitted": len(report.submitted), "refused": len(report.refused)}
    record("appeals.bundle.answer", found, by=by, details=counts)
    return report


def _answer(appeal: Appeal, text: str, channel: str, outcome: str, verdict: str, by: By) -> bool:
    """Do the next steps of one appeal; return whether it is closed. Raises what the services raise."""
    if appeal.stage == Stage.PREPARED:
        raise NotNow(SENTENCES[Stage.PREPARED])
    if appeal.stage != Stage.ANSWERED:
        ready = _approved(appeal, text) or _prepared(appeal, text, by)
        if ready is None:
            return False
        send_answer(ready.pk, channel=channel or channels.back(appeal), by=by)
    close(appeal.pk, outcome=outcome, verdict=verdict, by=by)
    return True


def _approved(appeal: Appeal, text: str) -> Answer | None:
    """Return the approved answer; raises NotNow where another text was approved."""
    if appeal.stage != Stage.APPROVED:
        return None
    answers = Answer.objects.filter(appeal=appeal, kind=AnswerKind.FINAL, state=AnswerState.APPROVED)
    found = answers.order_by("-created_at").first()
    if found is not None and found.text != text:
        raise NotNow("По этому обращению утверждён другой ответ: отправьте его с карточки.")
    return found


def _prepared(appeal: Appeal, text: str, by: By) -> Answer | None:
    """Write the answer; None — it has gone to who approves."""
    answer = prepare_answer(appeal.pk, text=text, by=by)
    if not policies.needs_approval(appeal.handler_id, appeal.kind):
        return answer
    submit_answer(answer.pk, by=by)
    return None


def _add(found: Bundle, ids: Sequence[UUID], by: By) -> None:
    wanted = sorted(set(ids), key=str)
    if len(wanted) > MOST:
        raise NotComplete(f"В подборку за один раз добавляют не больше {MOST} обращений.")
    for appeal_id in wanted:
        with changing(appeal_id, Command.BUNDLE, by=by) as step:
            if step.appeal.bundle_id == found.pk:
                continue
            if step.appeal.bundle_id is not None:
                raise AlreadyBundled(f"Обращение {step.appeal.number} уже в другой подборке.")
            step.set(bundle_id=found.pk)
            step.tell(EventKind.BUNDLED, bundle=str(found.pk))


def _locked(bundle_id: UUID, by: By, version: int | None = None) -> Bundle:
    """Return a bundle of her insurer or fund under its row lock. Raises NotFound, ChangedMeanwhile."""
    if not by.holds(Right.APPEALS_HANDLE):
        raise RightMissing(right=Right.APPEALS_HANDLE)
    found = Bundle.objects.within(by.scope).select_for_update(of=("self",)).filter(pk=bundle_id).first()
    if found is None:
        raise NotFound("Такой подборки нет.")
    if version is not None and found.version != version:
        raise ChangedMeanwhile("Подборку за это время изменил другой сотрудник. Обновите страницу и повторите.")
    return found
