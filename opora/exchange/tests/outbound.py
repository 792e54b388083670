"""Rows of the house for every list that leaves: what each is made of, as its own data would leave them."""

import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from opora.exchange import vault
from opora.exchange.context import Context
from opora.exchange.dispatch import make
from opora.exchange.engine import examine
from opora.exchange.lists import batch_of
from opora.exchange.models import Parcel
from opora.exchange.models.parcel import Way
from opora.exchange.outbound.orders import ListOrder, ask
from opora.exchange.outbound.recipes import RECIPES
from opora.exchange.outbound.units import Wanted
from opora.exchange.parcels import Coming, process, receive_file
from opora.exchange.tests.test_samples import SAMPLES
from opora.informing.incoming import Batch
from opora.informing.models import Entry, Observation, PlannedVisit, Roll, Touch
from opora.informing.tests.crowd import campaign, people
from opora.insured.models import Attachment, Consent, Contact, IdentityDocument, Person, Policy
from opora.shared.enp import check_digit

SNILS = "11223344595"


def enp(number: int) -> str:
    payload = f"54000000000{number:04}"
    return payload + str(check_digit(payload))


def crowd_of(place: SimpleNamespace, *surnames: str) -> list[Person]:
    """Three people of Alfa's first clinic, whose cards hold whatever a partner may ask for."""
    made = people(place, 3, clinics=[place.clinic])
    for number, (one, surname) in enumerate(zip(made, surnames or ("Белова", "Ветрова", "Гордеева"), strict=True)):
        one.surname = surname
        one.enp, one.snils, one.patronymic = enp(one.pk % 10_000), SNILS, "Петровна"
        one.save()
        Policy.objects.create(person=one, kind=3, number=one.enp, insurer=place.alfa, since=date(2020, 1, 1))
        Attachment.objects.create(
            person=one, provider=place.clinic, since=date(2020, 1, 1), doctor_snils=SNILS, profile="therapy"
        )
        IdentityDocument.objects.create(person=one, kind="14", series="50 05", number=f"12345{number}")
        Contact.objects.create(person=one, kind="address", value="Новосибирск, ул. Ленина, 1")
    return made


def listed(place: SimpleNamespace, some: list[Person], **fields: Any) -> Roll:
    """A list of July with these people, as its loading leaves it."""
    roll = Roll.objects.create(territory=place.nsk, insurer=place.alfa, format="test", name="список", year=2026)
    given = {"measure": "screening", "year": 2026, "month": 7, "state": "matched", **fields}
    Entry.objects.bulk_create(
        Entry(
            roll=roll, place=number, key=str(number + 100), person=one, insurer=place.alfa, provider=place.clinic,
            territory=place.nsk.pk, **given,
        )
        for number, one in enumerate(some, start=1)
    )  # fmt: skip
    return roll


def touched(place: SimpleNamespace, person: Person, *, days_ago: int = 2, **fields: Any) -> Touch:
    moment = timezone.now() - timedelta(days=days_ago)
    made = campaign(place, title=f"{person.pk} {days_ago} {fields}")
    given: dict[str, Any] = {
        "year": moment.year, "campaign_id": made.pk, "wave_id": 1, "round": 1, "channel": "call",
        "measure": "screening", "purpose": "invite", "lane": "bulk", "zone": "Asia/Novosibirsk",
        "territory": place.nsk.pk, "state": "done", "outcome": "promised", "not_before": moment,
        "insurer": place.alfa, "provider": place.clinic, "person_id": person.pk, "final_at": moment,
    }  # fmt: skip
    return Touch.objects.create(**{**given, **fields})


def sent(place: SimpleNamespace, slug: str, *, by: Any = None, is_trial: bool = False, **wanted: Any) -> Parcel:
    sender = place.fund if place.alfa.kind not in RECIPES[slug].senders else place.alfa
    order = ListOrder(sender, slug, Wanted(**wanted), Way.COMMAND, by=by, is_trial=is_trial)
    return make(ask(order).pk, is_laid_out=False)


def told(parcel: Parcel) -> Batch:
    """What a partner reads in a file; without a single remark."""
    with vault.under_its_name(parcel.sha256, parcel.name) as path:
        outcome, content = examine(path, Context(timezone.localdate()))
    found = (outcome.format, outcome.is_accepted, outcome.findings)
    assert found == (parcel.format, True, []), found
    return batch_of(outcome, content)


def period() -> dict[str, date]:
    today = timezone.localdate()
    return {"since": today - timedelta(days=7), "until": today}


def of_people(place: SimpleNamespace, crowd: list[Person]) -> dict[str, Any]:
    return {"roll": listed(place, crowd).pk}


def of_facts(place: SimpleNamespace, crowd: list[Person]) -> dict[str, Any]:
    for one in crowd:
        touched(place, one)
    return period()


def of_survey(place: SimpleNamespace, crowd: list[Person]) -> dict[str, Any]:
    for one in crowd:
        touched(place, one, purpose="ask_why", outcome="answered", reason="no_time")
    return period()


def of_observed(place: SimpleNamespace, crowd: list[Person]) -> dict[str, Any]:
    roll = listed(place, [])
    for one in crowd:
        touched(place, one, measure="observation")
        given = {"roll": roll, "place": one.pk, "person": one, "insurer": place.alfa, "territory": place.nsk.pk}
        Observation.objects.create(**given, measure="observation", diagnosis="I10", since=date(2024, 1, 1))
        visit = {"visit_from": date(2026, 7, 1), "visit_to": date(2026, 7, 31), "inform_by": date(2026, 7, 1)}
        PlannedVisit.objects.create(**given, **visit, measure="observation", diagnosis="I10")
    return period()


def of_consents(place: SimpleNamespace, crowd: list[Person]) -> dict[str, Any]:
    day = timezone.localdate() - timedelta(days=1)
    for one in crowd:
        for channel in ("sms", "email"):
            Consent.objects.create(
                person=one, channel=channel, purpose="informing", is_granted=True, decided_on=day, source="provider"
            )
    return period()


def came(place: SimpleNamespace, path: Path) -> Parcel:
    """A partner's list through the channel of the fund; the people it names are Alfa's."""
    batch = batch_of(*examine(path, Context(date(2026, 6, 15))))
    named = {one.who.enp or one.who.surname: one.who for one in (*batch.entries, *batch.observations)}
    for who in named.values():
        Person.objects.create(
            surname=who.surname or "Найденова", given_name=who.given_name or "Анна", patronymic=who.patronymic,
            birth_on=who.birth_on or date(1960, 1, 1), sex=who.sex or 2, enp=who.enp or None,
            territory=place.nsk, insurer=place.alfa, provider=place.clinic,
        )  # fmt: skip
    return process(receive_file(path, Coming(place.fund, path.name, Way.COMMAND, as_of=date(2026, 6, 15))).pk)


def sample(case: str) -> Path:
    (path,) = (one for one in (SAMPLES / case).iterdir() if one.name != "expected.json")
    return path


def of_sample(case: str) -> Any:
    def prepare(place: SimpleNamespace, crowd: list[Person]) -> dict[str, Any]:
        return {"roll": Roll.objects.get(parcel_id=came(place, sample(case)).pk).pk}

    return prepare


def of_cases(place: SimpleNamespace, crowd: list[Person]) -> dict[str, Any]:
    """A list of Kabardino-Balkaria: one of its two people was phoned."""
    from opora.exchange.tests.test_kbr_list import pack

    with tempfile.TemporaryDirectory() as folder:
        parcel = came(place, pack(Path(folder)))
    roll = Roll.objects.get(parcel_id=parcel.pk)
    moment = datetime(2026, 6, 2, tzinfo=UTC)
    first = Entry.objects.get(roll=roll, place=1)
    touched(place, Person.objects.get(pk=first.person_id), year=2026, final_at=moment)
    return {"roll": roll.pk}


def of_return(place: SimpleNamespace, crowd: list[Person]) -> dict[str, Any]:
    chosen = of_sample("dspn-dn-informing/01")(place, crowd)
    entry = Entry.objects.get(roll=chosen["roll"])
    moment = datetime(2026, 6, 2, tzinfo=UTC)
    touched(place, Person.objects.get(pk=entry.person_id), measure="observation", year=2026, final_at=moment)
    return chosen


def of_month(*cases: str) -> Any:
    def prepare(place: SimpleNamespace, crowd: list[Person]) -> dict[str, Any]:
        for case in cases:
            came(place, sample(case))
        return {"year": 2026, "month": 5}

    return prepare


MADE_OF: dict[str, Any] = {
    "psk-plan-csv": of_people,
    "prof-preventive-list": of_people,
    "prm-prof59-quarter": of_people,
    "stv-people-xml": of_people,
    "vlg-r01-r11-persons": of_people,
    "opora-informing-csv": of_people,
    "opora-informing-xlsx": of_people,
    "nsk-informing-xlsx": of_facts,
    "nsk-survey-xlsx": of_survey,
    "kk-evfactinfos-soap": of_facts,
    "ch15-individual-informing-json": of_observed,
    "nsk-consent-xlsx": of_consents,
    "kbr-dpo-informing-answer": of_cases,
    "dspn-dn-informing": of_return,
    "rpl-answer-dspn-prof": of_sample("prof-preventive-list/03"),
    "vlg-answers-r02-r12-d02": of_sample("vlg-r01-r11-persons/03"),
    "gst-dn-list": of_month("gsm-dn-list-mo/01"),
    "gpt-gpm-dn-plan": of_month("gpt-gpm-dn-plan/03"),
}
