"""Forms in our clothes: the renderer, and fields that understand what people type."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils import timezone

from opora.shared import dates, phones


class Renderer(TemplatesSetting):
    """``FORM_RENDERER``: label above, help under, error beside the field and in a summary that links to it."""

    form_template_name = "ui/form/form.html"
    field_template_name = "ui/form/field.html"


class DateInput(forms.DateInput):
    """A text field with a calendar as an extra: ``140385``, ``14.3.85`` and «вчера» are typed faster than picked."""

    template_name = "ui/form/date.html"

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", "data-date": "", **(attrs or {})}, format="%d.%m.%Y")


class RuDateField(forms.DateField):
    """A day in any writing of ``opora.shared.dates``."""

    widget = DateInput

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values or isinstance(value, date):
            return super().to_python(value)
        try:
            return dates.parse_day(str(value), today=timezone.localdate())
        except ValueError as fault:
            raise forms.ValidationError(str(fault), code="invalid") from fault


class MoneyField(forms.DecimalField):
    """A sum in roubles, never below zero: «1 500», «1500,50» and «1500.5» are the same to us."""

    default_error_messages = {"min_value": "Сумма не бывает меньше нуля.", "invalid": "Напишите сумму числом: 1500,50."}

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(**{"min_value": 0, "max_digits": 12, "decimal_places": 2, "widget": widget, **kwargs})

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = "".join(value.replace("₽", "").replace(",", ".").split())
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        """Show a sum as it is typed here, kopecks after a comma; what was typed stays as it was typed."""
        return f"{value:.2f}".replace(".", ",") if isinstance(value, Decimal) else value


class PhoneInput(forms.TextInput):
    input_type = "tel"

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", "data-phone": "", **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        return phones.show(str(value)) if value else None


class PhoneField(forms.CharField):
    """A number in any writing; the cleaned value is E.164 (``+79000000000``)."""

    widget = PhoneInput
    default_error_messages = {
        "invalid": "Не получается прочитать номер. Напишите с кодом города или оператора: 8 900 000-00-00."
    }

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        if not text:
            return ""
        number = phones.normalise(text)
        if number is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return number


class Segments(forms.RadioSelect):
    """Two to four short choices side by side."""

    template_name = "ui/form/segments.html"

    def optgroups(self, name: str, value: Any, attrs: dict[str, Any] | None = None) -> Any:
        """Leave out the empty choice: nothing pressed says the same."""
        self.choices = [choice for choice in self.choices if choice[0] not in {"", None}]
        return super().optgroups(name, value, attrs)


class DraftTextarea(forms.Textarea):
    """A text that outlives a closed page: its draft is kept in this browser tab until the form is saved.

    ``name`` tells drafts apart («appeal-17-answer»). The draft never leaves the tab and is wiped at sign-out.
    """

    def __init__(self, name: str, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__({"data-draft": name, "rows": 4, **(attrs or {})})
