from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "opora.organisations"
    verbose_name = "Организации и сотрудники"
