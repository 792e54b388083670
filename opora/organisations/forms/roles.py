"""The table role × right as one form: a check-box a cell, so that two administrators are compared cell by cell."""

from collections.abc import Sequence
from typing import Any

from django import forms

from opora.access.rights import Right
from opora.organisations.models import Role
from opora.shared.conflict import Watched


class RightsForm(Watched, forms.Form):
    def __init__(self, *args: Any, roles: Sequence[Role], **kwargs: Any) -> None:
        self.roles = roles
        initial = {cell(role, right): right in role.rights for role in roles for right in Right}
        super().__init__(*args, initial=initial, **kwargs)

    def more_fields(self) -> dict[str, forms.Field]:
        return {cell(role, right): _tick(f"{role.short_name}: {right.label}") for role in self.roles for right in Right}

    @property
    def table(self) -> dict[Role, set[str]]:
        """Rights by role as she has ticked them; rights this version does not know stay with the role."""
        known = set(Right.values)
        return {
            role: {right.value for right in Right if self.cleaned_data[cell(role, right)]} | set(role.rights) - known
            for role in self.roles
        }


def cell(role: Role, right: Right) -> str:
    """Name of one check-box.

    >>> cell(Role(slug="sp1"), Right.INSURED_VIEW)
    'sp1.insured:view'
    """
    return f"{role.slug}.{right.value}"


def _tick(label: str) -> forms.BooleanField:
    widget = forms.CheckboxInput({"class": "tick", "aria-label": label})
    return forms.BooleanField(label=label, required=False, widget=widget)
