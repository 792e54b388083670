"""Classifiers for programs of partners: the closed lists of the journal, topics with their rows, codes of exchanges."""

from datetime import date
from typing import Annotated, Any

from django.db.models import TextChoices
from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Query, Router, Schema
from ninja.responses import Status
from pydantic import Field

from opora.access.api import answers
from opora.access.rights import Right
from opora.classifiers import queries, words
from opora.classifiers.errors import NoEdition, NoSuchTopic
from opora.classifiers.models import Edition, Mapping, Topic
from opora.classifiers.packs import MAPPING
from opora.classifiers.rules import report_rows
from opora.classifiers.tables import generations
from opora.classifiers.words import Kind

router = Router(tags=["Классификаторы"])
LISTS: dict[str, type[TextChoices]] = {
    "kind": words.Kind,
    "form": words.Form,
    "channel": words.Channel,
    "origin": words.Origin,
    "standing": words.Standing,
    "line": words.Line,
    "verdict": words.Verdict,
    "outcome": words.Outcome,
    "responsible": words.Responsible,
    "outside": words.Outside,
    "flag": words.Flag,
}
On = Annotated[date | None, Query(description="День, на который нужен классификатор; без него — сегодня")]
Code = Annotated[str, Path(max_length=14, description="Код темы", examples=["5.10"])]
System = Annotated[str, Path(max_length=20, description="Система партнёра", examples=["hmao"])]


class Word(Schema):
    code: str = Field(examples=["complaint"])
    title: str = Field(examples=["Жалоба"])


class ListOut(Schema):
    """One closed list. Codes never change their meaning."""

    name: str = Field(examples=["kind"])
    title: str = Field(examples=["Вид обращения"])
    words: list[Word]


class TopicOut(Schema):
    """A topic. ``rows`` are rows of forms by generation and kind, the flags of the topic already counted in."""

    code: str = Field(examples=["5.10"])
    parent: str = Field(examples=["5"])
    title: str = Field(examples=["Чистота и состояние помещений"])
    kinds: list[str] = Field(examples=[["consultation", "complaint"]])
    is_typical: bool
    flags: list[str]
    rows: dict[str, dict[str, str]] = Field(examples=[{"pg-b": {"consultation": "4.5", "complaint": "3.5"}}])


class EditionOut(Schema):
    version: str = Field(examples=["3"])
    title: str
    since: date
    until: date | None
    moved: dict[str, str] = Field(description="Куда перешли темы прошлых версий", examples=[{"5.21": "6.2"}])


class TopicsOut(Schema):
    edition: EditionOut
    topics: list[TopicOut]


class PairOut(Schema):
    """Our word and theirs. ``reads``: this is how their code is read; ``writes``: this is how ours is written."""

    of: str = Field(examples=["channel"])
    ours: str = Field(examples=["hot_line"])
    theirs: str = Field(examples=["1"])
    reads: bool
    writes: bool


class CodesOut(Schema):
    edition: EditionOut
    codes: list[PairOut]


class Refusal(Schema):
    code: str
    message: str


@router.get("/classifiers/words", response=list[ListOut], summary="Закрытые списки журнала")
@answers(Right.CLASSIFIERS_VIEW)
def vocabularies(request: HttpRequest) -> list[ListOut]:
    """Вид, форма, способ, источник, линия, исход и остальные списки, которыми говорит журнал."""
    return [
        ListOut(
            name=name,
            title=(found.__doc__ or "").partition(":")[0].partition(".")[0],
            words=[Word(code=code, title=title) for code, title in found.choices],
        )
        for name, found in LISTS.items()
    ]


@router.get("/classifiers/topics", response={200: TopicsOut, 404: Refusal}, summary="Темы обращений")
@answers(Right.CLASSIFIERS_VIEW)
def topics(
    request: HttpRequest,
    on: On = None,
    kind: Kind | None = None,
    q: Annotated[str, Query(max_length=200, description="Слова вопроса, код или строка формы")] = "",
) -> Any:
    """Темы версии, которая действует в этот день. Со словами — только подходящие, лучшие первыми."""
    try:
        edition = queries.current_edition(_territory(request), on or timezone.localdate())
    except NoEdition as refusal:
        return _absent(refusal)
    found = queries.find_in(edition, q, kind, limit=50) if q.strip() else queries.topics_of(edition)
    return TopicsOut(edition=_edition(edition), topics=[_topic(t) for t in found if kind is None or kind in t.kinds])


@router.get("/classifiers/topics/{code}", response={200: TopicOut, 404: Refusal}, summary="Одна тема")
@answers(Right.CLASSIFIERS_VIEW)
def topic(request: HttpRequest, code: Code, on: On = None) -> Any:
    """Тема по коду в версии, которая действует в этот день."""
    try:
        return _topic(queries.topic_for(code, _territory(request), on or timezone.localdate()))
    except (NoEdition, NoSuchTopic) as refusal:
        return _absent(refusal)


@router.get("/classifiers/codes/{system}", response={200: CodesOut, 404: Refusal}, summary="Коды системы партнёра")
@answers(Right.CLASSIFIERS_VIEW)
def codes(request: HttpRequest, system: System, on: On = None) -> Any:
    """Как партнёр называет наши слова: оба направления."""
    try:
        edition = queries.current_edition("", on or timezone.localdate(), f"{MAPPING}-{system}")
    except NoEdition as refusal:
        return _absent(refusal)
    pairs = Mapping.objects.filter(edition=edition).order_by("pk")
    return CodesOut(
        edition=_edition(edition),
        codes=[
            PairOut(of=pair.of, ours=pair.ours, theirs=pair.theirs, reads=pair.is_main_ours, writes=pair.is_main_theirs)
            for pair in pairs
        ],
    )


def _territory(request: HttpRequest) -> str:
    return str(request.auth.partner.organisation.territory_id)  # type: ignore[attr-defined]


def _edition(edition: Edition) -> EditionOut:
    return EditionOut(
        version=edition.version,
        title=edition.title,
        since=edition.since,
        until=edition.until,
        moved=edition.moved,
    )


def _topic(topic: Topic) -> TopicOut:
    rows = {
        generation: {
            kind: found[0] for kind in topic.kinds if (found := report_rows(topic.rows, kind, topic.flags, generation))
        }
        for generation in generations()
    }
    return TopicOut(
        code=topic.code,
        parent=topic.parent,
        title=topic.title,
        kinds=topic.kinds,
        is_typical=topic.is_typical,
        flags=topic.flags,
        rows={generation: by_kind for generation, by_kind in rows.items() if by_kind},
    )


def _absent(refusal: NoEdition | NoSuchTopic) -> Status:
    return Status(404, Refusal(code=refusal.code, message=refusal.sentence))
