"""Records out of rows: of a list that came, of the plan, of what was done in a period. Under the system's scope."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta

from django.db.models import Q

from opora.exchange.codebook import CodeBook
from opora.exchange.errors import ExchangeRefused
from opora.exchange.lists.nsk_codes import CONSENTS as WAYS_OF_CONSENT
from opora.exchange.lists.nsk_codes import NOT_REACHED
from opora.exchange.models import Source
from opora.exchange.outbound.people import Known, known
from opora.exchange.outbound.recipes import Made, Recipe
from opora.exchange.outbound.units import Gathered, Unit, Wanted
from opora.informing.facts import INFORMING, NOT_INFORMED, Period, facts_of_period, facts_of_roll
from opora.informing.incoming import IncomingConsent, IncomingContact, IncomingEntry, IncomingObservation
from opora.informing.models import Entry, Observation, PlanEntry, PlannedVisit, Roll
from opora.informing.words import EntryState, Measure, PlanState, Purpose, Sequence
from opora.insured.models import Consent
from opora.organisations.models import Organisation

SURVEYS = frozenset({Purpose.ASK_WHY, Purpose.ASK_SATISFACTION})
HOW = {  # how a consent reached us; what the register or a file says without the way has no code
    "application": WAYS_OF_CONSENT["1"],
    "provider": WAYS_OF_CONSENT["2"],
    "employee": WAYS_OF_CONSENT["4"],
}
NSK_INFORMING, NSK_SURVEY = "nsk-informing-xlsx", "nsk-survey-xlsx"
CHAPTER_15 = "ch15-individual-informing-json"


def gather(recipe: Recipe, organisation: Organisation, wanted: Wanted, book: CodeBook) -> Gathered:
    """Return the records a file may hold. Raises ExchangeRefused where it is not said of what."""
    match recipe.made:
        case Made.PEOPLE if wanted.roll:
            return _people_of_roll(recipe, organisation, wanted, book)
        case Made.PEOPLE:
            return _people_of_plan(recipe, organisation, wanted, book)
        case Made.CASES:
            return _cases(recipe, organisation, wanted, book)
        case Made.CONSENTS:
            return Gathered(list(_consents(organisation, wanted)))
        case _:
            return Gathered(list(_facts(recipe, organisation, wanted, book)))


def insurer_of(organisation: Organisation) -> Organisation | None:
    """Return whose people an organisation informs: a branch works for its head; None — a fund, for everybody."""
    if organisation.kind == Organisation.Kind.FUND:
        return None
    return organisation.parent or organisation


def roll_of(recipe: Recipe, organisation: Organisation, wanted: Wanted) -> Roll:
    """Return the list that was chosen. Raises ExchangeRefused for one of another body or another format."""
    own = Q(territory_id=organisation.territory_id)
    if (insurer := insurer_of(organisation)) is not None:
        own &= Q(insurer=insurer) | Q(insurer=None)
    found = Roll.objects.filter(own, pk=wanted.roll or 0).first()
    if found is None or (recipe.rolls and found.format not in recipe.rolls):
        raise ExchangeRefused("Укажите принятый список, из которого составить файл.")
    return found


def _people_of_roll(recipe: Recipe, organisation: Organisation, wanted: Wanted, book: CodeBook) -> Gathered:
    roll = roll_of(recipe, organisation, wanted)
    rows = list(_entries(roll, organisation, wanted))
    people = known(row.person_id for row in rows if row.person_id)
    units: dict[tuple[int, int], Unit] = {}
    for row in rows:
        own = people.get(row.person_id or 0)
        if own is None:
            continue
        # A list may give a person several measures under one number: apart they need numbers of their own.
        mark = (row.place, 0 if recipe.is_of_person else row.pk)
        unit = units.setdefault(mark, Unit(Source.ENTRY, row.pk, row.person_id, row.place, row.key))
        unit.entries.append(_entry(row, own, book))
    return Gathered(list(units.values()), roll.year, roll.month)


def _entries(roll: Roll, organisation: Organisation, wanted: Wanted) -> Iterable[Entry]:
    found = Entry.objects.filter(roll=roll, state=EntryState.MATCHED).select_related("provider").order_by("place", "pk")
    if (insurer := insurer_of(organisation)) is not None:
        found = found.filter(insurer=insurer)
    if wanted.measure:
        found = found.filter(measure=wanted.measure)
    if wanted.provider:
        found = found.filter(provider__code=wanted.provider)
    if wanted.month:
        found = found.filter(month=wanted.month)
    if wanted.quarter:
        found = found.filter(Q(quarter=wanted.quarter) | Q(month__in=_months(wanted.quarter)))
    if wanted.only is not None:
        places = Entry.objects.filter(pk__in=wanted.only).values("place")
        found = found.filter(place__in=places)
    return found


def _entry(row: Entry, own: Known, book: CodeBook) -> IncomingEntry:
    return IncomingEntry(
        place=row.place,
        key=row.key,
        who=own.who,
        measure=Measure(row.measure),
        year=row.year,
        month=row.month,
        quarter=row.quarter or (_quarter(row.month) if row.month else None),
        provider_code=clinic_code(row.provider.code if row.provider else "", book),
        sequence=Sequence(row.sequence) if row.sequence else None,
        inform_by=row.inform_by,
        visit_from=row.visit_from,
        visit_to=row.visit_to,
        doctor_snils=own.doctor_snils,
    )


def _people_of_plan(recipe: Recipe, organisation: Organisation, wanted: Wanted, book: CodeBook) -> Gathered:
    if not wanted.year:
        raise ExchangeRefused("Укажите список или год плана.")
    found = PlanEntry.objects.filter(
        year=wanted.year, state=PlanState.OPEN, territory=organisation.territory_id
    ).select_related("provider")
    if (insurer := insurer_of(organisation)) is not None:
        found = found.filter(insurer=insurer)
    if wanted.measure:
        found = found.filter(measure=wanted.measure)
    if wanted.provider:
        found = found.filter(provider__code=wanted.provider)
    if wanted.month or wanted.quarter:
        found = found.filter(month__in=[wanted.month] if wanted.month else _months(wanted.quarter or 0))
    if wanted.only is not None:
        found = found.filter(person_id__in=wanted.only)
    rows = list(found.order_by("person_id", "measure"))
    people = known(row.person_id for row in rows)
    units: dict[tuple[int, str], Unit] = {}
    for row in rows:
        own = people[row.person_id]
        mark = (row.person_id, "" if recipe.is_of_person else row.measure)
        unit = units.setdefault(mark, Unit(Source.PLAN, row.person_id, row.person_id, len(units) + 1))
        entry = IncomingEntry(
            place=unit.place,
            key="",
            who=own.who,
            measure=Measure(row.measure),
            year=row.year,
            month=row.month,
            quarter=_quarter(row.month) if row.month else None,
            provider_code=clinic_code(row.provider.code if row.provider else "", book),
            inform_by=row.inform_by,
            doctor_snils=own.doctor_snils,
        )
        unit.entries.append(entry)
    return Gathered(list(units.values()), wanted.year, wanted.month)


def _facts(recipe: Recipe, organisation: Organisation, wanted: Wanted, book: CodeBook) -> Iterator[Unit]:
    insurer = insurer_of(organisation)
    if insurer is None or not (wanted.since and wanted.until):
        raise ExchangeRefused("Укажите период: с какого и по какой день.")
    is_survey = recipe.slug == NSK_SURVEY
    measures = _measures(recipe, wanted)
    purposes = frozenset({wanted.purpose or Purpose.ASK_WHY}) if is_survey else INFORMING
    if recipe.slug == "kk-evfactinfos-soap":
        purposes |= SURVEYS
    vain = NOT_INFORMED - NOT_REACHED if recipe.slug == NSK_INFORMING else NOT_INFORMED
    period = Period(wanted.since, wanted.until + timedelta(days=1), organisation.zone)
    told = facts_of_period(insurer, period, purposes=purposes, left_out=vain, measures=measures)
    if wanted.only is not None:
        told = [fact for fact in told if fact.touch in wanted.only]
    people = known(fact.person for fact in told)
    observed = _observed(people) if recipe.slug == CHAPTER_15 else {}
    for number, fact in enumerate(told, start=1):
        if is_survey and not fact.contact.reason and wanted.purpose is not Purpose.ASK_SATISFACTION:
            continue  # a talk without an answer is no survey
        own = people[fact.person]
        clinic = clinic_code(fact.contact.provider_code, book)
        contact = replace(fact.contact, place=number, who=own.who, provider_code=clinic)
        unit = Unit(Source.TOUCH, fact.touch, fact.person, number, contacts=[contact])
        unit.observations = [replace(one, place=number, who=own.who) for one in observed.get(fact.person, [])]
        yield unit


def _measures(recipe: Recipe, wanted: Wanted) -> list[Measure] | None:
    """Observation goes in a book of its own; chapter XV is told of nothing else."""
    if recipe.slug == CHAPTER_15:
        return [Measure.OBSERVATION]
    if wanted.measure:
        return [wanted.measure]
    if recipe.slug == NSK_INFORMING:
        return [measure for measure in Measure if measure is not Measure.OBSERVATION]
    return None


def _observed(people: Iterable[int]) -> dict[int, list[IncomingObservation]]:
    """What people are observed for, the longest first, and until when they are to be told."""
    ids = list(people)
    due: dict[int, PlannedVisit] = {}
    for visit in PlannedVisit.objects.filter(person__in=ids).order_by("-visit_to"):
        due[visit.person_id or 0] = visit
    found: dict[int, list[IncomingObservation]] = {}
    for row in Observation.objects.filter(person__in=ids, until=None).order_by("since", "pk"):
        planned = due.get(row.person_id or 0)
        told = IncomingObservation(
            place=0, key="", diagnosis=row.diagnosis, inform_by=planned.inform_by if planned else None
        )
        found.setdefault(row.person_id or 0, []).append(told)
    return found


def _consents(organisation: Organisation, wanted: Wanted) -> Iterator[Unit]:
    """One record for a decision of a person, however many channels it was about."""
    insurer = insurer_of(organisation)
    if insurer is None or not (wanted.since and wanted.until):
        raise ExchangeRefused("Укажите период: с какого и по какой день.")
    found = Consent.objects.filter(
        person__insurer=insurer,
        purpose=Consent.Purpose.INFORMING,
        decided_on__range=(wanted.since, wanted.until),
        is_granted=not wanted.is_withdrawn,
    ).order_by("decided_on", "person_id", "pk")
    if wanted.only is not None:
        found = found.filter(pk__in=wanted.only)
    rows = {(row.person_id, row.decided_on): row for row in reversed(found)}
    people = known(person for person, _ in rows)
    for number, row in enumerate(reversed(rows.values()), start=1):
        who = people[row.person_id].who
        told = IncomingConsent(
            place=number, key="", who=who, on=row.decided_on, is_granted=row.is_granted, how=HOW.get(row.source, "")
        )
        yield Unit(Source.CONSENT, row.pk, row.person_id, number, consents=[told])


def _cases(recipe: Recipe, organisation: Organisation, wanted: Wanted, book: CodeBook) -> Gathered:
    """Every person of the list is answered, also one who was not informed yet."""
    found = _people_of_roll(recipe, organisation, wanted, book)
    roll = roll_of(recipe, organisation, wanted)
    told: dict[str, list[IncomingContact]] = {}
    for fact in facts_of_roll(roll):
        told.setdefault(fact.key, []).append(fact)
    for unit in found.units:
        entry = unit.entries[0]
        facts = told.get(unit.key, [])
        unit.contacts = [replace(fact, who=entry.who, provider_code=entry.provider_code) for fact in facts]
    return found


def clinic_code(ours: str, book: CodeBook) -> str:
    """Return the clinic as the partner calls it: by his own code where his book has one."""
    return book.theirs("provider", ours) or ours if ours else ""


def _quarter(month: int) -> int:
    return (month + 2) // 3


def _months(quarter: int) -> list[int]:
    return [quarter * 3 - 2, quarter * 3 - 1, quarter * 3]
