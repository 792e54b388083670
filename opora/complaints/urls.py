app_name = "complaints"
urlpatterns = []  # type: ignore[var-annotated]
