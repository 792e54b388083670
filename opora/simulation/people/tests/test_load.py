"""People reach the register whole, once, and under its row security."""

import json
import os
import signal
import subprocess
import sys
import time

import psycopg
import pytest
from django.db import connection
from typer.testing import CliRunner

from opora.access.scope import Scope, Sees, enter
from opora.insured.models import Attachment, Consent, Contact, FormerName, Person, Policy
from opora.insured.models.words import SurnameWord
from opora.organisations.models import Organisation
from opora.shared import enp
from opora.shared.names import name_key
from opora.simulation.people import Plan, make_block
from opora.simulation.people.load import Loaded
from opora.simulation.people.words import territories
from opora.simulation.people.work import load_people

OPORA = (sys.executable, "-m", "config.cli")
FEW = 300
PLAN = Plan(seed=3, territories=territories()[:1])


@pytest.fixture
def loaded(system):
    return load_people(PLAN, FEW)


def test_everybody_arrives_with_papers_and_contacts(loaded):
    people = list(Person.objects.order_by("pk"))
    block = make_block(PLAN, 0, PLAN.places(1)[0])

    assert loaded.people == len(people) == FEW
    assert [person.enp for person in people] == block.people.columns["enp"][:FEW].tolist()
    assert [person.birth_on for person in people] == block.people.columns["birth_on"][:FEW].tolist()
    assert all(enp.is_valid(person.enp) for person in people)
    assert Policy.objects.count() >= FEW
    assert Contact.objects.filter(kind=Contact.Kind.ADDRESS).count() == FEW
    for model in (Attachment, Consent, FormerName):
        assert model.objects.exists(), model


def test_repeating_adds_nobody_and_more_adds_only_the_rest(loaded):
    assert load_people(PLAN, FEW) == Loaded()
    assert load_people(PLAN, FEW + 20).people == 20
    assert Person.objects.count() == FEW + 20


def test_the_fold_agrees_with_the_register(loaded):
    """Insurer and clinic came with the person; the triggers that keep them found nothing to mend."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FROM insured_person p
             WHERE p.insurer_id IS DISTINCT FROM (SELECT insurer_id FROM insured_policy o
                                                   WHERE o.person_id = p.id AND o.until IS NULL)
            """
        )
        assert cursor.fetchone() == (0,)


def test_the_dictionary_knows_every_surname(loaded):
    keys = {name_key(surname) for surname in Person.objects.values_list("surname", flat=True)}

    assert keys <= set(SurnameWord.objects.values_list("key", flat=True))


def test_an_insurer_sees_its_own_people_only(loaded):
    insurer = Organisation.objects.get(kind=Organisation.Kind.INSURER, code="54901")
    with enter(Scope(sees=Sees.INSURER, insurer=insurer.pk)):
        seen = set(Person.objects.values_list("insurer_id", flat=True))

    assert seen == {insurer.pk}


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGKILL])
def test_a_load_that_was_stopped_goes_on_where_it_stood(database_of_its_own, how):
    """After Ctrl+C of the whole group, or a killed parent: no traceback, whole blocks only, the rest is added."""
    load = subprocess.Popen(
        [*OPORA, "simulate", "people", "--scale", "0.0045", "--workers", "2", "--json"],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
        text=True,
    )
    with psycopg.connect(database_of_its_own, autocommit=True) as inside:
        inside.execute("SET opora.sees = 'all'")
        _until(lambda: _people(inside) > 0)
        (os.killpg if how == signal.SIGINT else os.kill)(load.pid, how)
        complaint = load.communicate(timeout=60)[1]
        _until(lambda: _others(inside) == 0)
        standing = _people(inside)

    assert "Traceback" not in complaint
    assert standing in (10_000, 4_609, 14_609)
    rest = json.loads(opora("simulate", "people", "--scale", "0.0045", "--workers", "2", "--json"))
    assert rest["added"] == 14_609 - standing


def _people(inside):
    return inside.execute("SELECT count(*) FROM insured_person").fetchone()[0]


def _others(inside):
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    return inside.execute(query + " AND backend_type = 'client backend'").fetchone()[0]


def _until(holds, patience=60):
    until = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < until, "it never came"
        time.sleep(0.1)


@pytest.fixture(scope="module")
def empty_register(django_db_setup, django_db_blocker, migrated):
    """A database with the schema and nobody in it, to be copied; gives the address of its server."""
    options = connection.settings_dict
    server = f"postgresql://{options['USER']}:{options['PASSWORD']}@{options['HOST']}:{options['PORT']}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as outside, pytest.MonkeyPatch.context() as patch:
        outside.execute("DROP DATABASE IF EXISTS opora_empty")
        outside.execute(f"CREATE DATABASE opora_empty TEMPLATE {migrated or 'template0'}")
        patch.setenv("DATABASE_URL", f"{server}/opora_empty")
        opora("migrate")
        yield server
        outside.execute("DROP DATABASE opora_empty")


@pytest.fixture
def database_of_its_own(empty_register, monkeypatch):
    """The address of a fresh database that the commands of the test work with."""
    with psycopg.connect(f"{empty_register}/postgres", autocommit=True) as outside:
        outside.execute("DROP DATABASE IF EXISTS opora_two_processes")
        outside.execute("CREATE DATABASE opora_two_processes TEMPLATE opora_empty")
        monkeypatch.setenv("DATABASE_URL", f"{empty_register}/opora_two_processes")
        yield f"{empty_register}/opora_two_processes"
        outside.execute("DROP DATABASE opora_two_processes")


def opora(*arguments):
    done = subprocess.run([*OPORA, *arguments], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.django_db
def test_the_command_prints_its_figures(monkeypatch):
    from opora.simulation import commands

    monkeypatch.setattr(commands, "with_database", lambda: enter(Scope.system("test")))
    done = CliRunner().invoke(commands.app, ["people", "--scale", "0.00003", "--seed", "9", "--json"])

    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["added"] == 97
