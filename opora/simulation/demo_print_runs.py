"""Letters of the demonstration: a campaign on paper, one run at the post with a letter that came back, one to print."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.informing.errors import NothingToPrint
from opora.informing.incoming import Batch, IncomingEntry
from opora.informing.letters import drawing, services
from opora.informing.letters.numbers import number_of
from opora.informing.letters.services import Terms
from opora.informing.letters.words import ItemState, ReturnedFor, RunState
from opora.informing.loading import load
from opora.informing.models import Campaign, LetterItem, PrintRun, Template
from opora.informing.services import create, launch
from opora.informing.words import Measure
from opora.insured.models import Contact, Person
from opora.organisations.models import Employee, Organisation
from opora.simulation.demo_informing import named
from opora.simulation.moments import at

SYSTEM = Scope.system("letters of the demonstration")
TITLE, LIST = "Диспансеризация: письма", "dispanserizaciya.csv"
LISTED, PRINTED = 60, 25
POSTCODE, SPOILT = 632_300, 12  # one address of so many stays without a postcode
PRICE = Decimal("34.50")
LAUNCHED, DRAWN, POSTED, RETURNED = 24, 14, 13, 2  # days ago
SUBJECT = "Приглашаем на диспансеризацию"
TEXT = (
    "{имя_отчество}, здравствуйте.\n\nВ этом году вам положена бесплатная диспансеризация. Её проводит "
    "{клиника|ваша поликлиника}: запишитесь в регистратуре или через Госуслуги. Возьмите полис ОМС и паспорт.\n\n"
    "Работодатель обязан отпустить вас на день с сохранением заработка, а тех, кому сорок и больше, — каждый год.\n\n"
    "{страховая}, {телефон|}"
)


def ensure_print_runs(territory: str, clerk: str) -> None:
    """Bring the letters of the first insurer; ``clerk`` is the login of whoever marks what came back.

    In the first days of a year, when nothing has come due, there is nothing to print yet: a later start brings it.
    """
    with enter(SYSTEM):
        insurer = Organisation.objects.insurers().filter(territory=territory).order_by("code").first()
        runs = PrintRun.objects.filter(insurer=insurer).exclude(state=RunState.CANCELLED)
        if insurer is None or runs.exists():
            return
        campaign = Campaign.objects.filter(insurer=insurer, title=TITLE).first() or _campaign(insurer)
        by = Employee.objects.get(login=clerk)
    try:
        posted = _drawn(insurer, DRAWN, PRINTED)
    except NothingToPrint:
        return
    with enter(SYSTEM):
        with at(_ago(POSTED)):
            services.mark_printed(posted.pk, by=None)
            services.hand_over(posted.pk, on=timezone.localdate(), take_out=True, by=None)
        back = LetterItem.objects.filter(run=posted, state=ItemState.POSTED).order_by("place").first()
    if back is not None:
        with enter(by.scope), at(_ago(RETURNED)):
            services.note_return(number_of(back.pk), reason=ReturnedFor.WRONG_ADDRESS, by=by)
    with enter(SYSTEM):
        is_left = Campaign.objects.filter(pk=campaign.pk, state="running").exists()
    if is_left:
        try:
            _drawn(insurer, 0, LISTED)
        except NothingToPrint:
            return


def _campaign(insurer: Organisation) -> Campaign:
    """A list of a clinic, a text, a campaign on paper alone, launched some weeks ago."""
    began = _ago(LAUNCHED)
    people = Person.objects.filter(insurer=insurer, died_on=None, birth_on__year__lt=began.year - 18)
    some = list(people.filter(contacts__kind=Contact.Kind.ADDRESS).distinct().order_by("-pk")[:LISTED])
    _address(some)
    entries = [
        IncomingEntry(
            place=place,
            key=str(place),
            who=named(person),
            measure=Measure.SCREENING,
            year=began.year,
            month=1 + place % 12,
        )
        for place, person in enumerate(some, start=1)
    ]
    Template.objects.get_or_create(
        organisation=insurer,
        measure=Measure.SCREENING,
        purpose="invite",
        channel="letter",
        defaults={"subject": SUBJECT, "text": TEXT},
    )
    with at(began):
        load(Batch(entries, year=began.year), organisation=insurer, format="opora-informing-csv", name=LIST)
        made = create(
            insurer=insurer,
            title=TITLE,
            measure=Measure.SCREENING,
            year=began.year,
            ladder=[{"channel": "letter"}],
            limits={"cap_days": 0, "weekends": True},
            by=None,
        )
        launch(made.pk, by=None, now=began)
    return made


def _address(people: Sequence[Person]) -> None:
    """Give their addresses postcodes, but not all of them: who has none does not get into a run."""
    contacts = Contact.objects.filter(person__in=people, kind=Contact.Kind.ADDRESS).order_by("pk")
    for place, contact in enumerate(contacts, start=1):
        if place % SPOILT:
            contact.value = f"{POSTCODE + place % 99}, {contact.value}"
    Contact.objects.bulk_update(contacts, ["value"])


def _drawn(insurer: Organisation, days: int, most: int) -> PrintRun:
    """Draw up a run so many days ago, to the paper. Raises NothingToPrint."""
    moment = _ago(days)
    with at(moment):
        with enter(SYSTEM):
            run = services.draw_up(insurer, Terms(most=most, price=PRICE), by=None)
            PrintRun.objects.filter(pk=run.pk).update(made_at=moment)
        drawing.draw(run.pk)
    with enter(SYSTEM):
        run.refresh_from_db()
    if run.state != RunState.READY:
        raise NothingToPrint
    return run


def _ago(days: int) -> datetime:
    """That many days ago at noon or now, but not in another year: a plan is of a year."""
    now = timezone.localtime()
    if not days:
        return now
    return max(
        (now - timedelta(days=days)).replace(hour=12, minute=0, second=0), now.replace(month=1, day=1, hour=0, minute=1)
    )
