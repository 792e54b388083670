"""A finding is opened — from an alarm, a cell of the radar or by hand — and its appeals are gathered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils import timezone

from opora.appeals import services as journal
from opora.appeals.actor import Actor, actor_of
from opora.appeals.models import Appeal
from opora.appeals.words import Depth
from opora.audit.services import record
from opora.findings import queries, radar
from opora.findings.errors import AlarmLooked, FindingsError, NoSuchFinding, WrongDates
from opora.findings.models import Alarm, Finding, FindingAppeal
from opora.findings.services._step import Step, changing, check_right, words, write
from opora.findings.words import EventKind, Look, What
from opora.organisations.models import Employee, Organisation

MOST = 500  # appeals of one finding
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('opora.findings.number', %s))"


def open_finding(
    *,
    provider: Organisation,
    what: str,
    code: str,
    cause: str,
    since: date,
    until: date,
    suspicion: str | None = None,
    alarm: Alarm | None = None,
    by: Employee,
) -> Finding:
    """Open a finding and gather its appeals: those of the cell and the period that she may see.

    ``suspicion`` of a wait: its limit is another; «» — of none, None — whatever it is.

    Raises WordsNeeded, WrongDates, AlarmLooked, FindingsError for what is no clinic of her territory.
    """
    check_right(by)
    actor = actor_of(by)
    text = words(cause, "Напишите, в чём причина: одна на все обращения.")
    today = actor.local(timezone.now()).date()
    if until < since or since > today:
        raise WrongDates("Время нарушения должно начаться не позже сегодняшнего дня и кончиться после начала.")
    if provider.kind != Organisation.Kind.PROVIDER or provider.territory_id != actor.territory:
        raise FindingsError("Выберите клинику своей территории.")
    of_fund = actor.organisation.kind == Organisation.Kind.FUND
    if what not in What.values:
        raise FindingsError("Выберите, о чём обращения: тема или ожидание услуги.")
    row = Finding.objects.create(
        territory=actor.territory,
        insurer_id=None if of_fund else actor.holder,
        made_by=actor.organisation,
        number=_number(actor, today),
        provider=provider,
        what=what,
        code=code,
        suspicion=suspicion,
        subject=radar.subject(what, code, actor.territory, suspicion or "")[:300],
        cause=text,
        since=since,
        until=until,
        alarm=_looked(alarm, Look.FINDING, by=by) if alarm else None,
        opened_by=by,
    )
    step = Step(row, actor, timezone.now())
    step.tell(EventKind.OPENED, text, alarm=alarm.pk if alarm else None)
    cell = radar.Cell(what, code, since, until, provider.pk, suspicion=suspicion)
    facts = radar.rows(cell, by, only_over=what == What.WAIT)
    added = _add(row, list(facts.order_by("-day", "-pk").values_list("appeal_id", flat=True)[:MOST]))
    if added:
        step.tell(EventKind.GATHERED, number=added)
    write(step)
    record("findings.open", ("findings.finding", str(row.pk)), by=by)
    return row


def dismiss(alarm_id: int, *, why: str, by: Employee) -> Alarm:
    """Say that an alarm is nothing, and why. Raises NoSuchFinding, AlarmLooked, WordsNeeded."""
    check_right(by)
    text = words(why, "Напишите, почему это не нарушение.")
    alarm = queries.alarms(by).filter(pk=alarm_id).first()
    if alarm is None:
        raise NoSuchFinding("Такого сигнала нет.")
    found = _looked(alarm, Look.DISMISSED, why=text, by=by)
    record("findings.dismiss", ("findings.alarm", str(alarm.pk)), by=by)
    return found


def gather(finding_id: UUID, *, numbers: Sequence[str], by: Employee, version: int | None = None) -> Finding:
    """Add appeals by their numbers. All or none: raises FindingsError naming those she cannot see."""
    with changing(finding_id, "gather", by=by, version=version) as step:
        wanted = list(dict.fromkeys(number.strip() for number in numbers if number.strip()))[:MOST]
        seen = Appeal.objects.accessible_to(by, Depth.TEXT).filter(number__in=wanted)
        found = dict(seen.values_list("number", "pk"))
        missing = [number for number in wanted if number not in found]
        if missing or not wanted:
            raise FindingsError(f"Не нашли обращений: {', '.join(missing)}." if missing else "Напишите номера.")
        added = _add(step.finding, list(found.values()))
        step.tell(EventKind.GATHERED, number=added)
    return step.finding


def remove(finding_id: UUID, *, number: str, why: str, by: Employee, version: int | None = None) -> Finding:
    """Take an appeal out of the finding, with a reason; the appeal itself stays as it is."""
    with changing(finding_id, "remove", by=by, version=version) as step:
        text = words(why, "Напишите, почему исключаете обращение.")
        seen = Appeal.objects.accessible_to(by).filter(number=number)
        gone, _ = FindingAppeal.objects.filter(finding=step.finding, appeal__in=seen).delete()
        if not gone:
            raise FindingsError("Этого обращения здесь нет.")
        step.tell(EventKind.REMOVED, text, appeal=number)
    return step.finding


def bundle_open(finding_id: UUID, *, by: Employee, version: int | None = None) -> Finding:
    """Gather the open appeals of a finding into a bundle of the journal, to be answered with one text.

    Those another organisation answers for, and those already in a bundle, stay out. Raises FindingsError: none is left.
    """
    with changing(finding_id, "bundle", by=by, version=version) as step:
        found = step.finding
        holder = step.actor.holder if step.actor else 0
        inside = FindingAppeal.objects.filter(finding=found, appeal=OuterRef("pk"))
        rows = Appeal.objects.accessible_to(by, Depth.TEXT).open().filter(Exists(inside), handler=holder, bundle=None)
        keys = list(rows.values_list("pk", flat=True)[:MOST])
        if not keys:
            raise FindingsError("Открытых обращений, на которые отвечаете вы, здесь нет.")
        if found.bundle_id is not None:
            journal.add_to_bundle(found.bundle_id, keys, by=by)
        else:
            title = f"{found.provider.name}: {found.subject}"[:200]
            step.set(bundle=journal.bundle(keys, title=title, cause=found.cause, by=by))
        step.tell(EventKind.GATHERED, bundle=str(found.bundle_id), number=len(keys))
    return step.finding


def _looked(alarm: Alarm, look: Look, *, why: str = "", by: Employee) -> Alarm:
    """Mark an alarm of hers as looked at: whoever was first did it. Raises AlarmLooked."""
    waiting = Alarm.objects.accessible_to(by).waiting().filter(pk=alarm.pk, insurer_id=queries.watcher(by))
    if not waiting.update(look=look, why=why, looked_at=timezone.now(), looked_by=by):
        raise AlarmLooked
    return alarm


def _add(finding: Finding, appeals: list[UUID]) -> int:
    former = finding.gathered.count()
    rows = [FindingAppeal(finding=finding, appeal_id=key) for key in dict.fromkeys(appeals)]
    FindingAppeal.objects.bulk_create(rows, ignore_conflicts=True)
    return finding.gathered.count() - former


def _number(actor: Actor, today: date) -> str:
    """Return the next number of an organisation in a year; the lock holds until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [actor.organisation.pk])
    prefix = f"{actor.organisation.code}-СН-{today:%y}-"
    taken = Finding.objects.filter(made_by=actor.organisation, number__startswith=prefix).count()
    return f"{prefix}{taken + 1:03}"
