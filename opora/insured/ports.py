"""What this room needs of the outside world: a register that knows people better than we do."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

from opora.shared.errors import DomainError


class RegisterUnavailable(DomainError, status=503):
    """Внешний регистр не отвечает. Попробуйте позже."""


class RegisterRejected(DomainError, status=422):
    """Внешний регистр не принял запрос."""


class RegisterUnexpected(DomainError, status=502):
    """Внешний регистр ответил непонятно. Сообщите администратору."""


@dataclass(frozen=True, slots=True)
class RegisterPolicy:
    """A policy as the register tells it; ``insurer`` is a registry code, both days are inclusive."""

    kind: int
    number: str
    insurer: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class RegisterCard:
    """A person as the register knows him; ``documents`` are (code of F011, series, number)."""

    enp: str
    surname: str
    given_name: str
    birth_on: date
    sex: int
    patronymic: str = ""
    snils: str = ""
    died_on: date | None = None
    documents: tuple[tuple[str, str, str], ...] = ()
    policies: tuple[RegisterPolicy, ...] = ()


class Register(Protocol):
    """The register of insured persons outside (ЕРЗЛ of the fund).

    Every question may raise RegisterUnavailable (ask later), RegisterRejected (never again so) or RegisterUnexpected
    (wake us).
    """

    def find_by_enp(self, enp: str) -> RegisterCard | None:
        """Return the holder of policy number ``enp`` (16 digits), or None."""

    def find_by_document(self, *, kind: str, series: str, number: str) -> RegisterCard | None:
        """Return the holder of an identity document, or None; blanks in the numbers do not matter."""

    def find_by_name(
        self, *, surname: str, given_name: str, patronymic: str = "", birth_on: date
    ) -> list[RegisterCard]:
        """Return everybody of that name and birth date; ё is е, an empty patronymic fits all."""


def register() -> Register:
    """Return the register this installation works with (``config/ports.py``)."""
    return cast(Register, import_string(settings.PORTS["insured.Register"])())
