"""Two people on one row: what stands now where it is not what the second has typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms

if TYPE_CHECKING:
    from opora.organisations.models import Employee


class TellsMeanwhile(forms.Form):
    """A form that knows what is written now."""

    def written(self) -> dict[str, Any]:
        """Return what stands in the fields of the form now; nothing where the form only adds."""
        return {}

    @property
    def meanwhile(self) -> list[tuple[str, str]]:
        """Fields where what stands now is not what was typed: name, what stands."""
        return [
            (self.name_of(name), said(self.fields[name], value))
            for name, value in self.written().items()
            if self.fields[name].has_changed(value, self[name].data)
        ]

    @property
    def typed(self) -> list[tuple[str, str]]:
        """What was typed, field by field, for a page where it cannot be sent any more."""
        given = {name: self[name].data for name in self.fields if self[name].data}
        return [(self.name_of(name), said(self.fields[name], value)) for name, value in given.items()]

    def name_of(self, name: str) -> str:
        return str(self.fields[name].label)


@dataclass(frozen=True, slots=True)
class News:
    """What became of a row while a page of a clinic or of the fund was open.

    ``about`` is accusative, ``state`` what the row is now; ``by`` is a colleague, None — somebody elsewhere.
    """

    form: TellsMeanwhile
    about: str
    state: str
    may_repeat: bool
    by: Employee | None = None
    at: datetime | None = None


def said(field: forms.Field, value: Any) -> str:
    """Say a value of a field as a page says it."""
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        titles = {str(key): str(title) for key, title in choices}
        chosen = value if isinstance(value, list) else [value] if value else []
        return "\n".join(titles.get(str(one), str(one)) for one in chosen) or "пусто"
    if isinstance(value, Decimal):
        return money(value)
    return f"{value:%d.%m.%Y}" if isinstance(value, date) else str(value or "пусто")


def money(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", ",")
