"""Forms of what stands around an appeal: promises, links, reasons, bundles."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms

from opora.appeals.act_forms import EMPTY, ActForm
from opora.appeals.intaking.fields import MOMENT_HELP, MomentField
from opora.appeals.listing.words import colleagues
from opora.appeals.models import Appeal
from opora.appeals.words import RelationKind
from opora.classifiers.words import Channel, Kind, Outcome, Verdict
from opora.organisations.models import Employee
from opora.shared.forms import PhoneField

if TYPE_CHECKING:
    from opora.appeals.models import Bundle

TOGETHER = [one for one in Outcome.choices if one[0] not in {Outcome.WITHDRAWN, Outcome.CALL_REDIRECTED}]


class PromiseForm(ActForm):
    due_at = MomentField(label="Когда перезвонить", max_length=40, help_text=MOMENT_HELP)
    owner: forms.ModelChoiceField[Employee] = forms.ModelChoiceField(
        label="Кто перезвонит", queryset=Employee.objects.none(), required=False, empty_label="кто свободен"
    )
    phone = PhoneField(label="Номер", required=False)
    note = forms.CharField(label="О чём", max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [person.pk for person in colleagues(self.employee)]
        self.fields["owner"].queryset = Employee.objects.filter(pk__in=people)  # type: ignore[attr-defined]
        self.initial.setdefault("owner", self.employee.pk)
        applicant = self.case.applicant
        if applicant is not None:
            self.initial.setdefault("phone", applicant.phone)


class LinkForm(ActForm):
    number = forms.CharField(label="Номер другого обращения", max_length=32)
    kind = forms.ChoiceField(label="Как связаны", choices=RelationKind.choices)
    why = forms.CharField(label="Почему", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def clean_number(self) -> Appeal:
        number = self.cleaned_data["number"].strip()
        found = Appeal.objects.accessible_to(self.employee).filter(number=number).first()
        if found is None:
            raise forms.ValidationError("Такого обращения нет или вы его не видите.")
        return found

    @property
    def arguments(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        return {"other": data.pop("number").pk, **data}


class ReasonForm(forms.Form):
    why = forms.CharField(label="Почему", max_length=300, widget=forms.Textarea(attrs={"rows": 2, "autofocus": True}))


class CalledForm(forms.Form):
    result = forms.CharField(
        label="О чём поговорили", max_length=4000, widget=forms.Textarea(attrs={"rows": 3, "autofocus": True})
    )


class MissedForm(forms.Form):
    next_at = MomentField(
        label="Когда перезвоните в следующий раз",
        max_length=40,
        help_text=MOMENT_HELP,
        widget=forms.TextInput(attrs={"autofocus": True}),
    )
    note = forms.CharField(label="Заметка", max_length=300, required=False)


class NumbersField(forms.CharField):
    """Numbers of appeals in any writing: one a line, with commas, with spaces; the cleaned value is a list."""

    widget = forms.Textarea(attrs={"rows": 4})

    def to_python(self, value: Any) -> Any:
        return list(dict.fromkeys(re.split(r"[\s,;]+", str(value or "").strip()))) if value else []


class NumbersForm(forms.Form):
    numbers = NumbersField(label="Номера обращений", help_text="По одному в строке или через запятую.")

    def __init__(self, *args: Any, employee: Employee, **kwargs: Any) -> None:
        self.employee = employee
        super().__init__(*args, **kwargs)

    def clean_numbers(self) -> list[UUID]:
        """Return the keys of those she sees; the others are named."""
        numbers = self.cleaned_data["numbers"]
        rows = Appeal.objects.accessible_to(self.employee).filter(number__in=numbers)
        found = dict(rows.values_list("number", "pk"))
        missing = [number for number in numbers if number not in found]
        if missing:
            raise forms.ValidationError(f"Нет таких обращений или вы их не видите: {', '.join(missing[:10])}.")
        return list(found.values())


class BundleForm(NumbersForm):
    title = forms.CharField(label="О чём подборка", max_length=200)
    cause = forms.CharField(
        label="Общая причина", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    field_order = ("title", "cause", "numbers")


class BundleAnswerForm(forms.Form):
    """Outcomes that follow an answer: what was withdrawn or put through by telephone ends on its own card."""

    text = forms.CharField(label="Общий текст ответа", max_length=50_000, widget=forms.Textarea(attrs={"rows": 8}))
    channel = forms.ChoiceField(
        label="Как ответить", choices=[("", "тем же путём, каким пришло каждое"), *Channel.choices], required=False
    )
    outcome = forms.ChoiceField(label="Исход", choices=EMPTY + TOGETHER)
    verdict = forms.ChoiceField(label="Сведения о жалобах", choices=EMPTY + list(Verdict.choices), required=False)

    def __init__(self, *args: Any, bundle: Bundle, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"text": bundle.answer_text})
        super().__init__(*args, **kwargs)
        if not Appeal.objects.filter(bundle=bundle, kind=Kind.COMPLAINT).exists():
            del self.fields["verdict"]
