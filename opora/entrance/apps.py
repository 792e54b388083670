from django.apps import AppConfig


class EntranceConfig(AppConfig):
    name = "opora.entrance"
    verbose_name = "Вход"

    def ready(self) -> None:
        from opora.entrance import trace
        from opora.shared.navigation import Item, register

        trace.listen()
        register(
            Item("Кем работаю", "assignment", "id-badge-2", None, order=10, place="person"),
            Item("Зачем мне данные", "purpose", "clipboard-list", None, order=20, place="person"),
            Item("Безопасность входа", "mfa_index", "shield-lock", None, order=30, place="person"),
            Item("Сеансы", "usersessions_list", "clock", None, order=40, place="person"),
        )
