from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "opora.exchange"
    verbose_name = "Обмен"
