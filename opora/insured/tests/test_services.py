"""Commands: what they change, what they keep, what they refuse."""

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from opora.access.scope import enter
from opora.audit.models import AuditLine
from opora.insured import services
from opora.insured.errors import AlreadyThere, ContactBroken, OutsideReach, PeriodReversed, PeriodsOverlap, PersonKnown
from opora.insured.models import Attachment, Contact, FormerName, Person, PersonChange, Policy
from opora.shared.conflict import ChangedMeanwhile

TODAY = timezone.localdate()
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def alina(cast: SimpleNamespace, polina: Person) -> Any:
    """Alina at work: what follows runs in her scope."""
    with enter(cast.alina.scope):
        yield cast.alina


def test_a_change_leaves_history_an_audit_line_and_a_new_version(alina: Any, polina: Person) -> None:
    services.change_person(polina.pk, version=1, changes={"surname": "Седая", "given_name": "Полина"}, by=alina)

    change = PersonChange.objects.get()
    assert (change.field, change.before, change.after) == ("surname", "Соловьёва-Седая", "Седая")
    assert (change.by_id, change.by_name) == (alina.pk, "Алиева Алина")
    assert Person.objects.get(pk=polina.pk).version == 2
    assert AuditLine.objects.get(action="insured.person.change").details == {"fields": ["person.surname"]}
    assert FormerName.objects.filter(surname="Соловьёва-Седая").exists()


def test_the_log_holds_no_names(alina: Any, polina: Person) -> None:
    services.change_person(polina.pk, version=1, changes={"surname": "Седая", "snils": None}, by=alina)
    services.add_contact(polina.pk, kind="phone", value="+79131234567", by=alina)

    told = str(list(AuditLine.objects.values_list("details", flat=True)))
    assert "Седая" not in told
    assert "9131234567" not in told


def test_a_slip_of_the_pen_is_no_former_name(alina: Any, polina: Person) -> None:
    changes = {"patronymic": "Андреевна-"}
    services.change_person(polina.pk, version=1, changes=changes, by=alina, keep_former_name=False)

    assert not FormerName.objects.filter(surname="Соловьёва-Седая").exists()


def test_nothing_changed_leaves_nothing(alina: Any, polina: Person) -> None:
    services.change_person(polina.pk, version=1, changes={"surname": polina.surname}, by=alina)

    assert not PersonChange.objects.exists()
    assert not AuditLine.objects.filter(employee_id=alina.pk).exists()
    assert Person.objects.get(pk=polina.pk).version == 1


def test_a_stale_version_is_refused(alina: Any, polina: Person) -> None:
    services.change_person(polina.pk, version=1, changes={"language": "tt"}, by=alina)

    with pytest.raises(ChangedMeanwhile):
        services.change_person(polina.pk, version=1, changes={"language": "ba"}, by=alina)


def test_an_enp_of_somebody_else_is_refused(alina: Any, polina: Person, place: SimpleNamespace) -> None:
    other = Person.objects.create(
        territory=place.nsk, surname="Другая", birth_on=date(1990, 1, 1), sex=2, insurer=place.alfa
    )
    with pytest.raises(PersonKnown):
        services.change_person(other.pk, version=1, changes={"enp": polina.enp}, by=alina)


def test_a_stranger_cannot_be_changed(cast: SimpleNamespace, polina: Person) -> None:
    with enter(cast.vera.scope), pytest.raises(Person.DoesNotExist):
        services.change_person(polina.pk, version=1, changes={"surname": "Чужая"}, by=cast.vera)


def test_marking_a_number_and_taking_it_back(alina: Any, polina: Person) -> None:
    contact = polina.contacts.get()
    services.prefer_contact(contact.pk, by=alina)
    former = services.mark_contact(contact.pk, state=Contact.State.WRONG, by=alina)
    contact.refresh_from_db()
    assert (contact.state, contact.is_preferred) == ("wrong", False)

    services.restore_contact(contact.pk, mark=former, by=alina)
    contact.refresh_from_db()
    assert (contact.state, contact.is_preferred) == ("unconfirmed", True)
    assert PersonChange.objects.filter(row="contact").count() == 5


def test_a_confirmed_number_has_its_day(alina: Any, polina: Person) -> None:
    contact = polina.contacts.get()
    services.mark_contact(contact.pk, state=Contact.State.CONFIRMED, by=alina)
    contact.refresh_from_db()

    assert contact.confirmed_on is not None


def test_only_one_number_is_first(alina: Any, polina: Person) -> None:
    first = services.add_contact(polina.pk, kind="phone", value="8 913 123-45-67", is_preferred=True, by=alina)
    second = services.add_contact(polina.pk, kind="phone", value="8 913 123-45-68", is_preferred=True, by=alina)
    first.refresh_from_db()

    assert (first.is_preferred, second.is_preferred) == (False, True)
    assert (second.normalised, second.phone_kind) == ("79131234568", "mobile")


def test_a_broken_number_cannot_be_first(alina: Any, polina: Person) -> None:
    contact = polina.contacts.get()
    services.mark_contact(contact.pk, state=Contact.State.DEAD, by=alina)

    with pytest.raises(ContactBroken):
        services.prefer_contact(contact.pk, by=alina)


def test_consents_are_never_erased(alina: Any, polina: Person) -> None:
    about = {"channel": "sms", "purpose": "informing", "by": alina}
    services.add_consent(polina.pk, **about, is_granted=True, decided_on=YESTERDAY)
    services.add_consent(polina.pk, **about, is_granted=False)

    assert [row.is_granted for row in polina.consents.order_by("pk")] == [True, False]
    with pytest.raises(AlreadyThere):
        services.add_consent(polina.pk, **about, is_granted=False)


def test_a_new_policy_ends_the_former_one(alina: Any, polina: Person, place: SimpleNamespace) -> None:
    services.add_policy(polina.pk, kind=4, number="5476410835001236", insurer=place.alfa, since=TODAY, by=alina)

    assert [(row.since, row.until) for row in polina.policies.all()] == [(TODAY, None), (date(2015, 5, 1), YESTERDAY)]
    assert Person.objects.get(pk=polina.pk).insurer == place.alfa


def test_a_card_may_leave_her_sight_and_its_history_goes_with_it(alina: Any, polina: Person, cast: Any) -> None:
    policy = polina.policies.get()
    services.change_policy(policy.pk, changes={"until": YESTERDAY}, by=alina)

    assert not Person.objects.filter(pk=polina.pk).exists()
    with enter(cast.op1.scope):
        assert PersonChange.objects.get().field == "until"


def test_an_insurer_writes_its_own_policies(alina: Any, polina: Person, place: SimpleNamespace) -> None:
    with pytest.raises(OutsideReach):
        services.add_policy(polina.pk, kind=3, number="5476410835001236", insurer=place.beta, since=TODAY, by=alina)


def test_the_fund_moves_a_person_to_another_insurer(cast: SimpleNamespace, polina: Person, place: Any) -> None:
    with enter(cast.op1.scope):
        services.add_policy(polina.pk, kind=3, number=polina.enp, insurer=place.beta, since=TODAY, by=cast.op1)

    with enter(cast.vera.scope):
        assert Person.objects.filter(pk=polina.pk).exists()


def refused(polina: Person, place: SimpleNamespace, by: Any) -> dict[str, tuple[type[Exception], Callable[[], object]]]:
    policy, attachment = polina.policies.get(), polina.attachments.get()
    new = {"kind": 3, "number": "1", "insurer": place.alfa, "by": by}
    return {
        "a policy that runs backwards": (
            PeriodReversed,
            lambda: services.add_policy(polina.pk, **new, since=TODAY, until=YESTERDAY),
        ),
        "a policy before the present one": (
            PeriodsOverlap,
            lambda: services.add_policy(polina.pk, **new, since=date(2014, 1, 1)),
        ),
        "an end before the beginning": (
            PeriodReversed,
            lambda: services.change_policy(policy.pk, changes={"until": date(2015, 4, 30)}, by=by),
        ),
        "an attachment that runs backwards": (
            PeriodReversed,
            lambda: services.change_attachment(attachment.pk, changes={"until": date(2018, 1, 9)}, by=by),
        ),
        "a category that runs backwards": (
            PeriodReversed,
            lambda: services.add_category(polina.pk, code="lonely", since=TODAY, until=YESTERDAY, by=by),
        ),
    }


@pytest.mark.parametrize("case", range(5))
def test_periods_that_cannot_be(alina: Any, polina: Person, place: SimpleNamespace, case: int) -> None:
    error, act = list(refused(polina, place, alina).values())[case]
    with pytest.raises(error):
        act()
    assert not PersonChange.objects.exists()


def test_a_new_clinic_takes_over(alina: Any, polina: Person, place: SimpleNamespace) -> None:
    services.add_attachment(polina.pk, provider=place.clinic2, since=TODAY, by=alina)

    assert Attachment.objects.get(until=None).provider == place.clinic2
    assert Person.objects.get(pk=polina.pk).provider == place.clinic2


def test_a_new_passport_takes_the_place_of_the_former(alina: Any, polina: Person) -> None:
    old = services.add_document(polina.pk, kind="14", series="5004", number="111111", by=alina)
    services.add_document(polina.pk, kind="14", series="5005", number="222222", by=alina)
    old.refresh_from_db()

    assert not old.is_current


def test_a_removed_former_name_stays_in_history(alina: Any, polina: Person) -> None:
    services.remove_former_name(polina.former_names.get().pk, by=alina)

    assert PersonChange.objects.get().before == "Чижикова Полина Андреевна"


IDENTITY = {"surname": "Новикова", "given_name": "Нина", "birth_on": date(2000, 2, 29), "sex": 2}


def test_a_new_card(alina: Any, place: SimpleNamespace) -> None:
    person = services.register_person(
        identity={**IDENTITY, "enp": "2248299794000428"},
        territory=place.nsk,
        insurer=place.alfa,
        policy_kind=3,
        policy_since=TODAY,
        by=alina,
    )
    person.refresh_from_db()

    assert (person.insurer, person.version, person.enp_is_confirmed) == (place.alfa, 2, True)
    assert Policy.objects.get(person=person).number == "2248299794000428"
    assert AuditLine.objects.get(action="insured.person.register").subject_id == str(person.pk)


@pytest.mark.parametrize("case", ["another insurer", "a policy of tomorrow"])
def test_a_card_she_could_not_see_is_not_made(alina: Any, place: SimpleNamespace, case: str) -> None:
    insurer = place.beta if case == "another insurer" else place.alfa
    since = TODAY if case == "another insurer" else TODAY + timedelta(days=2)

    with pytest.raises(OutsideReach):
        services.register_person(
            identity=IDENTITY, territory=place.nsk, insurer=insurer, policy_kind=3, policy_since=since, by=alina
        )
    assert not Person.objects.filter(surname="Новикова").exists()
