"""Where the present work comes from: address, session, request. Set by the trace middleware, read by ``record``."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Context:
    ip: str | None = None
    session: str = ""
    request_id: str = ""
    purpose: str = ""


_NOWHERE = Context()
_current: ContextVar[Context] = ContextVar("audit_context", default=_NOWHERE)


def current() -> Context:
    return _current.get()


@contextmanager
def come_from(context: Context) -> Iterator[None]:
    token = _current.set(context)
    try:
        yield
    finally:
        _current.reset(token)
