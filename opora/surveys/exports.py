"""Results that leave the house: a book of Excel and a document of Word. Only what the page shows."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from opora.shared.spreadsheets import xlsx_file
from opora.surveys.charts import percent
from opora.surveys.estimates import Share
from opora.surveys.results import Asked, Results

HEAD = [
    "Вопрос", "Ответ", "Код", "Ответили на вопрос", "Доля, %", "от", "до", "Взвешенная доля, %", "от", "до",
    "Прошлый опрос, %", "Изменение, п.п.", "Изменение не случайно",
]  # fmt: skip
METHOD = (
    "Доля — среди ответивших на вопрос; интервал Уилсона, 95 %. Взвешенная доля: каждый ответ весит столько, сколько "
    "застрахованных своей клетки (город или село × пол × возраст) он представляет; интервал Уилсона на действующем "
    "числе ответов по Кишу. Показатель — доля хороших ответов (4–5, «удовлетворён» и «скорее да», «да»)."
)


def hidden_words(found: Results) -> str:
    return f"Группы, где меньше {found.least} ответов, не показаны, и ещё одна рядом, если её можно вычислить."


def book(found: Results) -> bytes:
    """Return the results as XLSX."""
    with xlsx_file(HEAD, _rows(found), title="Итоги") as file:
        return file.read()


def document(found: Results) -> bytes:
    """Return the results as DOCX."""
    from docx import Document
    from docx.shared import Pt

    made: Any = Document()
    style = made.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(12)
    about = made.core_properties
    about.author = about.last_modified_by = about.comments = ""
    made.add_heading(found.round.title, level=1)
    asked = found.round
    made.add_paragraph(f"{asked.survey.title}. {asked.since:%d.%m.%Y} — {asked.until:%d.%m.%Y}, {asked.mode_words}.")
    made.add_paragraph(f"Анкет: {found.count}. {METHOD} {hidden_words(found)}")
    if found.silent:
        made.add_heading("Не ответили", level=2)
        _table(made, ["Почему", "Человек"], [[label, str(number)] for label, number in found.silent])
    if found.indicators:
        made.add_heading("Показатели", level=2)
        rows = [_indicator_row(one) for one in found.indicators]
        _table(made, ["Вопрос", "Взвешенная доля", "Интервал", "Прошлый опрос"], rows)
    for one in found.asked:
        made.add_heading(one.question.text, level=3)
        made.add_paragraph(f"Ответили: {one.count}. Источник вопроса: {one.question.source}.")
        if one.lines:
            rows = [[line.label, _words(line.raw), _words(line.weighted)] for line in one.lines]
            _table(made, ["Ответ", "Доля (интервал)", "Взвешенная доля (интервал)"], rows)
        elif one.parts:
            low, middle, high = (f"{part:g}" for part in one.parts)
            made.add_paragraph(f"Половина ответов — от {low} до {high}, середина {middle}.")
        for text in one.texts:
            made.add_paragraph(text, style="List Bullet")
    written = BytesIO()
    made.save(written)
    return written.getvalue()


def _rows(found: Results) -> Iterator[list[str]]:
    for one in found.asked:
        for line in one.lines:
            yield [one.question.text, line.label, line.note, str(one.count), *_cells(line.raw), *_cells(line.weighted)]
        if one.indicator:
            yield _indicator_cells(one)
            for division in one.indicator.divisions:
                for group in division.groups:
                    share = _cells(group.share) if group.share else ["мало ответов", "", ""]
                    count = str(group.share.count) if group.share else ""
                    yield [one.question.text, f"Показатель, {division.title.lower()}: {group.label}", "", count, *share]
        if one.parts:
            for label, part in zip(("нижняя четверть", "середина", "верхняя четверть"), one.parts, strict=True):
                yield [one.question.text, label, "", str(one.count), f"{part:g}"]
        for text in one.texts:
            yield [one.question.text, text, "", str(one.count)]
    for label, number in found.silent:
        yield ["Не ответили", label, "", str(number)]
    yield [METHOD]
    yield [hidden_words(found)]


def _indicator_cells(one: Asked) -> list[str]:
    indicator = one.indicator
    if indicator is None:
        return []
    row = [one.question.text, "Показатель", "", str(one.count), *_cells(indicator.raw), *_cells(indicator.weighted)]
    if indicator.before is None or indicator.change is None:
        return row
    return [*row, percent(indicator.before.value), signed(indicator.change), "да" if indicator.is_real else "нет"]


def _indicator_row(one: Asked) -> list[str]:
    indicator = one.indicator
    if indicator is None:
        return []
    share, before = indicator.weighted, indicator.before
    former = (
        "" if before is None or indicator.change is None else f"{percent(before.value)} % ({signed(indicator.change)})"
    )
    return [one.question.text, f"{percent(share.value)} %", f"{percent(share.low)}–{percent(share.high)} %", former]


def signed(points: float) -> str:
    """
    >>> signed(1.26), signed(-0.04)
    ('+1,3 п.п.', '0 п.п.')
    """
    rounded = round(points, 1)
    sign = "+" if rounded > 0 else "−" if rounded < 0 else ""
    return f"{sign}{percent(abs(rounded) / 100)} п.п."


def _cells(share: Share) -> list[str]:
    return [percent(share.value), percent(share.low), percent(share.high)]


def _words(share: Share) -> str:
    return f"{percent(share.value)} % ({percent(share.low)}–{percent(share.high)})"


def _table(made: Any, head: list[str], rows: list[list[str]]) -> None:
    table = made.add_table(rows=1, cols=len(head))
    table.style = "Table Grid"
    for cell, text in zip(table.rows[0].cells, head, strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
