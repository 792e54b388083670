"""One refusal for every file that cannot be read safely."""

from opora.shared.errors import DomainError


class TableRefused(DomainError, status=422):
    """Файл не прочитан."""

    def __init__(self, sentence: str, *, line: int | None = None, column: str = "") -> None:
        self.line = line
        self.column = column
        place = ", ".join(
            part for part in (f"строка {line}" if line else "", f"колонка «{column}»" if column else "") if part
        )
        self.bare = sentence
        super().__init__(f"{place[0].upper()}{place[1:]}: {sentence}" if place else sentence)
