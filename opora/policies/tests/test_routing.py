"""Promises of a plan on any task: no window broken, each stop once, pinned ones stay, the same task the same plan."""

from hypothesis import given, settings
from hypothesis import strategies as some

from opora.policies.routing.distance import metres, minutes
from opora.policies.routing.model import Plan, Point, Speed, Stop, Why, Worker
from opora.policies.routing.planning import plan

SPEED = Speed()
points = some.builds(Point, some.floats(54.9, 55.1), some.floats(82.8, 83.1))
windows = some.lists(
    some.tuples(some.integers(420, 1100), some.integers(30, 240)).map(lambda one: (one[0], one[0] + one[1])), max_size=2
).map(tuple)
stop_fields = some.tuples(
    some.one_of(some.none(), points), windows, some.integers(5, 30), some.sampled_from([None, "a", "b", "gone"])
)


@some.composite
def tasks(draw: some.DrawFn) -> tuple[list[Stop], list[Worker]]:
    stops = [
        Stop(number, point, hours, service, ("г", "ул", number % 3), pinned, 1)
        for number, (point, hours, service, pinned) in enumerate(draw(some.lists(stop_fields, max_size=8)))
    ]
    names = draw(some.sampled_from([[], ["a"], ["a", "b"]]))
    most = draw(some.one_of(some.none(), some.integers(1, 5)))
    workers = [Worker(name, 540, draw(some.integers(600, 1080)), draw(points), most=most) for name in names]
    return stops, workers


@settings(max_examples=60, deadline=None, derandomize=True)
@given(tasks())
def test_a_plan_keeps_its_promises(task: tuple[list[Stop], list[Worker]]) -> None:
    stops, workers = task
    found = plan(stops, workers, SPEED, seconds=5)
    placed = [one.key for route in found.routes.values() for one in route]
    assert sorted([*placed, *found.left]) == [stop.key for stop in stops]
    for stop in stops:
        if stop.worker in {worker.key for worker in workers}:
            assert stop.key in {one.key for one in found.routes[stop.worker]}
    for worker in workers:
        walked(found, worker, {stop.key: stop for stop in stops})


def walked(found: Plan, worker: Worker, stops: dict[object, Stop]) -> None:
    """Walk a route by the clock: nobody is early, late, or in two places."""
    clock, place = worker.since, worker.base
    timed = [one for one in found.routes[worker.key] if one.at is not None]
    for one in timed:
        stop = stops[one.key]
        clock += minutes(metres(place, stop.point, SPEED), SPEED)
        assert one.at is not None
        assert one.at >= clock
        assert not stop.windows or any(opens <= one.at <= closes for opens, closes in stop.windows)
        clock, place = one.at + stop.service, stop.point
    assert clock + minutes(metres(place, worker.base, SPEED), SPEED) <= worker.until


def test_the_same_task_gives_the_same_plan() -> None:
    stops = [Stop(n, Point(55 + n % 7 / 100, 82.9 + n % 5 / 100)) for n in range(12)]
    workers = [Worker("a", 540, 1080, Point(55.03, 82.92)), Worker("b", 540, 1080, Point(55.0, 82.9))]
    first, again = (plan(stops, workers, SPEED) for _ in range(2))
    assert first == again
    assert not first.left


def test_without_places_it_is_a_list_by_street() -> None:
    stops = [Stop(n, street=("г. Искитим", "ул. Мира", house)) for n, house in enumerate([12, 2, 7])]
    found = plan(stops, [Worker("a", 540, 1080)], SPEED)
    assert [one.key for one in found.routes["a"]] == [1, 2, 0]
    assert all(one.at is None for one in found.routes["a"])


def test_reasons() -> None:
    office, far = Point(55.03, 82.92), Point(58.0, 90.0)
    worker = Worker("a", 540, 600, office)
    found = plan([Stop(1, far), Stop(2, office, ((1200, 1260),)), Stop(3, office)], [worker], SPEED)
    assert found.left == {1: Why.FAR, 2: Why.HOURS}
    assert plan([Stop(1)], [], SPEED).left == {1: Why.NOBODY}
    many = plan([Stop(n, office, service=30) for n in range(4)], [worker], SPEED)
    assert set(many.left.values()) == {Why.FULL}
