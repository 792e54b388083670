"""A report narrowed by whoever asks: in the address, on the command line, in files; refusals are sentences."""

import csv
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest

from opora.access.scope import Scope, enter
from opora.reports import asking, exports, narrowing
from opora.reports.errors import NoSuchFilter
from opora.reports.models import ReasonFact
from opora.reports.report_command import _asked
from opora.reports.services.sealing import seal
from opora.reports.tests import desk
from opora.reports.tests.forms.golden import pack
from opora.reports.tests.test_exports import written

pytestmark = pytest.mark.django_db
AT = "/reports/hmao-number/"
ASKED = "of=50000&period=2024-03"


@pytest.fixture
def analyst(cast: SimpleNamespace, place: SimpleNamespace, topics: Any) -> Any:
    """March 2024: five closed calls, two open letters by post, three by e-mail from the federal fund."""
    desk.add(place, topics.policy, 5)
    desk.add(place, topics.policy, 2, channel="post", form="written", closed_on=None)
    desk.add(place, topics.policy, 3, channel="email", form="written", origin="federal_fund")
    return desk.become(cast.op1, "analyst")


def test_the_address_narrows_numbers_rows_and_ways_on(analyst: Any, signed_in: Any) -> None:
    op1 = signed_in("op1")
    page = op1.get(f"{AT}?{ASKED}&channel=post,email&origin=federal_fund")
    counted, text = page.context["counted"], page.content.decode()
    assert counted.table("1").cell("all", "all").value == 3
    assert counted.filters == ["способ: Почта, Электронная почта", "источник: Федеральный фонд ОМС"]
    rows = "/reports/hmao-number/rows/?of=50000&amp;period=2024-03&amp;channel=post%2Cemail&amp;origin=federal_fund"
    assert f"{rows}&amp;cell=1%2Fall%2Finsurer" in text
    assert "period=2024-02&amp;channel=post%2Cemail" in text
    assert "Показать всё" in text
    assert page.context["may_seal"] is False
    lines = op1.get(f"{AT}rows/?{ASKED}&channel=post,email&origin=federal_fund&cell=1/all/insurer")
    assert lines.context["behind"].many == len(lines.context["page"].rows) == 3
    assert "источник: Федеральный фонд ОМС" in lines.content.decode()
    assert "origin=federal_fund" in lines.context["back"]


def test_every_filter_of_the_task_is_offered(analyst: Any, signed_in: Any) -> None:
    page = signed_in("op1").get(f"{AT}?{ASKED}")
    assert [one.name for one in page.context["filters"]] == ["channel", "performer", "origin", "is_closed"]
    for name in ("kinds", "complaints", "defence", "applications", "explanations", "list", "number"):
        assert pack(f"hmao-{name}").filters == ["channel", "performer", "origin", "is_closed"], name
    for name in ("line-complaints", "line-consultations"):
        assert pack(f"hmao-{name}").filters == ["performer", "origin", "is_closed"], name


REFUSED = [
    ("hmao-number", "channel=pigeon", "Отбора channel=pigeon нет. Бывают: hot_line"),
    ("hmao-line-complaints", "channel=post", "не отбирают. Можно по: performer"),
    ("pg-a", "origin=direct", "У этого отчёта отборов нет."),
]


@pytest.mark.parametrize(("name", "given", "words"), REFUSED)
def test_refusals_are_sentences(name: str, given: str, words: str, analyst: Any, signed_in: Any) -> None:
    answer = signed_in("op1").get(f"/reports/{name}/?of=50000&period=2024-Q1&{given}")
    assert answer.status_code == 400
    assert words in answer.content.decode()


def test_a_sealed_report_is_whole(analyst: Any, head: Any, place: Any, signed_in: Any) -> None:
    from opora.reports.tests.test_analysis import subject

    closed = seal("hmao-number", subject(place), asking.Period.read("2024-03"), by=head)
    with enter(analyst.scope), pytest.raises(NoSuchFilter, match="целиком"):
        asking.as_sealed(analyst, closed.pk, {"channel": ["post"]})
    page = signed_in("op1").get(f"{AT}?{ASKED}&channel=post")
    assert page.context["is_changed"] is False


def test_files_are_narrowed_and_say_so(analyst: Any, settings: Any, tmp_path: Any, signed_in: Any) -> None:
    settings.DATA_DIR = tmp_path
    url = f"{AT}exporting/?{ASKED}&channel=email"
    assert "способ: Электронная почта" in signed_in("op1").get(url).content.decode()
    signed_in("op1").post(url, {"form": "csv"})
    signed_in("op1").post(f"{url}&cell=1/all/insurer", {"form": "csv"})
    with enter(Scope.system("a test looks")):
        of_rows, whole = exports.Export.objects.all()
    assert exports.file_name(written(whole)) == "hmao-number-50000-2024-03-otbor.csv"
    assert "1;all;insurer;Количество обращений;Зарегистрировано;СМО;3" in read(whole)
    assert (of_rows.total, of_rows.filters) == (3, {"channel": "email"})
    assert written(of_rows).state == "done"
    assert "Ещё 3\u00a0обращения" in read(of_rows)  # facts of a test have no appeals


def read(export: Any) -> str:
    text = exports.path_of(export).read_text(encoding="utf-8-sig")
    return "\n".join(";".join(line) for line in csv.reader(StringIO(text), delimiter=";"))


def test_the_command_line_narrows(analyst: Any) -> None:
    with enter(Scope.system("the command line")):
        asked = _asked("hmao-number", "50000", "2024-03", ["channel=post,email", "is_closed=yes"])
        assert asked.counted().table("1").cell("all", "all").value == 3
        for wrong in ("channel", "verdict=justified"):
            with pytest.raises(NoSuchFilter, match="Можно по: channel"):
                _asked("hmao-number", "50000", "2024-03", [wrong])


def test_texts_and_filters_are_each_other(analyst: Any) -> None:
    form = pack("hmao-number")
    given = {"channel": ["post", "email"], "is_closed": ["no"], "of": ["50000"], "origin": [""]}
    also = narrowing.read(form, given)
    assert also == {"channel": ["post", "email"], "is_closed": [False]}
    assert narrowing.read(form, narrowing.given(narrowing.texts(also))) == also
    assert [one.chosen for one in narrowing.offered(form, also)] == ["post,email", "", "", "no"]


def test_reasons_know_the_origin_of_their_appeal(journal: Any, chained: Any, place: Any) -> None:
    from opora.reports import following

    journal.complaint(place.clinic, origin="federal_fund")
    chained()
    following.follow()
    assert ReasonFact.objects.get().origin == "federal_fund"
