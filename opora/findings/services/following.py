"""Whether it stopped: the same cell counted before and after the measures, when the day has come."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Sum
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.findings import rules
from opora.findings.errors import TooEarly
from opora.findings.models import Day, Finding
from opora.findings.services._step import Step, changing, write
from opora.findings.words import EventKind, What
from opora.organisations.models import Employee

ONE = timedelta(days=1)


def follow_due(now: datetime | None = None) -> int:
    """Look at every finding whose day is over; return how many. Run twice it looks once."""
    moment = now or timezone.now()
    with enter(Scope.system("measures are followed up for every organisation")):
        due = Finding.objects.open().filter(trend="", follow_on__lt=timezone.localdate(moment))
        rows = due.select_related("made_by__territory").select_for_update(of=("self",))
        done = 0
        for found in rows:
            if found.follow_on is None or found.follow_on >= moment.astimezone(found.made_by.zone).date():
                continue
            step = Step(found, None, moment)
            _judge(step, found.follow_on)
            write(step)
            done += 1
    return done


def follow_up(finding_id: UUID, *, by: Employee, version: int | None = None) -> Finding:
    """Look now, by the days that are over. Raises TooEarly before the measures or on the day after them."""
    with changing(finding_id, "follow", by=by, version=version) as step:
        if not step.finding.measures_on:
            raise TooEarly("Сначала запишите меры клиники.")
        _judge(step, step.today - ONE)
    return step.finding


def _judge(step: Step, until: date) -> None:
    found = step.finding
    measured = found.measures_on
    if measured is None or until <= measured:
        raise TooEarly("После мер должен пройти хотя бы один день.")
    last = min(found.until, measured)
    before, after = _count(found, found.since, last), _count(found, measured + ONE, until)
    before_days, after_days = (last - found.since).days + 1, (until - measured).days
    change = rules.change(before, before_days, after, after_days)
    step.set(before=before, before_days=before_days, after=after, after_days=after_days)
    step.set(trend=change.trend, followed_on=step.today)
    step.tell(EventKind.FOLLOWED, trend=str(change.trend), before=before, after=after, days=[before_days, after_days])


def _count(finding: Finding, since: date, until: date) -> int:
    """Count what the finding is about: appeals of a topic, waits over the limit of a service."""
    cell = {"territory": finding.territory, "provider_id": finding.provider_id, "what": finding.what}
    rows = Day.objects.filter(**cell, code=finding.code, day__gte=since, day__lte=until)
    if finding.insurer_id is not None:
        rows = rows.filter(insurer_id=finding.insurer_id)
    if finding.suspicion is not None:
        rows = rows.filter(suspicion=finding.suspicion)
    return rows.aggregate(sum=Sum("over" if finding.what == What.WAIT else "number"))["sum"] or 0
