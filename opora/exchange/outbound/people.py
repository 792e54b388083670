"""People as a list names them: whatever the register knows, nothing more."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from opora.informing.incoming import Named
from opora.shared.sql import question

told = question(Path(__file__).parent.parent / "sql", "people_to_send")
PIECE = 10_000
UNIFIED = "3"


class Known(NamedTuple):
    who: Named
    doctor_snils: str


def known(ids: Iterable[int]) -> dict[int, Known]:
    """Return people by their ids. One query for each ten thousand."""
    wanted = sorted(set(ids))
    found: dict[int, Known] = {}
    for start in range(0, len(wanted), PIECE):
        for row in told(people=wanted[start : start + PIECE]):
            who = Named(
                surname=row.surname,
                given_name=row.given_name,
                patronymic=row.patronymic,
                birth_on=row.birth_on,
                sex=row.sex,
                enp=row.enp,
                snils=row.snils,
                policy_kind=row.policy_kind or (UNIFIED if row.enp else ""),
                policy_series=row.policy_series,
                policy_number=row.policy_number or row.enp,
                phones=(row.phone,) if row.phone else (),
                email=row.email,
                address=row.address,
                okato=row.okato,
                insurer_code=row.insurer_code,
                document_kind=row.document_kind,
                document_series=row.document_series,
                document_number=row.document_number,
            )
            found[row.id] = Known(who, row.doctor_snils)
    return found
