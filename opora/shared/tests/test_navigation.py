from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from opora.shared.navigation import MANY, Item, folded, registered, sections
from opora.shared.templatetags import ui

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


def many(title, number, view_name="nowhere"):
    items = [Item(f"{title} {at}", "ui", "users", None, order=at, section=title) for at in range(number)]
    return sections(holder(), view_name=view_name, items=items)


def closed(found, cookie=None):
    return [section.title for section in folded(found, cookie) if section.is_closed]


def test_the_bottom_bar_of_a_phone_holds_the_first_four_of_all_sections():
    items = [
        Item("Стол", "ui", "home", None, order=1),
        Item("Журнал", "ui-undo", "inbox", None, order=2, section="Приём"),
        Item("Ответы", "ui-form", "book-2", None, order=3, section="Приём"),
        Item("Роли", "ui-plain", "key", None, order=4, section="Управление"),
        Item("Правила", "account_login", "key", None, order=5, section="Управление"),
    ]
    found = sections(holder(), view_name="ui", items=items)
    assert [entry.in_bar for section in found for entry in section.entries] == [True, True, True, True, False]


def test_a_long_rail_begins_with_the_seldom_sections_closed():
    assert closed([*many("Приём", MANY), *many("Управление", 1), *many("Справочники", 1)]) == [
        "Управление",
        "Справочники",
    ]
    assert closed([*many("Приём", 3), *many("Управление", 1)]) == []


def test_the_cookie_says_what_is_closed_and_where_one_is_stays_open():
    here, there = many("Приём", 2, view_name="ui"), many("Управление", 2)
    assert closed([*here, *there], "%D0%9F%D1%80%D0%B8%D1%91%D0%BC%7CУправление") == ["Управление"]
    assert closed([*here, *there], "") == []


def test_the_rail_is_drawn_once_for_each_of_its_shapes(monkeypatch):
    """A third of a page of a list went into drawing the same rail."""
    drawn = []

    def counted(template, context):
        drawn.append(template)
        return render_to_string(template, context)

    monkeypatch.setattr(ui, "render_to_string", counted)
    ui._rail.cache_clear()
    names = {"journal:view", "employees:view"}
    every = sections(holder(*names), view_name="ui", items=ITEMS[:3])
    shown = [ui.rail(folded(every, cookie)) for cookie in (None, "Управление", None, "Управление")]
    assert len(drawn) == 2
    assert shown[0] == shown[2] != shown[1] == shown[3]
    assert (shown[0].count('class="closed"'), shown[1].count('class="closed"')) == (0, 1)
    assert ">12</b>" in shown[0]
    other = ui.rail(sections(holder(), view_name="ui-undo", items=ITEMS[1:2]))
    assert "Журнал" not in other
    assert "aria-current" in shown[0]
    assert "aria-current" not in other
    assert "&lt;b&gt;" in ui.rail(sections(holder(), view_name="", items=[Item("<b>", "ui", "home", None)]))


def test_a_badge_says_its_own_word():
    assert ui.badge("late", "<1>") == ui.badge("late", "<1>")
    assert "&lt;1&gt;" in ui.badge("late", "<1>")
    assert "<1>" in ui.badge("late", mark_safe("<1>"))
    assert ui.badge("late", 1) != ui.badge("late", 2)
