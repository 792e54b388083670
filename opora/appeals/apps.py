from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AppealsConfig(AppConfig):
    name = "opora.appeals"
    verbose_name = "Журнал обращений"

    def ready(self) -> None:
        from opora.access.rights import Right
        from opora.appeals import queries, reminders, undelivered
        from opora.appeals.board import news as board_news
        from opora.appeals.chain.news import tell
        from opora.appeals.events import chained
        from opora.appeals.packs import load_shipped_rules
        from opora.appeals.partitions import keep_months_ahead
        from opora.appeals.recount import on_pack_loaded
        from opora.appeals.sweeping import held_by
        from opora.deadlines.events import pack_loaded
        from opora.insured import panels
        from opora.shared import attention
        from opora.shared.navigation import Item, register

        held_by("appeals.File", "sha256")
        register(
            Item(
                "Журнал",
                "appeals:list",
                "clipboard-list",
                Right.APPEALS_VIEW,
                key="G J",
                order=6,
                active=("appeals:card", "appeals:exports", "appeals:export", "appeals:bundles", "appeals:bundle"),
            )
        )
        register(
            Item(
                "Сводка",
                "appeals:supervisor",
                "chart-bar",
                Right.APPEALS_SUPERVISE,
                key="G S",
                order=55,
                section="Работа центра",
                active=("appeals:reassignment", "appeals:samples", "appeals:sample", "appeals:score", "board:screens"),
            ),
            Item(
                "Оценки моих разговоров", "appeals:own-scores", "star", Right.APPEALS_HANDLE, order=15, place="person"
            ),
            Item(
                "Проверка журнала",
                "appeals:verify",
                "shield-check",
                Right.APPEALS_VERIFY,
                key="G V",
                order=92,
                section="Управление",
                short="Проверка",
                active=("appeals:verification",),
            ),
        )
        attention.register(Right.APPEALS_HANDLE, reminders.coming, order=15)
        attention.register(Right.APPEALS_HANDLE, undelivered.of_hers, order=12)
        attention.register(Right.APPEALS_SUPERVISE, undelivered.of_house, order=13)
        pack_loaded.connect(on_pack_loaded, dispatch_uid="appeals.recount")
        post_migrate.connect(keep_months_ahead, sender=self, dispatch_uid="appeals.months")
        post_migrate.connect(load_shipped_rules, sender=self, dispatch_uid="appeals.rules")
        register(
            Item(
                "Новое обращение",
                "appeals:new",
                "plus",
                Right.APPEALS_REGISTER,
                key="N",
                order=5,
                active=("appeals:registered",),
                short="Новое",
            )
        )
        panels.register(
            panels.Panel(
                slug="appeals",
                title="Обращения",
                right=Right.APPEALS_VIEW,
                query=queries.person_panel,
                template="appeals/person_panel.html",
                order=10,
                icon="messages",
            )
        )
        chained.connect(tell, dispatch_uid="appeals.news")
        chained.connect(board_news.tell, dispatch_uid="appeals.board_news")
        register(
            Item(
                "Правила журнала",
                "appeals:rules",
                "arrows-exchange",
                Right.APPEALS_RULES,
                key="G U",
                order=64,
                section="Управление",
                active=("appeals:route", "appeals:new_route", "appeals:visibility"),
            )
        )
