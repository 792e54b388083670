"""Refusals of the journal. The docstring is the sentence."""

from opora.shared.errors import DomainError


class AppealsError(DomainError, status=409):
    """С обращением так поступить нельзя."""


class NotFound(AppealsError, status=404):
    """Такого обращения нет."""


class NotComplete(AppealsError, status=422):
    """Обращение заполнено не до конца."""


class NotNow(AppealsError):
    """На этом этапе так поступить нельзя."""


class AlreadyClosed(AppealsError):
    """Обращение уже закрыто."""


class NotClosed(AppealsError):
    """Обращение ещё не закрыто."""


class AlreadyYours(AppealsError):
    """Это обращение уже у вас."""


class AlreadyThere(AppealsError):
    """Обращение уже там, куда вы его передаёте."""


class ChangedMeanwhile(AppealsError):
    """Обращение за это время изменил другой сотрудник. Обновите карточку и повторите."""


class NoAnswer(AppealsError):
    """Сначала дайте ответ заявителю: без ответа это обращение не закрывается."""


class NotForwarded(AppealsError):
    """Сначала направьте обращение в другую организацию: с таким исходом закрывают после этого."""


class NotACall(AppealsError, status=422):
    """Переадресовать можно только звонок, а это обращение пришло иначе. Выберите другой исход."""


class OpenCallback(AppealsError):
    """Заявителю обещали перезвонить. Выполните обещание или запишите, почему оно снимается."""


class NoVerdict(AppealsError, status=422):
    """Укажите, обоснована ли жалоба."""


class NotDecided(AppealsError):
    """По этой жалобе ещё не решили: дождитесь решения в деле."""


class NoAssignment(AppealsError, status=403):
    """У вас нет действующего назначения. Обратитесь к администратору."""


class NotYours(AppealsError, status=403):
    """Это обращение ведёт другая организация."""


class ColleaguesAppeal(AppealsError, status=403):
    """Это обращение ведёт другой сотрудник. Попросите передать его вам или обратитесь к руководителю."""


class OtherLevel(AppealsError, status=403):
    """Это обращение ждёт следующего уровня. Возьмите обращение своей линии."""


class NoSuchPlace(AppealsError, status=422):
    """Туда обращение не передаётся."""


class NobodyToReturnTo(AppealsError):
    """Это обращение вам никто не передавал: возвращать некому. Передайте его."""


ON_INSURER = "Жалобу на страховую рассматривает фонд: передайте её фонду."


class ToTheAccused(AppealsError, status=422):
    """Жалобу не направляют тому, на кого жалуются. Выберите другую организацию."""


class WordsMissing(AppealsError, status=422):
    """Напишите, почему."""


class NotExtendable(AppealsError, status=422):
    """Этот срок больше не продлевается."""


class AnswerNotReady(AppealsError):
    """С ответом в этом состоянии так поступить нельзя."""


class NeedsApproval(AppealsError):
    """Этот ответ сначала утверждает руководитель. Отправьте его на утверждение."""


class OwnAnswer(AppealsError, status=403):
    """Свой ответ утверждает другой сотрудник."""


class ChannelRefused(AppealsError, status=422):
    """Так ответить на это обращение нельзя. Выберите другой способ."""


class CallbackEnded(AppealsError):
    """Это обещание уже выполнено или снято."""


class AlreadyLinked(AppealsError):
    """Эти обращения уже связаны."""


class NotLinked(AppealsError):
    """Эта связь уже снята."""


class AlreadyBundled(AppealsError):
    """Обращение уже в другой подборке. Сначала исключите его оттуда."""


class NotBundled(AppealsError):
    """Этого обращения нет в подборке."""


class FileRefused(AppealsError, status=422):
    """Такой файл приложить нельзя."""


class FileBroken(AppealsError):
    """Файл в хранилище повреждён или пропал. Сообщите администратору и приложите его снова."""
