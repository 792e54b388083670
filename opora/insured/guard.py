"""Who may open the card of whom, and why: the right, the purpose, the scope; who is refused leaves a line too."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, cast
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from opora.access.guard import needs
from opora.access.rights import Right
from opora.access.scope import Scope
from opora.audit.models import AuditLine
from opora.audit.services import record
from opora.insured.models import Person
from opora.shared.prepared import prepared

if TYPE_CHECKING:
    from opora.organisations.models import Employee

SUBJECT = Person._meta.label_lower
type CardView = Callable[Concatenate[HttpRequest, Person, ...], HttpResponseBase]


class PersonHidden(Http404):
    """No such person for this employee: not in the register, or of another organisation. She learns no more."""


def on_card(
    right: Right, *, action: str = "insured.card.read"
) -> Callable[[CardView], Callable[..., HttpResponseBase]]:
    """Let a view have the person of ``pk`` when her role has ``right``, her purpose is known and he is in her scope.

    Otherwise: sign-in, 403, the page that asks the purpose, or 404 with a ``not_found`` line of ``action``.
    """

    def guard(view: CardView) -> Callable[..., HttpResponseBase]:
        @needs(right)
        def found(request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not purpose_of(request):
                return ask_purpose(request)
            return view(request, person_of(request, pk), *args, **kwargs)

        @wraps(found)
        def guarded(request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                return found(request, pk, *args, **kwargs)
            except PersonHidden:
                # Written after the view's transaction has gone, so that the line stays.
                seen = record(
                    action, (SUBJECT, str(pk)), by=request.user, purpose=purpose_of(request), result=NOT_FOUND
                )
                request.audit_line = seen  # type: ignore[attr-defined]
                raise

        return guarded

    return guard


NOT_FOUND = AuditLine.Result.NOT_FOUND
SHOWN_WITH = ("territory", "insurer__territory", "provider__territory")


def person_of(request: HttpRequest, pk: int) -> Person:
    """Return the person with insurer, clinic and territory loaded. Raises PersonHidden."""
    employee = cast("Employee", request.user)
    person = _person.first(employee.scope, pk)
    if person is None:
        raise PersonHidden
    return person


@prepared
def _person(scope: Scope, pk: int) -> QuerySet[Person]:
    return Person.objects.within(scope).filter(pk=pk).select_related(*SHOWN_WITH)


def purpose_of(request: HttpRequest) -> str:
    """Return why she reads cards now: stated in this session or usual for her role (``AssignmentMiddleware``)."""
    return getattr(request, "purpose", "")


def ask_purpose(request: HttpRequest) -> HttpResponseBase:
    """Send her to say why she opens cards; she comes back to where she was going."""
    back = request.get_full_path() if request.method == "GET" else request.headers.get("Referer", "/")
    address = f"{reverse('purpose')}?{urlencode({'next': back})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
