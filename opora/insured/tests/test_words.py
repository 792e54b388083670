"""The dictionaries know every name of the register the moment it is saved."""

from types import SimpleNamespace
from typing import Any

from opora.insured.models import FormerName, GivenWord, Person, SurnameWord


def test_a_saved_name_is_known_at_once_whole_and_in_parts(polina: Any) -> None:
    word = SurnameWord.objects.get(key="соловьеваседая")
    assert word.parts == ["соловьева", "седая"]
    assert {"соловьеваседая", "оловьеваседая", "соловьевседая", "соловьеваседа"} <= set(word.near)
    assert SurnameWord.objects.filter(key="чижикова").exists()
    assert GivenWord.objects.get(key="полина").parts == []


def test_a_changed_name_is_learnt_and_an_unchanged_one_costs_nothing(polina: Any) -> None:
    polina.surname = "Воробьёва"
    polina.save(update_fields=["surname"])
    assert SurnameWord.objects.filter(key="воробьева").exists()
    known = SurnameWord.objects.count()
    Person.objects.filter(pk=polina.pk).update(surname="Воробьёва", died_on=None)
    assert SurnameWord.objects.count() == known


def test_many_people_of_one_statement_are_learnt_together(place: SimpleNamespace) -> None:
    names = ["Кукушкин", "Кукушкин", "кукушкин", "Дятлова-Сойка", "ДЯТЛОВАСОЙКА", ""]
    Person.objects.bulk_create(
        Person(territory=place.nsk, surname=name, given_name="Иван", birth_on="1990-01-01", sex=1) for name in names
    )
    assert set(SurnameWord.objects.values_list("key", "parts__len")) == {("кукушкин", 0), ("дятловасойка", 2)}


def test_parts_are_learnt_later_when_the_first_writing_had_none(place: SimpleNamespace, polina: Any) -> None:
    FormerName.objects.create(person=polina, surname="Дятловасойка")
    assert SurnameWord.objects.get(key="дятловасойка").parts == []
    FormerName.objects.create(person=polina, surname="Дятлова-Сойка")
    assert SurnameWord.objects.get(key="дятловасойка").parts == ["дятлова", "сойка"]
