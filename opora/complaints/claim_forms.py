"""What a clinic answers and claims, and how the fund decides it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone

from opora.complaints.meanwhile import TellsMeanwhile
from opora.complaints.models import Expert
from opora.complaints.words import ClaimDecision

if TYPE_CHECKING:
    from opora.organisations.models import Employee


class OnRow(TellsMeanwhile):
    """What a clinic says of ``row``, None — there is none yet."""

    def __init__(self, *args: Any, row: Any = None, **kwargs: Any) -> None:
        self.row = row
        super().__init__(*args, **kwargs)

    @property
    def arguments(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class AnswerForm(OnRow):
    text = forms.CharField(
        label="Ответ словами",
        required=False,
        max_length=5000,
        widget=forms.Textarea({"rows": 4}),
        help_text="Можно не писать, если приложены документы.",
    )

    def written(self) -> dict[str, Any]:
        return {"text": self.row.answer} if self.row.answer else {}


class SignForm(OnRow):
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

    def written(self) -> dict[str, Any]:
        if self.row.answered_at is None:
            return {}
        return {"agrees": "no" if self.row.disagreement else "yes", "disagreement": self.row.disagreement}

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


class ClaimForm(OnRow):
    number = forms.CharField(label="Номер претензии", max_length=50)
    grounds = forms.CharField(label="С чем клиника не согласна", max_length=20000, widget=forms.Textarea({"rows": 6}))

    def written(self) -> dict[str, Any]:
        return {"number": self.row.number, "grounds": self.row.grounds} if self.row else {}


class ReviewForm(TellsMeanwhile):
    expert = forms.ModelChoiceField(label="Эксперт", queryset=Expert.objects.none())

    def __init__(self, *args: Any, claim: Any, employee: Employee, **kwargs: Any) -> None:
        self.claim = claim
        super().__init__(*args, **kwargs)
        today, first = timezone.localdate(), claim.control
        experts: Any = self.fields["expert"]
        able = Expert.objects.accessible_to(employee).current(today).filter(kind=first.kind)
        experts.queryset = able.free_of(first.provider_id, today).exclude(pk=first.expert_id)

    def written(self) -> dict[str, Any]:
        return {"expert": self.claim.review.expert_id} if self.claim.review else {}


class ClaimDecisionForm(TellsMeanwhile):
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
        self.claim = claim
        super().__init__(*args, **kwargs)
        upheld: Any = self.fields["upheld"]
        disputed = claim.control.violations.exclude(is_upheld=False)
        upheld.choices = [(str(one.pk), f"{one.code} {one.title}") for one in disputed]
        self.initial["upheld"] = [value for value, _ in upheld.choices]
        if claim.review_id is None:
            del self.fields["act_number"], self.fields["conclusion"]

    def written(self) -> dict[str, Any]:
        return {"decision": self.claim.decision, "answer": self.claim.answer} if self.claim.decision else {}
