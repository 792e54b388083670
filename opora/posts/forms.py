"""What is typed of rooms, and for whom a memo is looked for."""

from __future__ import annotations

from typing import Any

from django import forms

from opora.insured.eligibility import Measure
from opora.posts.models import Stop
from opora.posts.rooms import NewStop
from opora.shared.acts import ActForm

MEASURES = [(str(one), one.words[:1].upper() + one.words[1:]) for one in Measure]


class StopForm(ActForm):
    """One room."""

    title = forms.CharField(label="Что", max_length=120, widget=forms.TextInput({"autocomplete": "off"}))
    room = forms.CharField(
        label="Кабинет", max_length=60, help_text="«12, второй этаж».", widget=forms.TextInput({"autocomplete": "off"})
    )
    note = forms.CharField(label="Что нужно знать", max_length=200, required=False, help_text="«натощак, до 10:00».")
    measures = forms.MultipleChoiceField(
        label="Для каких осмотров",
        choices=MEASURES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Ничего не отмечено — для всех.",
    )

    @property
    def stop(self) -> NewStop:
        data = self.cleaned_data
        return NewStop(data["title"].strip(), data["room"].strip(), data["note"].strip(), tuple(data["measures"]))

    @staticmethod
    def initial_of(stop: Stop) -> dict[str, Any]:
        return {name: getattr(stop, name) for name in ("title", "room", "note", "measures")}


class FindForm(ActForm):
    who = forms.CharField(
        label="Кому памятка",
        max_length=200,
        help_text="Номер полиса, телефон или фамилия с датой рождения.",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
