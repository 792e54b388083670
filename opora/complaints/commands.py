"""``opora load control FILE``."""

from opora.deadlines.commands import File, load


def control(file: File) -> None:
    """Загрузить перечень нарушений или соответствие причин и проверок."""
    load(file, {"control", "violations"})
