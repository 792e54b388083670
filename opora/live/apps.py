from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "opora.live"
    verbose_name = "Живые новости"

    def ready(self) -> None:
        from opora.shared.parts import add_to_top

        add_to_top("live/state.html", script="live/live.js", style="live/live.css")
