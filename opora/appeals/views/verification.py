"""The proof of the history for an auditor: the ends of chains, checks that were made, one check."""

from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.appeals.chain import runs as checks
from opora.organisations.models import Employee
from opora.shared.pages import keyset
from opora.shared.progress import Work


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.APPEALS_VERIFY)
def runs(request: HttpRequest) -> HttpResponse:
    """Checks that were made and ends of chains; POST starts a check."""
    employee = cast(Employee, request.user)
    if request.method == "POST":
        checks.start(employee)
        return redirect("appeals:verify")
    page = keyset(checks.accessible_to(employee), order=("-pk",), after=request.GET.get("after"), size=30)
    context = {"page": page, "ends": checks.ends(employee), "work": _work(employee)}
    return render(request, "appeals/verification/list.html", context)


@require_safe
@needs(Right.APPEALS_VERIFY)
def progress(request: HttpRequest) -> HttpResponse:
    """The bar of a check; when it is over the page asks for itself again."""
    work = _work(cast(Employee, request.user))
    if work is None:
        return HttpResponse(status=200, headers={"HX-Refresh": "true"})
    return render(request, "ui/progress.html", {"work": work})


@require_safe
@needs(Right.APPEALS_VERIFY)
def run(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What one check has found."""
    found = checks.find(cast(Employee, request.user), pk)
    if found is None:
        raise Http404
    return render(request, "appeals/verification/run.html", {"run": found})


def _work(employee: Employee) -> Work | None:
    state = checks.progress(employee)
    if state is None:
        return None
    url = reverse("appeals:verify-progress")
    return Work("Проверка", url, done=state["done"], total=state["total"] or None, note=state["what"])
