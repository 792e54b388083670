"""Deny by default, for every address that exists: who × page × organisation.

The table is not written by hand: rows are the addresses of the house, columns the cast, and what is expected follows
from the right the view declares and the rights the role holds. A new page is in the table from its first day.
"""

from collections.abc import Callable, Iterator
from copy import copy
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client

from config.browser import SIGN_IN_BACKEND
from conftest import CAST, make_cast, make_place
from opora.access.rights import Right
from opora.organisations.models import Assignment, Department, Employee, Post, Role
from tests.house import Address, addresses

EVERY = addresses()
GUARDED = [address for address in EVERY if address.right not in {"public", None}]
# These answer to everybody or to an own session before any right: their own tests look at them.
MACHINES = ("api/",)


@pytest.fixture(scope="module")
def apart(kept: None) -> Iterator[None]:
    """Give every table its own range of numbers, so that a number of one is never a number of another.

    Sequences do not go back with a transaction: other files get the numbers they had.
    """
    with connection.cursor() as cursor:
        former = [_move(cursor, model, place * 1_000_000) for place, model in enumerate(_numbered(), start=1)]
        yield
        cursor.executemany("SELECT setval(%s, %s, %s)", former)


def _numbered() -> list[Any]:
    numbers = {"BigAutoField", "AutoField"}
    return [model for model in apps.get_models() if model._meta.pk.get_internal_type() in numbers]


def _move(cursor: Any, model: Any, number: int) -> tuple[str, int, bool]:
    """Let the next number of a table follow ``number``; return its sequence and where that stood."""
    cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [model._meta.db_table, model._meta.pk.column])
    (sequence,) = cursor.fetchone()
    cursor.execute(f"SELECT last_value, is_called FROM {sequence}")
    stood = cursor.fetchone()
    cursor.execute("SELECT setval(%s, %s)", [sequence, number])
    return (sequence, *stood)


@pytest.fixture(scope="module")
def place(apart: None) -> SimpleNamespace:
    return make_place()


@pytest.fixture(scope="module")
def sessions(place: SimpleNamespace) -> dict[str, tuple[Employee, str]]:
    """The cast, once for the whole walk: each employee as she was made, and the key of her session."""
    made = make_cast(place)
    fresh = {login: copy(getattr(made, login)) for login in CAST}
    return {login: (employee, _key_of(getattr(made, login))) for login, employee in fresh.items()}


@pytest.fixture
def cast(sessions: dict[str, tuple[Employee, str]], db: None) -> SimpleNamespace:
    """The cast as it was made: what another test learned of them is not believed."""
    cache.clear()
    return SimpleNamespace(**{login: copy(employee) for login, (employee, _) in sessions.items()})


@pytest.fixture
def signed_in(sessions: dict[str, tuple[Employee, str]], cast: SimpleNamespace) -> Callable[[str], Client]:
    """A new browser with the session of one of the cast."""

    def sign_in(login: str) -> Client:
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = sessions[login][1]
        return client

    return sign_in


@pytest.fixture
def stranger(db: None) -> Client:
    """A browser of nobody."""
    cache.clear()
    return Client()


def _key_of(employee: Employee) -> str:
    client = Client()
    client.force_login(employee, backend=SIGN_IN_BACKEND)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def pages(chosen: list[Address]) -> Any:
    return pytest.mark.parametrize("address", [a for a in chosen if not a.route.startswith(MACHINES)], ids=str)


@pytest.mark.parametrize("address", EVERY, ids=str)
def test_every_address_declares_its_right(address: Address) -> None:
    assert address.right in {*Right.values, "signed-in", "public"}, f"{address.route} declares no right"


@pytest.mark.parametrize("address", EVERY, ids=str)
def test_what_is_open_says_why(address: Address) -> None:
    assert address.right != "public" or address.view.why_public


@pages(GUARDED)
def test_nobody_is_sent_to_the_sign_in(stranger: Client, address: Address) -> None:
    for send in (stranger.get, stranger.post):
        response = send(address.path())
        if response.status_code == 405:
            continue
        assert response.status_code == 302
        assert response.url.startswith("/sign-in/")


@pages(GUARDED)
def test_who_may_open_which_page(cast: SimpleNamespace, signed_in: Any, address: Address) -> None:
    """Who holds the right gets an answer, who does not gets 403; what does not exist is 404 after the right only."""
    for login in CAST:
        employee = getattr(cast, login)
        response = signed_in(login).get(address.path())
        if response.status_code == 405:
            return
        if address.right == "signed-in" or employee.holds(address.right):
            assert response.status_code < 500, f"{login} broke {address}"
            assert response.status_code != 403, f"{login} holds {address.right}"
            assert address.is_plain or response.status_code != 200, f"{login} sees what does not exist"
            kept = response.headers.get("Cache-Control", "")
            assert response.status_code != 200 or "no-store" in kept or "no-cache" in kept, f"a browser keeps {address}"
        else:
            assert response.status_code == 403, f"{login} has no {address.right}"


@pages(GUARDED)
def test_who_may_not_open_may_not_send(cast: SimpleNamespace, signed_in: Any, address: Address) -> None:
    for login in CAST:
        if address.right != "signed-in" and not getattr(cast, login).holds(address.right):
            assert signed_in(login).post(address.path()).status_code in {403, 405}


@pages(EVERY)
def test_a_form_from_elsewhere_is_refused(signed_in: Callable[[str], Client], address: Address) -> None:
    """Without the token of the form nothing is changed, whoever sends it."""
    client = Client(enforce_csrf_checks=True)
    client.cookies = signed_in("alfa_admin").cookies
    assert client.post(address.path()).status_code in {403, 405}


@pages([address for address in EVERY if address.right == "public"])
def test_what_is_open_does_not_break(stranger: Client, address: Address) -> None:
    assert stranger.get(address.path()).status_code < 500


# What the whole territory may know: addresses and hot lines are read aloud to callers, roles are the same for all.
SHARED = {"organisations.organisation", "organisations.territory", "organisations.site", "organisations.role"}


@pytest.fixture
def alfas(cast: SimpleNamespace, place: SimpleNamespace, polina: Any) -> list[Any]:
    """Everything that belongs to Alfa, with numbers that nothing else in the house has."""
    department = Department.objects.create(organisation=place.alfa, name="Контакт-центр")
    post = Post.objects.create(organisation=place.alfa, site=place.site, room="7")
    assignment = Assignment.objects.get(employee=cast.alina)
    children = [
        child
        for model in apps.get_app_config("insured").get_models()
        if any(field.name == "person" for field in model._meta.fields)
        for child in model._default_manager.filter(person=polina)
    ]
    return [department, post, assignment, cast.alina, polina, *children]


@pytest.fixture
def betas_admin(apart: None, cast: SimpleNamespace, place: SimpleNamespace) -> Employee:
    """All the rights there are, one house further."""
    employee = Employee.objects.create(login="beta_admin", surname="Бетина", given_name="Ия")
    role = Role.objects.get(slug="administrator")
    role.rights = sorted(Right.values)
    role.save(update_fields=["rights"])
    Assignment.objects.create(employee=employee, organisation=place.beta, role=role, since="2020-01-01")
    return employee


WITH_A_NUMBER = [a for a in GUARDED if a.right != "signed-in" and len(a.converters) == 1]


@pages(WITH_A_NUMBER)
def test_what_is_alfas_does_not_exist_for_beta(
    betas_admin: Employee, alfas: list[Any], signed_in: Any, address: Address
) -> None:
    """404, never 403 and never the page; reading and sending alike."""
    beta = Client()
    beta.force_login(betas_admin, backend=SIGN_IN_BACKEND)
    (name,) = address.converters
    for row in alfas:
        if row._meta.label_lower in SHARED:
            continue
        try:
            path = address.path(**{name: row.pk})
        except (TypeError, ValueError):
            continue
        assert beta.get(path).status_code in {404, 405}, f"Beta sees {row._meta.label} of Alfa at {path}"
        assert beta.post(path).status_code in {404, 405}, f"Beta changes {row._meta.label} of Alfa at {path}"


def test_what_is_alfas_does_exist_for_alfa(apart: None, alfas: list[Any], signed_in: Any) -> None:
    """The sister of the test above: with the same rights and the same numbers the pages open."""
    client = signed_in("alfa_admin")
    opened = 0
    for address in WITH_A_NUMBER:
        (name,) = address.converters
        opened += any(_opens(client, address, name, row) for row in alfas)
        if opened == 5:
            return
    pytest.fail(f"only {opened} pages of what is Alfa's open")


def _opens(client: Client, address: Address, name: str, row: Any) -> bool:
    try:
        return client.get(address.path(**{name: row.pk})).status_code == 200
    except (TypeError, ValueError):
        return False


def test_the_walk_finds_what_is_there() -> None:
    """The promises above are worth nothing if the walk is empty."""
    assert {"", "sign-in/", "me/sessions/"} <= {address.route for address in EVERY}
    assert len(GUARDED) >= 15
    assert settings.ROOT_URLCONF == "config.urls"
