"""What the log is searched by. Everything may be left out; the period is the last month unless said."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from opora.audit.models import AuditLine
from opora.organisations.models import Employee, Organisation
from opora.oversight.words import ACTIONS, ROOMS
from opora.shared.forms import RuDateField

USUAL = timedelta(days=30)
LOOK = {
    "since": {"size": "10"},
    "until": {"size": "10"},
    "who": {"type": "search", "placeholder": "Кто: фамилия или логин"},
    "ip": {"size": "15", "placeholder": "Адрес"},
}
LONGEST = timedelta(days=366 * 5)


class SearchForm(forms.Form):
    """The filters of the address (``?who=…&action=…``)."""

    all_optional = True

    since = RuDateField(label="С", required=False, widget=forms.TextInput)
    until = RuDateField(label="По", required=False, widget=forms.TextInput)
    who = forms.CharField(label="Кто", max_length=100, required=False)
    action = forms.CharField(label="Что сделал", max_length=64, required=False)
    result = forms.ChoiceField(
        label="Результат", required=False, choices=[("", "Любой результат"), *AuditLine.Result.choices]
    )
    organisation = forms.ModelChoiceField(
        label="Организация", required=False, queryset=Organisation.objects.none(), empty_label="Все организации"
    )
    ip = forms.GenericIPAddressField(label="Откуда", required=False)
    subject_kind = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    subject_id = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    employee = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, reader: Employee) -> None:
        today = timezone.localdate()
        shown = {"since": f"{today - USUAL:%d.%m.%Y}", "until": f"{today:%d.%m.%Y}"}
        super().__init__({**shown, **{name: value for name, value in data.items() if value}})
        organisation: Any = self.fields["organisation"]
        organisation.queryset = Organisation.objects.manageable_by(reader)
        self.fields["action"].widget = forms.Select(choices=action_choices())
        for name, field in self.fields.items():
            if not field.widget.is_hidden:
                field.widget.attrs |= {"class": "input", "autocomplete": "off", **LOOK.get(name, {})}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        until = cleaned.get("until") or timezone.localdate()
        since = cleaned.get("since") or until - USUAL
        if since > until:
            self.add_error("since", "Начало периода позже конца.")
        if until - since > LONGEST:
            self.add_error("since", "Период длиннее пяти лет. Возьмите короче.")
        return cleaned | {"since": since, "until": until}


def action_choices() -> list[Any]:
    """Return whole rooms and single actions, grouped."""
    groups: list[Any] = [("", "Любое действие")]
    for prefix, title in ROOMS.items():
        inside = [(action, words) for action, words in ACTIONS.items() if action.startswith(prefix)]
        groups.append((title, [(prefix, f"{title}: всё"), *inside]))
    return groups
