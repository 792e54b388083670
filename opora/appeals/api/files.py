"""Files of an appeal: attached with the checks of the card, listed and read by rights and depth."""

from typing import Annotated, Any
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, HttpRequest
from ninja import File as FileParam
from ninja import Schema, UploadedFile
from ninja.responses import Status

from opora.access.api import answers
from opora.access.rights import Right
from opora.appeals import services
from opora.appeals.api import schemas
from opora.appeals.api.commands import REFUSALS
from opora.appeals.api.common import Number, found, router
from opora.appeals.errors import NotFound
from opora.appeals.models import File
from opora.appeals.words import Depth
from opora.audit.services import record
from opora.partners.repeats import fingerprint, once
from opora.shared.api import BYTES

ADDED: dict[int, type[Schema]] = {201: schemas.FileOut, **REFUSALS}


@router.post("/appeals/{number}/files", response=ADDED, summary="Приложить файл")
@answers(Right.APPEALS_HANDLE)
def attachment(request: HttpRequest, number: Number, file: Annotated[UploadedFile, FileParam()]) -> Status:
    """multipart/form-data, поле ``file``. Вид файла узнаём по содержанию: pdf, docx, xlsx, jpg, png, tiff, txt, eml."""
    caller: Any = request.auth  # type: ignore[attr-defined]
    name, content = str(file.name or ""), file.read(settings.FILE_LIMIT + 1)

    def act() -> tuple[int, Schema]:
        appeal = found(number, caller, Depth.TEXT)
        return 201, _out(services.add_file(appeal.pk, name=name, content=content, by=caller))

    return once(request, act, sent=fingerprint(name, content))


@router.get("/appeals/{number}/files", response={200: list[schemas.FileOut], **REFUSALS}, summary="Файлы обращения")
@answers(Right.APPEALS_VIEW)
def attachments(request: HttpRequest, number: Number) -> list[schemas.FileOut]:
    """Те, что вашей организации можно видеть. Содержание — отдельным запросом."""
    caller: Any = request.auth  # type: ignore[attr-defined]
    appeal = found(number, caller, Depth.TEXT)
    record("appeals.read", ("appeals.appeal", str(appeal.pk)), by=caller, purpose=caller.purpose)
    rows = File.objects.filter(appeal=appeal, removed_at=None)
    return [_out(row) for row in rows.order_by("added_at", "pk") if _is_seen(row, caller)]


@router.get(
    "/appeals/{number}/files/{file}/content", response=REFUSALS, openapi_extra=BYTES, summary="Содержание файла"
)
@answers(Right.APPEALS_VIEW)
def attachment_content(request: HttpRequest, number: Number, file: UUID) -> FileResponse:
    """Байты файла. Чтение остаётся в журнале доступа."""
    caller: Any = request.auth  # type: ignore[attr-defined]
    appeal = found(number, caller, Depth.TEXT)
    if not File.objects.filter(pk=file, appeal=appeal).exists():
        raise NotFound("Такого файла нет.")
    kept, stream = services.read_file(file, by=caller, purpose=caller.purpose)
    answer = FileResponse(stream, as_attachment=True, filename=kept.name, content_type="application/octet-stream")
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _is_seen(row: File, caller: Any) -> bool:
    """Row security has said so already; this is the first belt."""
    from opora.appeals.models import Appeal

    return Appeal.objects.within(caller.scope, Depth(row.depth)).filter(pk=row.appeal_id).exists()


def _out(row: File) -> schemas.FileOut:
    return schemas.FileOut(
        id=row.pk, name=row.name, media_type=row.media_type, size=row.size, sha256=row.sha256, added_at=row.added_at
    )
