"""Refusals of the room."""

from opora.shared.errors import DomainError


class PostsError(DomainError):
    """С записью поста так поступить нельзя."""


class BatchUnreadable(PostsError):
    """Записи не читаются. Обновите страницу планшета: то, что на нём записано, цело."""


class AnotherHasSignedIn(PostsError, status=409):
    """Эти записи сделал другой сотрудник. Они целы и ждут на планшете, пока он не войдёт."""


class EnvelopeBroken(PostsError):
    """Запись не раскрывается: она испорчена или запечатана ключом, которого у нас нет."""


class RecordSettled(PostsError, status=409):
    """Эта запись уже разобрана."""
