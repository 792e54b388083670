from django.apps import AppConfig


class StaffingConfig(AppConfig):
    name = "opora.staffing"
    verbose_name = "Смены"
