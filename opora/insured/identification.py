"""Is it he who calls? What was asked and what came out stays in the access log; no personal fact is told without it.

Source: domain handbook 10 §3, row 11: name + birth date + ЕНП or document; without it only general information.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import TextChoices

from opora.audit.models import AuditLine
from opora.audit.services import record

if TYPE_CHECKING:
    from opora.insured.models import Person
    from opora.organisations.models import Employee


class Asked(TextChoices):
    """What the caller has named right."""

    NAME = "name", "Фамилия, имя, отчество"
    BIRTH = "birth", "Дата рождения"
    ENP = "enp", "ЕНП, хотя бы последние четыре цифры"
    DOCUMENT = "document", "Документ"


class Caller(TextChoices):
    SELF = "self", "Сам"
    REPRESENTATIVE = "representative", "Законный представитель"


@dataclass(frozen=True, slots=True)
class Identification:
    """The result of asking."""

    is_identified: bool
    missing: str

    @property
    def words(self) -> str:
        return "личность подтверждена" if self.is_identified else f"не подтверждена: {self.missing}"


def judge(asked: Collection[str]) -> Identification:
    """Return whether these answers are enough.

    >>> judge({"name", "birth", "enp"}).words, judge({"name", "enp"}).words
    ('личность подтверждена', 'не подтверждена: не назвал дату рождения')
    """
    if Asked.NAME not in asked:
        return Identification(False, "не назвал имя")
    if Asked.BIRTH not in asked:
        return Identification(False, "не назвал дату рождения")
    if not {Asked.ENP, Asked.DOCUMENT} & set(asked):
        return Identification(False, "не назвал ни ЕНП, ни документ")
    return Identification(True, "")


def identify(person: Person, *, asked: Collection[str], caller: str, by: Employee, purpose: str = "") -> Identification:
    """Leave the line of the log. The refusal to name something is a result too."""
    found = judge(asked)
    record(
        "insured.identification",
        person,
        by=by,
        purpose=purpose,
        result=AuditLine.Result.DONE if found.is_identified else AuditLine.Result.REFUSED,
        details={"asked": sorted(asked), "caller": caller},
    )
    return found
