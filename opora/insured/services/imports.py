"""A file that came through the page: kept, queued, loaded by the worker, thrown away."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.insured.importing.engine import Request, load, start
from opora.insured.importing.errors import ImportBusy, ImportRefused
from opora.insured.importing.profile import Profile, parse_profile
from opora.insured.importing.protocol import protocols
from opora.insured.models import ImportProfile, ImportRun
from opora.insured.models.importing import sentence_of
from opora.organisations.models import Employee, Organisation

if TYPE_CHECKING:
    from django.db.models import QuerySet

SENDERS = (Organisation.Kind.FUND, Organisation.Kind.INSURER, Organisation.Kind.BRANCH)


def senders(employee: Employee) -> QuerySet[Organisation]:
    """Organisations whose files she may load."""
    return Organisation.objects.manageable_by(employee).current().filter(kind__in=SENDERS)


@transaction.atomic
def accept_file(
    upload: UploadedFile[Any],
    *,
    organisation: Organisation,
    by: Employee,
    mode: str = ImportRun.Mode.DELTA,
    is_trial: bool = True,
    refuses_on_error: bool = False,
    profile: ImportProfile | None = None,
) -> ImportRun:
    """Keep the file where only the program reads it and queue its loading; both or neither."""
    from opora.insured.tasks import load_file

    name = Path(upload.name or "file").name
    request = Request(
        path=Path(name),
        organisation=organisation,
        mode=mode,
        is_trial=is_trial,
        profile=Profile(name=profile.name) if profile else Profile(),
        by=by,
        file_name=name,
    )
    run = start(request, options={"refuses_on_error": refuses_on_error})
    _keep(upload, kept_file(run))
    load_file.configure(lock=f"insured.import.{organisation.pk}").defer(run_id=run.pk)
    return run


def load_run(run_id: int) -> None:
    """Load a queued file. A run that is over, or is being loaded, is left alone."""
    with enter(Scope.system("a queued file is loaded")):
        run = ImportRun.objects.select_related("organisation").get(pk=run_id)
        by = Employee.objects.filter(pk=run.by_id).first()
        profile = ImportProfile.objects.filter(organisation=run.organisation, name=run.profile).first()
    if run.state != ImportRun.State.WAITING:
        return
    path = kept_file(run)
    request = Request(
        path=path,
        organisation=run.organisation,
        mode=run.mode,
        is_trial=run.is_trial,
        refuses_on_error=bool(run.options.get("refuses_on_error")),
        profile=parse_profile(profile.rules, name=profile.name) if profile else Profile(),
        by=by,
    )
    try:
        load(request, run=run)
    except (ImportBusy, ImportRefused) as fault:
        with enter(Scope.system("a queued file was refused")):
            ImportRun.objects.filter(pk=run_id).update(state=ImportRun.State.REFUSED, refusal=sentence_of(fault))
    finally:
        path.unlink(missing_ok=True)


def forget_protocols(now: datetime | None = None) -> int:
    """Erase protocols written ``EXCHANGE_DAYS`` ago; those laid elsewhere by the command are the caller's own."""
    edge = ((now or timezone.now()) - timedelta(days=settings.EXCHANGE_DAYS)).timestamp()
    over = [path for path in protocols().glob("*") if path.is_file() and path.stat().st_mtime < edge]
    for path in over:
        path.unlink(missing_ok=True)
    return len(over)


def kept_file(run: ImportRun) -> Path:
    return Path(settings.DATA_DIR) / "uploads" / "insured" / str(run.pk)


def _keep(upload: UploadedFile[Any], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
        for chunk in upload.chunks():
            target.write(chunk)
