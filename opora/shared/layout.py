"""The wrong keyboard layout: `bdfyjd` was meant to be «иванов», and «ыьшер» to be `smith`."""

import re

LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,./" + '~QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>?'
RUSSIAN = "ёйцукенгшщзхъфывапролджэячсмитьбю." + "ЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,"
TO_RUSSIAN = str.maketrans(LATIN, RUSSIAN)
TO_LATIN = str.maketrans(RUSSIAN, LATIN)

RUSSIAN_VOWEL = re.compile(r"[аеёиоуыэюя]", re.IGNORECASE)
NEVER_RUSSIAN = re.compile(r"^[ьъы]|[аеёиоуыэюя][ьъ]|[ьъ]{2}|[^аеёиоуыэюя\W]{6}", re.IGNORECASE)
LATIN_VOWEL = re.compile(r"[aeiouy]", re.IGNORECASE)


def to_russian(text: str) -> str:
    """Return what the same keys give in the Russian layout.

    >>> to_russian("bdfyjd gtnh")
    'иванов петр'
    >>> to_russian("Cjkjdm`df-Ctlfz")
    'Соловьёва-Седая'
    """
    return text.translate(TO_RUSSIAN)


def to_latin(text: str) -> str:
    """Return what the same keys give in the Latin layout.

    >>> to_latin("ыьшер")
    'smith'
    """
    return text.translate(TO_LATIN)


def detect(text: str) -> str | None:
    """Return the text as it was meant when it looks typed in the other layout, else None.

    A guess: the caller searches for both readings or says «показали по «иванов»».

    >>> detect("bdfyjd"), detect("ыьшер")
    ('иванов', 'smith')
    >>> detect("smith") is None and detect("иванов") is None and detect("Ивaнов") is None
    True
    """
    letters = re.sub(r"[^a-zа-яё]", "", text.lower())
    if not letters:
        return None
    if letters.isascii():
        meant = to_russian(text)
        return meant if _like_russian(meant) else None
    if re.search("[a-z]", letters) or _like_russian(text):
        return None
    meant = to_latin(text)
    return meant if LATIN_VOWEL.search(meant) else None


def _like_russian(text: str) -> bool:
    return all(
        RUSSIAN_VOWEL.search(word) and not NEVER_RUSSIAN.search(word) for word in re.findall(r"[^\W\d_]{2,}", text)
    )
