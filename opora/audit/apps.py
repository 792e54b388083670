from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "opora.audit"
    verbose_name = "Журнал доступа"
