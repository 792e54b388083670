"""Loading files of partners: the list of loads, a new one, how one goes, its protocol."""

from pathlib import Path
from typing import Any

from django import forms
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from opora.access.guard import needs
from opora.access.rights import Right
from opora.audit.services import record
from opora.insured.models import ImportProfile, ImportRun
from opora.insured.services.imports import accept_file, senders
from opora.insured.views.card import employee_of
from opora.organisations.models import Employee, Organisation
from opora.shared.pages import keyset
from opora.shared.progress import Work

PROTOCOLS = {"csv": "CSV", "xlsx": "Excel", "json": "JSON"}
BADGES: dict[str, str] = {
    ImportRun.State.DONE: "done",
    ImportRun.State.TRIED: "none",
    ImportRun.State.REFUSED: "late",
    ImportRun.State.BROKEN: "late",
}
COUNTS = {
    "new": "новых",
    "changed": "изменено",
    "unchanged": "без изменений",
    "ambiguous": "ждут решения",
    "rejected": "не принято строк",
    "warned": "с предупреждениями",
    "duplicate": "повторов в файле",
    "foreign": "застрахованы другими",
    "absent": "нет в полном файле",
    "closed": "из них закрыто",
}


class NewImportForm(forms.Form):
    """A file and how to take it; a trial first is the safe way, so it is the default."""

    organisation: "forms.ModelChoiceField[Organisation]" = forms.ModelChoiceField(
        label="Чей файл", queryset=None, empty_label=None
    )
    file = forms.FileField(label="Файл", help_text="CSV, XLSX, XML или zip с одним из них.")
    mode = forms.ChoiceField(label="Что в файле", choices=ImportRun.Mode.choices, initial=ImportRun.Mode.DELTA)
    profile: "forms.ModelChoiceField[ImportProfile]" = forms.ModelChoiceField(
        label="Профиль партнёра", queryset=None, required=False, empty_label="наш формат"
    )
    is_trial = forms.BooleanField(label="Только проверить, ничего не записывать", required=False, initial=True)
    refuses_on_error = forms.BooleanField(label="Не принимать файл, если хоть одна строка с ошибкой", required=False)

    def __init__(self, *args: Any, employee: Employee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organisations = senders(employee)
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]
        self.fields["organisation"].initial = organisations.first()
        self.fields["profile"].queryset = ImportProfile.objects.accessible_to(employee)  # type: ignore[attr-defined]


@require_GET
@needs(Right.INSURED_IMPORT)
def runs(request: HttpRequest) -> HttpResponse:
    """Loads of her organisations, the newest first."""
    found = ImportRun.objects.accessible_to(employee_of(request)).select_related("organisation")
    page = keyset(found, order=("-pk",), after=request.GET.get("after"), size=30)
    for row in page:
        row.badge = BADGES.get(row.state, "now")  # type: ignore[attr-defined]
    return render(request, "insured/imports/list.html", {"page": page})


@require_http_methods(["GET", "POST"])
@needs(Right.INSURED_IMPORT)
def newcomer(request: HttpRequest) -> HttpResponse:
    """Choose a file; it is loaded in the background."""
    employee = employee_of(request)
    form = NewImportForm(request.POST or None, request.FILES or None, employee=employee)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        run = accept_file(
            chosen["file"],
            organisation=chosen["organisation"],
            by=employee,
            mode=chosen["mode"],
            is_trial=chosen["is_trial"],
            refuses_on_error=chosen["refuses_on_error"],
            profile=chosen["profile"],
        )
        return redirect("insured:import", run.pk)
    return render(request, "insured/imports/new.html", {"form": form}, status=422 if form.is_bound else 200)


@require_GET
@needs(Right.INSURED_IMPORT)
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """How a load goes, and what came of it."""
    found = _found(request, pk)
    counts = [(title, found.counts[name]) for name, title in COUNTS.items() if found.counts.get(name)]
    context = {
        "run": found,
        "badge": BADGES.get(found.state, "now"),
        "work": work_of(found),
        "counts": counts,
        "fields": sorted(found.counts.get("fields", {}).items()),
        "protocols": [(kind, label) for kind, label in PROTOCOLS.items() if _file(found, kind)],
    }
    return render(request, "insured/imports/run.html", context)


@require_GET
@needs(Right.INSURED_IMPORT)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The bar of a load; when it is over, the page asks for itself again."""
    found = _found(request, pk)
    response = render(request, "ui/progress.html", {"work": work_of(found)})
    if found.is_finished:
        response["HX-Refresh"] = "true"
    return response


@require_GET
@needs(Right.INSURED_IMPORT)
def protocol(request: HttpRequest, pk: int, kind: str) -> FileResponse:
    """The protocol of a load: it quotes the file, so that reading it leaves a line."""
    found = _found(request, pk)
    path = _file(found, kind)
    if path is None:
        raise Http404
    record("insured.protocol.read", found, by=request.user, details={"kind": kind})
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"protokol-{found.pk}.{kind}")


def work_of(run: ImportRun) -> Work:
    """The load as a bar shows it."""
    url = reverse("insured:import-progress", args=[run.pk])
    if not run.is_finished:
        return Work(run.get_state_display().capitalize(), url, done=run.done_percent, total=100)
    is_good = run.state in (ImportRun.State.DONE, ImportRun.State.TRIED)
    return Work("Загрузка", url, state="done" if is_good else "late")


def _found(request: HttpRequest, pk: int) -> ImportRun:
    found: ImportRun = get_object_or_404(
        ImportRun.objects.accessible_to(employee_of(request)).select_related("organisation"), pk=pk
    )
    return found


def _file(run: ImportRun, kind: str) -> Path | None:
    if kind not in PROTOCOLS or not run.protocol:
        return None
    path = Path(run.protocol).with_suffix(f".{kind}")
    return path if path.is_file() else None
