"""The first breath of a loading process. Nothing here may import a model: Django is not set up yet."""


def wake() -> None:
    """Set Django up; what the process is then given to do may import models."""
    import django

    django.setup()
