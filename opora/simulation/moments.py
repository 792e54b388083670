"""The past of an invented life: a service is called as if it were another moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from unittest import mock


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let services take ``moment`` for now, in this process only: rows get the age they are shown with.

    The clock of the database goes on: what a trigger or a default of a column writes is of today.
    """
    with mock.patch("django.utils.timezone.now", return_value=moment):
        yield
