"""People for a wave, many at once: each with a phone, a clinic and a place in the plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

from opora.informing.models import Campaign, PlanEntry, Reported, Roll, Template
from opora.informing.services import create
from opora.insured.models import Contact, Person
from opora.organisations.models import Organisation

TEXT = "{имя}, приходите на {повод}: {клиника}. Вопросы: {страховая}"


def people(place: SimpleNamespace, count: int, *, clinics: Sequence[Organisation] = (), **fields: Any) -> list[Person]:
    """Insured by Alfa; a person's phone ends with his number, clinics in turn."""
    clinics = clinics or [place.clinic, place.clinic2]
    given: dict[str, Any] = {"territory": place.nsk, "insurer": place.alfa, "birth_on": date(1980, 1, 1), "sex": 2}
    made = Person.objects.bulk_create(
        Person(surname=f"Планова{n}", given_name="Анна", provider=clinics[n % len(clinics)], **{**given, **fields})
        for n in range(count)
    )
    Contact.objects.bulk_create(
        Contact(
            person=one,
            kind="phone",
            value=f"8900{one.pk:07}",
            normalised=f"7900{one.pk:07}",
            phone_kind="mobile",
        )
        for one in made
    )
    return made


def planned(place: SimpleNamespace, some: Sequence[Person], *, measure: str = "checkup", **fields: Any) -> None:
    PlanEntry.objects.bulk_create(
        PlanEntry(
            year=2026,
            measure=measure,
            person=one,
            insurer=place.alfa,
            territory=place.nsk.pk,
            provider_id=one.provider_id,
            **fields,
        )
        for one in some
    )


def campaign(place: SimpleNamespace, **fields: Any) -> Campaign:
    Template.objects.get_or_create(
        organisation=place.alfa, measure="checkup", purpose="invite", channel="sms", defaults={"text": TEXT}
    )
    given: dict[str, Any] = {
        "insurer": place.alfa,
        "title": "Осмотры",
        "measure": "checkup",
        "year": 2026,
        "ladder": [{"channel": "sms"}, {"channel": "call", "wait_days": 14}],
        "by": None,
    }
    return create(**{**given, **fields})


def reported(place: SimpleNamespace, person: Person, outcome: str, **fields: Any) -> Reported:
    """What a partner says of a person; nothing is done about it yet."""
    roll = Roll.objects.create(territory=place.nsk, insurer=place.alfa, format="test", name=f"{person.pk}.xml")
    given: dict[str, Any] = {"measure": "checkup", "channel": "call", "purpose": "invite", "on": date(2026, 2, 2)}
    about = {"roll": roll, "place": 1, "territory": place.nsk.pk, "insurer": place.alfa, "person": person}
    return Reported.objects.create(**about, **{**given, **fields}, outcome=outcome)
