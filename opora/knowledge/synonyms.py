"""What else a thing is called: groups that came with the program and those of a territory, added and taken away."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from opora.audit.services import record
from opora.classifiers import naming
from opora.knowledge import errors
from opora.knowledge.models import SynonymChange, SynonymGroup
from opora.organisations.models import Employee
from opora.shared import lookup
from opora.shared.russian import STOP, stem, words

MOST_NAMES, LONGEST_NAME = 12, 60
Kind = SynonymChange.Kind


@dataclass(frozen=True, slots=True)
class Group:
    mark: str
    names: tuple[str, ...]
    is_shipped: bool
    is_removed: bool


def groups(territory: str) -> list[Group]:
    """Return the groups of a territory, its own first. One query."""
    rows = SynonymGroup.objects.filter(territory=territory)
    own = [Group(row.mark, tuple(row.names), row.is_shipped, row.removed_at is not None) for row in rows]
    known = {group.mark for group in own}
    shipped = [Group(mark_of(names), names, is_shipped=True, is_removed=False) for names in naming.pack().groups]
    return own + [group for group in shipped if group.mark not in known]


def acting(territory: str) -> lookup.Synonyms:
    """Return the names as a search takes them. One query."""
    found = groups(territory)
    if all(one.is_shipped and not one.is_removed for one in found):
        return naming.names()
    return lookup.synonyms(one.names for one in found if not one.is_removed)


def group(territory: str, mark: str) -> Group | None:
    return next((one for one in groups(territory) if one.mark == mark), None)


def history(territory: str, mark: str) -> list[SynonymChange]:
    rows = SynonymChange.objects.filter(group__territory=territory, group__mark=mark)
    return list(rows.select_related("by"))


def mark_of(names: Iterable[str]) -> str:
    """Return what tells a group: the same words in another order or with other endings are the same group."""
    said = sorted({" ".join(_stems(name)) for name in names})
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def names_of(text: str) -> tuple[str, ...]:
    """Return the names typed with commas or from new lines. Raises SynonymsTooFew with a sentence."""
    typed = [" ".join(part.split()).lower() for part in text.replace(";", ",").replace("\n", ",").split(",")]
    found = {" ".join(_stems(name)): name for name in reversed(typed) if _stems(name)}
    names = tuple(reversed(found.values()))
    if len(names) < 2:
        raise errors.SynonymsTooFew
    if len(names) > MOST_NAMES or any(len(name) > LONGEST_NAME for name in names):
        raise errors.SynonymsTooFew(f"Не больше {MOST_NAMES} названий, каждое до {LONGEST_NAME} знаков.")
    return names


@transaction.atomic
def add(names: Sequence[str], *, territory: str, by: Employee) -> SynonymGroup:
    """Let the names mean one thing in searches of a territory. Raises SynonymsTaken."""
    mark = mark_of(names)
    known = group(territory, mark)
    if known is not None and not known.is_removed:
        raise errors.SynonymsTaken
    if known is not None:
        return restore(territory, mark, by=by)
    row, is_new = SynonymGroup.objects.get_or_create(territory=territory, mark=mark, defaults={"names": list(names)})
    if not is_new:
        raise errors.SynonymsTaken
    return _told(row, Kind.ADDED, by)


@transaction.atomic
def remove(territory: str, mark: str, *, by: Employee) -> SynonymGroup:
    """Take a group out of searches; what is taken away already stays so. Raises LookupError for one nobody knows."""
    known = group(territory, mark)
    if known is None:
        raise LookupError(mark)
    SynonymGroup.objects.get_or_create(
        territory=territory, mark=mark, defaults={"names": list(known.names), "is_shipped": known.is_shipped}
    )
    row = SynonymGroup.objects.select_for_update().get(territory=territory, mark=mark)
    if row.removed_at is not None:
        return row
    row.removed_at = timezone.now()
    row.save(update_fields=["removed_at"])
    return _told(row, Kind.REMOVED, by)


@transaction.atomic
def restore(territory: str, mark: str, *, by: Employee) -> SynonymGroup:
    """Bring a group back. Raises SynonymGroup.DoesNotExist."""
    row = SynonymGroup.objects.select_for_update().get(territory=territory, mark=mark)
    if row.removed_at is None:
        return row
    row.removed_at = None
    row.save(update_fields=["removed_at"])
    return _told(row, Kind.RESTORED, by)


def _told(row: SynonymGroup, kind: Kind, by: Employee) -> SynonymGroup:
    SynonymChange.objects.create(group=row, kind=kind, by=by)
    record(f"knowledge.synonyms.{kind.value}", row, by=by, details={"names": row.names})
    return row


def _stems(name: str) -> list[str]:
    return [stem(word) for word in words(name) if word not in STOP]
