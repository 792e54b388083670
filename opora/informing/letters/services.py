"""Commands of print runs: one verb, one transaction, one line of the access log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.audit.services import record
from opora.informing.errors import InformingError, LetterAlready, NothingToPrint, NumberUnknown, RunBusy
from opora.informing.letters import store
from opora.informing.letters.drawing import letter_waves
from opora.informing.letters.envelopes import Envelope
from opora.informing.letters.numbers import row_of
from opora.informing.letters.queries import Late, late
from opora.informing.letters.words import AT_HOME, MARKS, ItemState, ReturnedFor, RunState, Why
from opora.informing.models import LetterItem, PrintRun, Touch
from opora.informing.words import Outcome, TouchState
from opora.insured.models import Contact
from opora.insured.services import mark_contact
from opora.shared.sql import text

if TYPE_CHECKING:
    from opora.organisations.models import Employee, Organisation

SQL = Path(__file__).parent.parent / "sql"
MOST = 50_000
STALLED = timedelta(minutes=5)
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How a run is printed and what it costs: ``price`` of a letter in roubles, weights in grams."""

    most: int = MOST
    envelope: str = Envelope.DL
    is_duplex: bool = False
    price: Decimal = Decimal(0)
    sheet_grams: Decimal = Decimal(5)
    envelope_grams: Decimal = Decimal(5)


@transaction.atomic
def draw_up(insurer: Organisation, terms: Terms, *, by: Employee | None) -> PrintRun:
    """Begin a run over the letters whose hour has come; the rest is done in the background. Raises NothingToPrint."""
    if not 1 <= terms.most <= MOST:
        raise InformingError(f"В одном тираже от 1 до {MOST} писем.")
    with enter(Scope.system("whether letters of this insurer are due")):
        waves = list(letter_waves([insurer.pk]))
        years = {one.campaign.year for one in waves}
        due = Touch.objects.waiting().filter(year__in=years, wave_id__in=[one.pk for one in waves])
        if not due.filter(not_before__lte=timezone.now()).exists():
            raise NothingToPrint
    run = PrintRun.objects.create(
        territory=insurer.territory_id,
        insurer=insurer,
        most=terms.most,
        envelope=terms.envelope,
        is_duplex=terms.is_duplex,
        price=terms.price,
        sheet_grams=terms.sheet_grams,
        envelope_grams=terms.envelope_grams,
        by=by,
    )
    record("informing.letters.draw_up", run, by=by, details={"most": terms.most})
    _defer(run)
    return run


@transaction.atomic
def go_on(run_id: int, *, by: Employee | None) -> PrintRun:
    """Take up the work on a run whose worker has not been heard of for a while. Raises RunBusy while one works."""
    run = _locked(run_id, by, RunState.DRAWING)
    if not is_stalled(run):
        raise RunBusy("Тираж составляется: подождите.")
    PrintRun.objects.filter(pk=run.pk).update(beat_at=timezone.now())
    _defer(run)
    return run


def is_stalled(run: PrintRun) -> bool:
    return run.state == RunState.DRAWING and run.beat_at < timezone.now() - STALLED


@transaction.atomic
def mark_printed(run_id: int, *, by: Employee | None) -> PrintRun:
    """A person says that the paper is there."""
    run = _locked(run_id, by, RunState.READY)
    _move(run, RunState.PRINTED, printed_at=timezone.now())
    record("informing.letters.printed", run, by=by, details={"letters": run.drawn})
    return run


@transaction.atomic
def take_out(run_id: int, *, by: Employee | None) -> PrintRun:
    """The letters of ``queries.late`` are out of the pile: each keeps its reason, their touches end, and the register
    is written without them in the background. Raises RunBusy, InformingError when there is nothing to take out.
    """
    run = _locked(run_id, by, RunState.READY, RunState.PRINTED)
    with enter(Scope.system("letters nobody should get are taken out of a run")):
        out = late(run)
        if not out:
            raise InformingError("Вынимать нечего: все письма тиража ещё нужны.")
        _drop(run, out)
    record("informing.letters.take_out", run, by=by, details={"letters": len(out)})
    return run


@transaction.atomic
def hand_over(run_id: int, *, on: date, take_out: bool, by: Employee | None) -> PrintRun:
    """The pile is at the post: its touches are sent and cost what the run says.

    ``take_out`` — the letters of ``queries.late`` were taken out of the pile; their touches end. Raises RunBusy,
    InformingError for a day that cannot be.
    """
    run = _locked(run_id, by, RunState.PRINTED)
    if not timezone.localdate(run.made_at) <= on <= timezone.localdate():
        raise InformingError("День сдачи — не раньше дня тиража и не позже сегодняшнего.")
    with enter(Scope.system("letters of a run go to the post")):
        out = [one for one in late(run) if take_out or one.is_ended]
        _drop(run, out)
        for now_in, then in (("claimed", "sending"), ("sending", "sent")):
            _touches(run, letters=ItemState.READY, now_in=now_in, then=then, at=_moment(run, on))
        LetterItem.objects.filter(run=run, state=ItemState.READY).update(state=ItemState.POSTED)
        _move(run, RunState.POSTED, posted_at=timezone.now(), posted_on=on)
    details = {"letters": run.drawn - run.dropped, "taken_out": run.dropped}
    record("informing.letters.posted", run, by=by, details=details)
    return run


@transaction.atomic
def cancel(run_id: int, *, why: str, by: Employee | None) -> PrintRun:
    """Undo a run that has not left the house: its touches wait again. Raises RunBusy."""
    if not why.strip():
        raise InformingError("Напишите, почему тираж отменён.")
    run = _locked(run_id, by, *AT_HOME)
    with enter(Scope.system("touches of a cancelled run wait again")):
        _touches(run, letters=ItemState.READY, now_in="claimed", then="planned")
        LetterItem.objects.filter(run=run, state=ItemState.READY).update(state=ItemState.RELEASED, text="", subject="")
        _move(run, RunState.CANCELLED, cancelled_at=timezone.now(), why=why.strip()[:300], has_files=False)
    record("informing.letters.cancel", run, by=by, details={"letters": run.drawn})
    transaction.on_commit(lambda: store.remove(run.pk))
    return run


@transaction.atomic
def note_return(number: str, *, reason: str, by: Employee) -> LetterItem:
    """A letter came back: its touch did not reach the person, and its address is not used again.

    Raises NumberUnknown, LetterAlready.
    """
    pk = row_of(number)
    if pk is None:
        raise NumberUnknown("Цифры не сходятся: проверьте номер под штрихкодом и наберите его снова.")
    found = LetterItem.objects.accessible_to(by).select_for_update(of=("self",)).select_related("run")
    item = found.filter(pk=pk).first()
    if item is None:
        raise NumberUnknown("Письма с таким номером в ваших тиражах нет.")
    if item.state == ItemState.RETURNED and item.returned_at:
        when = timezone.localtime(item.returned_at)
        raise LetterAlready(f"Это письмо уже отмечено {when:%d.%m.%Y %H:%M}: {item.get_returned_for_display()}.")
    if item.state != ItemState.POSTED:
        raise LetterAlready(f"Это письмо на почту не сдавали: {item.get_state_display().lower()}, тираж {item.run_id}.")
    now = timezone.now()
    item.state, item.returned_for, item.returned_at, item.returned_by = ItemState.RETURNED, reason, now, by
    item.save(update_fields=["state", "returned_for", "returned_at", "returned_by"])
    PrintRun.objects.filter(pk=item.run_id).update(returned=F("returned") + 1)
    Touch.objects.filter(
        year=item.year, id=item.touch_id, state__in=[TouchState.SENT, TouchState.SILENT]
    ).update(state=TouchState.FAILED, outcome=Outcome.RETURNED, final_at=now)  # fmt: skip
    _mark_address(item, ReturnedFor(reason), by)
    record("informing.letters.return", ("informing.letteritem", str(item.pk)), by=by, details={"reason": str(reason)})
    return item


def forget_files(now: datetime | None = None) -> int:
    """Remove the paper of runs handed over long ago and the texts with it; return how many runs."""
    edge = (now or timezone.now()) - KEPT
    with enter(Scope.system("files of print runs live a month")):
        old = list(PrintRun.objects.filter(state=RunState.POSTED, has_files=True, posted_at__lt=edge))
        LetterItem.objects.filter(run__in=old).update(text="")
        PrintRun.objects.filter(pk__in=[run.pk for run in old]).update(has_files=False)
    for run in old:
        store.remove(run.pk)
    return len(old)


def _mark_address(item: LetterItem, reason: ReturnedFor, by: Employee) -> None:
    """Mark the address while it is the one that was written to."""
    if item.contact_id is None:
        return
    contact = Contact.objects.filter(pk=item.contact_id, person=item.person_id, value=item.contact).first()
    if contact is not None and contact.is_usable:
        mark_contact(contact.pk, state=MARKS[reason], by=by)


def _drop(run: PrintRun, out: Sequence[Late]) -> None:
    """Take letters out of a run, each with its reason: their touches end, the register is stale till rewritten."""
    if not out:
        return
    reasons = {one.reason for one in out}
    for reason in reasons:
        found = LetterItem.objects.filter(pk__in=[one.pk for one in out if one.reason == reason])
        found.update(state=ItemState.DROPPED, refused_for=reason if reason in Why.values else "", text="")
    _touches(run, letters=ItemState.DROPPED, now_in="claimed", then="cancelled")
    _move(run, RunState(run.state), dropped=run.dropped + len(out), is_register_stale=True)
    from opora.informing.tasks import rewrite_register

    rewrite_register.configure(lock=f"informing.letters.{run.pk}").defer(run_id=run.pk)


def _touches(run: PrintRun, *, letters: str, now_in: str, then: str, at: datetime | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            text(SQL / "post_letters.sql"),
            {
                "run": run.pk,
                "letters": str(letters),
                "marker": run.marker,
                "now_in": now_in,
                "then": then,
                "now": at or timezone.now(),
                "price": run.price,
            },
        )


def _moment(run: PrintRun, on: date) -> datetime:
    """Noon of the day by the clock of the territory, or now when that is still to come."""
    return min(datetime.combine(on, time(12), ZoneInfo(run.insurer.territory.time_zone)), timezone.now())


def _move(run: PrintRun, state: RunState, **fields: object) -> None:
    PrintRun.objects.filter(pk=run.pk).update(state=state, **fields)
    for name, value in {"state": state, **fields}.items():
        setattr(run, name, value)


def _locked(run_id: int, by: Employee | None, *states: RunState) -> PrintRun:
    found = PrintRun.objects.select_for_update(of=("self",)).select_related("insurer__territory")
    run = (found.accessible_to(by) if by is not None else found).filter(pk=run_id).first()
    if run is None or run.state not in states:
        raise RunBusy(f"Тираж сейчас: {run.get_state_display().lower()}." if run else None)
    return run


def _defer(run: PrintRun) -> None:
    from opora.informing.tasks import draw_letters

    draw_letters.configure(lock=f"informing.letters.{run.pk}").defer(run_id=run.pk)
