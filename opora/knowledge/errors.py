"""Refusals of this room: the docstring is what the person reads."""

from opora.shared.errors import DomainError


class FieldUnknown(DomainError, status=422):
    """В тексте поле, которого программа не знает."""


class OwnWording(DomainError, status=403):
    """Свой текст утверждает кто-то другой: попросите коллегу с правом утверждать карточки."""


class CommonCard(DomainError, status=403):
    """Общую карточку читают на всех территориях: её меняет одна организация. Сделайте свою для территории."""


class NotSubmitted(DomainError, status=409):
    """Этот текст не на утверждении: его уже утвердили, вернули или изменили."""


class NothingToSubmit(DomainError, status=409):
    """Отправлять на утверждение нечего: новой редакции нет."""


class AlreadyWithdrawn(DomainError, status=409):
    """Карточка уже в архиве."""


class NotWithdrawn(DomainError, status=409):
    """Карточка не в архиве, возвращать её не нужно."""


class WhyMissing(DomainError, status=422):
    """Напишите причину: её прочтёт тот, кто готовил карточку."""


class SlugTaken(DomainError, status=409):
    """Карточка с таким кодом уже есть."""


class LetterIncomplete(DomainError, status=422):
    """Для письма не хватает сведений."""


class NotYourTemplate(DomainError, status=403):
    """Шаблон правит сотрудник той организации, от имени которой уходит письмо."""


class NeedsLawyer(DomainError, status=409):
    """Карточка требует проверки юриста: отметьте «сверено с текстом закона», когда её прочтут."""


class SourceMissing(DomainError, status=409):
    """У карточки нет источника. Назовите закон или документ, и её можно будет утвердить."""


class NotFromPack(DomainError, status=409):
    """В поставке программы этой карточки нет или она уже такая же."""


class ReviewInPast(DomainError, status=422):
    """Следующий пересмотр назначают на будущий день."""


class SynonymsTaken(DomainError, status=409):
    """Такие слова уже стоят в одной строке."""


class SynonymsTooFew(DomainError, status=422):
    """Нужны хотя бы два разных названия одного и того же."""


class NotApproved(DomainError, status=409):
    """Отзыв оставляют только об утверждённом ответе."""
