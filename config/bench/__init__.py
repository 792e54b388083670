"""Замеры — how fast the house is, held against what the same cluster can do at best in the same minute.

Words: a *work* is one thing measured, ``group.work``; a *round* is one figure with its limit, taken one after another;
a *bar* is what must hold. Door: ``frame.work`` for whoever adds a work, ``opora bench`` for whoever reads.

A work is a generator of rounds in a module of this package:

    @work("house.person_page", unit="мс", bar=("figure <= 50", "queries <= 12"))
    def person_page(bench: Bench) -> Iterator[Round]:
        ...prepare, not timed...
        for _ in bench.rounds:
            yield Round(figure=..., limit=..., also={"queries": 9})

It runs with Django set up on a database of its own, ``opora_bench``, which holds ``bench.people`` invented people.
"""
