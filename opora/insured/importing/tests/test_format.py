"""The page for partners, the schema and the program speak of the same columns."""

import re
from pathlib import Path

import pytest
from lxml import etree

from opora.insured.importing import layout
from opora.insured.importing.errors import ProfileNotUnderstood
from opora.insured.importing.profile import read_profile

ROOT = Path(__file__).parents[4]
SCHEMA = etree.XMLSchema(etree.parse(ROOT / "opora/insured/importing/insured-1.xsd"))
PERSON = (
    "<person><record>7</record><enp>5476410835001236</enp><surname>Белова</surname><birth_on>1985-03-14</birth_on>"
    "<sex>2</sex><policy><since>01.05.2015</since></policy><phone><number>89000000001</number></phone>"
    "<phone><number>89000000002</number><owner>self</owner></phone></person>"
)


def test_the_page_names_every_column() -> None:
    page = (ROOT / "docs/formats/insured.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE) == list(layout.COLUMNS)


def test_the_schema_names_every_column() -> None:
    tree = etree.parse(ROOT / "opora/insured/importing/insured-1.xsd")
    types = {
        kind.get("name"): [element.get("name") for element in kind.iterfind(".//{*}element")]
        for kind in tree.iterfind("{*}complexType")
    }
    assert types == {"person": [*layout.PERSON, *layout.GROUPS], **{k: list(v) for k, v in layout.GROUPS.items()}}


@pytest.mark.parametrize(
    ("body", "is_valid"),
    [
        (f'<insured version="1" mode="full" records="1">{PERSON}</insured>', True),
        (f"<insured>{PERSON.replace('Белова', 'Я' * 101)}</insured>", False),
        (f"<insured>{PERSON.replace('1985-03-14', 'вчера')}</insured>", False),
        (f"<insured>{PERSON.replace('surname', 'shoe')}</insured>", False),
    ],
)
def test_the_schema_validates(body: str, is_valid: bool) -> None:
    assert SCHEMA.validate(etree.fromstring(body)) is is_valid


@pytest.mark.parametrize("column", layout.COLUMNS)
def test_every_heading_is_understood_in_any_writing(column: str) -> None:
    for heading in (column, column.upper(), *layout.SYNONYMS[column]):
        assert layout.column_of(heading) == (column, 1)
    if column not in layout.PERSON:
        assert layout.column_of(f"{column}_2") == (column, 2)
        assert layout.column_of(f"{layout.SYNONYMS[column][0].capitalize()} 3") == (column, 3)


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ('{"columns": {"Рост": "height"}}', "колонки «height» в формате нет"),
        ('{"dates": "ymd"}', "dates"),
        ('{"colums": {}}', "colums"),
        ("[]", "профиль"),
        ("{", "не JSON"),
    ],
)
def test_a_wrong_profile_is_refused(tmp_path: Path, rules: str, sentence: str) -> None:
    path = tmp_path / "beta.json"
    path.write_text(rules, encoding="utf-8")
    with pytest.raises(ProfileNotUnderstood, match=sentence):
        read_profile(path)
