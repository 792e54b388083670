from django.apps import AppConfig
from django.db.models.signals import post_migrate


class TelephonyConfig(AppConfig):
    name = "opora.telephony"
    verbose_name = "Телефония"

    def ready(self) -> None:
        from opora.access.rights import Right
        from opora.appeals import beside as appeals
        from opora.organisations import capacity
        from opora.shared.navigation import Item, register
        from opora.shared.parts import add_to_top
        from opora.telephony import beside, hours
        from opora.telephony.partitions import keep_months_ahead

        capacity.know_hours(hours.open_between)
        post_migrate.connect(keep_months_ahead, sender=self, dispatch_uid="telephony.months")
        appeals.register(Right.TELEPHONY_VIEW, beside.call_of_appeal)
        add_to_top("telephony/ringing.html", script="telephony/ringing.js", style="telephony/ringing.css")
        add_to_top("telephony/ringing.html", script="telephony/link.js", style="telephony/phone.css")
        register(
            Item(
                "Линия", "telephony:line", "phone-incoming", Right.TELEPHONY_TAKE, key="G 6", order=14, section="Приём"
            ),
            Item(
                "Показатели линии",
                "telephony:figures",
                "phone",
                Right.TELEPHONY_VIEW,
                order=56,
                section="Работа центра",
                active=("telephony:call", "telephony:ratings"),
                short="Звонки",
            ),
            Item(
                "Записи разговоров",
                "telephony:recordings",
                "player-play",
                Right.TELEPHONY_LISTEN,
                order=57,
                section="Работа центра",
                active=("telephony:samples", "telephony:sample", "telephony:score"),
                short="Записи",
            ),
            Item(
                "Линии АТС",
                "telephony:lines",
                "phone-call",
                Right.TELEPHONY_EDIT,
                order=68,
                section="Управление",
                active=(
                    "telephony:line-new",
                    "telephony:line-edit",
                    "telephony:line-hours",
                    "telephony:keeping",
                    "telephony:overflow",
                    "telephony:extensions",
                ),
                short="Линии",
            ),
        )
