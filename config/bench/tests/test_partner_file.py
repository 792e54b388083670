"""The file of the bench is one that the importer understands to the last column and takes to the last row."""

import csv

import pytest

from config.bench.partner_file import FUND, write_file
from opora.insured.importing.engine import Request, load
from opora.insured.importing.layout import lay_out
from opora.insured.models import Person, Policy
from opora.organisations.models import Organisation
from opora.simulation.directory import ensure_directory
from opora.simulation.people import Plan
from opora.simulation.people.words import territories

PEOPLE = 40
PLAN = Plan(seed=1, territories=territories()[:1])


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "people.csv"
    write_file(path, PLAN, PEOPLE)
    return path


def test_the_importer_knows_every_column(file):
    with file.open(encoding="utf-8", newline="") as text:
        rows = list(csv.reader(text, delimiter=";"))

    assert lay_out(rows[0], {}).unknown == []
    assert len(rows) == PEOPLE + 1
    assert {len(row) for row in rows} == {len(rows[0])}


def test_the_importer_takes_every_row(file, system, tmp_path):
    ensure_directory(territories()[0], insurers=PLAN.insurers, clinics=PLAN.clinics)
    fund = Organisation.objects.get(kind=Organisation.Kind.FUND, code=FUND)
    report = load(Request(path=file, organisation=fund, protocol_folder=tmp_path / "protocols"))

    assert (report.is_stored, report.records, report.rejected) == (True, PEOPLE, 0)
    assert Person.objects.count() == PEOPLE
    assert Policy.objects.filter(until=None).count() >= PEOPLE - 2
