from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "opora.feedback"
    verbose_name = "Госуслуги"
