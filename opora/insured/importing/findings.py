"""What can be wrong in a row, in words for the one who sent the file. No sentence quotes the row itself."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


E, W = Severity.ERROR, Severity.WARNING

# Code → (severity, sentence). An error leaves the row out, a warning takes it.
REASONS: dict[str, tuple[Severity, str]] = {
    "row": (E, "Строка не разобрана: {why}"),
    "required": (E, "Поле обязательно и не заполнено"),
    "no_name": (E, "Нет ни фамилии, ни имени"),
    "name": (E, "{why}"),
    "mixed_alphabet": (E, "{why}"),
    "sex": (E, "Пол пишут 1 или 2, М или Ж"),
    "date": (E, "{why}"),
    "future": (E, "Дата в будущем"),
    "too_old": (E, "Дата раньше 1880 года"),
    "period": (E, "Период перевёрнут: конец раньше начала"),
    "death": (E, "Смерть раньше рождения"),
    "enp": (E, "{why}"),
    "enp_control": (E, "Контрольная цифра ЕНП не сходится: проверьте номер"),
    "enp_control_warning": (W, "Контрольная цифра ЕНП не сходится: проверьте номер"),
    "snils": (W, "{why}. СНИЛС не загружен"),
    "snils_control": (W, "Контрольное число СНИЛС не сходится. СНИЛС не загружен"),
    "sex_patronymic": (W, "Отчество не подходит к полу"),
    "territory": (E, "Территории с таким кодом ОКАТО нет в справочнике"),
    "insurer": (E, "Страховой с таким кодом нет в справочнике организаций"),
    "clinic": (W, "Клиники с таким кодом нет в справочнике. Прикрепление не загружено"),
    "site": (W, "Площадки с таким кодом у этой клиники нет. Прикрепление загружено без неё"),
    "time_zone": (W, "Такого часового пояса нет. Пояс не загружен"),
    "too_long": (W, "Значение длиннее {most} знаков. Поле не загружено"),
    "code": (W, "Такого кода в формате нет: бывают {known}. Поле не загружено"),
    "code_error": (E, "Такого кода в формате нет: бывают {known}"),
    "policy": (E, "{why}"),
    "attachment": (E, "{why}"),
    "group": (W, "{why}. Не загружено"),
    "group_date": (W, "{why}. Не загружено"),
    "phone": (W, "Номер не набрать: {why}. Сохранён как написан"),
    "email": (W, "Это не адрес электронной почты. Не загружен"),
    "control_sign": (E, "Невидимый знак U+{sign} в ячейке"),
    "duplicate": (E, "Этот человек уже был в строке {twin} этого файла"),
    "ambiguous": (W, "Похожих людей несколько или номера спорят: строка ждёт решения сотрудника ({why})"),
    "skipped": (W, "Сотрудник решил раньше, что строку загружать не нужно"),
    "foreign": (W, "По нашим данным человек сейчас застрахован другой организацией: карточка не изменена"),
    "no_policy": (E, "Новый человек без полиса: нужны номер (или ЕНП) и дата начала, policy_number и policy_since"),
    "absent": (W, "Застрахован у вас по регистру, но в полном файле его нет"),
    "absent_closed": (W, "В полном файле человека нет: полис закрыт"),
    "unknown_column": (W, "Такой колонки в формате нет, она не загружена"),
    "repeated_file": (W, "Этот же файл уже загружали {when}"),
    "no_rows": (E, "В файле нет ни одной записи"),
    "record_count": (E, "Записей в файле {found}, а объявлено {declared}: файл оборван или склеен"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about one place of a file. ``value`` is personal: for the protocol, never a screen or a log."""

    line: int | None
    record: str
    field: str
    value: str
    code: str
    message: str
    severity: Severity

    @property
    def scope(self) -> str:
        return "file" if self.line is None else "record"

    def public(self) -> dict[str, str | None]:
        """The finding as ``--json`` prints it (``cli.md``): the place and the sentence, not the value."""
        return {
            "scope": self.scope,
            "record": None if self.line is None else (self.record or f"строка {self.line}"),
            "field": self.field or None,
            "severity": self.severity,
            "code": self.code,
            "message": self.message,
        }


def finding(
    code: str, *, line: int | None = None, record: str = "", field: str = "", value: str = "", **words: object
) -> Finding:
    """Return a finding by its code."""
    severity, sentence = REASONS[code]
    return Finding(line, record, field, value[:200], code, sentence.format(**words) if words else sentence, severity)
