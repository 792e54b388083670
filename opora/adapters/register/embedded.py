"""The stand-in: a register in a JSON file of the data folder. An installation without a channel to the fund uses it."""

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from opora.insured.ports import RegisterCard, RegisterPolicy, RegisterRejected, RegisterUnavailable, RegisterUnexpected
from opora.shared import enp as numbers
from opora.shared.names import name_key

FILE = "register.json"


class EmbeddedRegister:
    """A Register over a list of cards; read anew for every question, because the file is small and may be replaced."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or Path(settings.DATA_DIR) / FILE

    def find_by_enp(self, enp: str) -> RegisterCard | None:
        if not numbers.is_valid(enp):
            raise RegisterRejected("Регистр не ищет по номеру с неверной контрольной цифрой.")
        return next((card for card in self._cards() if card.enp == enp), None)

    def find_by_document(self, *, kind: str, series: str, number: str) -> RegisterCard | None:
        wanted = (kind, series.replace(" ", ""), number.replace(" ", ""))
        if not number:
            raise RegisterRejected("Регистру нужен номер документа.")
        return next((card for card in self._cards() if wanted in card.documents), None)

    def find_by_name(
        self, *, surname: str, given_name: str, patronymic: str = "", birth_on: date
    ) -> list[RegisterCard]:
        if not name_key(surname + given_name):
            raise RegisterRejected("Регистру нужны фамилия или имя.")
        wanted = (name_key(surname), name_key(given_name), birth_on)
        return [
            card
            for card in self._cards()
            if (name_key(card.surname), name_key(card.given_name), card.birth_on) == wanted
            and (not patronymic or name_key(card.patronymic) == name_key(patronymic))
        ]

    def _cards(self) -> Iterable[RegisterCard]:
        try:
            held = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return []
        except OSError as fault:
            raise RegisterUnavailable from fault
        except ValueError as fault:
            raise RegisterUnexpected from fault
        try:
            return [_card(one) for one in held]
        except (AttributeError, KeyError, TypeError, ValueError) as fault:
            raise RegisterUnexpected from fault


def _card(written: dict[str, Any]) -> RegisterCard:
    policies = tuple(
        RegisterPolicy(
            kind=int(one["kind"]),
            number=one["number"],
            insurer=one["insurer"],
            since=date.fromisoformat(one["since"]),
            until=date.fromisoformat(one["until"]) if one.get("until") else None,
        )
        for one in written.get("policies", ())
    )
    return RegisterCard(
        enp=written["enp"],
        snils=written.get("snils", ""),
        surname=written["surname"],
        given_name=written["given_name"],
        patronymic=written.get("patronymic", ""),
        birth_on=date.fromisoformat(written["birth_on"]),
        sex=int(written["sex"]),
        died_on=date.fromisoformat(written["died_on"]) if written.get("died_on") else None,
        documents=tuple((kind, series, number) for kind, series, number in written.get("documents", ())),
        policies=policies,
    )
