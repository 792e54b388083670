"""``opora load delivery FILE``."""

from opora.deadlines.commands import File, load


def delivery(file: File) -> None:
    """Загрузить правила доставки полисов: категории, документы, скорость, текст сообщения."""
    load(file, {"delivery"})
