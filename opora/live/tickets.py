"""Who may listen to what, written down and signed where rights are known, read where they are not.

``issue`` and ``name`` run in the web process and know the employee; ``read`` and ``Ticket.hears`` run in the stream
process and know nothing but the secret. A ticket lives ten minutes; the page asks for the next one.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opora.live.channels import board_of, is_channel, is_sealed
from opora.live.seal import SealBroken, seal, unseal

if TYPE_CHECKING:
    from opora.organisations.models import Employee

LIFE = 10 * 60
SHIFT = 12 * 60 * 60  # a card left open is listened to no longer than a shift
NOBODY = 0  # who looks at a screen on a wall, and a citizen in his talk
SCREEN_LIFE = 3 * 60  # a screen hears no longer after it was switched off, and what it hears says nothing


@dataclass(frozen=True, slots=True)
class Ticket:
    """Whose ears these are. ``prefixes`` are channels (and all below them) that need no seal of their own.

    ``employee`` 0 — nobody has signed in: a screen on a wall hears boards, a citizen his talk, for a short while.
    """

    expires_at: int
    employee: int
    assignment: int
    session: str
    prefixes: tuple[str, ...]

    @property
    def who(self) -> tuple[int, int, str, bool]:
        """What is asked of the database now and then; last, whether she hears a journal by her place."""
        return self.employee, self.assignment, self.session, any(prefix.startswith("org:") for prefix in self.prefixes)

    @property
    def talk(self) -> str:
        """The channel of the talk of a citizen, «» for everybody else."""
        return next((prefix for prefix in self.prefixes if prefix.startswith("talk:")), "")

    def hears(self, channel: str) -> bool:
        return any(channel == prefix or channel.startswith(prefix + ":") for prefix in self.prefixes)


def issue(employee: Employee, *, session: str, secret: str | None = None, life: int = LIFE) -> str:
    """Return her ticket. ``session`` is the mark of her session (``audit.middleware.session_mark``)."""
    assignment = employee.assignment.pk if employee.assignment else 0
    content = [employee.pk, assignment, session, *prefixes_of(employee)]
    return seal("ticket", content, secret=secret or _secret(), expires_at=int(time.time()) + life)


def issue_to_screen(channels: list[str], *, screen: int, secret: str | None = None, life: int = SCREEN_LIFE) -> str:
    """Return the ticket of a screen that nobody is signed in at. Raises ValueError for more than boards."""
    if not all(channel.startswith("board:") for channel in channels):
        raise ValueError(f"not for a wall: {channels}")
    content = [NOBODY, 0, f"screen-{screen}", *channels]
    return seal("ticket", content, secret=secret or _secret(), expires_at=int(time.time()) + life)


def issue_to_citizen(channel: str, *, secret: str | None = None, life: int = LIFE) -> str:
    """Return the ticket of a citizen who has shown the key of his talk: he hears this talk alone.

    Raises ValueError for any other channel.
    """
    if not (is_channel(channel) and channel.startswith("talk:")):
        raise ValueError(f"not a talk: {channel}")
    content = [NOBODY, 0, "citizen", channel]
    return seal("ticket", content, secret=secret or _secret(), expires_at=int(time.time()) + life)


def prefixes_of(employee: Employee) -> list[str]:
    """What she hears by her place: her own news always; her organisation's, if she may see the journal; its board."""
    from opora.access.rights import Right

    heard = [f"emp:{employee.pk}"]
    if employee.assignment is not None and employee.holds(Right.APPEALS_VIEW):
        heard.append(f"org:{employee.assignment.organisation_id}")
    if employee.assignment is not None and employee.holds(Right.APPEALS_SUPERVISE):
        heard.append(board_of(employee.scope))
    return heard


def name(employee: Employee, channel: str, *, secret: str | None = None, life: int = SHIFT) -> str:
    """Return the sealed name of one card's channel, for a page that has found the card ``accessible_to`` her."""
    if not is_sealed(channel):
        raise ValueError(f"{channel} is heard by place, not by a sealed name")
    return seal("channel", [employee.pk, channel], secret=secret or _secret(), expires_at=int(time.time()) + life)


def read(word: str, *, secret: str, now: float | None = None) -> Ticket:
    """Return what a ticket says. Raises SealBroken."""
    expires_at, employee, assignment, session, *prefixes = unseal("ticket", word, secret=secret, now=now)
    return Ticket(expires_at, employee, assignment, session, tuple(prefixes))


def channel_of(asked: str, ticket: Ticket, *, secret: str, now: float | None = None) -> str | None:
    """Return the channel a page asks for, plain or sealed; None if these ears may not hear it."""
    if is_channel(asked):
        return asked if ticket.hears(asked) else None
    try:
        _, employee, channel = unseal("channel", asked, secret=secret, now=now)
    except (SealBroken, ValueError):
        return None
    return str(channel) if employee == ticket.employee else None


def subject(sealed: str, employee: Employee) -> str:
    """Return the channel of a sealed name given to her. Raises SealBroken."""
    _, holder, channel = unseal("channel", sealed, secret=_secret())
    if holder != employee.pk:
        raise SealBroken("another employee's")
    return str(channel)


def _secret() -> str:
    from django.conf import settings

    return str(settings.SECRET_KEY)
