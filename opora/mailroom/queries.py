"""Questions of the room: the book of letters, one letter, what leaves, what the desk should look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from opora.appeals.models import Appeal
from opora.mailroom import rules
from opora.mailroom.models import Incoming, Outgoing, Page, PaperEvent, PostList, Scan
from opora.mailroom.papers import Envelope, Item, ListPaper, Stamp
from opora.mailroom.words import OutState
from opora.organisations.models import Organisation
from opora.shared.sql import question

if TYPE_CHECKING:
    from opora.organisations.models import Employee

FOUND, LOOKED = 100, 2_000
MOST_WAITING = 500
_found = question(Path(__file__).parent / "sql", "found")


@dataclass(frozen=True, slots=True)
class Shown:
    """A letter as its page shows it. ``appeal`` None with ``letter.appeal_id`` — one that she does not see."""

    letter: Incoming
    scans: list[Scan]
    events: list[PaperEvent]
    appeal: Appeal | None
    alike: list[Incoming]


def letters(employee: Employee, *, state: str = "", day: date | None = None) -> QuerySet[Incoming]:
    found: QuerySet[Incoming] = Incoming.objects.accessible_to(employee).select_related("appeal", "registered_by")
    if state:
        found = found.filter(state=state)
    return found.filter(came_on=day) if day else found


def letter_of(incoming_id: UUID, employee: Employee) -> Incoming | None:
    found = Incoming.objects.accessible_to(employee).select_related("organisation", "registered_by")
    return found.filter(pk=incoming_id).first()


def shown(letter: Incoming, employee: Employee) -> Shown:
    """Read the page of a letter. At most five queries."""
    pages = Prefetch("read", Page.objects.order_by("number"))
    scans = list(Scan.objects.filter(incoming=letter).prefetch_related(pages))
    appeal = Appeal.objects.accessible_to(employee).filter(pk=letter.appeal_id).first() if letter.appeal_id else None
    key = letter.outside_key
    same = Incoming.objects.accessible_to(employee).filter(outside_key=key).exclude(pk=letter.pk)
    alike = list(same.order_by("-registered_at")[:5]) if key else []
    return Shown(letter, scans, list(PaperEvent.objects.filter(incoming=letter)), appeal, alike)


def search(text: str, employee: Employee) -> list[Incoming]:
    """Return letters by their number, the sender's, a track number, or words: of the sender, the subject, the scans.

    The newest first, no more than a hundred. Three queries.
    """
    plain = rules.line(text, 200)
    if not plain:
        return []
    rows = letters(employee).filter(forgotten_at=None)
    house = employee.scope.organisation
    houses = list(Organisation.objects.filter(Q(pk=house) | Q(parent=house)).values_list("pk", flat=True))
    by_words = [row.incoming_id for row in _found(text=plain, houses=houses, most=LOOKED)]
    named = Q(number__iendswith=plain) | Q(pk__in=by_words)
    if key := rules.outside_key(plain):
        named |= Q(outside_key=key)
    if track := rules.track(plain):
        named |= Q(track=track)
    return list(rows.filter(named).order_by("-registered_at", "-pk")[:FOUND])


def waiting(employee: Employee) -> list[Outgoing]:
    """Letters to send, the oldest first."""
    rows = Outgoing.objects.accessible_to(employee).waiting().select_related("appeal", "organisation")
    return list(rows.order_by("picked_at", "pk")[:MOST_WAITING])


def chosen(letters: list[UUID], employee: Employee) -> list[Outgoing]:
    """Return letters of hers among those, in the order they are listed."""
    rows = Outgoing.objects.accessible_to(employee).filter(pk__in=letters[:MOST_WAITING], forgotten_at=None)
    return list(rows.select_related("organisation").order_by("picked_at", "pk"))


def outgoing_of(outgoing_id: UUID, employee: Employee) -> Outgoing | None:
    rows = Outgoing.objects.accessible_to(employee).select_related("organisation", "appeal", "post_list")
    return rows.filter(pk=outgoing_id).first()


def leaving(employee: Employee, state: str) -> QuerySet[Outgoing]:
    rows: QuerySet[Outgoing] = Outgoing.objects.accessible_to(employee).select_related("appeal", "post_list")
    return rows.filter(state=state)


def lists(employee: Employee) -> QuerySet[PostList]:
    rows: QuerySet[PostList] = PostList.objects.accessible_to(employee).select_related("made_by")
    return rows.annotate(letters=Count("items"))


def list_of(list_id: UUID, employee: Employee) -> PostList | None:
    return PostList.objects.accessible_to(employee).select_related("organisation").filter(pk=list_id).first()


def items_of(post_list: PostList) -> list[Outgoing]:
    return list(post_list.items.select_related("appeal").order_by("place"))


def by_track(text: str, employee: Employee) -> list[Outgoing]:
    """Return letters that left by their track number or outgoing number."""
    rows = Outgoing.objects.accessible_to(employee).select_related("appeal", "post_list")
    number = rules.line(text, 50)
    track = rules.track(text)
    named = Q(number=number) if number else Q(pk=None)
    return list(rows.filter(named | Q(track=track) if track else named).order_by("-picked_at")[:FOUND])


def has_left_long_ago(employee: Employee, before: date) -> QuerySet[Outgoing]:
    return Outgoing.objects.accessible_to(employee).filter(state=OutState.SENT, sent_on__lt=before)


def stamp_of(letter: Incoming) -> Stamp:
    return Stamp(letter.organisation.name, letter.number, f"{letter.came_on:%d.%m.%Y}", letter.sheets)


def envelope_of(letter: Outgoing) -> Envelope:
    house = letter.organisation
    return Envelope(
        sender=_name(house),
        sender_address=house.address,
        sender_index=rules.index_of(house.address),
        addressee=letter.addressee,
        address=letter.address,
        index=rules.index_of(letter.address),
    )


def paper_of(post_list: PostList, items: list[Outgoing]) -> ListPaper:
    house = post_list.organisation
    return ListPaper(
        organisation=_name(house),
        address=house.address,
        number=post_list.number,
        on=f"{post_list.on:%d.%m.%Y}",
        category=_CATEGORIES[post_list.category],
        items=tuple(Item(one.number, one.addressee, one.address, one.track) for one in items),
    )


def _name(house: Organisation) -> str:
    return house.full_name or house.name


_CATEGORIES = {"simple": "Письма простые", "registered": "Письма заказные"}
