"""People reach the register whole, once, and under its row security."""

import json
import subprocess
import sys

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
def test_two_processes_load_side_by_side(database_of_its_own):
    """Both meet the same new surnames: nobody waits for ever, nobody is lost, and again is nothing new."""
    loads = [opora("simulate", "people", "--scale", "0.0037", "--workers", "2", "--json") for _ in range(2)]

    assert [(json.loads(load)["people"], json.loads(load)["added"]) for load in loads] == [(12012, 12012), (12012, 0)]


@pytest.fixture
def database_of_its_own(db, monkeypatch):
    """A fresh database beside that of the tests, with its schema."""
    options = connection.settings_dict
    server = f"postgresql://{options['USER']}:{options['PASSWORD']}@{options['HOST']}:{options['PORT']}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as outside:
        outside.execute("DROP DATABASE IF EXISTS opora_two_processes")
        outside.execute("CREATE DATABASE opora_two_processes")
        monkeypatch.setenv("DATABASE_URL", f"{server}/opora_two_processes")
        opora("migrate")
        yield
        outside.execute("DROP DATABASE opora_two_processes WITH (FORCE)")


def opora(*arguments):
    done = subprocess.run([sys.executable, "-m", "config.cli", *arguments], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.django_db
def test_the_command_prints_its_figures(monkeypatch):
    from opora.simulation import commands

    monkeypatch.setattr(commands, "with_database", lambda: enter(Scope.system("test")))
    done = CliRunner().invoke(commands.app, ["people", "--scale", "0.00003", "--seed", "9", "--json"])

    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["added"] == 97
