"""Forms of the room."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.utils import timezone

from opora.appeals.moments import MomentNotUnderstood, parse_moment
from opora.informing.models import Campaign
from opora.organisations.models import Employee, Organisation
from opora.shared.forms import RuDateField
from opora.surveys.models import Survey
from opora.surveys.words import Mode, Source


class RoundForm(forms.Form):
    """A new round."""

    survey = forms.ModelChoiceField(Survey.objects.none(), label="Анкета")
    title = forms.CharField(label="Название", max_length=200, help_text="Например: «Март, поликлиники».")
    since = RuDateField(label="С")
    until = RuDateField(label="По")
    modes = forms.MultipleChoiceField(
        choices=Mode.choices, label="Как спрашиваем", widget=forms.CheckboxSelectMultiple, initial=[Mode.PHONE]
    )
    source = forms.ChoiceField(choices=Source.choices, label="Кого", initial=Source.REGISTER)
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), label="Кампания", required=False, help_text="Для тех, кто пришёл или не пришёл по ней."
    )
    provider = forms.ModelChoiceField(
        Organisation.objects.none(), label="Клиника", required=False, help_text="Только её прикреплённые."
    )
    wanted = forms.IntegerField(
        label="Сколько человек опросить", min_value=0, max_value=100_000, initial=610, required=False
    )
    reserve = forms.IntegerField(
        label="Запас, раз",
        min_value=1,
        max_value=50,
        initial=5,
        help_text="Во сколько раз больше людей взять в список.",
    )
    rest_days = forms.IntegerField(
        label="Дней между опросами одного человека",
        min_value=1,
        max_value=180,
        initial=90,
        required=False,
        help_text="Для опроса после разговора.",
    )

    def __init__(self, *args: Any, employee: Employee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("survey", Survey.objects.accessible_to(employee))
        self._choose("campaign", Campaign.objects.accessible_to(employee).order_by("-pk"))
        clinics = Organisation.objects.accessible_to(employee).providers().order_by("name")
        self._choose("provider", clinics)

    def _choose(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        field.queryset = rows

    @property
    def arguments(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        given["wanted"] = given["wanted"] or 0
        given["rest_days"] = given["rest_days"] or 90
        return {name: value for name, value in given.items() if name != "survey"}


class SizeForm(forms.Form):
    """The calculator of a sample."""

    margin = forms.DecimalField(label="Точность, ± %", min_value=0, max_value=50, max_digits=4, decimal_places=2)
    population = forms.IntegerField(label="Сколько всего людей", min_value=1, max_value=200_000_000, required=False)

    def clean_margin(self) -> float:
        share = float(self.cleaned_data["margin"]) / 100
        if not share:
            raise forms.ValidationError("Точность больше нуля.")
        return share


class CopyForm(forms.Form):
    title = forms.CharField(label="Название", max_length=200)


class ContentForm(forms.Form):
    """A questionnaire written elsewhere."""

    content = forms.CharField(label="Анкета", widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false"}))

    def clean_content(self) -> Any:
        try:
            return json.loads(self.cleaned_data["content"])
        except json.JSONDecodeError as fault:
            raise forms.ValidationError(f"Строка {fault.lineno}, знак {fault.colno}: это не JSON.") from fault


class AgainForm(forms.Form):
    """When to phone again, by the clock of the person."""

    again_at = forms.CharField(
        label="Когда перезвонить",
        required=False,
        max_length=40,
        help_text="По часам человека: «завтра 10:00», «через час», «16.03 15:00».",
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, zone: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._zone = zone

    def clean_again_at(self) -> Any:
        text = self.cleaned_data["again_at"]
        if not text:
            return None
        try:
            return parse_moment(text, now=timezone.now().astimezone(self._zone))
        except MomentNotUnderstood as fault:
            raise forms.ValidationError(str(fault)) from fault
