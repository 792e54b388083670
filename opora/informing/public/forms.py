"""What the pages of public informing ask."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from opora.informing.public.services import MOST
from opora.informing.public.words import PublicKind, PublicSubject
from opora.shared.conflict import Watched
from opora.shared.forms import RuDateField

FIELDS = ("on", "kind", "subject", "title", "times")


class PublicForm(forms.Form):
    on = RuDateField(label="Когда")
    kind = forms.ChoiceField(label="Где", choices=PublicKind.choices, widget=forms.RadioSelect)
    subject = forms.ChoiceField(label="О чём", choices=PublicSubject.choices, widget=forms.RadioSelect)
    title = forms.CharField(
        label="Тема и место", max_length=300, help_text="Завод, школа, газета, адрес страницы. Без имён застрахованных."
    )
    times = forms.IntegerField(
        label="Сколько раз",
        min_value=1,
        max_value=MOST,
        initial=1,
        help_text="Выступлений, выходов в эфир, публикаций, стендов.",
    )

    @property
    def arguments(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FIELDS}


class PublicCorrectForm(Watched, PublicForm):
    why = forms.CharField(label="Что было неверно", max_length=500, widget=forms.Textarea({"rows": 2}))


class WhyForm(forms.Form):
    why = forms.CharField(label="Почему", max_length=500, widget=forms.Textarea({"rows": 3}))


class ListForm(forms.Form):
    """What the list is narrowed by."""

    all_optional = True
    since = RuDateField(label="С", required=False)
    until = RuDateField(label="По", required=False)
    kind = forms.ChoiceField(label="Где", choices=[("", "везде"), *PublicKind.choices], required=False)

    def clean(self) -> dict[str, date]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "Период кончается раньше, чем начинается.")
        return cleaned
