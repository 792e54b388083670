"""What each act of a case asks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.utils import timezone

from opora.appeals.models import Reason
from opora.classifiers.words import Verdict
from opora.complaints import packs
from opora.complaints.meanwhile import TellsMeanwhile, money
from opora.complaints.models import Expert
from opora.complaints.services import Found
from opora.complaints.words import (
    BASE_OF_ZERO,
    NO_BASE,
    Conditions,
    Consent,
    ControlKind,
    ControlState,
    Decision,
    DisputeOutcome,
    Filer,
    Payer,
    Restored,
    Speaks,
    Track,
)
from opora.complaints.words import Found as FoundWords
from opora.deadlines.errors import PackRefused
from opora.organisations.models import Organisation
from opora.shared import acts
from opora.shared.forms import MoneyField, RuDateField

if TYPE_CHECKING:
    from opora.complaints.queries import CaseShown
    from opora.organisations.models import Employee

LINES = 5  # violations on one form; an act of more is saved and opened again


class CaseForm(TellsMeanwhile, acts.ActForm):
    """A form of an act on a case or on one of its rows."""

    def __init__(self, *args: Any, shown: CaseShown, employee: Employee, row: Any = None, **kwargs: Any) -> None:
        self.shown, self.employee, self.row = shown, employee, row
        super().__init__(*args, **kwargs)

    @property
    def preface(self) -> str:
        """What to know before answering, above the form."""
        return ""


def _roubles(amount: Decimal) -> str:
    return f"{money(amount)}\N{NO-BREAK SPACE}₽"


class WhyForm(CaseForm):
    why = forms.CharField(label="Почему", max_length=500, widget=forms.Textarea({"rows": 3}))


class NoteForm(CaseForm):
    text = forms.CharField(label="Заметка", max_length=2000, widget=forms.Textarea({"rows": 4}))


class StandingForm(CaseForm):
    speaks = forms.ChoiceField(label="Кто жалуется", choices=Speaks.choices, widget=forms.RadioSelect)
    consent = forms.ChoiceField(label="Согласие пациента", choices=Consent.choices, widget=forms.RadioSelect)
    consent_note = forms.CharField(
        label="Чем подтверждено", max_length=300, required=False, help_text="Доверенность или согласие: номер и дата."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        case = self.shown.case
        self.initial.update({"speaks": case.speaks or Speaks.PATIENT, "consent": case.consent or Consent.GIVEN})
        self.initial["consent_note"] = case.consent_note

    def written(self) -> dict[str, Any]:
        case = self.shown.case
        return {"speaks": case.speaks, "consent": case.consent, "consent_note": case.consent_note}


class DecideForm(CaseForm):
    decision = forms.ChoiceField(label="Решение", choices=Decision.choices, widget=forms.RadioSelect)
    ground = forms.ChoiceField(label="Основание", required=False)
    ground_note = forms.CharField(
        label="Почему",
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text="Обязательно, если экспертиза не требуется.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        case = self.shown.case
        pack = packs.control(case.territory, timezone.localdate()).content
        grounds: Any = self.fields["ground"]
        grounds.choices = [("", "—"), *((one.code, one.title) for one in pack.grounds if one.code != "claim")]
        advised = [one.advice for one in self.shown.reasons if one.advice]
        needed = any(one.checks for one in advised)
        self.initial["decision"] = case.decision or (Decision.NEEDED if needed or not advised else Decision.NOT_NEEDED)
        self.initial["ground"] = case.ground or next((one.ground for one in advised if one.checks), "complaint")
        self.initial["ground_note"] = case.ground_note

    def written(self) -> dict[str, Any]:
        case = self.shown.case
        return {"decision": case.decision, "ground": case.ground, "ground_note": case.ground_note}


class AskForm(CaseForm):
    provider = forms.ModelChoiceField(label="Клиника", queryset=Organisation.objects.none())
    patient = forms.CharField(label="Пациент", max_length=300)
    birth_on = RuDateField(label="Дата рождения", required=False)
    enp = forms.RegexField(
        label="ЕНП", regex=r"^\d{16}$", required=False, error_messages={"invalid": "ЕНП — это 16 цифр."}
    )
    conditions = forms.ChoiceField(label="Где лечили", choices=Conditions.choices)
    care_from = RuDateField(label="Лечение с")
    care_to = RuDateField(label="Лечение по")
    wanted = forms.CharField(label="Какие документы прислать", max_length=2000, widget=forms.Textarea({"rows": 4}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        case, patient = self.shown.case, self.shown.patient
        clinics: Any = self.fields["provider"]
        clinics.queryset = Organisation.objects.providers().current().filter(territory=case.territory)
        named = next((one.reason.provider_id for one in self.shown.reasons if one.reason.provider_id), None)
        pack = packs.control(case.territory, timezone.localdate()).content
        wanted = pack.wanted[Conditions.OUTPATIENT]
        if self.shown.doubted:
            lines = "\n".join(f"{one.on:%d.%m.%Y} — {one.title}" for one in self.shown.doubted)
            wanted = f"{wanted}\n\nПодтвердите записями услуги, которых пациент не получал:\n{lines}"
        self.initial.update({"provider": named, "wanted": wanted})
        if patient is not None:
            self.initial.update({"patient": patient.full_name, "birth_on": patient.birth_on, "enp": patient.enp})


class AssignForm(CaseForm):
    kind = forms.ChoiceField(label="Вид", choices=ControlKind.choices, widget=forms.RadioSelect)
    expert = forms.ModelChoiceField(
        label="Эксперт",
        queryset=Expert.objects.none(),
        help_text="Кто работает в этой клинике, в списке не показан.",
        error_messages={"invalid_choice": "Эксперт работает в этой клинике или вышел из реестра: выберите другого."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        advised = [one.advice.checks[0] for one in self.shown.reasons if one.advice and one.advice.checks]
        self.initial["kind"] = advised[0] if advised else ControlKind.EKMP
        experts: Any = self.fields["expert"]
        able = Expert.objects.accessible_to(self.employee).current(today)
        experts.queryset = able.free_of(self.row.provider_id, today)
        experts.label_from_instance = lambda one: f"{one.get_kind_display()} · {one.short_name}, {one.specialty}"


class ActForm(CaseForm):
    """An act and what was found; amounts are computed after saving."""

    number = forms.CharField(
        label="Номер акта", max_length=40, required=False, help_text="Пусто — программа даст следующий."
    )
    on = RuDateField(label="Дата акта")
    conclusion = forms.CharField(label="Выводы эксперта", max_length=10000, widget=forms.Textarea({"rows": 5}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        control = self.row
        lines = packs.violations(control.territory, timezone.localdate()).content.lines
        choices = [("", "—"), *((one.code, f"{one.code} {one.title}") for one in lines if control.kind in one.kinds)]
        self.there = list(control.violations.all())
        for n in range(1, max(LINES, len(self.there) + 1) + 1):
            self.fields[f"code{n}"] = forms.ChoiceField(label="Нарушение", choices=choices, required=False)
            self.fields[f"billed{n}"] = MoneyField(label="Стоимость случая, ₽", required=False)
            self.fields[f"base{n}"] = MoneyField(label="База штрафа, ₽", required=False)
            self.fields[f"note{n}"] = forms.CharField(label="В чём", required=False, max_length=1000)
        self.initial.update(self.written())
        self.initial["on"] = control.act_on or timezone.localdate()

    def written(self) -> dict[str, Any]:
        control = self.row
        found = {"number": control.act_number, "on": control.act_on, "conclusion": control.conclusion}
        for n in [int(name.removeprefix("code")) for name in self.fields if name.startswith("code")]:
            one = self.there[n - 1] if n <= len(self.there) else None
            found[f"code{n}"], found[f"note{n}"] = (one.code, one.note) if one else ("", "")
            found[f"billed{n}"], found[f"base{n}"] = (one.billed, one.base) if one else (None, None)
        return found

    def name_of(self, name: str) -> str:
        number = name.lstrip("abcdefghijklmnopqrstuvwxyz")
        return f"{super().name_of(name)}, строка {number}" if number else super().name_of(name)

    @property
    def lines(self) -> list[tuple[Any, Any, Any, Any]]:
        numbers = [name.removeprefix("code") for name in self.fields if name.startswith("code")]
        return [(self[f"code{n}"], self[f"billed{n}"], self[f"base{n}"], self[f"note{n}"]) for n in numbers]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        fines = self._fines(cleaned.get("on") or timezone.localdate())
        for name in [one for one in self.fields if one.startswith("code")]:
            n, code = name.removeprefix("code"), cleaned.get(name)
            if code and cleaned.get(f"billed{n}") is None and f"billed{n}" not in self.errors:
                self.add_error(f"billed{n}", "Укажите стоимость случая.")
            is_fined = bool(code) and fines.get(str(code), Decimal(0)) > 0
            if is_fined and not (base := cleaned.get(f"base{n}")) and f"base{n}" not in self.errors:
                self.add_error(f"base{n}", (NO_BASE if base is None else BASE_OF_ZERO).format(code=code))
        return cleaned

    def _fines(self, on: date) -> dict[str, Decimal]:
        """Return the shares of fines on the day of the act; where no list is in force then, the service says so."""
        try:
            return {line.code: line.fine for line in packs.violations(self.row.territory, on).content.lines}
        except PackRefused:
            return {}

    @property
    def arguments(self) -> dict[str, Any]:
        given = self.cleaned_data
        numbers = [name.removeprefix("code") for name in self.fields if name.startswith("code")]
        found = [
            Found(
                given[f"code{n}"],
                self.row.request.conditions,
                given[f"billed{n}"],
                given[f"base{n}"] if given[f"base{n}"] is not None else Decimal(0),
                given[f"note{n}"],
            )
            for n in numbers
            if given[f"code{n}"]
        ]
        return {"number": given["number"], "on": given["on"], "conclusion": given["conclusion"], "found": found}


class FinishForm(CaseForm):
    reply = forms.CharField(
        label="Ответ клинике",
        max_length=5000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": "Ответьте клинике на её разногласия."},
    )
    upheld = forms.MultipleChoiceField(
        label="Нарушения, которые остаются в силе",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Снимите отметку с тех, где клиника права: платить и штрафовать за них не будут.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        upheld: Any = self.fields["upheld"]
        upheld.choices = [
            (str(one.pk), f"{one.code} {one.title}: не оплатить {_roubles(one.nonpay)}, штраф {_roubles(one.fine)}")
            for one in self.row.violations.all()
        ]
        self.initial["upheld"] = [value for value, _ in upheld.choices]
        is_disputed = self.row.state == ControlState.DISPUTED
        self.fields["reply"].required = is_disputed
        if not is_disputed or not upheld.choices:
            del self.fields["upheld"]

    @property
    def preface(self) -> str:
        return f"Клиника не согласна: {self.row.disagreement}" if self.row.disagreement else ""

    @property
    def arguments(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        return given | {"upheld": {UUID(key) for key in given["upheld"]}} if "upheld" in given else given


class VerdictForm(CaseForm):
    verdict = forms.ChoiceField(label="Решение", choices=Verdict.choices, widget=forms.RadioSelect)
    why = forms.CharField(label="На чём основано", max_length=1000, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["verdict"] = self.row.verdict

    def written(self) -> dict[str, Any]:
        return {"verdict": self.row.verdict}


class RestoreForm(CaseForm):
    how = forms.ChoiceField(label="Как", choices=Restored.choices, widget=forms.RadioSelect)
    on = RuDateField(label="Когда")
    amount = MoneyField(label="Сколько вернули, ₽", required=False, min_value=Decimal("0.01"))
    note = forms.CharField(label="Подробности", required=False, max_length=500, widget=forms.Textarea({"rows": 2}))
    reason = forms.ModelChoiceField(label="По какой причине", queryset=Reason.objects.none(), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons: Any = self.fields["reason"]
        reasons.queryset = Reason.objects.filter(appeal=self.shown.case.pk).select_related("topic")
        reasons.label_from_instance = lambda one: one.topic.title
        self.initial["on"] = timezone.localdate()


class DisputeForm(CaseForm):
    track = forms.ChoiceField(label="Где", choices=Track.choices, widget=forms.RadioSelect)
    filer = forms.ChoiceField(
        label="Кто подал",
        choices=[("", "—"), *Filer.choices],
        required=False,
        help_text="Нужно, если подано в суд: об этом спрашивает форма ПГ.",
    )
    place = forms.CharField(label="Суд или кому подано", max_length=200)
    number = forms.CharField(label="Номер дела", max_length=60, required=False)
    filed_on = RuDateField(label="Когда подано")
    claimed = MoneyField(label="Сколько просили, ₽", required=False)


class DisputeEndForm(CaseForm):
    outcome = forms.ChoiceField(label="Исход", choices=DisputeOutcome.choices, widget=forms.RadioSelect)
    decided_on = RuDateField(label="Когда решено")
    awarded = MoneyField(label="Сколько присудили, ₽", required=False)
    moral = MoneyField(label="Из них убытки и моральный вред, ₽", required=False)
    payer = forms.ChoiceField(
        label="Кто возместил", choices=[("", "—"), *Payer.choices], required=False, help_text="Если присудили деньги."
    )

    def written(self) -> dict[str, Any]:
        return {"outcome": self.row.outcome, "decided_on": self.row.decided_on, "awarded": self.row.awarded}


class DoubtForm(CaseForm):
    on = RuDateField(label="Дата услуги")
    title = forms.CharField(label="Услуга, как она записана", max_length=300)
    provider = forms.ModelChoiceField(label="Клиника", queryset=Organisation.objects.none(), required=False)
    provider_name = forms.CharField(label="Клиника словами, если её нет в списке", max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        clinics: Any = self.fields["provider"]
        clinics.queryset = Organisation.objects.providers().filter(territory=self.shown.case.territory)


class FoundForm(CaseForm):
    found = forms.ChoiceField(label="Что установлено", choices=FoundWords.choices, widget=forms.RadioSelect)

    def written(self) -> dict[str, Any]:
        return {"found": self.row.found}


class ExpertForm(forms.ModelForm):
    """An expert of the register, with where he works now."""

    employers = forms.ModelMultipleChoiceField(
        label="Где работает сейчас",
        queryset=Organisation.objects.none(),
        required=False,
        help_text="Эти клиники он не проверяет.",
    )
    since = RuDateField(label="В реестре с")
    until = RuDateField(label="по", required=False)

    class Meta:
        model = Expert
        fields = ["surname", "given_name", "patronymic", "kind", "code", "specialty", "since", "until"]

    def __init__(self, *args: Any, territory: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        employers: Any = self.fields["employers"]
        employers.queryset = Organisation.objects.providers().filter(territory=territory)
        if self.instance.pk:
            works = self.instance.employments.filter(until=None)
            self.initial["employers"] = [one.provider_id for one in works]
