"""Letters to a clinic as files."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.audit.services import record
from opora.complaints import letters
from opora.complaints.models import Control, RecordsRequest
from opora.organisations.purposes import with_purpose
from opora.organisations.requests import StaffRequest
from opora.shared import documents


@require_safe
@never_cache
@needs(Right.COMPLAINTS_HANDLE)
@with_purpose
def request_letter(request: StaffRequest, pk: UUID, to: str) -> HttpResponse:
    """The request for documents as a letter; the reading is written down."""
    rows = RecordsRequest.objects.accessible_to(request.user).select_related(
        "case", "provider", "asked_from", "asked_by"
    )
    row = get_object_or_404(rows, pk=pk)
    return _file(request, row, letters.of_request(row), to, f"zapros-{row.number.replace('/', '-')}")


@require_safe
@never_cache
@needs(Right.COMPLAINTS_HANDLE)
@with_purpose
def act_letter(request: StaffRequest, pk: UUID, to: str) -> HttpResponse:
    """The cover letter of an act that was handed over."""
    rows = Control.objects.accessible_to(request.user).select_related("provider", "made_by", "assigned_by")
    row = get_object_or_404(rows.filter(handed_at__isnull=False), pk=pk)
    return _file(request, row, letters.of_act(row), to, f"akt-{row.act_number.replace('/', '-')}")


def _file(
    request: StaffRequest, row: RecordsRequest | Control, letter: documents.Letter, to: str, name: str
) -> HttpResponse:
    if to not in documents.TYPES:
        raise Http404
    record("complaints.letter.read", row, by=request.user, details={"format": to})
    answer = HttpResponse(documents.letter(letter, to), content_type=documents.TYPES[to])
    answer["Content-Disposition"] = content_disposition_header(True, f"{name}.{to}")
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
