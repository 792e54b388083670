"""Loading a version of a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from opora.classifiers import queries
from opora.classifiers.differences import Difference, between, between_lists
from opora.classifiers.errors import ClassifierRefused, VersionTaken
from opora.classifiers.events import edition_loaded
from opora.classifiers.models import Edition, Mapping, Topic
from opora.classifiers.packs import TOPICS, ClassifierFile, read_file, shipped
from opora.classifiers.tables import generations

SAID = 5


@dataclass(frozen=True, slots=True)
class Preview:
    """What loading a file would do. ``known`` is the edition when the same file is there already."""

    file: ClassifierFile
    before: Edition | None
    differences: list[Difference]
    known: Edition | None = None


@dataclass(frozen=True, slots=True)
class Loaded:
    edition: Edition
    is_new: bool
    before: Edition | None
    differences: list[Difference]


def preview_edition(file: ClassifierFile) -> Preview:
    """Check a file against what is loaded and say what would change; nothing is stored.

    Raises VersionTaken when the version holds other content, ClassifierRefused when topics vanish without a successor
    or a partner's list names topics that do not exist.
    """
    known = Edition.objects.filter(code=file.code, territory=file.territory, version=file.version).first()
    if known is not None:
        if known.sha256 != file.sha256:
            raise VersionTaken(
                f"«{known.title}» версии {known.version} уже загружен с другим содержимым. "
                "Дайте новой редакции новую версию."
            )
        return Preview(file, None, [], known)
    before = _before(file)
    if file.kind == TOPICS:
        _refuse_vanishing(file, before)
        old = queries.topics_of(before) if before else ()
        return Preview(file, before, between(old, file.topics, file.moved) if before else [])
    _refuse_strangers(file)
    pairs = Mapping.objects.filter(edition=before) if before else Mapping.objects.none()
    return Preview(file, before, between_lists(pairs, file.pairs) if before else [])


@transaction.atomic
def load_edition(file: ClassifierFile, *, by: Any = None) -> Loaded:
    """Store a version; the same file again changes nothing. Raises what ``preview_edition`` raises.

    ``by`` is the employee who sent the file, None for the program. Rooms above hear ``edition_loaded`` in the same
    transaction.
    """
    seen = preview_edition(file)
    if seen.known is not None:
        return Loaded(seen.known, is_new=False, before=None, differences=[])
    fields = ("code", "territory", "version", "since", "until", "title", "source", "moved", "sha256")
    edition = Edition.objects.create(**{name: getattr(file, name) for name in fields})
    Topic.objects.bulk_create(
        Topic(
            edition=edition,
            code=line.code,
            parent=line.parent,
            title=line.title,
            kinds=list(line.kinds),
            is_typical=line.is_typical,
            flags=list(line.flags),
            rows=line.rows,
            words=line.words,
            position=place,
        )
        for place, line in enumerate(file.topics, start=1)
    )
    Mapping.objects.bulk_create(
        Mapping(
            edition=edition,
            system=file.system,
            of=pair.of,
            ours=pair.ours,
            theirs=pair.theirs,
            is_main_ours=pair.is_main_ours,
            is_main_theirs=pair.is_main_theirs,
        )
        for pair in file.pairs
    )
    edition_loaded.send(sender=Edition, edition=edition, differences=seen.differences, by=by)
    return Loaded(edition, is_new=True, before=seen.before, differences=seen.differences)


def load_shipped_editions(**_: Any) -> None:
    """Load the classifiers that come with the program; those already there stay as they are."""
    for path in shipped():
        load_edition(read_file(path))


def _before(file: ClassifierFile) -> Edition | None:
    """The version this one follows: the latest that begins no later, the territory's own before the country's."""
    found = Edition.objects.filter(code=file.code, territory__in=["", file.territory], since__lte=file.since)
    return found.order_by("-territory", "-since", "-loaded_at", "-pk").first()


def _refuse_vanishing(file: ClassifierFile, before: Edition | None) -> None:
    """A topic that is gone says where it went, or old appeals would fall out of new reports."""
    if before is None:
        return
    codes = {line.code for line in file.topics}
    lost = [topic for topic in queries.topics_of(before) if topic.code not in codes and topic.code not in file.moved]
    if lost:
        named = ", ".join(f"«{topic.code} {topic.title}»" for topic in lost[:SAID])
        raise ClassifierRefused(
            f"{file.name}, moved: в версии {before.version} есть темы, которых здесь нет: {named}. "
            "Напишите в moved, куда перешла каждая: иначе старые обращения выпадут из отчётов."
        )
    known = {generation for topic in queries.topics_of(before) for generation in topic.rows}
    silent = known - {generation for line in file.topics for generation in line.rows}
    if silent & set(generations()):
        raise ClassifierRefused(f"{file.name}, topics: не сказано ни одной строки таблицы «{min(silent)}»")


def _refuse_strangers(file: ClassifierFile) -> None:
    """A partner's list names topics of some loaded edition."""
    named = {pair.ours.partition("+")[0]: pair for pair in file.pairs if pair.of.partition(":")[0] == "topic"}
    known = set(Topic.objects.filter(code__in=named).values_list("code", flat=True))
    if strange := sorted(set(named) - known):
        raise ClassifierRefused(
            f"{file.name}, lists.{named[strange[0]].of}: темы «{strange[0]}» нет ни в одной версии классификатора"
        )
