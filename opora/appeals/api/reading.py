"""Reading: a list of one's own, a card as deep as the grant, its events and its clocks with the proof."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Schema

from opora.access.api import answers
from opora.access.rights import Right
from opora.appeals import terms
from opora.appeals.api import schemas
from opora.appeals.api.common import Number, found, router
from opora.appeals.models import Appeal, AppealText, Clock, Event, Grant, Party
from opora.appeals.services._clocks import pauses_of
from opora.appeals.words import Depth
from opora.audit.services import record
from opora.classifiers.words import Kind
from opora.deadlines.errors import NoSuchTerm
from opora.deadlines.explanation import explain
from opora.organisations.models import Organisation
from opora.shared import phones
from opora.shared.pages import keyset

REFUSALS: dict[int, type[Schema]] = dict.fromkeys((401, 403, 404, 422, 429), schemas.Problem)
MOST = 200
After = Annotated[str, Query(max_length=2000, description="Метка из поля next")]


@router.get("/appeals", response={200: schemas.AppealsOut, **REFUSALS}, summary="Свои обращения, новые первыми")
@answers(Right.APPEALS_VIEW)
def appeals(
    request: HttpRequest,
    kind: Annotated[Kind | None, Query()] = None,
    is_open: Annotated[bool | None, Query(description="true — открытые, false — закрытые")] = None,
    after: After = "",
    size: Annotated[int, Query(ge=1, le=MOST)] = 50,
) -> schemas.AppealsOut:
    """Страницы по ключу: сотая стоит столько же, сколько первая. По человеку ищет POST /appeals/search."""
    caller: Any = request.auth  # type: ignore[attr-defined]
    rows = Grant.objects.within(caller.scope).of_depth(caller.scope, Depth.STAGE)
    if kind is not None:
        rows = rows.filter(kind=kind)
    if is_open is not None:
        rows = rows.filter(closed_at__isnull=is_open)
    page = keyset(rows.select_related("appeal"), order=("-registered_at", "-appeal", "-pk"), after=after, size=size)
    return schemas.AppealsOut(appeals=[_brief(row.appeal) for row in page.rows], next=page.next)


class SearchIn(schemas.Strict):
    """One of: number, phone, ЕНП. They stand in the body, because addresses stay in logs."""

    number: schemas.Short = ""
    phone: schemas.Short = ""
    enp: schemas.Short = ""


@router.post("/appeals/search", response={200: schemas.AppealsOut, **REFUSALS}, summary="Найти обращения человека")
@answers(Right.APPEALS_VIEW)
def search(request: HttpRequest, wanted: SearchIn) -> schemas.AppealsOut:
    """До 200 новых обращений по номеру обращения, телефону или ЕНП. Поиск остаётся в журнале доступа."""
    caller: Any = request.auth  # type: ignore[attr-defined]
    rows = Appeal.objects.within(caller.scope)
    phone = phones.normalise(wanted.phone) if wanted.phone else ""
    if wanted.number:
        rows = rows.filter(number=wanted.number)
    elif phone or wanted.enp:
        people = Party.objects.filter(phone=phone) if phone else Party.objects.filter(enp=wanted.enp)
        rows = rows.filter(pk__in=people.values("appeal"))
    else:
        rows = rows.none()
    shape = next((name for name in ("number", "phone", "enp") if getattr(wanted, name)), "")
    chosen = [_brief(row) for row in rows.order_by("-registered_at")[:MOST]]
    record("appeals.search", by=caller, purpose=caller.purpose, details={"by": shape, "found": len(chosen)})
    return schemas.AppealsOut(appeals=chosen, next=None)


@router.get("/appeals/{number}", response={200: schemas.AppealOut, **REFUSALS}, summary="Прочитать обращение")
@answers(Right.APPEALS_VIEW)
def appeal(request: HttpRequest, number: Number) -> schemas.AppealOut:
    """Текст и люди — если их можно видеть вашей организации. Чтение остаётся в журнале доступа."""
    caller: Any = request.auth  # type: ignore[attr-defined]
    row = found(number, caller, Depth.STAGE)
    record("appeals.read", ("appeals.appeal", str(row.pk)), by=caller, purpose=caller.purpose)
    grants = Grant.objects.within(caller.scope).filter(appeal=row)
    deep = {depth: grants.of_depth(caller.scope, depth).exists() for depth in (Depth.TEXT, Depth.PERSONAL)}
    people = Party.objects.filter(appeal=row).order_by("role") if deep[Depth.PERSONAL] else None
    text = AppealText.objects.filter(appeal=row).values_list("text", flat=True).first() if deep[Depth.TEXT] else None
    plain = (
        "id", "number", "version", "kind", "form", "channel", "origin", "flags", "stage", "line", "received_at",
        "registered_at", "due_on", "answered_at", "closed_at", "outcome", "verdict",
    )  # fmt: skip
    return schemas.AppealOut(
        **{name: getattr(row, name) for name in plain},
        topic=row.topic_code,
        handler=row.handler.code,
        text=text,
        parties=None if people is None else [_party(party) for party in people],
    )


@router.get("/appeals/{number}/events", response={200: list[schemas.EventOut], **REFUSALS}, summary="История")
@answers(Right.APPEALS_VIEW)
def events(request: HttpRequest, number: Number) -> list[schemas.EventOut]:
    """События по порядку; слова причин видны тем, кто видит текст."""
    caller: Any = request.auth  # type: ignore[attr-defined]
    row = found(number, caller, Depth.STAGE)
    record("appeals.read", ("appeals.appeal", str(row.pk)), by=caller, purpose=caller.purpose)
    names = ("at", "id", "kind", "line", "details", "text")
    rows = Event.objects.of(row).order_by("at", "id")
    return [schemas.EventOut(**{name: getattr(event, name) for name in names}) for event in rows]


@router.get("/appeals/{number}/clocks", response={200: list[schemas.ClockOut], **REFUSALS}, summary="Сроки")
@answers(Right.APPEALS_VIEW)
def clocks(request: HttpRequest, number: Number) -> list[schemas.ClockOut]:
    """Каждый срок с доказательством: основание, начало, посчитанные и пропущенные дни, версии закона и календаря."""
    caller: Any = request.auth  # type: ignore[attr-defined]
    row = found(number, caller, Depth.STAGE)
    return [_clock(clock) for clock in Clock.objects.filter(appeal=row)]


def _clock(clock: Clock) -> schemas.ClockOut:
    names = (
        "term", "title", "state", "started_on", "due_on", "is_main", "law_version", "calendar_version",
    )  # fmt: skip
    return schemas.ClockOut(**{name: getattr(clock, name) for name in names}, why=_why(clock))


def _why(clock: Clock) -> list[str]:
    try:
        proof = terms.recount(
            clock.term, clock.started_on, clock.territory, extension=clock.extension, pauses=pauses_of(clock)
        )
    except NoSuchTerm as unknown:
        return [unknown.sentence]
    return explain(proof)


def _brief(row: Appeal) -> schemas.AppealBrief:
    names = ("id", "number", "kind", "stage", "registered_at", "due_on", "closed_at")
    return schemas.AppealBrief(**{name: getattr(row, name) for name in names}, topic=row.topic_code)


def _party(party: Party) -> schemas.PartyOut:
    names = ("role", "person_id", "surname", "given_name", "patronymic", "birth_on", "enp", "phone")
    return schemas.PartyOut(**{name: getattr(party, name) for name in names})


def codes_of(ids: set[int]) -> dict[int, str]:
    """Return codes of organisations by their keys. One query."""
    return dict(Organisation.objects.filter(pk__in=ids).values_list("pk", "code"))
