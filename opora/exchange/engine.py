"""Recognise a file, read it, run every control. Stores nothing and needs no database."""

from __future__ import annotations

from pathlib import Path

from opora.exchange.context import Context
from opora.exchange.findings import Finding, Outcome
from opora.exchange.format import Content, Format, OfNumbers
from opora.exchange.formats import FORMATS
from opora.shared.tables.errors import TableRefused


def recognise(path: Path) -> Format | None:
    """Return the format of a file, None when nobody knows it. Raises TableRefused for a book that cannot be opened.

    What one format cannot open, another may still know by its name: the first refusal stands only when nobody does.
    """
    refusal: TableRefused | None = None
    for form in FORMATS:
        try:
            if form.recognises(path):
                return form
        except TableRefused as fault:
            refusal = refusal or fault
    if refusal:
        raise refusal
    return None


def check(path: Path, context: Context) -> Outcome:
    """Return what the controls say of one file. What cannot be read is refused with a sentence, never a crash."""
    outcome, _ = examine(path, context)
    return outcome


def examine(path: Path, context: Context) -> tuple[Outcome, Content]:
    """Return the outcome and the content it is about: an import goes on from here."""
    if not path.is_file():
        return _unreadable(path, "Файл не найден"), Content()
    if path.stat().st_size == 0:
        return _unreadable(path, "Файл пуст: в нём 0 байт"), Content()
    try:
        form = recognise(path)
    except TableRefused as refusal:
        return _unreadable(path, refusal.sentence), Content()
    if form is None:
        return _unreadable(path, "Формат не узнан ни по содержимому, ни по имени"), Content()
    outcome = Outcome(path.name, form.slug, is_atomic=form.is_atomic, is_counted=not isinstance(form, OfNumbers))
    try:
        content = form.read(path)
    except TableRefused as refusal:
        outcome.findings = [form.broken(refusal.sentence)]
        return outcome, Content()
    outcome.records = content.records
    outcome.findings = [*content.findings, *form.control(content, context, path)]
    return outcome, content


def _unreadable(path: Path, sentence: str) -> Outcome:
    return Outcome(path.name, None, findings=[Finding("FILE", sentence)])
