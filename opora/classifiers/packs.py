"""A file of a classifier: read, checked, the place of a fault named. Pure. Format: docs/formats/classifier.md."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from opora.classifiers import checks
from opora.classifiers.errors import ClassifierRefused
from opora.classifiers.places import line_of
from opora.classifiers.words import Flag, Kind

SHIPPED = Path(__file__).parent / "packs"
LARGEST = 5_000_000
MOST = 5_000
TOPICS, MAPPING = "topics", "mapping"
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
FAULTS = {
    "missing": "поле обязательно",
    "extra_forbidden": "такого поля здесь не бывает",
    "string_too_long": "текст слишком длинный",
    "string_too_short": "текст пуст",
    "too_short": "список пуст",
    "too_long": "список слишком длинный",
}

Code = Annotated[str, Field(pattern=r"^[0-9A-Za-zА-Яа-яЁё][0-9A-Za-zА-Яа-яЁё.\-]{0,13}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Head(_Strict):
    kind: str
    territory: str = Field(default="", pattern=r"^(\d{5})?$")
    version: str = Field(min_length=1, max_length=40)
    since: date
    until: date | None = None
    title: str = Field(min_length=1, max_length=200)
    source: str = Field(min_length=1, max_length=1000)


class _Topic(_Strict):
    code: Code
    title: str = Field(min_length=1, max_length=255)
    parent: str | None = None
    kinds: list[Kind] = Field(min_length=1)
    is_typical: bool = False
    flags: list[Flag] = []
    rows: dict[str, dict[str, str]]
    words: str = Field(default="", max_length=1000)


class _Topics(_Head):
    moved: dict[str, str] = {}
    topics: list[_Topic] = Field(min_length=1, max_length=MOST)


class _Pair(_Strict):
    ours: str = Field(min_length=1, max_length=40)
    theirs: str = Field(min_length=1, max_length=120)
    reads: bool = True
    writes: bool = True


class _Mapping(_Head):
    system: str = Field(pattern=r"^[a-z][a-z0-9]{0,19}$")
    lists: dict[str, list[_Pair]]


SHAPES: dict[str, type[_Head]] = {TOPICS: _Topics, MAPPING: _Mapping}


@dataclass(frozen=True, slots=True)
class TopicLine:
    code: str
    parent: str
    title: str
    kinds: tuple[str, ...]
    is_typical: bool
    flags: tuple[str, ...]
    rows: dict[str, dict[str, str]]
    words: str


@dataclass(frozen=True, slots=True)
class PairLine:
    of: str
    ours: str
    theirs: str
    is_main_ours: bool
    is_main_theirs: bool


@dataclass(frozen=True, slots=True)
class ClassifierFile:
    """A checked file. ``topics`` or ``pairs`` is filled, by ``kind``; ``code`` is that of the edition."""

    name: str
    kind: str
    code: str
    territory: str
    version: str
    since: date
    until: date | None
    title: str
    source: str
    moved: dict[str, str]
    system: str
    topics: tuple[TopicLine, ...]
    pairs: tuple[PairLine, ...]
    sha256: str


def read_file(path: Path) -> ClassifierFile:
    """Read and check a file. Raises ClassifierRefused with a sentence, the line and the path of the fault."""
    if path.stat().st_size > LARGEST:
        raise ClassifierRefused(f"{path.name}: файл больше {LARGEST // 1_000_000} МБ — это не классификатор")
    return read_bytes(path.read_bytes(), name=path.name)


def read_bytes(raw: bytes, *, name: str) -> ClassifierFile:
    if len(raw) > LARGEST:
        raise ClassifierRefused(f"{name}: файл больше {LARGEST // 1_000_000} МБ — это не классификатор")
    try:
        text = raw.decode("utf-8-sig")
        content = json.loads(text, object_pairs_hook=_once)
    except UnicodeDecodeError:
        raise ClassifierRefused(f"{name}: файл должен быть в UTF-8") from None
    except json.JSONDecodeError as fault:
        raise ClassifierRefused(f"{name}, строка {fault.lineno}, знак {fault.colno}: это не JSON") from None
    except RecursionError:
        raise ClassifierRefused(f"{name}: слишком много вложенных скобок") from None
    except _Repeated as fault:
        raise ClassifierRefused(f"{name}: поле «{fault}» записано дважды") from None
    except ValueError:
        raise ClassifierRefused(f"{name}: в файле число длиннее, чем бывает") from None
    if any(UNPRINTABLE.search(part) for part in _texts(content)):
        raise ClassifierRefused(f"{name}: в тексте непечатные знаки")
    return _checked(content, text, name, hashlib.sha256(raw).hexdigest())


def shipped() -> Iterator[Path]:
    """Files that come with the program: topics first, older versions first, for mappings name topics."""
    return iter(sorted(SHIPPED.glob("*.json"), key=lambda path: (path.name.startswith(MAPPING), path.name)))


def _texts(content: Any) -> Iterator[str]:
    """Yield every string of a document, names of fields too."""
    left = [content]
    while left:
        one = left.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            left += [*one, *one.values()]
        elif isinstance(one, list):
            left += one


class _Repeated(ValueError):
    """A field stands twice in one object."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise _Repeated(next(name for name in names if names.count(name) > 1))
    return found


def _checked(content: Any, text: str, name: str, sha256: str) -> ClassifierFile:
    def refusal(path: list[str | int], sentence: str, others: int = 0) -> ClassifierRefused:
        line = line_of(text, path)
        place = ".".join(str(step) for step in path)
        where = ", ".join(part for part in (name, f"строка {line}" if line else "", place) if part)
        more = f" Всего таких мест: {others + 1}." if others else ""
        return ClassifierRefused(f"{where}: {sentence}.{more}")

    shape = SHAPES.get(str(content.get("kind", ""))) if isinstance(content, dict) else None
    if shape is None:
        raise refusal(["kind"], f"поле kind должно быть одним из: {', '.join(SHAPES)}")
    try:
        head = TypeAdapter(shape).validate_python(content)
    except ValidationError as fault:
        first, *others = fault.errors()
        sentence = FAULTS.get(first["type"], f"значение «{str(first['input'])[:60]}» сюда не подходит")
        raise refusal(list(first["loc"]), sentence, len(others)) from None
    faults = [*checks.dates(head.since, head.until)]
    if isinstance(head, _Topics):
        faults += checks.topics([topic.model_dump() for topic in head.topics], head.moved)
    if isinstance(head, _Mapping):
        faults += checks.lists({of: [pair.model_dump() for pair in pairs] for of, pairs in head.lists.items()})
    if faults:
        raise refusal(*faults[0], others=len(faults) - 1)
    return _file(head, name, sha256)


def _file(head: _Head, name: str, sha256: str) -> ClassifierFile:
    topics = head.topics if isinstance(head, _Topics) else []
    lists = head.lists if isinstance(head, _Mapping) else {}
    system = head.system if isinstance(head, _Mapping) else ""
    codes = {topic.code for topic in topics}
    return ClassifierFile(
        name=name,
        kind=head.kind,
        code=f"{MAPPING}-{system}" if system else TOPICS,
        territory=head.territory,
        version=head.version,
        since=head.since,
        until=head.until,
        title=head.title,
        source=head.source,
        moved=head.moved if isinstance(head, _Topics) else {},
        system=system,
        topics=tuple(_line(topic, codes) for topic in topics),
        pairs=tuple(
            PairLine(of, pair.ours, pair.theirs, pair.reads, pair.writes)
            for of, pairs in lists.items()
            for pair in pairs
        ),
        sha256=sha256,
    )


def _line(topic: _Topic, codes: set[str]) -> TopicLine:
    before_dot = topic.code.rpartition(".")[0]
    parent = topic.parent if topic.parent is not None else before_dot if before_dot in codes else ""
    kinds = tuple(kind.value for kind in topic.kinds)
    flags = tuple(flag.value for flag in topic.flags)
    return TopicLine(topic.code, parent, topic.title, kinds, topic.is_typical, flags, topic.rows, topic.words)
