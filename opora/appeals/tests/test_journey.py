"""No sequence of commands breaks what the journal promises, and nobody ever sees more than she was given."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from opora.access.scope import enter
from opora.appeals import rules, services
from opora.appeals.chain import invariants
from opora.appeals.chain.findings import Finding
from opora.appeals.intake import NewParty, NewReason, register
from opora.appeals.models import (
    Answer,
    Appeal,
    AppealText,
    Callback,
    ChainLink,
    Clock,
    Event,
    Grant,
    Party,
    Reason,
    Tally,
    Unchained,
)
from opora.appeals.models.appeal import NO_ANSWER_NEEDED
from opora.appeals.models.grant import depth_column, holder_of
from opora.appeals.services import Target
from opora.appeals.tests.test_register import complaint, question
from opora.organisations.models import Employee
from opora.shared.errors import DomainError

WORKERS = ["alina", "vera", "sp2", "sp3", "boris", "op1", "op2", "admin", "clerk", "filial"]
OBSERVERS = [*WORKERS, "timur", "auditor", "ministry", "far"]
PLACES = ["alfa", "beta", "fund", "clinic"]
COMMANDS = [
    *("take", "hand_over", "return_back", "reassign", "forward", "pause", "resume", "extend", "answer_interim"),
    *("prepare_answer", "submit_answer", "approve_answer", "return_answer", "send_answer", "confirm_delivery"),
    *("submit_answer", "approve_answer", "approve_answer", "send_answer", "send_answer", "confirm_delivery"),
    *("hand_over", "hand_over", "close", "reopen", "amend", "note", "grant_access", "revoke_access"),
]
RARELY = st.sampled_from([False] * 6 + [True])
OUTCOMES = ["consulted", "complaint_considered", "withdrawn", "redirected"]
DEEP = {Appeal: 2, AppealText: 3, Party: 4, Reason: 3, Clock: 2, Answer: 3, Callback: 2}


class Journey(RuleBasedStateMachine):
    """``seen`` is kept here, apart from the grants: (appeal, organisation) → the depth that was ever given."""

    cast: SimpleNamespace
    place: SimpleNamespace
    topics: SimpleNamespace
    done: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.appeals: list[Any] = []
        self.touched: Any = None
        self.seen: dict[tuple[Any, int], int] = {}

    def teardown(self) -> None:
        try:
            if self.appeals:
                self.counters_numbers_and_the_chain_hold()
                self.nobody_sees_more()
        finally:
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    @rule(who=st.sampled_from(["alina", "vera", "sp3", "op1"]), data=st.data())
    @precondition(lambda self: len(self.appeals) < 2)
    def register(self, who: str, data: Any) -> None:
        employee = getattr(self.cast, who)
        handler = data.draw(st.sampled_from([None, None, "beta", "alfa"]))
        fields: dict[str, Any] = {
            "mine": handler is None and data.draw(st.booleans()),
            "handler": getattr(self.place, handler) if handler else None,
            "parties": [NewParty(surname="Соловьёва", phone="+79000000001")],
        }
        make = data.draw(st.sampled_from([question, complaint]))
        if make is complaint:
            fields["reasons"] = [NewReason(topic=self.topics.quality, provider_id=self.place.clinic.pk)]
        with enter(employee.scope):
            done = register(make(self.topics, **fields), by=employee)
        self.appeals.append(done.id)
        self.touched = done.id
        appeal = Appeal.objects.get(pk=done.id)
        for organisation in (appeal.handler_id, holder_of(employee.scope), self.place.fund.pk):
            self.seen[done.id, organisation] = 4

    @rule(data=st.data())
    @precondition(lambda self: self.appeals)
    def command(self, data: Any) -> None:
        self.touched = data.draw(st.sampled_from(self.appeals))
        appeal = Appeal.objects.get(pk=self.touched)
        possible = [name for name in COMMANDS if appeal.stage in rules.MOVES[rules.Command(name)]]
        command = data.draw(st.sampled_from(COMMANDS if data.draw(RARELY) else possible))
        who = self._who(appeal, command, data)
        subject, fields = self._asked(appeal, command, data)
        if subject is None:
            return
        try:
            with enter(who.scope):
                getattr(services, command)(subject, **fields, by=who)
        except DomainError:
            return
        self.done[command] += 1
        self._remember(command, fields)

    def _who(self, appeal: Appeal, command: str, data: Any) -> Employee:
        """Mostly somebody who may, now and then anybody."""
        if data.draw(RARELY):
            return getattr(self.cast, data.draw(st.sampled_from(OBSERVERS)))
        if appeal.owner is not None and appeal.owner.holds(rules.RIGHTS[rules.Command(command)]):
            return Employee.objects.get(pk=appeal.owner_id)
        house = {"alfa": ["boris", "sp3"], "beta": ["vera"], "fund": ["admin", "op2"], "clinic": ["clerk"]}
        name = next(name for name in PLACES if getattr(self.place, name).pk == appeal.handler_id)
        return getattr(self.cast, data.draw(st.sampled_from(house[name])))

    def _asked(self, appeal: Appeal, command: str, data: Any) -> tuple[Any, dict[str, Any]]:
        organisation = getattr(self.place, data.draw(st.sampled_from(PLACES)))
        colleague = getattr(self.cast, data.draw(st.sampled_from(WORKERS)))
        verdict = data.draw(st.sampled_from(["", "justified"]))
        to = data.draw(st.sampled_from([Target(handler=organisation), Target(owner=colleague), Target(line="sp2")]))
        callback = data.draw(st.sampled_from([None, timezone.now() + timedelta(hours=3)]))
        letters = {"cover_text": "Направляем.", "notice_text": "Направили."}
        order = {"order_number": "1", "order_on": timezone.localdate(), "why": "Так", "notice_text": "Продлили."}
        depths = {f"depth{level}": data.draw(st.integers(0, 4)) for level in (1, 2, 3)}
        answers = [*Answer.objects.filter(appeal=appeal, kind="final").order_by("-created_at")[:1]]
        of_answer = answers[0].pk if answers else None
        asked: dict[str, tuple[Any, dict[str, Any]]] = {
            "take": (appeal.pk, {}),
            "hand_over": (appeal.pk, {"to": to, "why": "Так", "draft": "Добрый день", "callback_at": callback}),
            "return_back": (appeal.pk, {"why": "Так"}),
            "reassign": ([appeal.pk], {"to": to, "why": "Отпуск"}),
            "forward": (appeal.pk, {"outside": "provider", "to_organisation": self.place.clinic, **letters}),
            "pause": (appeal.pk, {"what_for": "Карта"}),
            "resume": (appeal.pk, {}),
            "extend": (appeal.pk, {"days": data.draw(st.integers(1, 31)), **order}),
            "answer_interim": (appeal.pk, {"text": "Проверяем.", "channel": appeal.channel}),
            "prepare_answer": (appeal.pk, {"text": "Проверили."}),
            "submit_answer": (of_answer, {}),
            "approve_answer": (of_answer, {}),
            "return_answer": (of_answer, {"why": "Так"}),
            "send_answer": (of_answer, {"channel": appeal.channel}),
            "confirm_delivery": (of_answer, {"failed_why": data.draw(st.sampled_from(["", "Выбыл"]))}),
            "close": (
                appeal.pk,
                {
                    "outcome": data.draw(st.sampled_from(OUTCOMES)),
                    "verdict": verdict,
                    "why": data.draw(st.sampled_from(["", "Отозвала"])),
                    "callbacks_why": data.draw(st.sampled_from(["", "Просил не звонить"])),
                },
            ),
            "reopen": (appeal.pk, {"why": "Так"}),
            "amend": (appeal.pk, {"changes": {"topic": self.topics.waiting, "text": "Ещё слова."}}),
            "note": (appeal.pk, {"text": "Звонили"}),
            "grant_access": (appeal.pk, {"organisation": organisation, "why": "Так", **depths}),
            "revoke_access": (appeal.pk, {"organisation": organisation, "why": "Так"}),
        }
        return asked[command]

    def _remember(self, command: str, fields: dict[str, Any]) -> None:
        if command in {"hand_over", "return_back"}:
            self.seen[self.touched, Appeal.objects.get(pk=self.touched).handler_id] = 4
        if command == "forward":
            key = (self.touched, self.place.clinic.pk)  # a complaint about it never goes there
            self.seen[key] = max(self.seen.get(key, 0), 3)
        if command == "grant_access":
            key = (self.touched, fields["organisation"].pk)
            self.seen[key] = max(self.seen.get(key, 0), fields["depth1"], fields["depth2"], fields["depth3"])
        if command == "revoke_access":
            self.seen.pop((self.touched, fields["organisation"].pk))

    @invariant()
    def the_row_is_the_fold_of_its_events(self) -> None:
        if self.touched is None:
            return
        told = Event.objects.filter(appeal=self.touched).order_by("at", "id").values_list("details", flat=True)
        appeal = Appeal.objects.get(pk=self.touched)
        assert rules.fold(told) == rules.told({name: getattr(appeal, name) for name in rules.FOLDED})

    @invariant()
    def open_is_under_control_and_closed_has_its_reason(self) -> None:
        if self.touched is None:
            return
        appeal = Appeal.objects.get(pk=self.touched)
        running = Clock.objects.filter(appeal=appeal, state="running")
        if appeal.closed_at:
            assert appeal.outcome
            assert appeal.answered_at or appeal.outcome in NO_ANSWER_NEEDED
            assert not running.exists()
            assert not Callback.objects.filter(appeal=appeal, state="open").exists()
        else:
            nearest = running.filter(is_main=True).order_by("due_at").first()
            assert nearest is not None
            assert (appeal.due_at, appeal.due_on) == (nearest.due_at, nearest.due_on)
            assert appeal.line in rules.LINES_OF[appeal.handler.kind]
            assert appeal.stage != "registered" or appeal.owner_id is None
        copied = ["stage", "line", "handler_id", "owner_id", "due_at", "closed_at", "topic_code"]
        row = tuple(getattr(appeal, name) for name in copied)
        assert set(Grant.objects.filter(appeal=appeal).values_list(*copied)) == {row}

    def counters_numbers_and_the_chain_hold(self) -> None:
        columns = ("handler_id", "line", "owner_id", "due_on")
        counted = {
            row[:4]: row[4]
            for row in Tally.objects.values(*columns).annotate(sum=Sum("change")).values_list(*columns, "sum")
            if row[4]
        }
        open_now = Counter(
            (handler, line, owner or 0, due)
            for handler, line, owner, due in Appeal.objects.open().values_list(*columns)
        )
        assert counted == open_now
        numbers: dict[int, list[int]] = {}
        for organisation, sequence in Appeal.objects.order_by("sequence").values_list("organisation_id", "sequence"):
            numbers.setdefault(organisation, []).append(sequence)
        assert all(given == list(range(1, len(given) + 1)) for given in numbers.values())
        findings: list[Finding] = []
        invariants.check(findings, None, lambda *_: None)
        assert not findings, findings
        assert Event.objects.count() == Unchained.objects.count() + ChainLink.objects.count()

    def nobody_sees_more(self) -> None:
        """Both belts, every table, everybody: what is seen is at most what was given in this journey."""
        for login in OBSERVERS:
            who = getattr(self.cast, login)
            holder = holder_of(who.scope)
            level = depth_column(who.scope)
            deep = dict(Grant.objects.filter(organisation=holder).values_list("appeal_id", level))
            given = {appeal: self.seen.get((appeal, holder), 0) for appeal in self.appeals}
            assert all(depth <= given[appeal] for appeal, depth in deep.items()), login
            with enter(who.scope):
                assert set(Appeal.objects.accessible_to(who).values_list("pk", flat=True)) == {
                    appeal for appeal, depth in deep.items() if depth >= 2
                }, login
                for model, least in DEEP.items():
                    key = "pk" if model is Appeal else "appeal_id"
                    rows = model.objects.values_list(key, flat=True)
                    assert all(deep.get(appeal, 0) >= least for appeal in rows), f"{login} {model.__name__}"
                told = Event.objects.values_list("appeal_id", "depth")
                assert all(deep.get(appeal, 0) >= max(2, depth) for appeal, depth in told), login
                assert all(row.organisation_id == holder for row in Grant.objects.all()), login


@pytest.mark.slow
def test_no_sequence_of_commands_breaks_the_journal(
    cast: SimpleNamespace, place: SimpleNamespace, topics: SimpleNamespace
) -> None:
    done: Counter[str] = Counter()
    machine = type("Journey", (Journey,), {"cast": cast, "place": place, "topics": topics, "done": done})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=8,
            stateful_step_count=40,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert len(done) >= 15, f"the journeys went too few ways: {done}"
