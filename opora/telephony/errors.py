"""Refusals of the hot line, in words a person can read."""

from opora.shared.errors import DomainError


class TelephonyError(DomainError):
    """С линией так поступить нельзя."""


class NoLine(TelephonyError, status=409):
    """У вашей организации нет линии на АТС. Звонки записывают вручную: «Новое обращение»."""


class SeatTaken(TelephonyError, status=409):
    """За этим добавочным уже сидит коллега. Проверьте номер на аппарате."""


class NotYourExtension(TelephonyError, status=409):
    """Этот добавочный не вашей организации."""


class ExtensionsTaken(TelephonyError, status=409):
    """Эти добавочные уже записаны за другой организацией."""


class NotSeated(TelephonyError, status=409):
    """Сначала займите место: укажите добавочный номер аппарата."""


class InTalk(TelephonyError, status=409):
    """Идёт разговор. Состояние сменится, когда он закончится."""


class TaskTaken(TelephonyError, status=409):
    """Этот звонок уже взял коллега."""


class TaskClosed(TelephonyError, status=409):
    """Перезванивать уже не нужно: задача закрыта."""


class NotYourCall(TelephonyError, status=409):
    """Этот звонок уже не у вас."""


class NotInTalk(TelephonyError, status=409):
    """Сейчас это сделать нельзя: разговор уже в другом состоянии."""


class NowhereToGo(TelephonyError, status=409):
    """Перевести некому: этот коллега не на линии. Выберите другого."""


class CannotDial(TelephonyError, status=409):
    """Позвонить не получится: проверьте номер и закончите нынешний разговор."""


class NoPhone(TelephonyError, status=409):
    """Для этого добавочного телефон в браузере не настроен. Пользуйтесь аппаратом."""


class TapeBroken(TelephonyError, status=409):
    """Файл записи повреждён или удалён с диска. Скажите администратору: нужна резервная копия."""


class TapeAway(TelephonyError, status=409):
    """Записи здесь нет: она не получена или стёрта по сроку."""


class AgreementWrong(TelephonyError, status=409):
    """Такой перелив завести нельзя: выберите свою линию и линию соседа на той же АТС."""


class AgreementStands(TelephonyError, status=409):
    """Для этой линии такой перелив уже есть. Прекратите прежний, потом заведите новый."""
