"""Files of the exchange for programs of partners: brought, checked in the background, answered with a protocol."""

from datetime import datetime
from typing import Annotated, Any

from django.http import FileResponse, HttpRequest
from django.urls import reverse
from ninja import File, Form, Path, Query, Router, Schema, UploadedFile
from ninja.responses import Status
from pydantic import Field

from opora.access.api import answers
from opora.access.rights import Right
from opora.appeals.api.schemas import Problem
from opora.audit.services import record
from opora.exchange import vault
from opora.exchange.errors import ExchangeRefused, NoSuchParcel
from opora.exchange.findings import Severity
from opora.exchange.folders import SENDERS
from opora.exchange.forms import LARGEST
from opora.exchange.models import Parcel, ParcelFinding
from opora.exchange.models.parcel import Direction, State, Way
from opora.exchange.parcels import Coming, again, receive
from opora.exchange.views.taking import queued
from opora.partners.repeats import fingerprint, once
from opora.shared.api import BYTES

router = Router(tags=["Обмен файлами"])
REFUSALS: dict[int, type[Schema]] = dict.fromkeys((401, 403, 404, 409, 422, 429), Problem)
Number = Annotated[int, Path(ge=1, le=2**63 - 1, description="Поле id файла", examples=[128])]


class ParcelOut(Schema):
    """A file of the exchange. ``protocol`` is there when the format answers and the file was not only tried."""

    id: int
    name: str = Field(examples=["G1R_0526290001.xml"])
    format: str = Field(description="Пусто, пока файл не прочитан", examples=["g1r-journal-xml"])
    state: State
    check_only: bool
    version: int = Field(description="Какой по счёту файл с этим именем и другим содержанием")
    size: int
    received_at: datetime
    finished_at: datetime | None
    records: int
    accepted: int
    rejected: int
    warned: int
    refusal: str = Field(description="Почему не принят, первая ошибка")
    findings: str = Field(description="Где все замечания", examples=["/api/v1/exchange/files/128/findings"])
    protocol: str | None = Field(description="Где ответ ФЛК, если он есть")


class FindingOut(Schema):
    """One remark of the controls. ``place`` is the number of the record in the file, null — the whole file."""

    place: int | None
    record: str
    field: str = Field(examples=["DATA_PLAN"])
    severity: Severity
    code: str = Field(examples=["41"])
    message: str


class FindingsOut(Schema):
    """A page of remarks; ``next`` is for the parameter ``after``."""

    findings: list[FindingOut]
    next: int | None


BROUGHT: dict[int, type[Schema]] = {202: ParcelOut, **REFUSALS}


@router.post("/exchange/files", response=BROUGHT, summary="Передать файл партнёра")
@answers(Right.EXCHANGE_IMPORT)
def files(
    request: HttpRequest,
    file: Annotated[UploadedFile, File()],
    check_only: Annotated[bool, Form(description="Только проверить: в журнале ничего не изменится")] = False,
) -> Status:
    """multipart/form-data, поле ``file``. Файл проверяется в фоне: спрашивайте его состояние по ``id``."""
    caller: Any = request.auth  # type: ignore[attr-defined]
    organisation = caller.partner.organisation
    if organisation.kind not in SENDERS:
        raise ExchangeRefused("Ваша организация файлами не обменивается.")
    if (file.size or 0) > LARGEST:
        raise ExchangeRefused(f"Файл больше {LARGEST >> 20} МБ.")
    name, content = vault.plain_name(str(file.name or "")), file.read()

    def act() -> tuple[int, Schema]:
        coming = Coming(organisation, name, Way.API, by=caller, is_trial=check_only)
        parcel = queued(receive([content], coming))
        record("exchange.receive", parcel, by=caller, purpose=caller.purpose, details={"size": len(content)})
        return 202, _out(parcel)

    return once(request, act, sent=fingerprint(name, content, check_only=check_only))


@router.get("/exchange/files/{number}", response={200: ParcelOut, **REFUSALS}, summary="Что стало с файлом")
@answers(Right.EXCHANGE_VIEW)
def file_state(request: HttpRequest, number: Number) -> ParcelOut:
    """Пока состояние ``waiting``, файл ещё проверяется: спросите снова через несколько секунд."""
    return _out(_own(request, number))


@router.get("/exchange/files/{number}/findings", response={200: FindingsOut, **REFUSALS}, summary="Замечания проверки")
@answers(Right.EXCHANGE_VIEW)
def findings(
    request: HttpRequest,
    number: Number,
    after: Annotated[int, Query(ge=-1, le=2**31 - 1, description="Поле next прошлого ответа")] = -1,
    size: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> FindingsOut:
    """Все замечания по порядку. В словах замечания может быть значение из вашего файла."""
    parcel = _own(request, number)
    rows = ParcelFinding.objects.filter(parcel=parcel.repeats or parcel, position__gt=after).order_by("position")
    page = list(rows[: size + 1])
    names = ("place", "record", "field", "severity", "code", "message")
    shown = [FindingOut(**{name: getattr(row, name) for name in names}) for row in page[:size]]
    return FindingsOut(findings=shown, next=page[size - 1].position if len(page) > size else None)


@router.get(
    "/exchange/files/{number}/protocol", response=REFUSALS, openapi_extra=BYTES, summary="Ответ на файл (протокол ФЛК)"
)
@answers(Right.EXCHANGE_VIEW)
def protocol(request: HttpRequest, number: Number) -> FileResponse:
    """Тот же ответ, что ложится в папку out. Пока файл не обработан, ответа нет: 404."""
    caller: Any = request.auth  # type: ignore[attr-defined]
    parcel = _own(request, number)
    if not parcel.answer_sha256:
        raise NoSuchParcel("Ответа на этот файл нет: он ещё не обработан, только проверен или ответа не требует.")
    record("exchange.answer.read", parcel, by=caller, purpose=caller.purpose)
    stream = vault.found(parcel.answer_sha256).open("rb")
    return FileResponse(
        stream, as_attachment=True, filename=parcel.answer_name, content_type="application/octet-stream"
    )


@router.post("/exchange/files/{number}/acceptance", response=BROUGHT, summary="Принять проверенный файл")
@answers(Right.EXCHANGE_IMPORT)
def acceptance(request: HttpRequest, number: Number) -> Status:
    """Те же байты ещё раз, теперь в журнал. В ответе новый ``id``."""
    caller: Any = request.auth  # type: ignore[attr-defined]

    def act() -> tuple[int, Schema]:
        checked = _own(request, number)
        if checked.state != State.CHECKED:
            raise ExchangeRefused("Принять можно файл, который проверен и ещё не записан.")
        return 202, _out(queued(again(checked, by=caller)))

    return once(request, act)


def _own(request: HttpRequest, number: int) -> Parcel:
    """Return an incoming file of the caller's organisation. Raises NoSuchParcel."""
    partner = request.auth.partner  # type: ignore[attr-defined]
    mine = Parcel.objects.filter(organisation=partner.organisation, direction=Direction.IN)
    found = mine.select_related("repeats").filter(pk=number).first()
    if found is None:
        raise NoSuchParcel
    return found


def _out(parcel: Parcel) -> ParcelOut:
    counts = parcel.counts
    has_answer = bool(parcel.answer_sha256)
    place = {"number": parcel.pk}
    return ParcelOut(
        id=parcel.pk,
        check_only=parcel.is_trial,
        **{
            name: getattr(parcel, name)
            for name in ("name", "format", "state", "version", "size", "received_at", "finished_at", "refusal")
        },
        **{name: counts.get(name, 0) for name in ("records", "accepted", "rejected", "warned")},
        findings=reverse("api:findings", kwargs=place),
        protocol=reverse("api:protocol", kwargs=place) if has_answer else None,
    )
