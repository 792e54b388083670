"""Surnames: the feminine form, double ones, and the long tail that no list of frequencies reaches."""

from functools import cache
from itertools import product
from math import gcd

from opora.simulation.people.files import sections

FOREIGN = {"Шин", "Палий"}  # end like a Russian adjective or possessive and are neither
_HUSHING = "жчшщц"


def feminine(masculine: str) -> str:
    """Return the form a woman of the family bears.

    >>> [feminine(name) for name in ("Соловьёв", "Толстой", "Вербицкий", "Зимний", "Черных", "Шевченко", "Цой")]
    ['Соловьёва', 'Толстая', 'Вербицкая', 'Зимняя', 'Черных', 'Шевченко', 'Цой']
    """
    if "-" in masculine:
        return "-".join(feminine(part) for part in masculine.split("-"))
    if masculine in FOREIGN or len(masculine) < 4:
        return masculine
    if masculine.endswith(("ов", "ев", "ёв", "ин", "ын")):
        return masculine + "а"
    if masculine.endswith("ний"):
        return masculine[:-2] + "яя"
    if masculine.endswith(("ый", "ий", "ной", "кой", "вой", "стой")):
        return masculine[:-2] + "ая"
    return masculine


@cache
def rare(group: str) -> list[str]:
    """Return the rare surnames of a group, masculine, in a fixed order that mixes roots and endings."""
    stones = sections("rare_surnames.txt")
    if group == "russian":
        parts = (stones[f"russian {part}"] for part in ("onsets", "vowels", "codas"))
        roots = ["".join(letters) for letters in product(*parts)]
        return _mixed([_rooted(root, ending) for root, ending in product(roots, stones["russian endings"])])
    pairs = product(stones.get(f"{group} roots", []), stones.get(f"{group} endings", []))
    return _mixed([_joined(root, ending) for root, ending in pairs if not ending.startswith(root[:3].lower())])


def _rooted(root: str, ending: str) -> str:
    """Spell a root with an ending: «ж, ч, ш, ц» take «е» and «и» where others take «о» and «ы»."""
    if root[-1] in _HUSHING and ending[0] in "оы":
        ending = {"о": "е", "ы": "и"}[ending[0]] + ending[1:]
    if root[-1] in "гкх" and ending[0] == "ы":
        ending = "и" + ending[1:]
    return root + ending


def _joined(root: str, ending: str) -> str:
    return root + (ending[1:] if root[-1] == ending[0] else ending)


def _mixed(words: list[str]) -> list[str]:
    """Reorder by a fixed stride, so that neighbours in frequency are no neighbours in the alphabet."""
    unique = list(dict.fromkeys(words))
    stride = next((prime for prime in (7919, 7907) if unique and gcd(prime, len(unique)) == 1), 1)
    return [unique[(place * stride) % len(unique)] for place in range(len(unique))]
