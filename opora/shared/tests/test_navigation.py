from types import SimpleNamespace

import pytest

from opora.shared.navigation import Item, registered, sections

ITEMS = [
    Item("Сотрудники", "ui-plain", "users", "employees:view", key="G E", order=30, section="Управление"),
    Item("Стол", "ui", "home", None, key="G H", order=10, active=("ui-form", "card:")),
    Item("Журнал", "ui-undo", "inbox", "journal:view", order=20, count=lambda holder: 12),
    Item("Мои сеансы", "ui-form", "device-mobile", None, place="person"),
]


def holder(*rights):
    return SimpleNamespace(holds=lambda right: right in rights)


def labels(*rights, view_name="ui", place="rail"):
    items = sorted(ITEMS, key=lambda item: item.order)
    found = sections(holder(*rights), view_name=view_name, place=place, items=items)
    return {section.title: [entry.label for entry in section.entries] for section in found}


def test_the_rail_shows_only_what_the_role_may_use():
    assert labels() == {"": ["Стол"]}
    assert labels("journal:view", "employees:view") == {"": ["Стол", "Журнал"], "Управление": ["Сотрудники"]}


def test_the_person_menu_is_apart():
    assert labels(place="person") == {"": ["Мои сеансы"]}


@pytest.mark.parametrize(
    ("view_name", "current"), [("ui", True), ("ui-form", True), ("card:edit", True), ("other", False)]
)
def test_the_current_item_is_marked(view_name, current):
    entry = sections(holder(), view_name=view_name, items=ITEMS[1:2])[0].entries[0]
    assert entry.current is current


def test_what_is_registered_leads_somewhere_and_has_its_own_key():
    items = registered()
    assert all(item.url for item in items)
    keys = [item.key for item in items if item.key]
    assert len(keys) == len(set(keys))
