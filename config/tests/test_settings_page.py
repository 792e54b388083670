from pathlib import Path

import pytest

from config.commands.settings import page, shown
from config.environment import Environment, EnvironmentRefused, read

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"


def test_the_page_says_what_the_code_says():
    assert PAGE.read_text() == page(), "just settings"


def test_secrets_are_never_shown():
    current = Environment(secret_key="k" * 60, database_url="postgresql://opora:pass@db/opora", oidc_client_secret="s")
    assert {shown(name, current) for name in ("secret_key", "database_url", "oidc_client_secret")} == {"задано"}


REFUSED = [
    ({"OPORA_SECRTE_KEY": "x"}, "OPORA_SECRTE_KEY: такой настройки нет"),
    ({"OPORA_IDLE_MINUTES": "0"}, "OPORA_IDLE_MINUTES"),
    ({"OPORA_METRICS_NETS": "10.0.0.0/99"}, "OPORA_METRICS_NETS"),
    ({"OPORA_PBX_ADDRESS": "10.0.0.5"}, "OPORA_PBX_ADDRESS: нужны адрес и порт"),
    ({"OPORA_MODE": "production"}, "OPORA_SECRET_KEY: нужен свой ключ"),
    ({"OPORA_MODE": "production", "OPORA_SECRET_KEY": "k" * 60}, "OPORA_HTTPS"),
    ({"OPORA_MODE": "production", "OPORA_SECRET_KEY": "k" * 60, "OPORA_HTTPS": "1", "OPORA_HOSTS": "*"}, "OPORA_HOSTS"),
]


@pytest.mark.parametrize(("variables", "sentence"), REFUSED)
def test_unknown_and_unsafe_settings_refuse_to_start(variables, sentence):
    with pytest.raises(EnvironmentRefused) as refused:
        read(variables)
    assert sentence in str(refused.value)
    assert refused.value.code == 3
