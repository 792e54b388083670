"""Fields of intake in the order of work. A new field comes at the end of its part: fingers keep their memory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from opora.appeals.models.wait import SUSPICIONS
from opora.appeals.moments import MomentNotUnderstood, parse_moment
from opora.classifiers.words import Channel, Flag, Form, Kind, Origin, Standing
from opora.insured.identification import Asked
from opora.shared import enp
from opora.shared.forms import PhoneField, RuDateField, Segments

IDENTIFIED = {
    "enp": (Asked.NAME, Asked.BIRTH, Asked.ENP),
    "document": (Asked.NAME, Asked.BIRTH, Asked.DOCUMENT),
}
CHECKS = [("no", "не сверяли"), ("enp", "ЕНП"), ("document", "документ")]
KINDS = [(value, "Не ОМС" if value == Kind.OUT_OF_SCOPE else label) for value, label in Kind.choices]
OWNER = "owner"
MOMENT_HELP = "«через час», 15:20, «завтра 10:00»"


class MomentField(forms.CharField):
    """A moment in words of ``appeals.moments``; the cleaned value is aware."""

    def clean(self, value: Any) -> datetime | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_moment(text, now=timezone.localtime())
        except MomentNotUnderstood as fault:
            raise forms.ValidationError(str(fault), code="invalid") from fault


class EnpField(forms.CharField):
    """A policy number: sixteen digits in any grouping."""

    def clean(self, value: Any) -> str:
        digits = "".join(sign for sign in super().clean(value) if sign.isdecimal())
        if digits and not enp.is_valid(digits):
            raise forms.ValidationError("В ЕНП шестнадцать цифр, и последняя из них контрольная. Проверьте номер.")
        return digits


def _text(label: str, length: int, **kwargs: Any) -> forms.CharField:
    attrs = kwargs.pop("attrs", {})
    widget = forms.TextInput({"autocomplete": "off", **attrs})
    return forms.CharField(label=label, max_length=length, required=False, widget=widget, **kwargs)


def _long(label: str, rows: int, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=20_000, widget=forms.Textarea({"rows": rows}), **kwargs
    )


class IntakeForm(forms.Form):
    """Everything the page sends besides reasons, which repeat. Nothing here asks the database."""

    all_optional = True

    person = forms.IntegerField(label="Кто обращается", required=False)
    nameless = forms.BooleanField(required=False, widget=forms.HiddenInput)
    identified = forms.ChoiceField(
        label="Сверили ФИО, дату рождения и", choices=CHECKS, required=False, initial="no", widget=Segments
    )
    surname = _text("Фамилия", 100)
    given_name = _text("Имя", 100)
    patronymic = _text("Отчество", 100)
    birth_on = RuDateField(label="Дата рождения", required=False)
    phone = PhoneField(label="Телефон для связи", required=False)
    enp = EnpField(label="ЕНП", required=False, max_length=24)

    kind = forms.ChoiceField(label="Вид обращения", choices=KINDS, initial=Kind.CONSULTATION, widget=Segments)
    topic = _text("Тема", 14)
    topic_note = _text("Примечание к теме", 500)
    text = _long("Что говорит человек", 2)
    answer = _long("Что ответили", 1, help_text="Если сказали по карточке, оставьте пустым.")
    card = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    flags = forms.MultipleChoiceField(
        label="Признаки для отчётов", choices=Flag, required=False, widget=forms.CheckboxSelectMultiple
    )
    repeats = forms.UUIDField(required=False, widget=forms.HiddenInput)

    email = forms.EmailField(label="Почта", required=False)
    address = _text("Адрес", 500)
    concerned_surname = _text("Фамилия", 100)
    concerned_given_name = _text("Имя", 100)
    concerned_patronymic = _text("Отчество", 100)
    concerned_birth_on = RuDateField(label="Дата рождения", required=False)
    concerned_enp = EnpField(label="ЕНП", required=False, max_length=24)
    proxy_surname = _text("Фамилия", 100)
    proxy_given_name = _text("Имя", 100)
    proxy_patronymic = _text("Отчество", 100)
    proxy_basis = _text("На каком основании", 200, attrs={"placeholder": "доверенность, родитель, опекун"})

    channel = forms.ChoiceField(label="Способ", choices=Channel)
    form = forms.ChoiceField(label="Форма", choices=[("", "По способу"), *Form.choices], required=False)
    standing = forms.ChoiceField(
        label="Статус по 59-ФЗ", choices=[("", "Определить самим"), *Standing.choices], required=False
    )
    origin = forms.ChoiceField(label="Источник", choices=Origin, initial=Origin.DIRECT, required=False)
    origin_name = _text("Организация-источник", 250)
    received_at = MomentField(
        label="Когда поступило",
        required=False,
        max_length=40,
        help_text="Пусто — сейчас. Можно «вчера 15:20» или 14.03.2026 15:20.",
    )
    incoming_number = _text("Входящий номер", 50)
    incoming_on = RuDateField(label="Дата входящего", required=False)

    to = forms.ChoiceField(label="Кому", required=False)
    why = _text("Почему передаёте", 500)
    callback_at = MomentField(label="Когда перезвонить", required=False, max_length=40, help_text=MOMENT_HELP)
    promised_at = MomentField(label="Когда обещали перезвонить", required=False, max_length=40, help_text=MOMENT_HELP)
    resumed = forms.BooleanField(required=False, widget=forms.HiddenInput)
    call_id = _text("Номер записи разговора", 64, help_text="Из программы телефонии: коллега послушает сам.")
    wait_service = forms.ChoiceField(label="Какой услуги ждёт", required=False)
    wait_days = forms.IntegerField(label="Сколько дней ждать", required=False, min_value=0, max_value=3660)
    wait_since = RuDateField(
        label="С какого дня", required=False, help_text="День направления. Пусто — со дня обращения."
    )
    wait_suspicion = forms.ChoiceField(label="Подозрение на болезнь", choices=SUSPICIONS, required=False)

    def __init__(
        self,
        *args: Any,
        targets: Sequence[tuple[str, str]] = (),
        waited: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **{"auto_id": "%s", **kwargs})
        self.fields["to"].choices = [("", "Выберите"), *targets]  # type: ignore[attr-defined]
        self.fields["wait_service"].choices = [("", "Не ждёт"), *waited]  # type: ignore[attr-defined]

    def clean_received_at(self) -> datetime | None:
        moment: datetime | None = self.cleaned_data["received_at"]
        if moment and moment > timezone.now():
            raise forms.ValidationError("Обращение не может поступить в будущем.")
        return moment

    def clean_callback_at(self) -> datetime | None:
        return self._ahead("callback_at")

    def clean_promised_at(self) -> datetime | None:
        return self._ahead("promised_at")

    def _ahead(self, name: str) -> datetime | None:
        moment: datetime | None = self.cleaned_data[name]
        if moment and moment <= timezone.now():
            raise forms.ValidationError("Это время уже прошло.")
        return moment


class Finish:
    """What the buttons say: ``next``."""

    ANSWERED, MINE, HAND_OVER, CALLBACK = "answered", "mine", "hand_over", "callback"
    ALL = (ANSWERED, MINE, HAND_OVER, CALLBACK)
