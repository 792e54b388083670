"""``opora simulate`` — scenarios from the command line."""

import time
from datetime import datetime
from typing import Annotated

import typer

from opora.shared.console import print_json, progress, with_database

app = typer.Typer(help="Заполнить базу выдуманной, но правдоподобной жизнью.", no_args_is_help=True)


@app.callback()
def simulate() -> None:
    """Заполнить базу выдуманной, но правдоподобной жизнью."""


@app.command()
def people(
    scale: Annotated[float, typer.Option(min=0.000001, help="Доля от 3 246 424 застрахованных.")] = 0.01,
    seed: Annotated[int, typer.Option(min=0, help="Одно зерно — одни и те же люди.")] = 1,
    workers: Annotated[int | None, typer.Option(min=1, max=64, help="Сколько процессов; иначе по ядрам.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Итог одним документом JSON.")] = False,
) -> None:
    """Застрахованные: имена, семьи, полисы, прикрепления, телефоны. Повторный запуск никого не удваивает."""
    from opora.simulation.people.plan import Plan, people_at

    wanted = people_at(scale)
    with with_database(), progress("Люди", total=wanted) as done:
        from opora.simulation.people.finish import refresh
        from opora.simulation.people.work import load_people

        began = time.perf_counter()
        loaded = load_people(Plan(seed=seed), wanted, done=done, workers=workers)
        refresh(loaded)
        seconds = time.perf_counter() - began
    figures = {"people": wanted, "added": loaded.people, "rows": loaded.rows, "seconds": round(seconds, 1)}
    if json:
        print_json(figures)
        return
    rate = loaded.people / seconds if seconds else 0
    print(f"Застрахованных: {wanted:_}, добавлено {loaded.people:_}, записей {loaded.rows:_}".replace("_", " "))
    print(f"Время: {seconds:.1f} с, {rate:,.0f} человек в секунду".replace(",", " "))


@app.command()
def journal(
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Первый день; иначе 1 января.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Последний день; иначе сегодня.")] = None,
    scale: Annotated[float, typer.Option(min=0.000001, help="1 — поток Новосибирской области: 64 000 за 8 мес.")] = 1.0,
    seed: Annotated[int, typer.Option(min=0, help="Одно зерно — одни и те же обращения.")] = 1,
    territory: Annotated[str, typer.Option(help="Код территории; нужен, если их несколько.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Итог одним документом JSON.")] = False,
) -> None:
    """Обращения за период: дни и часы, линии и способы, жалобы, передачи, продления, опоздания, возобновления."""
    with with_database():
        from django.utils import timezone

        from opora.simulation.journal.stream import Stream
        from opora.simulation.journal.work import expected, load_journal, only_territory

        today = timezone.localdate()
        first = since.date() if since else today.replace(month=1, day=1)
        stream = Stream(only_territory(territory), first, until.date() if until else today, scale, seed)
        began = time.perf_counter()
        with progress("Обращения", total=expected(stream)) as done:
            made = load_journal(stream, done=done)
        seconds = time.perf_counter() - began
    if json:
        print_json({"appeals": made.appeals, "events": made.events, "seconds": round(seconds, 1)})
        return
    print(f"Обращений добавлено: {made.appeals:_}, событий: {made.events:_}".replace("_", " "))
    print(f"Время: {seconds:.1f} с")


@app.command()
def complaints(
    number: Annotated[int, typer.Option(min=1, max=5000, help="Сколько жалоб добавить.")] = 50,
    seed: Annotated[int, typer.Option(min=0, help="Одно зерно — одни и те же пути.")] = 1,
) -> None:
    """Жалобы демонстрационной территории на всём пути: документы, акты, претензии, суды, восстановленные права."""
    with with_database():
        from opora.simulation.demo import LOGINS
        from opora.simulation.demo_complaints import ensure_complaints
        from opora.simulation.people.words import territories

        began = time.perf_counter()
        people = {"expert": LOGINS["sp3"], "clerk": LOGINS["clinic_clerk"], "fund": LOGINS["op2"]}
        made = ensure_complaints(territories()[0].okato, **people, number=number, seed=seed)
        print(f"Жалоб добавлено: {made}. Время: {time.perf_counter() - began:.1f} с")


@app.command()
def ring(
    login: Annotated[str, typer.Option(help="Кому позвонить: он должен сидеть на линии.")] = "sp1",
    seconds: Annotated[float, typer.Option(min=1, max=600, help="Сколько ждать ответа, пока не положат трубку.")] = 30,
) -> None:
    """Звонок, который звонит сейчас: карточка всплывает на любой странице сотрудника. Станция не нужна."""
    with with_database():
        from opora.simulation.demo_telephony import ring as play

        for sentence in play(login, seconds):
            print(sentence, flush=True)


@app.command(hidden=True)
def colleagues(
    every: Annotated[float, typer.Option(min=1, help="Через сколько секунд смотреть.")] = 5,
) -> None:
    """Выдуманные коллеги возвращаются на линию после разговора: за них «На линию» никто не нажмёт."""
    with with_database():
        from opora.simulation.demo_telephony import return_to_line

        while True:
            return_to_line()
            time.sleep(every)


@app.command("akbars-2024")
def akbars_2024(
    scale: Annotated[float, typer.Option(min=0.0005, max=1, help="Доля от 3 246 424 застрахованных.")] = 0.01,
    seed: Annotated[int, typer.Option(min=0, help="Одно зерно — один и тот же год.")] = 1,
    json: Annotated[bool, typer.Option("--json", help="Итог одним документом JSON.")] = False,
) -> None:
    """Год одной страховой, 2024: оповещения, обращения, жалобы, опросы, доставка. Итоги сосчитаны по записям."""
    with with_database():
        from opora.simulation.akbars.printed import document, sentences
        from opora.simulation.akbars.rest import live_rest
        from opora.simulation.akbars.targets import targets
        from opora.simulation.akbars.world import people_needed
        from opora.simulation.akbars.year import live

        aims = targets(scale)
        began = time.perf_counter()
        with progress(
            "Год страховой", total=people_needed(aims) + 12 + aims.rest.appeals + aims.rest.on_insurer
        ) as done:
            world, informed = live(scale, seed, done=done)
            counted = live_rest(world, done=done)
        seconds = time.perf_counter() - began
    if json:
        print_json({"scale": scale, **document(world, informed, counted), "seconds": round(seconds, 1)})
        return
    for sentence in sentences(world, informed, counted):
        print(sentence)
    print(f"Время: {seconds:.0f} с")


@app.command("novosibirsk-2025")
def novosibirsk_2025(
    scale: Annotated[float, typer.Option(min=0.01, max=1, help="Доля от 64 212 обращений 2025 года.")] = 0.05,
    seed: Annotated[int, typer.Option(min=0, help="Одно зерно — одни и те же месяцы.")] = 1,
    json: Annotated[bool, typer.Option("--json", help="Итог одним документом JSON.")] = False,
) -> None:
    """Контакт-центр фонда, январь–август 2025 и 2024: обращения, жалобы, восстановленные права. Итоги — по записям."""
    with with_database():
        from opora.simulation.novosibirsk.months import live, size
        from opora.simulation.novosibirsk.printed import document, sentences

        began = time.perf_counter()
        with progress("Месяцы контакт-центра", total=size(scale)) as done:
            before, now = live(scale, seed, done=done)
        seconds = time.perf_counter() - began
    if json:
        print_json({"scale": scale, **document(before, now), "seconds": round(seconds, 1)})
        return
    for sentence in sentences(before, now):
        print(sentence)
    print(f"Время: {seconds:.0f} с")
