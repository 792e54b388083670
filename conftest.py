"""The cast: the same invented people play in every test (``docs/style.md``)."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from config.stage import Stage
from config.testing import take_copy
from opora.access.scope import Scope, enter

Actors = tuple[SimpleNamespace, SimpleNamespace]
PASSWORD = "Opora-2026-demo"  # noqa: S105


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None, migrated: str | None) -> None:
    """The database of the tests is a copy of one that is migrated once for all workers."""
    from django.db import connection

    if migrated:
        take_copy(connection, migrated)


@pytest.fixture(scope="session")
def playhouse(migrated: str | None, django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage[Actors] | None]:
    """A second database where the place and the cast stand; None on a server that is not ours."""
    if migrated is None:
        yield None
        return
    with django_db_blocker.unblock():
        made = Stage(migrated, lambda: (place := make_place(), make_cast(place)))
    yield made
    made.strike()


@pytest.fixture
def standing(request: pytest.FixtureRequest, playhouse: Stage[Actors] | None) -> Iterator[Actors | None]:
    """Let the test play where the place and the cast stand; gives both, fresh for it.

    None where they are to be made: rows that a file keeps for all its tests are in the other database.
    """
    if playhouse is None or "kept" in request.fixturenames:
        yield None
        return
    with playhouse.set():
        yield playhouse.standing()


@pytest.fixture
def _where(request: pytest.FixtureRequest) -> None:
    """A test that never asks for the place finds nobody in its database."""
    if "standing" in request.fixturenames:
        request.getfixturevalue("standing")


@pytest.fixture
def _django_db_helper(_where: None, _django_db_helper: None) -> None:
    """The transaction of a test, begun in the right database."""


@pytest.fixture
def system(db: None) -> Iterator[None]:
    """Trusted work: rows of everybody are visible until the test enters a narrower scope."""
    with enter(Scope.system("test")):
        yield


@pytest.fixture(scope="module")
def kept(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Trusted work whose rows stay for all tests of a file: each takes back its own, the end of the file the rest."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        with enter(Scope.system("test")):
            yield
        transaction.set_rollback(True)


@pytest.fixture
def place(standing: Actors | None, system: None) -> SimpleNamespace:
    """A territory with a fund, insurers Alfa and Beta, Alfa's branch, two clinics, an authority; and another fund."""
    return standing[0] if standing else make_place()


def make_place() -> SimpleNamespace:
    from opora.organisations.models import Organisation, Site, Territory

    kind = Organisation.Kind
    nsk, alt = Territory.objects.bulk_create(
        [
            Territory(code="50000", name="Новосибирская область", time_zone="Asia/Novosibirsk"),
            Territory(code="01000", name="Алтайский край", time_zone="Asia/Barnaul"),
        ]
    )
    alfa, clinic, fund, beta, clinic2, authority, other_fund = Organisation.objects.bulk_create(
        [
            Organisation(kind=kind.INSURER, code="54001", name="СМО Альфа", territory=nsk),
            Organisation(kind=kind.PROVIDER, code="540001", name="Поликлиника № 1", territory=nsk),
            Organisation(kind=kind.FUND, code="54000", name="ТФОМС Новосибирской области", territory=nsk),
            Organisation(kind=kind.INSURER, code="54002", name="СМО Бета", territory=nsk),
            Organisation(kind=kind.PROVIDER, code="540002", name="Поликлиника № 2", territory=nsk),
            Organisation(kind=kind.AUTHORITY, code="54900", name="Министерство здравоохранения", territory=nsk),
            Organisation(kind=kind.FUND, code="22000", name="ТФОМС Алтайского края", territory=alt),
        ]
    )
    return SimpleNamespace(
        nsk=nsk,
        alt=alt,
        fund=fund,
        alfa=alfa,
        beta=beta,
        branch=Organisation.objects.create(
            kind=kind.BRANCH, code="54003", name="СМО Альфа, филиал", territory=nsk, parent=alfa
        ),
        clinic=clinic,
        clinic2=clinic2,
        authority=authority,
        other_fund=other_fund,
        site=Site.objects.create(organisation=clinic, name="Главный корпус", address="Новосибирск, ул. Ленина, 1"),
    )


CAST = {
    # login: (surname, given name, role, organisation)
    "alina": ("Алиева", "Алина", "sp1", "alfa"),
    "timur": ("Тимуров", "Тимур", "analyst", "alfa"),  # sees, may not change
    "vera": ("Верина", "Вера", "sp1", "beta"),
    "sp2": ("Второва", "Ольга", "sp2", "alfa"),
    "sp3": ("Третьякова", "Зоя", "sp3", "alfa"),
    "boris": ("Борисов", "Борис", "supervisor", "alfa"),
    "op1": ("Первова", "Инна", "op1", "fund"),
    "op2": ("Вторых", "Анна", "op2", "fund"),
    "filial": ("Филина", "Нина", "sp2", "branch"),
    "clerk": ("Клинова", "Раиса", "clinic_clerk", "clinic"),
    "admin": ("Админова", "Ада", "administrator", "fund"),
    "alfa_admin": ("Алфеева", "Яна", "administrator", "alfa"),
    "auditor": ("Аудитов", "Глеб", "auditor", "fund"),
    "ministry": ("Министров", "Лев", "auditor", "authority"),
    "far": ("Дальнов", "Егор", "op1", "other_fund"),
}


@cache
def _hashed() -> str:
    from django.contrib.auth.hashers import make_password

    return make_password(PASSWORD)


@pytest.fixture
def cast(standing: Actors | None, place: SimpleNamespace) -> SimpleNamespace:
    """Every employee of ``CAST`` by login, each with one assignment since 2020."""
    return standing[1] if standing else make_cast(place)


def make_cast(place: SimpleNamespace) -> SimpleNamespace:
    from opora.organisations.models import Assignment, Employee, Role

    roles, hashed = {role.slug: role for role in Role.objects.all()}, _hashed()
    people = Employee.objects.bulk_create(
        Employee(login=login, surname=surname, given_name=given_name, password=hashed)
        for login, (surname, given_name, _, _) in CAST.items()
    )
    Assignment.objects.bulk_create(
        Assignment(
            employee=employee, organisation=getattr(place, organisation), role=roles[role], since=date(2020, 1, 1)
        )
        for employee, (_, _, role, organisation) in zip(people, CAST.values(), strict=True)
    )
    return SimpleNamespace(**{employee.login: employee for employee in people})


@pytest.fixture
def polina(place: SimpleNamespace) -> Any:
    """Polina Andreevna Solovyova-Sedaya, insured by Alfa, attached to the first clinic."""
    return make_polina(place)


def make_polina(place: SimpleNamespace) -> Any:
    from opora.insured.models import Attachment, Contact, FormerName, Person, Policy

    person = Person.objects.create(
        territory=place.nsk,
        surname="Соловьёва-Седая",
        given_name="Полина",
        patronymic="Андреевна",
        birth_on=date(1985, 3, 14),
        sex=Person.Sex.FEMALE,
        enp="5476410835001236",
        snils="11223344595",
    )
    FormerName.objects.create(person=person, surname="Чижикова", given_name="Полина", patronymic="Андреевна")
    Policy.objects.create(
        person=person, kind=Policy.Kind.UNIFORM, number=person.enp, insurer=place.alfa, since=date(2015, 5, 1)
    )
    Attachment.objects.create(person=person, provider=place.clinic, since=date(2018, 1, 10))
    Contact.objects.create(
        person=person,
        kind=Contact.Kind.PHONE,
        value="8 (900) 000-00-01",
        normalised="79000000001",
        phone_kind=Contact.PhoneKind.MOBILE,
    )
    person.refresh_from_db()
    return person


@pytest.fixture
def topics(place: SimpleNamespace) -> SimpleNamespace:
    """A small edition of topics, so that a test of the journal says what it is about."""
    from opora.classifiers.models import Edition, Topic

    edition = Edition.objects.create(
        code="topics", version="test", since=date(2020, 1, 1), title="Темы", source="test", sha256="", territory="50000"
    )
    consult, complain = "consultation", "complaint"

    def topic(code: str, title: str, *kinds: str, **fields: Any) -> Any:
        return Topic.objects.create(edition=edition, code=code, title=title, kinds=list(kinds), **fields)

    return SimpleNamespace(
        edition=edition,
        policy=topic("t-policy", "Получение полиса", consult, is_typical=True),
        waiting=topic("t-waiting", "Сроки ожидания", consult, complain, flags=["waiting"]),
        quality=topic("t-quality", "Качество помощи", complain),
        insurer=topic("t-insurer", "Выбор страховой", consult, "application"),
        thanks=topic("t-thanks", "Благодарность", "thanks"),
    )


@pytest.fixture(autouse=True)
def _fresh_terms() -> None:
    """What one test loaded another does not believe."""
    from opora.appeals import routing, visibility
    from opora.appeals.terms import forget
    from opora.insured.eligibility import current

    forget()
    current.forget()
    routing.forget()
    visibility.forget()


@pytest.fixture
def signed_in(cast: SimpleNamespace) -> Callable[[str | None], Client]:
    """A browser of one of the cast (``None`` — of nobody), past the password."""

    def sign_in(login: str | None) -> Client:
        client = Client()
        if login:
            client.force_login(getattr(cast, login), backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in
