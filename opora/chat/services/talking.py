"""What a citizen does: he writes, reads, comes back. He is known by the key of his browser and by nothing else."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Greatest, Least
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.chat import news, queries, rules
from opora.chat.errors import ChatShut, NoKey, NoSuchTalk, TalkClosed, TalkTooLong, TooFast, TooManyFiles, TooManyTalks
from opora.chat.models import Line, LineFile, Place, Talk
from opora.chat.services._writing import Kept, NewLine, known, prepare, tell_event, write
from opora.chat.words import Author
from opora.shared import phones

SYSTEM = Scope.system("a citizen has no account: the key of his browser opens his own talk and nothing else")
MINUTE = timedelta(minutes=1)
SEEN_EACH = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Said:
    """What became of a line. ``is_new`` False — it was there already."""

    talk: Talk
    line: Line
    is_new: bool


def say(place: Place, key: str, line: NewLine, *, address: str, name: str = "", phone: str = "") -> Said:
    """Write a citizen's line; the first one with a key opens the talk of this key.

    Committed when it returns, unless the caller has a transaction of his own. Raises NoKey, ChatShut, TalkClosed,
    TooFast, TooManyTalks, TalkTooLong, TooManyFiles, WordsNeeded, LineTooLong, FileRefused.
    """
    marked = hash_of(rules.key_of(key))
    with enter(SYSTEM):
        found = Talk.objects.filter(key_hash=marked, place=place).first()
        if found is not None and (there := known(found, line.client_id)) is not None:
            return Said(found, there, False)
        _check_before(place, found, line, address)
    kept = prepare(line)
    with enter(SYSTEM):
        talk = _locked(place, marked) or _open(place, marked, address, name, phone)
        if (there := known(talk, line.client_id)) is not None:
            return Said(talk, there, False)
        if not talk.is_open:
            raise TalkClosed
        now = timezone.now()
        _check_pace(talk, kept, now)
        is_first = talk.last == 0
        written = write(talk, kept, Author.CITIZEN, at=now)
        talk.seen_at = now
        if is_first:
            _say_hours(talk, now)
        talk.save(update_fields=["last", "last_at", "seen_at"])
        news.tell_line(talk)
        return Said(talk, written, True)


def talk_of(place: Place, key: str) -> Talk:
    """Return the talk a key opens, within a scope of the caller. Raises NoKey, NoSuchTalk."""
    found = Talk.objects.select_related("owner").filter(key_hash=hash_of(rules.key_of(key)), place=place).first()
    if found is None:
        raise NoSuchTalk
    return found


def touch(talk: Talk) -> None:
    """Note that he is there, not oftener than a page asks by itself."""
    now = timezone.now()
    if now - talk.seen_at > SEEN_EACH:
        Talk.objects.filter(pk=talk.pk, seen_at__lt=now - SEEN_EACH).update(seen_at=now)


def citizen_read(talk: Talk, number: int) -> None:
    """He has read so far; a smaller number than before changes nothing."""
    if number <= talk.citizen_read:
        return
    Talk.objects.filter(pk=talk.pk).update(citizen_read=Greatest(F("citizen_read"), Least(number, F("last"))))
    news.tell_read(talk)


def typing(talk: Talk, author: Author) -> None:
    """Somebody is typing: nothing is stored."""
    if talk.is_open:
        news.tell_typing(talk, author)


def hash_of(key: str) -> str:
    return sha256(f"chat:{key}".encode()).hexdigest()


def mark_of(address: str) -> str:
    """Return the keyed hash of an address: 32 hexadecimal digits."""
    return hmac.new(settings.SECRET_KEY.encode(), f"chat:{address}".encode(), sha256).hexdigest()[:32]


def _check_before(place: Place, talk: Talk | None, line: NewLine, address: str) -> None:
    """Refuse what can be refused before the bytes of files are looked at and without a lock."""
    if line.files:
        _check_files_of(talk.address_mark if talk else mark_of(address), len(line.files))
    if talk is None:
        if not place.is_active:
            raise ChatShut
        recent = Talk.objects.filter(address_mark=mark_of(address), opened_at__gt=timezone.now() - rules.TALKS_WITHIN)
        if recent[: rules.MOST_TALKS].count() >= rules.MOST_TALKS:
            raise TooManyTalks
        return
    if not talk.is_open:
        raise TalkClosed
    if line.files and LineFile.objects.filter(line__talk=talk).count() + len(line.files) > rules.MOST_FILES:
        raise TooManyFiles


def _check_files_of(address_mark: str, more: int) -> None:
    """One address fills no disk by many talks."""
    came = LineFile.objects.filter(line__talk__address_mark=address_mark, line__author=Author.CITIZEN)
    recent = came.filter(line__at__gt=timezone.now() - rules.FILES_WITHIN)
    if recent[: rules.MOST_FILES_OF_ADDRESS].count() + more > rules.MOST_FILES_OF_ADDRESS:
        raise TooManyFiles("С вашего адреса пришло уже много файлов. Подождите час или пришлите их письмом.")


def _locked(place: Place, marked: str) -> Talk | None:
    return Talk.objects.select_for_update(of=("self",)).filter(key_hash=marked, place=place).first()


def _open(place: Place, marked: str, address: str, name: str, phone: str) -> Talk:
    """Open a talk; of two first lines at once the second finds the talk of the first. Raises NoKey."""
    now = timezone.now()
    try:
        with transaction.atomic():
            return Talk.objects.create(
                organisation_id=place.organisation_id,
                place=place,
                key_hash=marked,
                address_mark=mark_of(address),
                name=rules.one_line(name, rules.LONGEST_NAME),
                phone=phones.normalise(phone) or "",
                opened_at=now,
                waiting_since=now,
                last_at=now,
                seen_at=now,
            )
    except IntegrityError as fault:
        talk = _locked(place, marked)
        if talk is None:
            raise NoKey from fault
        return talk


def _check_pace(talk: Talk, kept: Kept, now: datetime) -> None:
    """Under the lock of the talk, so that many requests at once count each other."""
    if talk.last >= rules.MOST_LINES:
        raise TalkTooLong
    latest = Line.objects.filter(talk=talk, number__gt=talk.last - 3 * rules.MOST_A_MINUTE)
    if latest.filter(author=Author.CITIZEN, at__gt=now - MINUTE).count() >= rules.MOST_A_MINUTE:
        raise TooFast
    if kept.files and LineFile.objects.filter(line__talk=talk).count() + len(kept.files) > rules.MOST_FILES:
        raise TooManyFiles


def _say_hours(talk: Talk, now: datetime) -> None:
    """Outside of hours say at once when somebody will answer."""
    state = queries.hours_of(talk.place, now)
    if not state.is_open:
        tell_event(talk, "away", talk.place.away or state.away, at=now)
