"""Forms of campaigns and of lists."""

from __future__ import annotations

from collections.abc import Container
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone

from opora.appeals.moments import MomentNotUnderstood, parse_moment
from opora.informing import pacing, staffing
from opora.informing.words import Channel, Lane, Measure, Outcome, Purpose, Reason
from opora.organisations.models import Employee, Organisation
from opora.shared.phones import parse as parse_phone

RUNGS = 4
MOST_A_DAY = 10_000_000
LADDER = ((Channel.SMS, 0), (Channel.CALL, 14), ("", 14), ("", 30))
MONTHS = [
    *("январь", "февраль", "март", "апрель", "май", "июнь"),
    *("июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"),
]

OUTCOME_KEYS = {
    Outcome.PROMISED: "1",
    Outcome.PASSED: "2",
    Outcome.ANSWERED: "3",
    Outcome.UNDECIDED: "4",
    Outcome.REFUSED: "5",
    Outcome.REFUSED_TALK: "6",
    Outcome.CALL_LATER: "7",
    Outcome.NO_ANSWER: "8",
    Outcome.BUSY: "9",
    Outcome.WRONG_NUMBER: "0",
    Outcome.FOREIGN_PERSON: "Minus",
}
REASONS_ASKED = list(Reason)
REASON_KEYS = "ABCDEFHIJKLMOPRSTUVWXY"  # without G, Q, N, Z: they are keys of the page and of the rail


YEARS = range(2020, 2101)


def number(text: str, among: Container[int] = range(2**63)) -> int | None:
    """Return the number somebody wrote into an address or a form; None — it is none, or not one of those.

    >>> number("17"), number("²"), number("9" * 5000), number("-1")
    (17, None, None, None)
    """
    found = int(text) if len(text) < 20 and text.isdecimal() else None
    return found if found in among else None


class CampaignForm(forms.Form):
    """A new campaign: what, for whom, by which ladder, within which limits."""

    title = forms.CharField(label="Название", max_length=200)
    measure = forms.ChoiceField(label="Повод", choices=Measure.choices)
    year = forms.IntegerField(label="Год", min_value=min(YEARS), max_value=max(YEARS))
    insurer = forms.ModelChoiceField(label="Кто информирует", queryset=Organisation.objects.none())
    months = forms.TypedMultipleChoiceField(
        label="Месяцы плана",
        coerce=int,
        required=False,
        choices=list(enumerate(MONTHS, start=1)),
        widget=forms.CheckboxSelectMultiple,
        help_text="Никакой не отмечен — весь план.",
    )
    per_day = forms.IntegerField(
        label="Контактов в день", min_value=0, max_value=MOST_A_DAY, required=False, help_text="0 — без предела."
    )
    per_clinic_day = forms.IntegerField(
        label="В одну клинику за день",
        min_value=0,
        max_value=MOST_A_DAY,
        required=False,
        help_text="Сколько приглашённых она примет.",
    )
    operators = forms.IntegerField(
        label="Операторов на смене",
        min_value=0,
        max_value=staffing.MOST,
        required=False,
        help_text="Волна пойдёт не быстрее, чем они ответят перезвонившим.",
    )
    callback_percent = forms.IntegerField(label="Перезвонят, %", min_value=0, max_value=100, required=False, initial=5)
    cap_days = forms.IntegerField(
        label="Дней между обращениями к человеку", min_value=0, max_value=pacing.LONGEST, required=False, initial=7
    )
    holdout = forms.IntegerField(
        label="Контрольная группа, %",
        min_value=0,
        max_value=50,
        required=False,
        initial=0,
        help_text="Им не пишем, чтобы сравнить, сколько людей приходит без нас.",
    )
    weekends = forms.BooleanField(label="Писать и в выходные", required=False)
    lane = forms.ChoiceField(label="Полоса", choices=Lane.choices, initial=Lane.BULK)

    def __init__(self, *args: Any, employee: Employee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        insurers: Any = self.fields["insurer"]
        found = Organisation.objects.manageable_by(employee).filter(closed_on=None, kind=Organisation.Kind.INSURER)
        insurers.queryset = found
        insurers.initial = found.first() if found.count() == 1 else None
        self.fields["year"].initial = timezone.localdate().year
        self.fields["title"].widget.attrs["autofocus"] = True
        for step, (channel, wait) in enumerate(LADDER, start=1):
            self.fields[f"channel{step}"] = forms.ChoiceField(
                label=f"Ступень {step}",
                required=step == 1,
                choices=[("", "нет"), *Channel.choices] if step > 1 else Channel.choices,
                initial=channel,
            )
            self.fields[f"purpose{step}"] = forms.ChoiceField(
                label="Зачем", choices=Purpose.choices, initial=Purpose.INVITE if step == 1 else Purpose.REMIND
            )
            self.fields[f"wait{step}"] = forms.IntegerField(
                label="Ждать дней", min_value=0, max_value=365, required=False, initial=wait
            )

    @property
    def rungs(self) -> list[tuple[Any, Any, Any]]:
        return [(self[f"channel{n}"], self[f"purpose{n}"], self[f"wait{n}"]) for n in range(1, RUNGS + 1)]

    @property
    def ladder(self) -> list[dict[str, Any]]:
        given = self.cleaned_data
        return [
            {
                "channel": given[f"channel{step}"],
                "purpose": given[f"purpose{step}"],
                "wait_days": given[f"wait{step}"] or 0,
            }
            for step in range(1, RUNGS + 1)
            if given.get(f"channel{step}")
        ]

    @property
    def limits(self) -> dict[str, Any]:
        names = ("per_day", "per_clinic_day", "operators", "callback_percent", "cap_days")
        found: dict[str, Any] = {name: value for name in names if (value := self.cleaned_data[name]) is not None}
        return found | ({"weekends": True} if self.cleaned_data["weekends"] else {})


class WhyForm(forms.Form):
    """A reason in words; ``fault`` is what to say when it is not one."""

    why = forms.CharField(label="Почему", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    @property
    def fault(self) -> str:
        return " ".join(str(fault) for fault in self.errors.get("why", []))


class StopForm(WhyForm):
    """Why a campaign ends for good."""

    why = forms.CharField(
        label="Почему",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Напишите, почему кампания остановлена."},
    )


class DismissForm(WhyForm):
    """Why a line of a list concerns nobody here."""

    why = forms.CharField(
        label="Почему отклоняем",
        max_length=300,
        initial="Такого человека в регистре нет",
        error_messages={"required": "Напишите, почему строка не подходит."},
    )


class CallForm(forms.Form):
    """How a call of the call list ended. Times are by the clock of the person, ``zone``."""

    all_optional = True

    touch = forms.IntegerField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label="Чем кончился звонок",
        choices=[(one, one.label) for one in OUTCOME_KEYS],
        error_messages={"required": "Выберите, чем кончился звонок."},
    )
    reason = forms.ChoiceField(label="Почему", choices=Reason.choices, required=False)
    again_at = forms.CharField(
        label="Когда перезвонить",
        required=False,
        max_length=40,
        help_text="По часам человека: «завтра 10:00», «через час», «16.03 15:00».",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    note = forms.CharField(
        label="Примечание", required=False, max_length=300, widget=forms.TextInput({"autocomplete": "off"})
    )

    phone = forms.CharField(
        label="Новый телефон",
        required=False,
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "tel", "data-key": ","}),
    )

    def clean_phone(self) -> str:
        text = self.cleaned_data["phone"].strip()
        if text and parse_phone(text) is None:
            raise forms.ValidationError("Напишите номер с кодом города или мобильного: десять цифр.", code="invalid")
        return text

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._zone = ZoneInfo(zone)

    def clean_again_at(self) -> datetime | None:
        text = self.cleaned_data["again_at"]
        if not text or self.data.get("outcome") != Outcome.CALL_LATER:
            return None
        try:
            return parse_moment(text, now=timezone.now().astimezone(self._zone))
        except MomentNotUnderstood as fault:
            raise forms.ValidationError(str(fault), code="invalid") from fault

    @property
    def outcomes(self) -> list[tuple[str, str, str, bool]]:
        """Key, value, words, chosen."""
        chosen = self["outcome"].value()
        return [(key, str(one), one.label, one == chosen) for one, key in OUTCOME_KEYS.items()]

    @property
    def reasons(self) -> list[tuple[str, str, str, bool]]:
        chosen = self["reason"].value()
        return [(key, str(one), one.label, one == chosen) for key, one in zip(REASON_KEYS, REASONS_ASKED, strict=True)]
