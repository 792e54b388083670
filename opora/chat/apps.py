from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "opora.chat"
    verbose_name = "Чат"
