"""What a person says when she brings a file or asks for one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from opora.exchange.dispatch import FORMATS
from opora.exchange.folders import SENDERS
from opora.exchange.writers import WRITERS
from opora.organisations.models import Employee, Organisation
from opora.shared.forms import RuDateField

MOST_FILES = 50
LARGEST = 50 << 20


class ManyFiles(forms.ClearableFileInput):
    """Several files at once; they may be dropped on the field."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        given = data if isinstance(data, list | tuple) and data else [data or None]
        found = [super(FilesField, self).clean(one, initial) for one in given]
        if len(found) > MOST_FILES:
            raise forms.ValidationError(f"За один раз можно загрузить до {MOST_FILES} файлов.")
        for one in found:
            if one.size > LARGEST:
                raise forms.ValidationError(f"Файл {one.name} больше {LARGEST >> 20} МБ.")
        return found


class OfOrganisation(forms.Form):
    """Whose channel a file goes through."""

    organisation: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(
        label="Чей канал", queryset=None, empty_label=None
    )

    def __init__(self, *args: Any, employee: Employee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = channels_of(employee)
        self.fields["organisation"].queryset = found  # type: ignore[attr-defined]
        own = employee.assignment.organisation_id if employee.assignment else None
        self.fields["organisation"].initial = own or found.first()


class UploadForm(OfOrganisation):
    """Files are checked first: nothing is stored until they are accepted."""

    file = FilesField(
        label="Файлы",
        help_text="Перетащите сюда или выберите: журнал, сотрудники, списки информирования. Можно несколько.",
    )


class ExportForm(OfOrganisation):
    """A period and a format."""

    since = RuDateField(label="С какого дня")
    until = RuDateField(label="По какой день", help_text="Включительно, по дню регистрации.")
    format = forms.ChoiceField(label="Формат", choices=[(name, WRITERS[name].title) for name in FORMATS])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = timezone.localdate().replace(day=1)
        self.fields["since"].initial = (first - timedelta(days=1)).replace(day=1)
        self.fields["until"].initial = first - timedelta(days=1)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("since") and cleaned.get("until") and cleaned["until"] < cleaned["since"]:
            self.add_error("until", "Последний день периода раньше первого.")
        return cleaned


def channels_of(employee: Employee) -> Any:
    """Return the organisations whose files she may bring and take."""
    return Organisation.objects.manageable_by(employee).current().filter(kind__in=SENDERS)
