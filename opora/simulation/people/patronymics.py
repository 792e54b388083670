"""Patronymics from the father's given name, fitting the sex of the child."""

_STEMS = {"Лев": "Льво", "Павел": "Павло", "Пётр": "Петро", "Яков": "Яковле", "Михаил": "Михайло"}
_SHORT = {
    "Илья": ("Ильич", "Ильинична"),
    "Никита": ("Никитич", "Никитична"),
    "Кузьма": ("Кузьмич", "Кузьминична"),
    "Лука": ("Лукич", "Лукинична"),
    "Данила": ("Данилович", "Даниловна"),
    "Добрыня": ("Добрынич", "Добрынична"),
}
_KEEP_I = ("трий", "гий")  # Дмитриевич, Георгиевич; others soften: Юрьевич, Аркадьевич


def patronymic(father: str, sex: int) -> str:
    """Return the patronymic of a son (sex 1) or a daughter (sex 2).

    >>> [patronymic(name, 1) for name in ("Иван", "Дмитрий", "Юрий", "Николай", "Игорь", "Али", "Георгий", "Лев")]
    ['Иванович', 'Дмитриевич', 'Юрьевич', 'Николаевич', 'Игоревич', 'Алиевич', 'Георгиевич', 'Львович']
    >>> [patronymic(name, 2) for name in ("Илья", "Абдулла", "Пётр", "Яков", "Андрей")]
    ['Ильинична', 'Абдуллаевна', 'Петровна', 'Яковлевна', 'Андреевна']
    """
    if father in _SHORT:
        return _SHORT[father][sex - 1]
    return _stem(father) + ("вич" if sex == 1 else "вна")


def _stem(father: str) -> str:
    """Return everything before «-вич» and «-вна»."""
    if father in _STEMS:
        return _STEMS[father]
    if father.endswith("ий"):
        return father[:-1] + "е" if father.endswith(_KEEP_I) else father[:-2] + "ье"
    if father.endswith(("й", "ь")):
        return father[:-1] + "е"
    return father + ("е" if father[-1] in "аяиеуэожчшщц" else "о")
