"""Which encoding a text is in: UTF-8, UTF-16 and windows-1251 are read, others are named and refused."""

import codecs
from collections import Counter

from opora.shared.tables.errors import TableRefused

MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
NAMES = {"cp1251": "windows-1251", "cp866": "cp866 (DOS)", "koi8-r": "KOI8-R"}
COMMON = set("оеаинтсрвлкм")
SAMPLE = 1 << 18
ASCII = bytes(range(128))
ENOUGH = 12  # letters: fewer say nothing about an encoding


class Survey:
    """Look at all bytes once, chunk by chunk, and say how the text is encoded. Raises TableRefused on the way."""

    def __init__(self, wanted: str = "", *, is_xml: bool = False) -> None:
        self._wanted = _known(wanted)
        self._is_xml = is_xml  # XML says its encoding itself, the parser checks it
        self._found = ""
        self._utf8 = codecs.getincrementaldecoder("utf-8")("strict")
        self._lines = 1
        self._sample = bytearray()
        self._saw_utf8 = False
        self._started = False

    def look(self, chunk: bytes) -> None:
        if not self._started:
            self._started = True
            self._found = next((name for mark, name in MARKS.items() if chunk.startswith(mark)), "")
            if not self._found and not self._wanted:
                self._found = _bare_utf16(chunk[:4096])
        if not self._is_wide and (place := chunk.find(b"\0")) >= 0:
            line = self._lines + chunk.count(b"\n", 0, place)
            raise TableRefused("нулевой байт: файл повреждён или это не текст.", line=line)
        if not self._is_xml and self._found != "cp1251" and not self._is_wide and self._wanted in ("", "utf-8"):
            self._look_for_utf8(chunk)
        if len(self._sample) < SAMPLE:
            self._sample += chunk.translate(None, ASCII)[:SAMPLE]
        self._lines += chunk.count(b"\n")

    def finish(self) -> None:
        if self._is_xml or self._is_wide or self._wanted not in ("", "utf-8"):
            return
        try:
            if self._found != "cp1251":
                self._utf8.decode(b"", final=True)
        except UnicodeDecodeError as fault:
            self._not_utf8(b"", fault)
        if self._found == "cp1251":
            self._check_single_byte()
        elif _is_double_encoded(bytes(self._sample)):
            raise TableRefused(
                "Русские буквы перекодированы дважды (UTF-8 прочитан как windows-1251). Выгрузите файл заново в UTF-8."
            )

    def encoding(self) -> str:
        return self._wanted or self._found or "utf-8"

    @property
    def _is_wide(self) -> bool:
        return (self._wanted or self._found).startswith("utf-16")

    def _look_for_utf8(self, chunk: bytes) -> None:
        try:
            text = self._utf8.decode(chunk)
        except UnicodeDecodeError as fault:
            self._not_utf8(chunk, fault)
        else:
            self._saw_utf8 = self._saw_utf8 or not text.isascii()

    def _not_utf8(self, chunk: bytes, fault: UnicodeDecodeError) -> None:
        before = chunk[: fault.start]
        if self._saw_utf8 or self._found or self._wanted or not before.isascii():
            line = self._lines + before.count(b"\n")
            raise TableRefused(
                "байты не читаются как UTF-8: файл повреждён или склеен из частей в разных кодировках.", line=line
            ) from fault
        self._found = "cp1251"

    def _check_single_byte(self) -> None:
        letters = bytes(self._sample)
        if len(letters) < ENOUGH:
            return
        scores = {codec: _likeness(letters, codec) for codec in NAMES}
        best = max(scores, key=lambda codec: scores[codec])
        if best != "cp1251" and scores[best] > scores["cp1251"] + 0.15:
            raise TableRefused(
                f"Похоже на кодировку {NAMES[best]}. Сохраните файл в UTF-8 или windows-1251 и загрузите ещё раз."
            )
        if scores["cp1251"] < 0.3:
            raise TableRefused("Кодировка не узнана. Сохраните файл в UTF-8 или windows-1251 и загрузите ещё раз.")


def _known(name: str) -> str:
    if not name:
        return ""
    try:
        return codecs.lookup(name).name
    except LookupError as fault:
        raise TableRefused(f"Кодировки «{name}» нет. Бывают utf-8, utf-16, cp1251.") from fault


def _likeness(letters: bytes, codec: str) -> float:
    text = letters.decode(codec, "replace").lower()
    return sum(letter in COMMON for letter in text) / len(text)


def _bare_utf16(head: bytes) -> str:
    """Recognise UTF-16 without a mark: of Latin and Russian text every second byte is 0 or 4."""
    for codec, half in (("utf-16-le", head[1::2]), ("utf-16-be", head[0::2])):
        if len(half) >= 2 and half.count(0) + half.count(4) > 0.8 * len(half) and 0 in half:
            return codec
    return ""


def _is_double_encoded(sample: bytes) -> bool:
    signs = Counter(sample.decode("utf-8", "ignore"))
    letters = sum(count for sign, count in signs.items() if "А" <= sign <= "я" or sign in "Ёё")
    return letters >= ENOUGH and signs["Р"] + signs["С"] > 0.7 * letters
