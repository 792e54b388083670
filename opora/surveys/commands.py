"""``opora load survey FILE``."""

from opora.deadlines.commands import File, load


def survey(file: File) -> None:
    """Загрузить анкету опроса или её следующую версию."""
    load(file, {"survey"})
