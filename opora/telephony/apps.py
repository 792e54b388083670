from django.apps import AppConfig


class TelephonyConfig(AppConfig):
    name = "opora.telephony"
    verbose_name = "Телефония"
