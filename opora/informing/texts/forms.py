"""The form of a text."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse_lazy

from opora.informing.models import Template
from opora.informing.rules import SPOKEN
from opora.informing.texts.queries import versions
from opora.informing.texts.rules import languages
from opora.informing.words import Channel, Measure, Purpose
from opora.organisations.models import Employee, Organisation
from opora.shared.forms import DraftTextarea

# What is read; what is said aloud stands in the scripts of calls.
READ = [Channel.SMS, Channel.MESSENGER, Channel.EMAIL, Channel.LETTER, Channel.PORTAL]
WITH_SUBJECT = frozenset({Channel.EMAIL, Channel.LETTER})
PLACE = ("organisation", "measure", "purpose", "channel", "language")
LIVE = {
    "hx-post": reverse_lazy("informing:text-preview"),
    "hx-target": "#preview",
    "hx-swap": "outerHTML",
    "hx-include": "closest form",
}


class TextForm(forms.Form):
    """A text and where it belongs; of one that exists already the place is fixed."""

    organisation = forms.ModelChoiceField(label="Чей текст", queryset=Organisation.objects.none())
    measure = forms.ChoiceField(label="Повод", choices=Measure.choices)
    purpose = forms.ChoiceField(label="Зачем", choices=Purpose.choices)
    channel = forms.ChoiceField(label="Способ", choices=[(one.value, one.label) for one in READ])
    language = forms.ChoiceField(label="Язык", choices=languages, initial="ru")
    subject = forms.CharField(label="Тема письма", max_length=200, required=False)
    text = forms.CharField(label="Текст", max_length=6000, strip=True, error_messages={"required": "Напишите текст."})
    former = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, employee: Employee, of: Template | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owners: Any = self.fields["organisation"]
        found = Organisation.objects.manageable_by(employee).filter(closed_on=None, kind=Organisation.Kind.INSURER)
        owners.queryset = found
        owners.initial = found.first() if found.count() == 1 else None
        name = f"text-{of.pk}-{of.version}" if of else "text-new"
        self.fields["text"].widget = DraftTextarea(name, {"rows": 9, "hx-trigger": "input changed delay:400ms", **LIVE})
        for field in ("organisation", "measure", "channel"):
            self.fields[field].widget.attrs |= {"hx-trigger": "change", **LIVE}
        if of is not None:
            self._fix(of)

    def _fix(self, of: Template) -> None:
        for name in PLACE:
            if name == "organisation" and of.organisation is None:
                continue
            self.fields[name].initial = getattr(of, f"{name}_id" if name == "organisation" else name)
            self.fields[name].widget = forms.HiddenInput()
        self.fields["text"].initial, self.fields["subject"].initial = of.text, of.subject
        current = versions(of).filter(is_current=True).first() if of.organisation_id else None
        self.fields["former"].initial = current.version if current else None

    @property
    def draft(self) -> Template:
        """The text as it stands in the form, kept or not, right or wrong."""
        given = self.data
        channel = given.get("channel", "")
        return Template(
            measure=_known(given.get("measure"), Measure),
            purpose=_known(given.get("purpose"), Purpose),
            channel=channel if channel in READ or channel in SPOKEN else Channel.SMS,
            language=given.get("language") or "ru",
            subject=(given.get("subject") or "").strip() if channel in WITH_SUBJECT else "",
            text=(given.get("text") or "").replace("\r\n", "\n").strip()[:6000],
        )

    @property
    def owner(self) -> Organisation | None:
        """Whose text it is, also while the rest of the form is wrong."""
        owners: Any = self.fields["organisation"]
        pk = str(self.data.get("organisation", "") or getattr(owners.initial, "pk", owners.initial))
        return owners.queryset.filter(pk=pk).first() if pk.isdecimal() else None


def _known(value: str | None, of: Any) -> str:
    return value if value and value in of.values else str(of.values[0])
