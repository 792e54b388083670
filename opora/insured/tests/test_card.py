"""The page of a person: who may, what one look tells, what stays in the log, what it costs."""

from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from opora.audit.models import AuditLine
from opora.insured import card as cards
from opora.insured.models import Consent, Contact, IdentityDocument, Person, PersonCategory, Policy
from opora.organisations.models import HotLine, WorkingHours

WHO_OPENS = [
    ("alina", 200),
    ("sp3", 200),
    ("filial", 200),
    ("op1", 200),
    ("clerk", 200),
    ("admin", 200),
    ("vera", 404),  # another insurer's insured does not exist for her
    ("far", 404),
    (None, 302),
]


@pytest.mark.parametrize(("who", "status"), WHO_OPENS)
def test_who_may_open(signed_in: Any, polina: Person, who: str | None, status: int) -> None:
    assert signed_in(who).get(f"/insured/{polina.pk}/").status_code == status


@pytest.mark.parametrize(("who", "status"), [("ministry", 404), ("timur", 200), ("auditor", 200)])
def test_a_role_without_a_usual_purpose_says_it_first(signed_in: Any, polina: Person, who: str, status: int) -> None:
    client = signed_in(who)
    address = f"/insured/{polina.pk}/"
    assert client.get(address).url == f"/me/purpose/?next=%2Finsured%2F{polina.pk}%2F"

    assert client.post("/me/purpose/", {"purpose": "inspection", "next": address}).url == address

    assert client.get(address).status_code == status
    assert AuditLine.objects.filter(action="insured.card.read").latest("at").purpose == "inspection"


def test_reading_leaves_a_line(signed_in: Any, cast: SimpleNamespace, polina: Person) -> None:
    signed_in("alina").get(f"/insured/{polina.pk}/")

    line = AuditLine.objects.get(action="insured.card.read")
    assert (line.employee_id, line.subject_kind, line.subject_id) == (cast.alina.pk, "insured.person", str(polina.pk))
    assert (line.purpose, line.result) == ("appeal", "done")


@pytest.mark.parametrize("whom", ["hers", "nobody"])
def test_looking_for_a_stranger_leaves_a_line(signed_in: Any, polina: Person, whom: str) -> None:
    pk = polina.pk if whom == "hers" else 999_999_999
    assert signed_in("vera").get(f"/insured/{pk}/").status_code == 404

    line = AuditLine.objects.get(action="insured.card.read")
    assert (line.result, line.subject_id) == ("not_found", str(pk))


def test_one_look(signed_in: Any, place: SimpleNamespace, polina: Person) -> None:
    HotLine.objects.create(organisation=place.alfa, phone="88005553535", is_round_the_clock=True)
    for day in range(1, 8):
        WorkingHours.objects.create(site=place.site, weekday=day, opens_at=time(0), closes_at=time(0, 1))
    page = signed_in("alina").get(f"/insured/{polina.pk}/").content.decode().replace("\xa0", " ")

    for fact in (
        "Соловьёва-Седая Полина Андреевна",
        "14.03.1985",
        "раньше Чижикова",
        "СМО Альфа",
        "8 800 555-35-35".replace("8 ", "+7 ", 1),
        "5476 4108 3500 1236",
        "Поликлиника № 1",
        "ул. Ленина, 1",
        "+7 900 000-00-01",
        "У неё",
    ):
        assert fact in page, fact


def test_a_role_that_only_reads_sees_less(signed_in: Any, polina: Person) -> None:
    page = signed_in("clerk").get(f"/insured/{polina.pk}/").content.decode().replace("\xa0", " ")

    assert "5476 4108 3500 1236" not in page
    assert "•••• 1236" in page
    assert "+7 900 000-00-01" not in page
    assert "Исправить" not in page


def test_numbers_nobody_needs_at_once_are_masked(signed_in: Any, polina: Person) -> None:
    IdentityDocument.objects.create(person=polina, kind="14", series="5004", number="123456")
    page = signed_in("alina").get(f"/insured/{polina.pk}/").content.decode()

    assert "11223344595" not in page
    assert "112-233-445 95" not in page
    assert "123456" not in page


@pytest.mark.parametrize(("what", "shown"), [("snils", "112-233-445 95"), ("enp", "5476 4108 3500 1236")])
def test_revealing_is_an_act_of_its_own(signed_in: Any, polina: Person, what: str, shown: str) -> None:
    answer = signed_in("clerk").post(f"/insured/{polina.pk}/revealed/", {"what": what})

    assert shown in answer.content.decode()
    line = AuditLine.objects.get(action="insured.card.reveal")
    assert line.details == {"what": what}


def test_revealing_reaches_no_other_card(signed_in: Any, polina: Person, place: SimpleNamespace) -> None:
    other = Person.objects.create(
        territory=place.nsk, surname="Чужая", birth_on=date(1990, 1, 1), sex=2, insurer=place.beta
    )
    document = IdentityDocument.objects.create(person=other, kind="14", series="5004", number="123456")
    client = signed_in("alina")

    for what in (f"document-{document.pk}", "document-0", "document-٣", "contact-" + "9" * 30, "version", ""):
        assert client.post(f"/insured/{polina.pk}/revealed/", {"what": what}).status_code == 404


def test_the_sheet_holds_no_more_than_needed(signed_in: Any, polina: Person) -> None:
    page = signed_in("alina").get(f"/insured/{polina.pk}/print/").content.decode()

    assert "112-233" not in page
    assert "900" not in page.split("<article")[1]
    assert AuditLine.objects.get(action="insured.card.print").result == "done"


def test_at_most_twelve_queries(signed_in: Any, polina: Person) -> None:
    for number in range(8):
        Contact.objects.create(person=polina, kind="phone", value=f"{number}", normalised=f"7900000010{number}")
        PersonCategory.objects.create(person=polina, code=PersonCategory.Code.values[number])
    client: Client = signed_in("alina")
    client.get(f"/insured/{polina.pk}/")  # the session is written once

    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(f"/insured/{polina.pk}/").status_code == 200

    questions = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]
    assert len(questions) <= 12, "\n".join(questions)


def test_the_card_reads_every_row_as_the_orm_does(polina: Person) -> None:
    Consent.objects.create(person=polina, channel="sms", purpose="news", is_granted=False, decided_on=date(2026, 1, 2))
    found = cards.of(polina)

    assert found.contacts == list(polina.contacts.all())
    assert found.policies[0].since == date(2015, 5, 1)
    assert found.contacts[0].added_at == polina.contacts.get().added_at
    assert found.policy is not None
    assert found.policy.insurer.name == "СМО Альфа"
    assert found.consents[0].decided_on == date(2026, 1, 2)


def test_a_policy_that_has_ended(signed_in: Any, cast: SimpleNamespace, polina: Person) -> None:
    Policy.objects.update(until=timezone.localdate() - timedelta(days=1))
    polina.refresh_from_db()
    assert polina.insurer is None
    page = signed_in("op1").get(f"/insured/{polina.pk}/").content.decode()

    assert "не действует" in page
    assert "Полис закончился" in page


def test_the_day_is_the_persons_own(polina: Person) -> None:
    """Half past one in Novosibirsk is still yesterday in Greenwich: the policy of today is already in force."""
    polina.policies.update(since=date(2026, 3, 2))
    found = cards.of(polina, at=datetime(2026, 3, 1, 18, 30, tzinfo=UTC))

    assert found.today == date(2026, 3, 2)
    assert found.clock == "01:30"
    assert found.policy is not None


def test_the_dead_are_not_phoned(signed_in: Any, polina: Person) -> None:
    Person.objects.update(died_on=date(2025, 1, 2))
    page = signed_in("alina").get(f"/insured/{polina.pk}/").content.decode()

    assert "Умерла 02.01.2025" in page
    assert "не звонить" in page


def test_what_to_mind_in_the_talk(signed_in: Any, polina: Person) -> None:
    PersonCategory.objects.create(person=polina, code="hard_of_hearing")
    PersonCategory.objects.create(person=polina, code="low_vision", until=date(2020, 1, 1))
    page = signed_in("alina").get(f"/insured/{polina.pk}/").content.decode()

    assert "говорите громче" in page
    assert "всё важное скажите вслух" not in page


def test_identification(signed_in: Any, polina: Person) -> None:
    client = signed_in("alina")
    address = f"/insured/{polina.pk}/identification/"

    weak = client.post(address, {"asked": ["name", "birth"], "caller": "self"}, headers={"HX-Request": "true"})
    assert "не назвал ни ЕНП, ни документ" in weak.content.decode()
    assert AuditLine.objects.get(action="insured.identification").result == "refused"

    client.post(address, {"asked": ["name", "birth", "document", "bogus"], "caller": "representative"})
    line = AuditLine.objects.filter(action="insured.identification").latest("at")
    assert line.result == "done"
    assert line.details == {"asked": ["birth", "document", "name"], "caller": "representative"}
    assert "подтверждено в" in client.get(f"/insured/{polina.pk}/").content.decode()
