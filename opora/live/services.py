"""Who has which card open: announced by the page, forgotten after half a minute."""

from dataclasses import dataclass

from opora.live.news import News, publish
from opora.live.place import HERE
from opora.organisations.models import Employee
from opora.shared.sql import question
from opora.shared.typography import initials

LIFE_SECONDS = 30

_announce = question(HERE / "sql", "announce_presence")
_others = question(HERE / "sql", "others_present")


@dataclass(frozen=True, slots=True)
class Present:
    """A colleague who has the card open; ``place`` is her organisation where it is not that of the reader."""

    name: str
    place: str = ""


def announce_presence(subject: str, *, by: Employee, session: str) -> list[Present]:
    """Keep for half a minute that ``by`` has the card open; return who else has.

    Those already there are told at once of somebody who was not.
    """
    (kept,) = _announce(subject=subject, employee=by.pk, session=session, seconds=LIFE_SECONDS)
    home = by.assignment.organisation_id if by.assignment else None
    rows = _others(subject=subject, employee=by.pk)
    if kept.is_new and rows:
        publish([News((subject,), "presence", {"by": by.pk})])
    return [
        Present(initials(f"{row.surname} {row.given_name} {row.patronymic}".strip()), _place(row, home)) for row in rows
    ]


def _place(row: object, home: int | None) -> str:
    organisation = getattr(row, "organisation_id", None)
    return "" if organisation in (None, home) else str(getattr(row, "organisation", ""))
