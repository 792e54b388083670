"""What a person says of a list that is to be sent: only what its format asks for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from opora.exchange.forms import OfOrganisation
from opora.exchange.outbound.recipes import Made, Recipe
from opora.exchange.outbound.units import Wanted
from opora.informing.models import Roll
from opora.informing.words import Measure, Purpose
from opora.organisations.models import Employee
from opora.shared.forms import RuDateField

MOST_ROLLS = 100
QUARTERS = [("", "любой"), *((str(number), f"{number}-й") for number in range(1, 5))]
MONTHS = [("", "любой"), *((str(number), str(number)) for number in range(1, 13))]
SURVEYS = [(Purpose.ASK_WHY.value, "Почему не пришли"), (Purpose.ASK_SATISFACTION.value, "Довольны ли")]
DECISIONS = [("given", "Согласия"), ("withdrawn", "Отзывы согласий")]


class RollField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Roll) -> str:
        return f"{obj.name} от {timezone.localtime(obj.loaded_at):%d.%m.%Y}, записей {obj.records}"


class SendForm(OfOrganisation):
    """The fields of one format; a list and a plan exclude each other."""

    roll = RollField(label="Из какого списка", queryset=Roll.objects.none(), empty_label="из плана", required=False)
    year = forms.IntegerField(label="Год плана", min_value=2000, max_value=2100, required=False)
    quarter = forms.TypedChoiceField(label="Квартал", choices=QUARTERS, coerce=int, empty_value=None, required=False)
    month = forms.TypedChoiceField(label="Месяц", choices=MONTHS, coerce=int, empty_value=None, required=False)
    measure = forms.ChoiceField(label="Повод", choices=[("", "любой"), *Measure.choices], required=False)
    provider = forms.CharField(
        label="Клиника", max_length=20, required=False, help_text="Код по реестру. Нужен, если в файле может быть одна."
    )
    since = RuDateField(label="С какого дня")
    until = RuDateField(label="По какой день", help_text="Включительно, по дню контакта.")
    purpose = forms.ChoiceField(label="Что отправить", choices=SURVEYS)
    with_sent = forms.BooleanField(
        label="И то, что уже отправляли", required=False, help_text="Обычно отправляют только новое."
    )

    def __init__(self, *args: Any, employee: Employee, recipe: Recipe, roll: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, employee=employee, **kwargs)
        self._recipe = recipe
        self._narrow(recipe, employee)
        if "roll" in self.fields:
            self._rolls(employee, roll)
        today = timezone.localdate()
        if "since" in self.fields:
            first = today.replace(day=1)
            self.fields["since"].initial = (first - timedelta(days=1)).replace(day=1)
            self.fields["until"].initial = first - timedelta(days=1)
        if recipe.made is Made.CONSENTS:
            self.fields["purpose"] = forms.ChoiceField(label="Что отправить", choices=DECISIONS)
        if recipe.made is Made.MERGED:
            self.fields["year"].label, self.fields["year"].initial = "Год списков", today.year
            self.fields["month"].initial = today.month

    def _narrow(self, recipe: Recipe, employee: Employee) -> None:
        senders = self.fields["organisation"]
        senders.queryset = senders.queryset.filter(kind__in=recipe.senders)  # type: ignore[attr-defined]
        own = employee.assignment.organisation_id if employee.assignment else None
        found = senders.queryset  # type: ignore[attr-defined]
        senders.initial = own if found.filter(pk=own).exists() else found.first()
        stays = {"organisation", *recipe.asks}
        if recipe.made in {Made.PEOPLE, Made.FACTS, Made.CONSENTS, Made.CASES}:
            stays.add("with_sent")
        for name in list(self.fields):
            if name not in stays:
                del self.fields[name]

    def _rolls(self, employee: Employee, chosen: str | None) -> None:
        found = Roll.objects.accessible_to(employee)
        if self._recipe.rolls:
            found = found.filter(format__in=self._recipe.rolls)
            self.fields["roll"].required, self.fields["roll"].empty_label = True, None  # type: ignore[attr-defined]
        latest = found.order_by("-pk").values_list("pk", flat=True)[:MOST_ROLLS]
        self.fields["roll"].queryset = Roll.objects.filter(pk__in=list(latest)).order_by("-pk")  # type: ignore[attr-defined]
        if chosen and chosen.isdecimal():
            self.fields["roll"].initial = int(chosen)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("since") and cleaned.get("until") and cleaned["until"] < cleaned["since"]:
            self.add_error("until", "Последний день периода раньше первого.")
        if self._recipe.made is Made.PEOPLE and not cleaned.get("roll") and not cleaned.get("year"):
            self.add_error("year", "Выберите список или укажите год плана.")
        if self._recipe.made is Made.MERGED:
            for name in ("year", "month"):
                if not cleaned.get(name):
                    self.add_error(name, "Укажите год и месяц списков.")
        return cleaned

    def wanted(self) -> Wanted:
        """Return what was asked for; call it for a valid form."""
        get: Callable[[str], Any] = self.cleaned_data.get
        purpose = get("purpose") or ""
        return Wanted(
            roll=get("roll").pk if get("roll") else None,
            year=get("year"),
            month=get("month"),
            quarter=get("quarter"),
            measure=Measure(get("measure")) if get("measure") else None,
            purpose=Purpose(purpose) if purpose in Purpose.values else None,
            is_withdrawn=purpose == "withdrawn",
            provider=(get("provider") or "").strip(),
            since=get("since"),
            until=get("until"),
            with_sent=bool(get("with_sent")),
        )
