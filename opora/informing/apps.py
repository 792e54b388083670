from django.apps import AppConfig


class InformingConfig(AppConfig):
    name = "opora.informing"
    verbose_name = "Информирование"

    def ready(self) -> None:
        from opora.informing import known

        known.tell()
