"""The house of the samples: its organisations and employees, and a data folder of the test's own."""

import json
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from opora.exchange.tests.test_samples import SAMPLES

PLANNING_CLINIC = "101001"  # whom the samples of year plans are about


@pytest.fixture
def exchange_dir(tmp_path: Path, settings: Any) -> Path:
    settings.EXCHANGE_DIR = tmp_path / "exchange"
    return tmp_path / "exchange"


@pytest.fixture
def channels(system: None, exchange_dir: Path) -> dict[str, Any]:
    """Organisations of context.json by code, with the employees it names."""
    from opora.exchange.formats.users import split_name
    from opora.organisations.models import Assignment, Employee, Organisation, Role, Territory

    known = json.loads((SAMPLES / "context.json").read_text())
    ugra = Territory.objects.create(code="71100", name="Югра", time_zone="Asia/Yekaterinburg")
    found: dict[str, Any] = {}
    for code, name in known["organisations"].items():
        kind = Organisation.Kind.FUND if code.endswith("000") else Organisation.Kind.INSURER
        found[code] = Organisation.objects.create(kind=kind, code=code, name=name, territory=ugra)
    Organisation.objects.create(kind="provider", code=PLANNING_CLINIC, name="Клиника из плана", territory=ugra)
    roles = {role.slug: role for role in Role.objects.all()}
    for one in known["employees"]:
        name, code = split_name(one["full_name"]), str(one["org"])
        employee = Employee.objects.create(
            login=f"e{one['guid'][:8]}",
            surname=name.surname,
            given_name=name.given_name,
            patronymic=name.patronymic,
            guid=one["guid"],
        )
        role = roles["op1" if code.endswith("000") else "sp1"]
        Assignment.objects.create(employee=employee, organisation=found[code], role=role, since=date(2020, 1, 1))
    return found


@pytest.fixture
def people(channels: dict[str, Any]) -> SimpleNamespace:
    """An administrator of each organisation of the samples, by code."""
    from opora.organisations.models import Assignment, Employee, Role

    role = Role.objects.get(slug="administrator")
    made = {}
    for code, organisation in channels.items():
        employee = Employee.objects.create(login=f"admin{code}", surname="Админова", given_name="Ада")
        Assignment.objects.create(employee=employee, organisation=organisation, role=role, since=date(2020, 1, 1))
        made[f"admin{code}"] = employee
    return SimpleNamespace(**made)
