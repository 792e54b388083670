"""Deny by default, for every address that exists: who × page × organisation.

The table is not written by hand: rows are the addresses of the house, columns the cast, and what is expected follows
from the right the view declares and the rights the role holds. A new page is in the table from its first day.

Who holds the right opens the page, each of the cast: what a page does depends on whose it is. Who does not is asked
once for each role at each address, by turns as this or that colleague, reading or sending. That is enough, because
nothing that could tell one from the other has run by then: ``stands_first`` looks that only Django's own decorators of
method and cache come before the guard (elsewhere everybody is asked, reading and sending), and
``test_a_right_belongs_to_the_role`` that the guard's one question has the same answer for all who work as the role. A
refusal is the same line of the same middleware at every address: one at each is asked for as a page, the others as
JSON, which is told but not drawn.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from copy import copy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import django.views.decorators
import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client

from config.browser import SIGN_IN_BACKEND
from conftest import CAST, make_cast, make_place, make_polina
from opora.access import guard
from opora.access.rights import Right
from opora.entrance.middleware import SEEN
from opora.organisations.models import Assignment, Department, Employee, Post, Role
from tests.house import Address, addresses

EVERY = addresses()
GUARDED = [address for address in EVERY if address.right not in {"public", None}]
# These answer to everybody or to an own session before any right: their own tests look at them.
MACHINES = ("api/",)
# A refusal that nobody looks at: as JSON it has no rail and no menu.
TERSE = {"Accept": "application/json"}
DECORATORS = Path(django.views.decorators.__file__).parent


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


@pytest.fixture(scope="module")
def held(sessions: dict[str, tuple[Employee, str]]) -> dict[str, set[str]]:
    """The rights of each of the cast."""
    people = {login: copy(employee) for login, (employee, _) in sessions.items()}
    return {login: {right for right in Right.values if one.holds(right)} for login, one in people.items()}


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
    """Sign in and return the key of the session. It has been seen in time for all of the walk: none writes it down."""
    client = Client()
    client.force_login(employee, backend=SIGN_IN_BACKEND)
    session = client.session
    session[SEEN] = time.time() + 3600
    session.save()
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


def layers(view: Any) -> Iterator[Any]:
    """Code that runs when an address is asked, outermost first, down to the view itself."""
    while view is not None:
        yield getattr(view, "__code__", None)
        view = getattr(view, "__wrapped__", None)


GUARDS = {guard.needs(Right.WORKPLACE_VIEW)(print).__code__, guard.signed_in(print).__code__}


def stands_first(address: Address) -> bool:
    """Whether only what Django itself has for methods and caches, which does not look at who asks, precedes a guard."""
    for code in layers(address.view):
        if code in GUARDS:
            return True
        if code is None or DECORATORS not in Path(code.co_filename).parents:
            return False
    return False


@pages(GUARDED)
def test_a_guard_stands_before_the_view(address: Address) -> None:
    assert GUARDS & set(layers(address.view))


def test_nearly_every_guard_stands_first() -> None:
    """Where it does not, everybody is asked; a habit of it would be slow."""
    assert sum(map(stands_first, GUARDED)) > 0.8 * len(GUARDED)


def colleagues() -> list[list[str]]:
    """Logins of the cast, role by role."""
    found = defaultdict(list)
    for login, (_, _, role, _) in CAST.items():
        found[role].append(login)
    return list(found.values())


def test_a_right_belongs_to_the_role(held: dict[str, set[str]]) -> None:
    """Wherever she works: the same words for Alina of Alfa and Vera of Beta."""
    for logins in colleagues():
        assert all(held[login] == held[logins[0]] for login in logins), logins
    assert len({frozenset(rights) for rights in held.values()}) > 5


def is_let_in(held: dict[str, set[str]], login: str, address: Address) -> bool:
    return address.right == "signed-in" or address.right in held[login]


@pages(GUARDED)
def test_who_may_opens_the_page(held: dict[str, set[str]], signed_in: Any, address: Address) -> None:
    """Who holds the right gets an answer; what does not exist is 404 after the right only."""
    holders = [login for login in CAST if is_let_in(held, login, address)]
    shown = turn(address, holders)
    for login in holders:
        response = signed_in(login).get(address.path(), headers={} if login == shown else TERSE)
        if response.status_code == 405:
            return
        assert response.status_code < 500, f"{login} broke {address}"
        assert response.status_code != 403, f"{login} holds {address.right}"
        assert address.is_plain or response.status_code != 200, f"{login} sees what does not exist"
        kept = response.headers.get("Cache-Control", "")
        assert response.status_code != 200 or "no-store" in kept or "no-cache" in kept, f"a browser keeps {address}"


@pages([address for address in GUARDED if address.right != "signed-in"])
def test_who_may_not_is_refused(held: dict[str, set[str]], signed_in: Any, address: Address) -> None:
    """403: each role that does not hold the right, as one of those who work as it, reading or sending.

    Where something of ours stands before the guard: each of the cast, reading and sending.
    """
    is_short = stands_first(address)
    asked = [turn(address, role) for role in colleagues()] if is_short else list(CAST)
    refused = [login for login in asked if login and not is_let_in(held, login, address)]
    shown = turn(address, refused)
    answered = {"get", "post"}
    for number, login in enumerate(refused, start=turn_of(address)):
        headers = {} if login == shown else TERSE
        for method in sorted(answered, reverse=bool(number % 2)):
            response = getattr(signed_in(login), method)(address.path(), headers=headers)
            if response.status_code == 405:
                answered.discard(method)
                continue
            assert response.status_code == 403, f"{login} has no {address.right}"
            if is_short:
                break
    assert answered, f"{address} answers neither who reads nor who sends"


def turn_of(address: Address) -> int:
    return GUARDED.index(address)


def turn(address: Address, logins: list[str]) -> str | None:
    """Whose turn it is at an address."""
    return logins[turn_of(address) % len(logins)] if logins else None


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


@pytest.fixture(scope="module")
def alfas(place: SimpleNamespace, sessions: dict[str, tuple[Employee, str]]) -> list[Any]:
    """Everything that belongs to Alfa, with numbers that nothing else in the house has."""
    alina, polina = sessions["alina"][0], make_polina(place)
    department = Department.objects.create(organisation=place.alfa, name="Контакт-центр")
    post = Post.objects.create(organisation=place.alfa, site=place.site, room="7")
    assignment = Assignment.objects.get(employee=alina)
    children = [
        child
        for model in apps.get_app_config("insured").get_models()
        if any(field.name == "person" for field in model._meta.fields)
        for child in model._default_manager.filter(person=polina)
    ]
    return [department, post, assignment, alina, polina, *children]


@pytest.fixture(scope="module")
def beta(place: SimpleNamespace) -> str:
    """All the rights there are, one house further: the key of her session."""
    employee = Employee.objects.create(login="beta_admin", surname="Бетина", given_name="Ия")
    role = Role.objects.get(slug="administrator")
    role.pk, role.slug, role.name, role.rights = None, "everything", "Всё", sorted(Right.values)
    role.save(force_insert=True)
    Assignment.objects.create(employee=employee, organisation=place.beta, role=role, since="2020-01-01")
    return _key_of(employee)


WITH_A_NUMBER = [a for a in GUARDED if a.right != "signed-in" and len(a.converters) == 1]


@pages(WITH_A_NUMBER)
def test_what_is_alfas_does_not_exist_for_beta(beta: str, alfas: list[Any], stranger: Client, address: Address) -> None:
    """404, never 403 and never the page; reading and sending alike."""
    stranger.cookies[settings.SESSION_COOKIE_NAME] = beta
    (name,) = address.converters
    for row in alfas:
        if row._meta.label_lower in SHARED:
            continue
        try:
            path = address.path(**{name: row.pk})
        except (TypeError, ValueError):
            continue
        for send in (stranger.get, stranger.post):
            answer = send(path, headers=TERSE)
            assert answer.status_code in {404, 405}, f"Beta comes to {row._meta.label} of Alfa at {path}"


def test_what_is_alfas_does_exist_for_alfa(apart: None, alfas: list[Any], signed_in: Any) -> None:
    """The sister of the test above: with the same rights and the same numbers the pages open."""
    client = signed_in("alfa_admin")
    opened = 0
    rooms = tuple({row._meta.app_label for row in alfas})
    for address in sorted(WITH_A_NUMBER, key=lambda address: not address.name.startswith(rooms)):
        (name,) = address.converters
        opened += any(_opens(client, address, name, row) for row in alfas)
        if opened == 5:
            return
    pytest.fail(f"only {opened} pages of what is Alfa's open")


def _opens(client: Client, address: Address, name: str, row: Any) -> bool:
    try:
        return client.get(address.path(**{name: row.pk}), headers=TERSE).status_code == 200
    except (TypeError, ValueError):
        return False


def test_the_walk_finds_what_is_there() -> None:
    """The promises above are worth nothing if the walk is empty."""
    assert {"", "sign-in/", "me/sessions/"} <= {address.route for address in EVERY}
    assert len(GUARDED) >= 15
    assert settings.ROOT_URLCONF == "config.urls"
