from django.apps import AppConfig


class PostsConfig(AppConfig):
    name = "opora.posts"
    verbose_name = "Посты в клиниках"

    def ready(self) -> None:
        from opora.access.rights import Right
        from opora.posts import matters
        from opora.shared import attention
        from opora.shared.navigation import Item, register

        attention.register(Right.APPEALS_REGISTER, matters.in_trouble, order=31)
        register(
            Item(
                "Пост",
                "posts:records",
                "map-pin",
                Right.APPEALS_REGISTER,
                key="G 8",
                order=18,
                section="Приём",
                active=("posts:",),
            )
        )
