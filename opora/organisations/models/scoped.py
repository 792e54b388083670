"""Rows that carry ``territory``, ``insurer_id`` and ``provider_id``, as row security reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from opora.access.scope import Scope, Sees

if TYPE_CHECKING:
    from opora.organisations.models.employee import Employee


class ScopedQuerySet(models.QuerySet):
    """What lies outside her organisation, its territory or its clinic does not exist for her."""

    def accessible_to(self, employee: Employee) -> Self:
        return self.within(employee.scope)

    def within(self, scope: Scope) -> Self:
        match scope.sees:
            case Sees.ALL:
                return self
            case Sees.TERRITORY:
                return self.filter(territory=scope.territory)
            case Sees.INSURER:
                found = self.filter(insurer_id=scope.insurer)
                return found.filter(territory=scope.territory) if scope.territory else found
            case Sees.PROVIDER:
                return self.filter(provider_id=scope.provider)
            case _:
                return self.none()


class WithoutClinics(ScopedQuerySet):
    """Rows an insurer and its fund see; a clinic has no part in them."""

    def within(self, scope: Scope) -> Self:
        return self.none() if scope.sees == Sees.PROVIDER else super().within(scope)


class OwnAndBranches(models.QuerySet):
    """Rows with ``organisation``: what is said to one house another does not read, the fund neither."""

    def accessible_to(self, employee: Employee) -> Self:
        return self.within(employee.scope)

    def within(self, scope: Scope) -> Self:
        if scope.sees == Sees.ALL:
            return self
        if scope.organisation is None:
            return self.none()
        return self.filter(Q(organisation=scope.organisation) | Q(organisation__parent=scope.organisation))
