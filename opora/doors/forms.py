"""What an employee writes about a thread."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from opora.doors.queries import Flood
from opora.doors.services.replying import LONGEST
from opora.doors.words import FloodKind
from opora.shared.acts import ActForm
from opora.shared.forms import Segments

REASONS = [
    ("spam", "Реклама или рассылка"),
    ("wrong", "Не по адресу"),
    ("repeat", "Повтор прежнего сообщения"),
    ("thanks", "Благодарность, ответ не нужен"),
    ("other", "Другое"),
]
ALL = "*"
WRITERS = [("applicant", "Сам заявитель или его представитель"), ("other", "Кто-то другой")]


class ReplyForm(ActForm):
    """The answer. Hands are not put into it: the page is read first."""

    text = forms.CharField(label="Ответ", max_length=LONGEST, widget=forms.Textarea({"rows": 6}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs.pop("autofocus", None)


class CloseForm(ActForm):
    """Why it is no appeal. ``reasons`` are those of the room; «other» is one of them and wants words."""

    reasons: ClassVar[list[tuple[str, str]]] = REASONS
    reason = forms.ChoiceField(label="Почему это не обращение", widget=Segments)
    words = forms.CharField(label="Подробнее", max_length=200, required=False, help_text="Нужно для «Другое».")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["reason"]
        choice.choices = self.reasons

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("reason") == "other" and not data.get("words", "").strip():
            self.add_error("words", "Напишите, почему.")
        return data

    @property
    def arguments(self) -> dict[str, Any]:
        label, words = dict(self.reasons)[self.cleaned_data["reason"]], self.cleaned_data["words"].strip()
        if self.cleaned_data["reason"] == "other":
            return {"why": words}
        return {"why": f"{label}: {words}" if words else label}


class FloodForm(CloseForm):
    """What becomes of letters that lie apart: of all or of one sender. A reason is wanted to put them aside."""

    field_order = ("whose", "kind", "reason", "words", "seen_at")
    whose = forms.ChoiceField(label="Какие письма", widget=forms.RadioSelect)
    reason = forms.ChoiceField(
        label="Почему это не обращения", widget=Segments, required=False, help_text="Нужно, чтобы убрать."
    )
    kind = forms.ChoiceField(label="Что с ними сделать", choices=FloodKind, widget=Segments)
    seen_at = forms.DateTimeField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, flood: Flood, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        whose: Any = self.fields["whose"]
        one_each = [(sender, f"Только с адреса {sender}: {number}") for sender, number in flood.senders]
        whose.choices = [(ALL, f"Все: {flood.number}"), *one_each]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("kind") == FloodKind.ASIDE and not data.get("reason"):
            self.add_error("reason", "Выберите причину.")
        return data

    @property
    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        why = super().arguments if data["kind"] == FloodKind.ASIDE else {}
        sender = "" if data["whose"] == ALL else data["whose"]
        return {"kind": data["kind"], "sender": sender, "seen_at": data["seen_at"], **why}


class LinkForm(ActForm):
    """An appeal that is there already."""

    number = forms.CharField(
        label="Номер обращения", max_length=40, widget=forms.TextInput({"autocomplete": "off", "class": "num"})
    )
    who = forms.ChoiceField(
        label="Кто пишет",
        choices=WRITERS,
        widget=Segments,
        help_text="Ответ с карточки обращения уйдёт сюда, только если пишет сам заявитель или его представитель.",
    )

    @property
    def arguments(self) -> dict[str, Any]:
        return {"number": self.cleaned_data["number"], "is_applicants": self.cleaned_data["who"] == "applicant"}
