"""What each act of a case asks."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone

from opora.appeals.models import Reason
from opora.classifiers.words import Verdict
from opora.complaints import packs
from opora.complaints.models import Expert
from opora.complaints.services import Found
from opora.complaints.words import (
    ClaimDecision,
    Conditions,
    Consent,
    ControlKind,
    Decision,
    DisputeOutcome,
    Restored,
    Speaks,
    Track,
)
from opora.complaints.words import Found as FoundWords
from opora.organisations.models import Organisation
from opora.shared import acts
from opora.shared.forms import MoneyField, RuDateField

if TYPE_CHECKING:
    from opora.complaints.queries import CaseShown
    from opora.organisations.models import Employee

LINES = 5  # violations on one form; an act of more is saved and opened again


class CaseForm(acts.ActForm):
    """A form of an act on a case or on one of its rows."""

    def __init__(self, *args: Any, shown: CaseShown, employee: Employee, row: Any = None, **kwargs: Any) -> None:
        self.shown, self.employee, self.row = shown, employee, row
        super().__init__(*args, **kwargs)


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
        there = list(control.violations.all())
        for n in range(1, max(LINES, len(there) + 1) + 1):
            self.fields[f"code{n}"] = forms.ChoiceField(label="Нарушение", choices=choices, required=False)
            self.fields[f"billed{n}"] = MoneyField(label="Стоимость случая, ₽", required=False)
            self.fields[f"base{n}"] = MoneyField(label="База штрафа, ₽", required=False)
            self.fields[f"note{n}"] = forms.CharField(label="В чём", required=False, max_length=1000)
            if n <= len(there):
                one = there[n - 1]
                self.initial.update({f"code{n}": one.code, f"billed{n}": one.billed, f"base{n}": one.base})
                self.initial[f"note{n}"] = one.note
        self.initial.update({"number": control.act_number, "on": control.act_on or timezone.localdate()})
        self.initial["conclusion"] = control.conclusion

    @property
    def lines(self) -> list[tuple[Any, Any, Any, Any]]:
        numbers = [name.removeprefix("code") for name in self.fields if name.startswith("code")]
        return [(self[f"code{n}"], self[f"billed{n}"], self[f"base{n}"], self[f"note{n}"]) for n in numbers]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in [one for one in self.fields if one.startswith("code")]:
            n = name.removeprefix("code")
            if cleaned.get(name) and cleaned.get(f"billed{n}") is None and f"billed{n}" not in self.errors:
                self.add_error(f"billed{n}", "Укажите стоимость случая.")
        return cleaned

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


class ReplyForm(CaseForm):
    reply = forms.CharField(
        label="Ответ клинике",
        max_length=5000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text="Обязателен, если клиника не согласна.",
    )


class VerdictForm(CaseForm):
    verdict = forms.ChoiceField(label="Решение", choices=Verdict.choices, widget=forms.RadioSelect)
    why = forms.CharField(label="На чём основано", max_length=1000, widget=forms.Textarea({"rows": 3}))


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
    place = forms.CharField(label="Суд или кому подано", max_length=200)
    number = forms.CharField(label="Номер дела", max_length=60, required=False)
    filed_on = RuDateField(label="Когда подано")
    claimed = MoneyField(label="Сколько просили, ₽", required=False)


class DisputeEndForm(CaseForm):
    outcome = forms.ChoiceField(label="Исход", choices=DisputeOutcome.choices, widget=forms.RadioSelect)
    decided_on = RuDateField(label="Когда решено")
    awarded = MoneyField(label="Сколько присудили, ₽", required=False)


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


class AnswerForm(forms.Form):
    text = forms.CharField(
        label="Ответ словами",
        required=False,
        max_length=5000,
        widget=forms.Textarea({"rows": 4}),
        help_text="Можно не писать, если приложены документы.",
    )


class SignForm(forms.Form):
    """The clinic says aloud whether it agrees: an act is not signed by an empty field."""

    agrees = forms.ChoiceField(
        label="Ответ клиники",
        choices=[("yes", "Согласны, подписываем"), ("no", "Не согласны, есть разногласия")],
        widget=forms.RadioSelect,
        error_messages={"required": "Выберите, согласна ли клиника с актом."},
    )
    disagreement = forms.CharField(
        label="Разногласия", required=False, max_length=10000, widget=forms.Textarea({"rows": 5})
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        text = cleaned.get("disagreement", "").strip()
        if cleaned.get("agrees") == "no" and not text:
            self.add_error("disagreement", "Напишите, с чем клиника не согласна.")
        if cleaned.get("agrees") == "yes" and text:
            self.add_error("agrees", "Вы подписываете акт, а ниже написаны разногласия: выберите одно.")
        return cleaned

    @property
    def arguments(self) -> dict[str, Any]:
        return {"disagreement": self.cleaned_data["disagreement"]}


class ClaimForm(forms.Form):
    number = forms.CharField(label="Номер претензии", max_length=50)
    grounds = forms.CharField(label="С чем клиника не согласна", max_length=20000, widget=forms.Textarea({"rows": 6}))

    @property
    def arguments(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class ReviewForm(forms.Form):
    expert = forms.ModelChoiceField(label="Эксперт", queryset=Expert.objects.none())

    def __init__(self, *args: Any, claim: Any, employee: Employee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today, first = timezone.localdate(), claim.control
        experts: Any = self.fields["expert"]
        able = Expert.objects.accessible_to(employee).current(today).filter(kind=first.kind)
        experts.queryset = able.free_of(first.provider_id, today).exclude(pk=first.expert_id)


class ClaimDecisionForm(forms.Form):
    decision = forms.ChoiceField(label="Решение", choices=ClaimDecision.choices, widget=forms.RadioSelect)
    upheld = forms.MultipleChoiceField(
        label="Нарушения, которые остаются в силе", required=False, widget=forms.CheckboxSelectMultiple
    )
    act_number = forms.CharField(
        label="Номер акта повторной экспертизы",
        max_length=40,
        required=False,
        help_text="Пусто — программа даст следующий.",
    )
    conclusion = forms.CharField(
        label="Выводы повторной экспертизы", required=False, max_length=10000, widget=forms.Textarea({"rows": 4})
    )
    answer = forms.CharField(label="Ответ клинике", max_length=10000, widget=forms.Textarea({"rows": 4}))

    def __init__(self, *args: Any, claim: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        upheld: Any = self.fields["upheld"]
        upheld.choices = [(str(one.pk), f"{one.code} {one.title}") for one in claim.control.violations.all()]
        self.initial["upheld"] = [value for value, _ in upheld.choices]
        if claim.review_id is None:
            del self.fields["act_number"], self.fields["conclusion"]


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
