"""Refusals of the room."""

from opora.shared.errors import DomainError


class ReportsError(DomainError):
    """Отчёт так не составить."""


class NoSuchPeriod(ReportsError):
    """Период не понят: бывают 2024, 2024-Q1, 2024-01 и месяцы подряд 2024-01:08."""


class NoSuchReport(ReportsError, status=404):
    """Такого отчёта нет."""


class NoSuchCell(ReportsError, status=404):
    """Такой ячейки в отчёте нет."""


class NoSuchFilter(ReportsError):
    """По этому признаку отчёт не отбирают."""


class NotYourSubject(ReportsError, status=404):
    """Отчёта этой организации для вас нет."""


class DefinitionRefused(ReportsError):
    """Форма отчёта описана с ошибкой."""


class PeriodNotOver(ReportsError, status=409):
    """Период ещё не кончился: закрывают его на следующий день после последнего."""


class AlreadySealed(ReportsError, status=409):
    """Этот период уже закрыт и с тех пор не изменился."""


class NotThisSubject(ReportsError):
    """Этот отчёт по такой организации не составляют."""


class NotThisPeriod(ReportsError):
    """Этот отчёт за такой период не составляют."""


class NoSuchFormat(ReportsError, status=404):
    """В таком виде отчёт не записать: бывают html, xlsx, docx, pdf, csv и json."""


class ExportRefused(ReportsError, status=409):
    """Эту выгрузку записать нельзя."""


class NothingToExport(ReportsError):
    """У этого числа нет своих строк: выгрузите числа, из которых оно сложено, или отчёт целиком."""


class TooManyExports(ReportsError, status=409):
    """Ваши выгрузки ещё пишутся. Дождитесь их и попросите снова."""


class AlreadyPublished(ReportsError, status=409):
    """Эта версия уже опубликована."""


class NotPublished(ReportsError, status=409):
    """Этот отчёт уже отозван."""


class SealBroken(ReportsError, status=409):
    """Закрытый отчёт не сходится со своей контрольной суммой: публиковать его нельзя."""
