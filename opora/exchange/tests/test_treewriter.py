"""What is written by a tree is read by it: the partner's own bytes, and any content at all."""

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opora.exchange.engine import FORMATS
from opora.exchange.errors import FactMissing
from opora.exchange.findings import Block, Record
from opora.exchange.formats.dspn import Dspn
from opora.exchange.formats.gf import TREE as GF
from opora.exchange.formats.rpl import TREE as RPL
from opora.exchange.tests.test_samples import CASES
from opora.exchange.tests.test_tree import TREE
from opora.exchange.treereader import read_tree
from opora.exchange.treewriter import write_tree
from opora.exchange.xmllist import XmlList

# Envelopes and attributes of a root are written by writers of their own (``writers/kk.py``, ``writers/stv.py``).
NOT_BY_TREE = {"kk-evfactinfos-soap", "kk-responcepack", "stv-people-xml"}
TREES = {form.slug: form.tree for form in FORMATS if isinstance(form, XmlList) and form.slug not in NOT_BY_TREE}
FILES = [
    next(path for path in case.iterdir() if path.name != "expected.json") for case in CASES if case.parent.name in TREES
]


def xml_of(path: Path) -> bytes:
    if path.suffix != ".zip":
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return archive.read(archive.namelist()[0])


FEDERAL = {"DN_LIST", "DN_PLAN", "DN", "DISP"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_partner_s_own_bytes_come_out(path: Path) -> None:
    tree, raw = TREES[path.parent.parent.name], xml_of(path)
    content = read_tree(io.BytesIO(raw), tree)
    encoding = "windows-1251" if b"windows-1251" in raw[:60].lower() else "utf-8"
    written = write_tree(tree, content.header, content.records, blocks=content.blocks, encoding=encoding)
    again = read_tree(io.BytesIO(written), tree)
    assert (again.header, again.blocks) == (content.header, content.blocks)
    assert [filled(record) for record in again.records] == [filled(record) for record in content.records]
    if tree in (GF, RPL, Dspn.tree) or tree.root.name in FEDERAL:
        assert written == raw


def filled(record: Record) -> tuple:
    """Some partners write optional tags empty, we leave them out."""
    return record.place, {name: value for name, value in record.values.items() if value}, record.blocks


LETTERS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1)
TAGS = st.lists(LETTERS.map(lambda text: Block({"TAG": text[:3]})), max_size=3)
CODES = st.from_regex(r"[0-9]{2}", fullmatch=True)
DAYS = st.dates().map(lambda day: day.isoformat())
INFS = st.builds(
    lambda how, tags: Block({"HOW": how}, {"TAG": tags} if tags else {}), st.sampled_from(["1", "2"]), TAGS
)
RECORDS = st.lists(
    st.tuples(
        LETTERS.map(lambda text: text[:10]),
        st.fixed_dictionaries({}, optional={"DR": DAYS, "WHO/CODE": CODES, "PLAN/CODE": CODES}),
        st.lists(INFS, max_size=2),
    ),
    min_size=1,
    max_size=3,
)


@settings(max_examples=100, deadline=None)
@given(RECORDS)
def test_any_content_survives(drawn: list[tuple[str, dict[str, str], list[Block]]]) -> None:
    records = []
    for place, (surname, values, infs) in enumerate(drawn, start=1):
        given_values = {"N": str(place), "FAM": surname.strip() or "Ли", **values}
        records.append(Record(place, str(place), given_values, {"INF": infs} if infs else {}))
    content = read_tree(io.BytesIO(write_tree(TREE, {"COUNT": str(len(records))}, records)), TREE)
    assert content.findings == []
    assert content.records == records


def test_a_missing_fact_is_said_and_nothing_is_written() -> None:
    with pytest.raises(FactMissing, match="Запись 7, FAM: Поле не заполнено"):
        write_tree(TREE, {"COUNT": "1"}, [Record(1, "7", {"N": "7"})])
    with pytest.raises(FactMissing, match="COUNT"):
        write_tree(TREE, {}, [Record(1, "7", {"N": "7", "FAM": "Ли"})])
    with pytest.raises(FactMissing, match="Записей 0"):
        write_tree(TREE, {"COUNT": "1"}, [])
