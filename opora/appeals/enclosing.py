"""What goes along with an answer: files of the appeal that were chosen, and the letter itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django import forms

from opora.appeals.models import Answer, File
from opora.shared.typography import size


def fields(files: Iterable[File], draft: Answer | None) -> dict[str, forms.Field]:
    """Return what asks which files go along; without files on the card only the letter is asked for."""
    found: dict[str, forms.Field] = {}
    if choices := [(str(file.pk), f"{file.name}, {size(file.size)}") for file in files]:
        found["enclosed"] = forms.TypedMultipleChoiceField(
            label="Приложить к ответу",
            choices=choices,
            coerce=UUID,
            required=False,
            initial=draft.enclosed if draft else [],
            widget=forms.CheckboxSelectMultiple,
        )
    found["with_letter"] = forms.BooleanField(
        label="Приложить ответ письмом на бланке (PDF)", required=False, initial=bool(draft and draft.with_letter)
    )
    return found


def names(answer: Answer, files: Sequence[File]) -> list[str]:
    """Return what goes along with an answer, by name; one she does not see, or taken off the card, without it."""
    known = {str(file.pk): file.name for file in files}
    letter = ["письмо на бланке"] if answer.with_letter else []
    return letter + [known.get(key, "файл, который вам не виден") for key in answer.enclosed]
