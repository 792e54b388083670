"""Files of invented people, loaded for Alfa. The test is one transaction, an import is a savepoint in it."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from opora.access.scope import Scope, enter
from opora.insured.importing.engine import Report, Request, load

TABLES = (
    "person", "policy", "attachment", "contact", "formername", "identitydocument", "personcategory", "consent",
    "personchange",
)  # fmt: skip
HEADER = "enp;snils;surname;given_name;patronymic;birth_on;sex;policy_since\n"
POLINA = "5476410835001236;112-233-445 95;Соловьёва-Седая;Полина;Андреевна;14.03.1985;2;01.05.2015\n"
PYOTR = "2248299794000428;;Иванов;Пётр;Ильич;02.01.1970;1;01.05.2015\n"


@pytest.fixture
def house(system: None) -> SimpleNamespace:
    """A territory, its fund, insurers Alfa and Beta, and two clinics."""
    from opora.organisations.models import Organisation, Site, Territory

    kind = Organisation.Kind
    with enter(Scope.system("test")):
        nsk = Territory.objects.create(code="50000", name="Новосибирская область", time_zone="Asia/Novosibirsk")

        def body(what: str, code: str, name: str, **more: Any) -> Organisation:
            return Organisation.objects.create(kind=what, code=code, name=name, territory=nsk, **more)

        clinic = body(kind.PROVIDER, "540001", "Поликлиника № 1")
        alfa = body(kind.INSURER, "54001", "СМО Альфа")
        return SimpleNamespace(
            nsk=nsk,
            fund=body(kind.FUND, "54000", "ТФОМС"),
            alfa=alfa,
            beta=body(kind.INSURER, "54002", "СМО Бета"),
            branch=body(kind.BRANCH, "54003", "СМО Альфа, филиал", parent=alfa),
            clinic=clinic,
            clinic2=body(kind.PROVIDER, "540002", "Поликлиника № 2"),
            site=Site.objects.create(organisation=clinic, code="01", name="Корпус", address="ул. Ленина, 1"),
        )


@pytest.fixture
def loading(house: SimpleNamespace, tmp_path: Path) -> Callable[..., Report]:
    """Load a text (or bytes) as a file of Alfa, or of another organisation."""

    def run(content: str | bytes, name: str = "people.csv", **options: Any) -> Report:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        options.setdefault("organisation", house.alfa)
        return load(Request(path=path, protocol_folder=tmp_path / "protocols", **options))

    return run


@pytest.fixture
def register(house: SimpleNamespace) -> Callable[[], dict[str, list[Any]]]:
    """Everything the register holds, to compare before and after."""

    def snapshot() -> dict[str, list[Any]]:
        with enter(Scope.system("test")), connection.cursor() as cursor:
            held = {}
            for table in TABLES:
                cursor.execute(f"SELECT * FROM insured_{table} ORDER BY id")
                held[table] = cursor.fetchall()
            return held

    return snapshot
