from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    name = "opora.policies"
    verbose_name = "Доставка полисов"
