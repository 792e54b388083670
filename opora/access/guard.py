"""Deny by default: every view says what it needs, or the test-suite fails (``tests/test_guard.py``)."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import add_never_cache_headers

from opora.access import scope
from opora.access.errors import RightMissing
from opora.access.rights import Right

View = Callable[..., HttpResponseBase]


class Holder(Protocol):
    """An employee, as this room needs to know her."""

    is_authenticated: bool

    @property
    def scope(self) -> scope.Scope: ...

    def holds(self, right: Right) -> bool: ...


def needs(right: Right) -> Callable[[View], View]:
    """Let in who holds ``right`` and run the view in one transaction that sees what she may see.

    Not signed in — to the sign-in page. Signed in without the right — RightMissing (403).
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            employee = cast(Holder, request.user)
            if not employee.is_authenticated:
                return to_sign_in(request)
            if not employee.holds(right):
                raise RightMissing(right=right)
            with scope.enter(employee.scope):
                return for_her_alone(view(request, *args, **kwargs))

        guarded.right = right  # type: ignore[attr-defined]
        return guarded

    return guard


def signed_in(view: View) -> View:
    """Let in anyone who has signed in: her own account, nothing else."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        employee = cast(Holder, request.user)
        if not employee.is_authenticated:
            return to_sign_in(request)
        with scope.enter(employee.scope):
            return for_her_alone(view(request, *args, **kwargs))

    guarded.right = "signed-in"  # type: ignore[attr-defined]
    return guarded


def public(why: str) -> Callable[[View], View]:
    """Leave a view open and say why it may be."""
    if not why:
        raise ValueError("A public view says why it may be")

    def guard(view: View) -> View:
        @wraps(view)
        def open_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return view(request, *args, **kwargs)

        open_view.right = "public"  # type: ignore[attr-defined]
        open_view.why_public = why  # type: ignore[attr-defined]
        return open_view

    return guard


def to_sign_in(request: HttpRequest) -> HttpResponseBase:
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return redirect_to_login(request.get_full_path())


def for_her_alone(response: HttpResponseBase) -> HttpResponseBase:
    """Let nothing on the way and no browser keep what one who has signed in was told, unless the view has said else."""
    if not response.has_header("Cache-Control"):
        add_never_cache_headers(response)
    return rendered(response)


def rendered(response: HttpResponseBase) -> HttpResponseBase:
    """Render a lazy template response while the scope is still open."""
    render = getattr(response, "render", None)
    return render() if callable(render) and not getattr(response, "is_rendered", True) else response
