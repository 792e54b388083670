"""A file through the channel of an organisation: kept, checked, stored whole or not at all, answered.

``receive`` keeps bytes and a row that waits; ``process`` does the rest in one transaction and may be called again by
anybody after any crash. The same bytes get the same answer and change nothing.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError, OperationalError, connection, transaction
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.audit.services import record
from opora.exchange import vault
from opora.exchange.answering import SentFiles
from opora.exchange.engine import examine
from opora.exchange.findings import Finding, Outcome, Record, Severity
from opora.exchange.format import Content
from opora.exchange.formats import journal
from opora.exchange.formats.flcp import write_answer
from opora.exchange.models import Parcel
from opora.exchange.models.parcel import Direction, State, Way
from opora.exchange.queries import context_of_house
from opora.exchange.targets import TARGETS, Stored
from opora.organisations.models import Organisation

SYSTEM = Scope.system("a file of a partner is checked and stored")
ANSWERED = {"g1r-journal-xml", "g1-journal-xlsx", "users-xml"}
MOST_FINDINGS = 50_000
NOTE = """
INSERT INTO exchange_parcelfinding (parcel_id, position, place, record, field, severity, code, message)
SELECT %(parcel)s, no - 1, place, record, field, severity, code, message
  FROM unnest(%(places)s::int[], %(records)s::text[], %(fields)s::text[], %(severities)s::text[], %(codes)s::text[],
              %(messages)s::text[]) WITH ORDINALITY AS f (place, record, field, severity, code, message, no)
"""
NEUTRAL = "Файл не записан из-за ошибки базы. Ничего не изменилось; повторите загрузку или сообщите администратору."

log = structlog.get_logger(__name__)
TAKEN_LONG_AGO = (
    "Такой файл уже был принят, и срок хранения его и замечаний к нему кончился: повторить ответ нечем."
    " Записи не менялись. Если они изменились у вас, пришлите новый файл."
)


@dataclass(frozen=True, slots=True)
class Coming:
    """A file at the door. ``expects`` are the formats the caller is ready for, empty — any; ``mark`` is by what the
    folder knows a file it has taken."""

    organisation: Organisation
    name: str
    way: Way
    by: Any = None
    is_trial: bool = False
    as_of: date | None = None
    expects: frozenset[str] = frozenset()
    mark: str = ""


class _TrialOver(Exception):
    """Leaves the storing of a dry run: everything was done, nothing is kept."""


def receive(pieces: Iterable[bytes], coming: Coming) -> Parcel:
    """Keep a file and note that it waits."""
    kept = vault.keep(pieces)
    with enter(SYSTEM):
        same_name = Parcel.objects.filter(organisation=coming.organisation, name=coming.name, direction=Direction.IN)
        former = same_name.exclude(sha256=kept.sha256).values("sha256").distinct().count()
        return Parcel.objects.create(
            organisation=coming.organisation,
            way=coming.way,
            name=vault.plain_name(coming.name),
            version=former + 1,
            sha256=kept.sha256,
            size=kept.size,
            is_trial=coming.is_trial,
            as_of=coming.as_of,
            by_id=getattr(coming.by, "pk", None),
            by_name=name_of(coming.by),
            options={"expects": sorted(coming.expects), "mark": coming.mark},
        )


def receive_file(path: Path, coming: Coming) -> Parcel:
    with path.open("rb") as stream:
        return receive(iter(lambda: stream.read(vault.PIECE), b""), coming)


def again(checked: Parcel, *, by: Any) -> Parcel:
    """Note that a checked file is to be stored: the same bytes under the same name, in earnest."""
    with enter(SYSTEM):
        return Parcel.objects.create(
            organisation_id=checked.organisation_id,
            way=checked.way,
            name=checked.name,
            version=checked.version,
            sha256=checked.sha256,
            size=checked.size,
            as_of=checked.as_of,
            by_id=getattr(by, "pk", None),
            by_name=name_of(by),
            options=checked.options,
        )


def process(parcel_id: int) -> Parcel:
    """Check and store a file that waits; one that is over is left alone. Database faults refuse it in neutral words."""
    with enter(SYSTEM):
        parcel = (
            Parcel.objects.select_for_update(of=("self",)).select_related("organisation__territory").get(pk=parcel_id)
        )
        if parcel.is_finished:
            return parcel
        _alone(parcel.organisation)
        former = _former(parcel)
        if former is not None and not parcel.is_trial:
            return _repeat(parcel, former)
        with _no_collecting():
            outcome, stored = _take(parcel)
            _finish(parcel, outcome, stored)
    return parcel


def take_up_waiting(*, older: timedelta = timedelta(minutes=5)) -> int:
    """Process incoming files that have waited too long: their job died. Return how many."""
    with enter(SYSTEM):
        waiting = Parcel.objects.waiting().filter(direction=Direction.IN, received_at__lt=timezone.now() - older)
        found = list(waiting.order_by("pk").values_list("pk", flat=True)[:100])
    for pk in found:
        process(pk)
    return len(found)


def name_of(by: Any) -> str:
    """Return who brought a file: an employee, or a program of a partner; empty — the folder."""
    partner = getattr(by, "partner", None)
    return f"API: {partner.name}"[:200] if partner else getattr(by, "full_name", "")


def document(parcel: Parcel) -> dict[str, Any]:
    """Return the entry of a file in the JSON of ``opora import`` (cli.md)."""
    source = parcel.repeats or parcel
    with enter(SYSTEM):
        findings = list(source.findings.values_list("place", "record", "field", "severity", "code", "message"))
    return {
        "file": parcel.name,
        "format": source.format or None,
        "result": "reject" if parcel.state in {State.REFUSED, State.FAILED} else "accept",
        "records_in_file": source.counts.get("records", 0),
        "accepted": source.counts.get("accepted", 0),
        "rejected": source.counts.get("rejected", 0),
        "warned": source.counts.get("warned", 0),
        "findings": [
            {
                "scope": "file" if place is None else "record",
                "record": record or None,
                "field": field,
                "severity": severity,
                "code": code or None,
                "message": message,
            }
            for place, record, field, severity, code, message in findings
        ],
        "stored": parcel.is_stored and bool(source.counts.get("stored")),
        "summary": {name: source.counts.get(name, 0) for name in ("new", "changed", "same")},
    }


def answer_of(parcel: Parcel) -> bytes | None:
    """Return the answer of a file, None where its format asks for none or it was only tried."""
    return vault.found(parcel.answer_sha256).read_bytes() if parcel.answer_sha256 else None


@contextmanager
def _no_collecting() -> Iterator[None]:
    """A big file is a million small objects that live to its end: looking for cycles among them costs a fifth."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _alone(organisation: Organisation) -> None:
    """Files of one organisation go one after another; the lock ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('opora.exchange', %s))", [organisation.pk])


def _former(parcel: Parcel) -> Parcel | None:
    """The file with these bytes that was stored already."""
    return (
        Parcel.objects.filter(
            organisation=parcel.organisation, sha256=parcel.sha256, direction=Direction.IN, state=State.ACCEPTED
        )
        .exclude(pk=parcel.pk)
        .order_by("pk")
        .first()
    )


def _repeat(parcel: Parcel, former: Parcel) -> Parcel:
    if former.forgotten_at:  # what the controls said of it is gone: an answer without it would say that all is well
        parcel.state, parcel.format, parcel.refusal = State.FAILED, former.format, TAKEN_LONG_AGO
        parcel.finished_at = timezone.now()
        parcel.save()
        return parcel
    parcel.repeats, parcel.state, parcel.format = former, State.REPEATED, former.format
    parcel.counts, parcel.finished_at = former.counts, timezone.now()
    if former.answer_sha256:
        findings = [
            Finding(f.field, f.message, f.record or None, f.place, Severity(f.severity), f.code or None)
            for f in former.findings.all()
        ]
        blank = [Record(place, "", {}) for place in range(former.counts.get("records", 0))]
        answer = write_answer(Outcome(parcel.name, former.format, blank, findings))
        parcel.answer_name, parcel.answer_sha256 = parcel.name, vault.keep([answer]).sha256
    parcel.save()
    return parcel


def _take(parcel: Parcel) -> tuple[Outcome, Stored]:
    """Run the controls and store what they let through, in a savepoint of its own."""
    sent = SentFiles(parcel.organisation)
    context = context_of_house().at(as_of=parcel.as_of, channel=parcel.organisation.code, sent=sent)
    with vault.under_its_name(parcel.sha256, parcel.name) as path:
        outcome, content = examine(path, context)
    outcome.findings += _expected(parcel, outcome)
    made = TARGETS.get(outcome.format or "")
    stored = Stored()
    if made is None or not outcome.is_accepted:
        return outcome, stored
    target = made()
    try:
        with transaction.atomic():
            outcome.findings += target.further(content, parcel)
            if outcome.is_accepted:
                stored = target.store(_good(content, outcome), parcel)
            if parcel.is_trial:
                raise _TrialOver  # noqa: TRY301 - the savepoint is to be undone
    except _TrialOver:
        pass
    except OperationalError:
        raise
    except DatabaseError as fault:
        log.error("exchange.not_stored", parcel=parcel.pk, fault=type(fault).__name__, exc_info=True)
        outcome.findings.append(Finding("IMPORT", NEUTRAL, code=journal.ERROR))
        return outcome, Stored()
    return outcome, stored


def _expected(parcel: Parcel, outcome: Outcome) -> list[Finding]:
    expects = parcel.options.get("expects") or []
    if expects and outcome.format and outcome.format not in expects:
        return [Finding("FILE", "Это файл другого вида: загрузите его своей командой", code=journal.ERROR)]
    if settings.EXCHANGE_SAME_NAME == "refuse" and parcel.version > 1:
        return [Finding("FILE", "Файл с таким именем уже был, и содержимое другое: переименуйте", code=journal.ERROR)]
    return []


def _good(content: Content, outcome: Outcome) -> Content:
    """Leave the records without errors: all of them where the format is atomic."""
    broken = {found.place for found in outcome.findings if found.severity is Severity.ERROR}
    records = [one for one in content.records if one.place not in broken]
    return Content(records, content.header, content.findings, content.blocks)


def _finish(parcel: Parcel, outcome: Outcome, stored: Stored) -> None:
    told = outcome.as_json()
    parcel.format = outcome.format or ""
    parcel.state = State.REFUSED
    if outcome.is_accepted:
        parcel.state = State.CHECKED if parcel.is_trial else State.ACCEPTED
    parcel.counts = {
        "records": told["records_in_file"],
        **{name: told[name] for name in ("accepted", "rejected", "warned")},
        **stored.as_dict(),
        "stored": stored.is_stored and not parcel.is_trial,
    }
    errors = [found for found in outcome.findings if found.severity is Severity.ERROR]
    parcel.refusal = errors[0].message[:500] if errors and not outcome.is_accepted else ""
    parcel.finished_at = timezone.now()
    if outcome.format in ANSWERED and not parcel.is_trial:
        parcel.answer_name, parcel.answer_sha256 = parcel.name, vault.keep([write_answer(outcome)]).sha256
    parcel.save()
    _note(parcel, outcome.findings[:MOST_FINDINGS])
    by = _witness(parcel)
    record("exchange.import", parcel, by=by, details={**parcel.counts, "state": parcel.state, "format": parcel.format})


def _witness(parcel: Parcel) -> Any:
    from opora.organisations.models import Employee

    return Employee.objects.filter(pk=parcel.by_id).first() if parcel.by_id else None


def _note(parcel: Parcel, findings: Sequence[Finding]) -> None:
    """Keep the remarks in their order. One statement: a bad list of fifty thousand has as many."""
    if not findings:
        return
    with connection.cursor() as cursor:
        columns: dict[str, Any] = {
            "parcel": parcel.pk,
            "places": [found.place for found in findings],
            "records": [(found.record or "")[:200] for found in findings],
            "fields": [found.field[:100] for found in findings],
            "severities": [found.severity.value for found in findings],
            "codes": [found.code or "" for found in findings],
            "messages": [found.message[:1000] for found in findings],
        }
        cursor.execute(NOTE, columns)
