"""The typical questions of a contact centre: each has a home in edition 3 and is found by the caller's own words."""

import time
from dataclasses import dataclass

import pytest

from opora.classifiers import search
from opora.classifiers.packs import SHIPPED, read_file
from opora.classifiers.rules import report_rows

THREE = read_file(SHIPPED / "topics-3.json").topics
TOPIC = {topic.code: topic for topic in THREE}
INDEX = search.index(THREE, [topic.words for topic in THREE])


@dataclass(frozen=True, slots=True)
class Question:
    number: int
    text: str
    home: str
    row: str = ""


# Handbook 12: number, words of the caller, our topic, the row of form ПГ 1.1 or 1.2 where the handbook names one.
QUESTIONS = [
    Question(1, "Как получить полис ОМС?", "2.1", "4.1"),
    Question(2, "Бумажный полис ещё действует?", "2.2", "4.1"),
    Question(3, "Потерял бланк — выдадут новый?", "2.3", "4.1"),
    Question(4, "Что сейчас считается полисом?", "2.2", "4.1"),
    Question(5, "Обязаны ли принять без полиса?", "2.9", "4.1"),
    Question(6, "Сменила фамилию, что делать?", "2.4", "4.1"),
    Question(7, "Сколько времени делают полис?", "2.1", "4.1"),
    Question(8, "Как оформить новорождённому?", "2.5", "4.1"),
    Question(9, "Где узнать номер полиса и страховую?", "2.6", "4.1"),
    Question(10, "На Госуслугах нет полиса/не та поликлиника", "2.7", "4.1"),
    Question(11, "Страховая на полисе закрылась", "1.4", "4.4"),
    Question(12, "Срок действия полиса?", "2.2", "4.1"),
    Question(13, "Иностранец с РВП/ВНЖ", "2.8", "4.1.1"),
    Question(14, "Трудовой мигрант", "2.8", "4.1.1"),
    Question(15, "Беженец/временное убежище", "2.8", "4.1.1"),
    Question(16, "Можно доставить полис домой?", "2.10", "4.1"),
    Question(17, "Военнослужащий/заключённый", "2.11", "4.1"),
    Question(18, "Двойной учёт, чужие данные", "2.12", "3.4"),
    Question(19, "Как сменить страховую?", "1.1", "4.4"),
    Question(20, "Сменить страховую можно через Госуслуги?", "1.1", "4.4"),
    Question(21, "Меня перевели в другую страховую без согласия", "1.3", "ж6.1"),
    Question(22, "Как прикрепиться к поликлинике?", "3.1", "4.2"),
    Question(23, "Как часто можно менять поликлинику?", "3.1", "4.2"),
    Question(24, "Сколько ждать прикрепления?", "3.1", "4.2"),
    Question(25, "Отказали в прикреплении: «нет регистрации»", "3.2", "4.2"),
    Question(26, "Отказали: «перегружены участки»", "3.2", "ж4.1"),
    Question(27, "Можно выбрать врача?", "4.1", "4.3"),
    Question(28, "Женская консультация и стоматология", "3.3", "4.2"),
    Question(29, "Приехал в командировку", "10.1", "4.11"),
    Question(30, "Вызов врача на дом не по месту прикрепления", "5.5", "4.5"),
    Question(31, "Не могу записаться, нет талонов", "5.1", "4.5"),
    Question(32, "Сколько ждать терапевта?", "6.2", "4.5"),
    Question(33, "Сколько ждать узкого специалиста?", "6.2", "4.5"),
    Question(34, "Сколько ждать УЗИ, КТ, МРТ?", "6.2", "4.5"),
    Question(35, "Сколько ждать при подозрении на рак?", "6.4", "4.5"),
    Question(36, "Сколько ждать плановой госпитализации?", "6.2", "4.5"),
    Question(37, "Скорая долго едет", "5.6", "ж7"),
    Question(38, "Неотложная помощь", "5.5", "4.5"),
    Question(39, "Нужно ли направление к специалисту?", "5.4", "4.5"),
    Question(40, "Могу попасть в федеральный центр?", "3.4", "4.2"),
    Question(41, "Где сделать МРТ, если в поликлинике нет?", "5.4", "4.5"),
    Question(42, "Как узнать часы работы поликлиники, вечером и в субботу?", "5.3", "4.5"),
    Question(43, "Не дозвониться в регистратуру", "5.2", "4.5"),
    Question(44, "Врач ушёл в отпуск, приём отменили", "5.7", "ж7"),
    Question(45, "Просят оплатить анализ по направлению", "12.2", "4.12"),
    Question(46, "Уже заплатил, вернут?", "12.3", "ж15.1"),
    Question(47, "Сам сделал КТ платно, не ждал очереди", "12.7", "4.13"),
    Question(48, "Покупал лекарства, лежа в больнице", "8.2", "ж12"),
    Question(49, "Лекарства при лечении дома", "8.1", "4.9"),
    Question(50, "Какие документы для возврата денег?", "12.3", "4.12"),
    Question(51, "Платная палата, сервис", "12.5", "4.13"),
    Question(52, "Бесплатно ли зубы, протезы?", "12.6", "4.13"),
    Question(53, "ЭКО по ОМС", "6.7", "4.12.1"),
    Question(54, "Налоговый вычет", "15.1", "3.6.1"),
    Question(55, "Входит ли услуга в программу?", "12.1", "4.12.1"),
    Question(56, "Ведение беременности, роды", "6.10", "4.12.1"),
    Question(57, "Недоволен лечением, куда жаловаться?", "6.1", "4.8"),
    Question(58, "Как подать жалобу письменно?", "13.4", "4.8"),
    Question(59, "Когда ответят?", "13.4"),
    Question(60, "Кто проверит врача?", "6.11", "4.8"),
    Question(61, "Покажете мне акт?", "6.11", "4.8"),
    Question(62, "Не согласен с ответом страховой", "13.5"),
    Question(63, "Врач нагрубил", "13.1", "ж10"),
    Question(64, "Отказали в госпитализации", "11.2", "ж13.1"),
    Question(65, "Грязно, нет ремонта", "5.10", "ж8"),
    Question(66, "Не дают выписку/копию карты", "5.9", "4.5"),
    Question(67, "Прошу получить деньги за вред", "13.9"),
    Question(68, "Умер родственник, хочу проверку", "6.12", "ж11"),
    Question(69, "Мои данные разгласили", "13.8", "ж16"),
    Question(70, "В справке на Госуслугах чужие услуги", "13.2", "ж17"),
    Question(71, "Где увидеть свои услуги и цены?", "13.3", "4.14"),
    Question(72, "Положена ли мне диспансеризация в этом году?", "7.2", "4.14"),
    Question(73, "Чем отличается профосмотр?", "7.1", "4.14"),
    Question(74, "Можно пройти диспансеризацию в другой поликлинике?", "7.2", "4.14"),
    Question(75, "Дадут ли выходной на работе?", "7.6", "4.14"),
    Question(76, "Я прошёл на работе медосмотр", "7.6", "4.14"),
    Question(77, "Зачем вы мне звоните/пишете?", "7.7", "4.14"),
    Question(78, "Откуда у вас мой телефон?", "7.7", "4.14"),
    Question(79, "Проверка репродуктивного здоровья", "7.4", "4.14"),
    Question(80, "Что такое диспансерное наблюдение, обязателен ли визит?", "7.3", "4.14"),
    Question(81, "Углублённая после ковида", "7.5", "4.14"),
    Question(82, "Кто мой страховой представитель и как связаться?", "13.7", "4.14"),
    Question(83, "Звонок бесплатный, ночью отвечают?", "13.7", "4.14"),
]


def found(text: str, limit: int = 3) -> list[str]:
    return [THREE[place].code for place in INDEX.find(text, limit=limit)]


def test_all_questions_are_here() -> None:
    assert [question.number for question in QUESTIONS] == list(range(1, 84))


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: str(question.number))
def test_every_question_has_a_home_in_its_row(question: Question) -> None:
    topic = TOPIC[question.home]
    rows = {report_rows(topic.rows, kind, topic.flags, "pg-a")[0] for kind in topic.kinds}
    assert not question.row or question.row in rows


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: str(question.number))
def test_a_question_is_found_as_the_caller_says_it(question: Question) -> None:
    assert question.home in found(question.text)


OTHERWISE = [
    ("прикрепится к полеклинике", "3.1"),  # slips
    ("ghbrhtgbnmcz r gjkbrkbybrt", "3.1"),  # the wrong layout
    ("gjnthzk gjkbc", "2.3"),
    ("потеря", "2.3"),  # half typed
    ("диспансериз", "7.2"),
    ("нахамила медсестра", "13.1"),
    ("меня не записывают", "5.1"),
    ("утеряла полес", "2.3"),
    ("ребенку полис", "2.5"),  # е for ё
    ("заставили купить шприцы", "12.4"),
    ("отдайте мои деньги за узи", "12.3"),
    ("не кладут в больницу маму", "11.2"),
    ("очередь к кардиологу", "6.5"),
    ("прививка от гриппа", "7.9"),
    ("не могу дозвониться", "5.2"),
    ("5.11", "5.11"),
    ("5,11", "5.11"),
    ("5ю11", "5.11"),
    ("511", "5.11"),
    ("ж12", "8"),
    ("ж 12", "8"),
    (";12", "8"),
]


@pytest.mark.parametrize(("text", "home"), OTHERWISE)
def test_slips_layout_beginnings_and_codes(text: str, home: str) -> None:
    assert home in found(text)


@pytest.mark.parametrize("text", ["", "   ", "щщщщщщ", "?!", "999", "ж99", "\x00", "й" * 5000])
def test_nonsense_finds_nothing_and_breaks_nothing(text: str) -> None:
    assert found(text) == []


def test_a_code_comes_first() -> None:
    assert found("5", limit=20)[:3] == ["5", "5.1", "5.2"]


def test_a_key_press_costs_less_than_5_ms() -> None:
    texts = [question.text[:length] for question in QUESTIONS for length in (3, 8, 40)]
    spent = []
    for text in texts:
        start = time.perf_counter()
        INDEX.find(text)
        spent.append(time.perf_counter() - start)
    assert sorted(spent)[len(spent) * 95 // 100] < 0.005
