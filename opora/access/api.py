"""Guards of API operations, the sisters of ``guard``: an operation without one fails the test-suite.

They stand under ``@router.get(…)``. An operation returns schemas, not querysets: what it returns is written out after
its scope has closed.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest

from opora.access import scope
from opora.access.errors import RightMissing
from opora.access.rights import Right

type Operation = Callable[..., Any]


def answers(right: Right) -> Callable[[Operation], Operation]:
    """Answer who holds ``right``, in one transaction that sees what the caller may see. Raises RightMissing."""

    def guard(operation: Operation) -> Operation:
        @wraps(operation)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            caller = request.auth  # type: ignore[attr-defined]
            if not caller.holds(right):
                raise RightMissing(right=right)
            with scope.enter(caller.scope):
                return operation(request, *args, **kwargs)

        guarded.right = right  # type: ignore[attr-defined]
        return guarded

    return guard


def signed_in_caller(operation: Operation) -> Operation:
    """Answer any program that has a session: its own card, nothing else."""

    @wraps(operation)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        with scope.enter(request.auth.scope):  # type: ignore[attr-defined]
            return operation(request, *args, **kwargs)

    guarded.right = "signed-in"  # type: ignore[attr-defined]
    return guarded


def open_to_all(why: str) -> Callable[[Operation], Operation]:
    """Leave an operation open and say why it may be."""

    def guard(operation: Operation) -> Operation:
        @wraps(operation)
        def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            return operation(request, *args, **kwargs)

        opened.right = "public"  # type: ignore[attr-defined]
        opened.why_public = why  # type: ignore[attr-defined]
        return opened

    return guard
