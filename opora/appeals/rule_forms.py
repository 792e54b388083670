"""Forms of the page of rules."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from opora.appeals.models import Route, VisibilityRule
from opora.appeals.policies import needs_approval
from opora.classifiers.words import Flag, Kind
from opora.shared.forms import RuDateField


class Commas(forms.Field):
    """A list typed with commas; lengths are checked by the form."""

    widget = forms.TextInput

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        return [part.strip() for part in str(value or "").split(",") if part.strip()]


class RouteForm(forms.ModelForm):
    """A condition left empty fits every appeal. A branch follows the rules of its insurer."""

    all_optional = True

    kinds = forms.MultipleChoiceField(
        label="Виды", choices=Kind.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    flags = forms.MultipleChoiceField(
        label="Признаки", choices=Flag.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    topics = Commas(label="Темы", required=False, help_text="Коды через запятую; «6» — вместе с 6.1, 6.2 и дальше.")
    words = Commas(label="Слова в тексте", required=False, help_text="Через запятую; хватит одного.")
    level = forms.TypedChoiceField(
        label="Уровень",
        choices=[("", "любой"), (1, "1-й"), (2, "2-й"), (3, "3-й")],
        coerce=int,
        empty_value=None,
        required=False,
    )
    is_typical = forms.TypedChoiceField(
        label="Типовой вопрос",
        choices=[("", "всё равно"), ("True", "да"), ("False", "нет")],
        coerce=lambda value: value == "True",
        empty_value=None,
        required=False,
    )
    since = RuDateField(label="Действует с")
    until = RuDateField(label="Действует по", required=False)

    class Meta:
        model = Route
        fields: ClassVar[list[str]] = [
            *("position", "organisation_kind", "level", "kinds", "topics", "flags", "words", "is_typical", "person"),
            *("send_to", "line", "why", "source", "since", "until"),
        ]

    def clean_topics(self) -> list[str]:
        return self._short("topics", 14)

    def clean_words(self) -> list[str]:
        return self._short("words", 60)

    def _short(self, name: str, longest: int) -> list[str]:
        values: list[str] = self.cleaned_data[name]
        if any(len(value) > longest for value in values):
            raise forms.ValidationError(f"Слишком длинно: не больше {longest} знаков между запятыми.")
        return values


class VisibilityForm(forms.ModelForm):
    class Meta:
        model = VisibilityRule
        fields: ClassVar[list[str]] = ["reason", "organisation_kind", "appeal_kind", "depth1", "depth2", "depth3"]

    def validate_unique(self) -> None:
        """The same rule again is a change of it."""


class ApprovalForm(forms.Form):
    """For which kinds a second person reads the answer before it leaves."""

    kinds = forms.MultipleChoiceField(
        label="Ответ утверждает руководитель", choices=Kind.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    @classmethod
    def of(cls, organisation: int, data: Any = None) -> ApprovalForm:
        return cls(data, initial={"kinds": [kind for kind in Kind.values if needs_approval(organisation, kind)]})

    @property
    def needed(self) -> dict[str, bool]:
        return {kind: kind in self.cleaned_data["kinds"] for kind in Kind.values}
