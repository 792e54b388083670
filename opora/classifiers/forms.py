"""What is asked on the pages of classifiers."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any

from django import forms

from opora.classifiers.models import Edition
from opora.classifiers.packs import ClassifierFile, read_bytes
from opora.classifiers.words import Kind
from opora.shared.errors import DomainError

LARGEST = 1_000_000


class TreeForm(forms.Form):
    """Which topics to show: words or a code, a kind, an edition."""

    q = forms.CharField(label="Слова вопроса или код", required=False, max_length=200)
    kind = forms.ChoiceField(label="Вид", required=False, choices=[("", "Все виды"), *Kind.choices])
    edition: forms.ModelChoiceField[Edition] = forms.ModelChoiceField(label="Версия", required=False, queryset=None)

    def __init__(self, *args: Any, editions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["edition"].queryset = editions  # type: ignore[attr-defined]


class FileForm(forms.Form):
    """A file of a classifier; read and checked, not yet compared with what is loaded."""

    file = forms.FileField(
        label="Файл",
        help_text="JSON, до 1 МБ. Сначала покажем, что изменится: до вашего согласия ничего не записывается.",
    )

    def clean_file(self) -> ClassifierFile:
        sent = self.cleaned_data["file"]
        if sent.size > LARGEST:
            raise forms.ValidationError(
                "Файл больше 1 МБ. Такой загружает администратор сервера: opora load classifier."
            )
        raw = sent.read()
        self.content = b64encode(raw).decode()
        return checked(raw, sent.name)


class AgreedForm(forms.Form):
    """The same file again, agreed to."""

    name = forms.CharField(max_length=255)
    content = forms.CharField(max_length=LARGEST * 3 // 2, help_text="base64: the bytes are those that were shown")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors:
            try:
                raw = b64decode(given["content"], validate=True)
            except ValueError:
                raise forms.ValidationError("Файл не дошёл. Выберите его ещё раз.") from None
            given["file"] = checked(raw, given["name"])
        return given


def checked(raw: bytes, name: str) -> ClassifierFile:
    try:
        return read_bytes(raw, name=name)
    except DomainError as refusal:
        raise forms.ValidationError(refusal.sentence) from None
