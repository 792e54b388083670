"""Lists for the post: letters are put into one, get their track numbers, are handed over together."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from opora.appeals.actor import actor_of
from opora.mailroom import rules
from opora.mailroom.errors import MailroomError, NoSuchPaper, NothingChosen, NotWaiting, TracksUnread
from opora.mailroom.models import Outgoing, PostList
from opora.mailroom.services._paper import check_right, locked_outgoing, next_number, save, tell
from opora.mailroom.words import Category, EventKind, Numbered, OutState

if TYPE_CHECKING:
    from opora.organisations.models import Employee

MOST = 500  # letters of one list


@transaction.atomic
def make_list(letters: Collection[UUID], *, category: str = Category.REGISTERED, by: Employee) -> PostList:
    """Put letters that wait into a new list. All or none: raises NothingChosen, NotWaiting, MailroomError."""
    check_right(by)
    actor, now = actor_of(by), timezone.now()
    today = actor.local(now).date()
    if category not in Category.values:
        raise MailroomError("Выберите, как отправляем: простые или заказные.")
    own = Outgoing.objects.accessible_to(by).filter(pk__in=list(letters)[:MOST], organisation=actor.organisation)
    found = list(own.select_for_update(of=("self",)).order_by("picked_at", "pk"))
    if not found:
        raise NothingChosen
    if len(found) < len(set(letters)) or any(one.state != OutState.WAITING for one in found):
        raise NotWaiting("Часть писем уже ушла дальше. Обновите страницу и отметьте снова.")
    if bare := [one for one in found if not one.is_ready]:
        raise MailroomError(f"Без адреса в список не включить: {', '.join(str(one) for one in bare[:5])}.")
    place = next_number(actor.organisation, Numbered.LIST, today.year)
    made = PostList.objects.create(
        territory=actor.territory,
        organisation=actor.organisation,
        number=rules.number(actor.organisation.code, Numbered.LIST, today.year, place),
        on=today,
        category=category,
        made_by=by,
    )
    for number, letter in enumerate(found, start=1):
        save(letter, state=OutState.LISTED, post_list=made, place=number)
        tell(letter, EventKind.LISTED, by=by, list=made.number)
    return made


@transaction.atomic
def take_off(outgoing_id: UUID, *, version: int | None = None, by: Employee) -> Outgoing:
    """Take a letter off a list that has not left yet; it waits again. Raises NotWaiting."""
    letter = locked_outgoing(outgoing_id, by=by, version=version)
    if letter.state != OutState.LISTED or letter.post_list is None:
        raise NotWaiting
    told = letter.post_list.number
    save(letter, state=OutState.WAITING, post_list=None, place=None, track="")
    tell(letter, EventKind.UNLISTED, by=by, list=told)
    return letter


@transaction.atomic
def set_track(outgoing_id: UUID, *, track: str, version: int | None = None, by: Employee) -> Outgoing:
    """Write down the track number of a letter in a list. Raises TracksUnread, NotWaiting."""
    letter = locked_outgoing(outgoing_id, by=by, version=version)
    if letter.state not in {OutState.LISTED, OutState.SENT}:
        raise NotWaiting
    number = rules.track(track)
    if not number:
        raise TracksUnread("Трек-номер — 14 цифр или 13 знаков вида RA123456789RU.", field="track")
    _free([number], besides={letter.pk}, by=by)
    save(letter, track=number)
    tell(letter, EventKind.TRACKED, by=by)
    return letter


@transaction.atomic
def add_tracks(list_id: UUID, *, text: str, by: Employee) -> int:
    """Write down pasted track numbers: a line names a letter by its number, or they follow the order of the list.

    All or none; returns how many. Raises TracksUnread naming the lines.
    """
    post_list = _locked_list(list_id, by=by)
    letters = list(post_list.items.select_for_update(of=("self",)).order_by("place"))
    lines, bare = rules.pasted(text)
    if bare:
        raise TracksUnread(f"Нет трек-номера в строках: {', '.join(map(str, bare[:10]))}.", field="text")
    if not lines:
        raise TracksUnread("Вставьте трек-номера: по одному в строке.", field="text")
    tracks = [line.track for line in lines]
    if len(set(tracks)) < len(tracks):
        raise TracksUnread("Один трек-номер записан дважды.", field="text")
    given = _matched(letters, lines)
    _free(tracks, besides={letter.pk for letter in given}, by=by)
    for letter, track in given.items():
        if letter.track != track:
            save(letter, track=track)
            tell(letter, EventKind.TRACKED, by=by)
    return len(given)


@transaction.atomic
def hand_over(list_id: UUID, *, on: date | None = None, by: Employee) -> PostList:
    """Say that the post has taken a list. Raises NotWaiting, MailroomError."""
    post_list = _locked_list(list_id, by=by)
    today = actor_of(by).local(timezone.now()).date()
    on = on or today
    if post_list.sent_on is not None:
        raise NotWaiting("Этот список уже сдан.")
    if not post_list.on <= on <= today:
        raise MailroomError("Список сдают не раньше, чем составили, и не в будущем.", field="on")
    letters = list(post_list.items.select_for_update(of=("self",)).order_by("place"))
    if not letters:
        raise MailroomError("В списке нет писем.")
    PostList.objects.filter(pk=post_list.pk).update(sent_on=on)
    post_list.sent_on = on
    for letter in letters:
        save(letter, state=OutState.SENT, sent_on=on)
        tell(letter, EventKind.SENT, by=by, list=post_list.number)
    return post_list


def _matched(letters: list[Outgoing], lines: list[rules.Pasted]) -> dict[Outgoing, str]:
    by_number = {rules.outside_key(letter.number): letter for letter in letters if letter.number}
    in_order = iter([letter for letter in letters if not letter.track])
    given: dict[Outgoing, str] = {}
    strangers: list[int] = []
    for line in lines:
        letter = by_number.get(rules.outside_key(line.whose)) if line.whose else next(in_order, None)
        if letter is None or letter in given:
            strangers.append(line.row)
        else:
            given[letter] = line.track
    if strangers:
        raise TracksUnread(f"Не нашли письма для строк: {', '.join(map(str, strangers[:10]))}.", field="text")
    return given


def _free(tracks: list[str], *, besides: set[UUID], by: Employee) -> None:
    taken = Outgoing.objects.accessible_to(by).filter(track__in=tracks).exclude(pk__in=besides).first()
    if taken is not None:
        raise TracksUnread(f"Трек-номер {taken.track} уже записан у письма {taken}.", field="text")


def _locked_list(list_id: UUID, *, by: Employee) -> PostList:
    check_right(by)
    found = PostList.objects.accessible_to(by).select_for_update(of=("self",)).filter(pk=list_id).first()
    if found is None:
        raise NoSuchPaper("Такого списка нет.")
    return found
