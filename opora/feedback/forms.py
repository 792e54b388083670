"""What each act asks."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from opora.appeals import enclosing
from opora.classifiers.words import Kind, Outcome, Outside, Verdict
from opora.doors.models import Door
from opora.doors.settings_forms import DoorForm, safe_address
from opora.feedback import queries, routes
from opora.feedback.models import PosMessage
from opora.feedback.services.working import LONGEST_WHY, OUTCOMES
from opora.feedback.words import USUAL
from opora.organisations.models import Employee, Organisation
from opora.shared import acts
from opora.shared.forms import DraftTextarea, RuDateField

LONGEST_TYPED = 20_000  # more than any platform takes: that one says itself by how much it is too long


class MessageForm(acts.ActForm):
    """An act on one message."""

    def __init__(self, *args: Any, message: PosMessage, **kwargs: Any) -> None:
        self.message = message
        super().__init__(*args, **kwargs)


def _why(label: str, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=LONGEST_WHY, widget=forms.Textarea({"rows": 4}), **more)


class AssignForm(MessageForm):
    """To whom: an executor here, or another organisation."""

    employee = forms.ModelChoiceField(Employee.objects.none(), label="Исполнитель", required=False, empty_label="—")
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Или другая организация",
        required=False,
        empty_label="—",
        help_text="Исполнителя назначит она сама.",
    )
    why = _why("Что сделать")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        employee: Any = self.fields["employee"]
        employee.queryset = Employee.objects.filter(pk__in=[one.pk for one in queries.executors(self.message)])
        employee.label_from_instance = lambda one: one.full_name
        organisation: Any = self.fields["organisation"]
        organisation.queryset = queries.others(self.message)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and bool(data.get("employee")) is bool(data.get("organisation")):
            self.add_error("employee", "Выберите исполнителя или организацию: одно из двух.")
        return data


class PrepareForm(MessageForm):
    """The answer and how the appeal will be closed by it."""

    text = forms.CharField(label="Ответ", max_length=LONGEST_TYPED, widget=forms.Textarea({"rows": 12}))
    outcome = forms.ChoiceField(label="Исход")
    verdict = forms.ChoiceField(label="Жалоба", required=False, choices=[("", "—"), *Verdict.choices])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget = DraftTextarea(
            f"pos-{self.message.pk}", {"rows": 12, "autofocus": True, "class": "input"}
        )
        outcome: Any = self.fields["outcome"]
        outcome.choices = [(code, label) for code, label in Outcome.choices if code in OUTCOMES]
        outcome.initial = self.message.outcome or USUAL.get(self.message.appeal.kind, Outcome.CONSIDERED)
        if self.message.appeal.kind != Kind.COMPLAINT:
            del self.fields["verdict"]
        else:
            self.fields["verdict"].required = True
            self.fields["verdict"].initial = self.message.verdict
        returned = queries.last_answer(self.message)
        self.fields["text"].initial = returned.text if returned else ""
        self.fields.update(enclosing.fields(queries.files_of(self.message), returned))


class ReturnForm(MessageForm):
    why = _why("Что доработать")


class ExtendForm(MessageForm):
    days = forms.IntegerField(label="На сколько дней", min_value=1, max_value=366)
    order_number = forms.CharField(label="Номер распоряжения", max_length=100)
    why = _why("Почему", help_text="Эти слова увидит гражданин.")


class RedirectForm(MessageForm):
    outside = forms.ChoiceField(label="Куда", choices=[c for c in Outside.choices if c[0] != Outside.INSURER])
    to = forms.CharField(label="Организация", max_length=300)
    why = _why("Почему", help_text="Эти слова увидит гражданин.")


class PeriodForm(forms.Form):
    """Two days, both in."""

    since = RuDateField(label="С")
    until = RuDateField(label="по")

    def days(self, first: date, last: date) -> tuple[date, date]:
        """Return what was asked, else what was given."""
        if self.is_valid() and self.cleaned_data["since"] <= self.cleaned_data["until"]:
            return self.cleaned_data["since"], self.cleaned_data["until"]
        return first, last


class ConnectForm(DoorForm):
    """The door of Госуслуги: its server, its key, the table of categories."""

    SECRET = "token"  # noqa: S105 - the name of the field
    SERVER = "server"
    THIS = "Этот личный кабинет"

    server = forms.CharField(label="Сервер", max_length=300, help_text="Адрес, который дал оператор платформы.")
    token = forms.CharField(label="Ключ подключения", max_length=500, required=False, widget=forms.PasswordInput)
    table = forms.CharField(
        label="Таблица категорий",
        required=False,
        max_length=100_000,
        widget=forms.Textarea({"rows": 8, "spellcheck": "false"}),
        help_text="По строке: «категория = код темы». Если отвечает всегда одна организация: "
        "«категория / подкатегория = код темы = код организации».",
    )

    def __init__(self, *args: Any, manager: Employee, **kwargs: Any) -> None:
        super().__init__(*args, manager=manager, **kwargs)
        for name in ("provider", "rule", "greeting"):
            del self.fields[name]
        self.fields["address"].label = "Личный кабинет"
        self.fields["address"].help_text = "Как ваша организация называется на платформе."
        self.fields["is_active"].label = "Подключено"
        self.fields["topic"].label = "Тема, если категории нет в таблице"
        self.fields["topic"].required = True
        self.fields["appeal_kind"].required = True
        self.fields["server"].initial = self.instance.settings.get("address", "")
        self.fields["table"].initial = self.instance.settings.get("table", "")
        rest = ["topic", "appeal_kind", "table", "is_active"]
        self.order_fields(["title", "slug", "organisation", "address", "server", "token", *rest])

    def clean_server(self) -> str:
        return safe_address(str(self.cleaned_data["server"]))

    def clean_table(self) -> str:
        text = str(self.cleaned_data["table"])
        try:
            routes.read(text)
        except routes.TableFault as fault:
            raise forms.ValidationError(str(fault)) from fault
        return text

    @property
    def reached(self) -> dict[str, Any]:
        table = self.cleaned_data["table"]
        return {"address": self.cleaned_data["server"], "table": table, "routes": routes.read(table)}

    def kept(self) -> Door:
        row = super().kept()
        row.rule = "appeal"
        return row
