from django.apps import AppConfig


class MailroomConfig(AppConfig):
    name = "opora.mailroom"
    verbose_name = "Канцелярия"
