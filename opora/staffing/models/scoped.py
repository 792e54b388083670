"""Rows that carry ``territory`` and ``insurer``: a line belongs to no clinic."""

from __future__ import annotations

from typing import Self

from opora.access.scope import Scope, Sees
from opora.organisations.models import ScopedQuerySet


class StaffingQuerySet(ScopedQuerySet):
    def within(self, scope: Scope) -> Self:
        return self.none() if scope.sees == Sees.PROVIDER else super().within(scope)
