"""How like two words are: equal, a beginning, one slip of the finger, two."""

SHORTEST_FOR_ONE = 3
SHORTEST_FOR_TWO = 6


def near(word: str) -> list[str]:
    """Return the word and the word less one letter: two words within one slip share one of these.

    The twin of SQL ``insured_word_near``.

    >>> near("петр")
    ['петр', 'етр', 'птр', 'пер', 'пет']
    """
    if not SHORTEST_FOR_ONE <= len(word) <= 40:
        return [word]
    return list(dict.fromkeys([word, *(word[:place] + word[place + 1 :] for place in range(len(word)))]))


def slips(one: str, other: str) -> int:
    """Return how many slips part two words: 0, 1 or 2; 3 means more.

    A slip is a letter missing, added, changed, or two neighbours swapped.

    >>> slips("иванов", "иваонв"), slips("иванов", "ивано"), slips("иванов", "эванофф"), slips("иванов", "петров")
    (1, 1, 3, 3)
    """
    if abs(len(one) - len(other)) > 2:
        return 3
    one, other = _without_common_ends(one, other)
    if not one or not other:
        return min(3, len(one) + len(other))
    longest = max(len(one), len(other))
    if longest == 1 or (longest == 2 and one == other[::-1]):
        return 1
    if len(set(one) ^ set(other)) > 4:
        return 3
    return min(3, _distance(one, other))


def _without_common_ends(one: str, other: str) -> tuple[str, str]:
    shortest = min(len(one), len(other))
    start = 0
    while start < shortest and one[start] == other[start]:
        start += 1
    end = 0
    while end < shortest - start and one[-1 - end] == other[-1 - end]:
        end += 1
    return one[start : len(one) - end], other[start : len(other) - end]


def _distance(one: str, other: str) -> int:
    """Return the optimal string alignment distance."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        former, before, row = before, row, [i]
        for j, twin in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != twin))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == twin:
                cost = min(cost, former[j - 2] + 1)
            row.append(cost)
    return row[-1]
