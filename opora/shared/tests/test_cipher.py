"""What lies sealed in databases is read by every later version, and by its own purpose alone."""

import pytest
from cryptography.fernet import InvalidToken

from opora.shared.cipher import cipher_for

PURPOSE = "opora.channels.secrets"
OF_BEFORE = b"gAAAAAAAAAAAuVITQc8w77il4gR1vTq73ycno_bfM9K4KFIsFwYgGUP2lHjLxTrxbXRm6UzS1mO1iLFSZpqGK-QVHQb3o1FJBw=="


def test_what_an_earlier_version_sealed_is_read(settings):
    settings.SECRET_KEY = "the key of before"
    assert cipher_for(PURPOSE).decrypt(OF_BEFORE) == b"was sealed"


def test_a_former_key_still_reads_and_the_present_one_seals(settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the key of today", ["the key of before"]
    assert cipher_for(PURPOSE).decrypt(OF_BEFORE) == b"was sealed"
    fresh = cipher_for(PURPOSE).encrypt(b"fresh")
    settings.SECRET_KEY_FALLBACKS = []
    assert cipher_for(PURPOSE).decrypt(fresh) == b"fresh"


def test_another_purpose_reads_nothing(settings):
    settings.SECRET_KEY = "the key of before"
    with pytest.raises(InvalidToken):
        cipher_for("opora.entrance.mfa").decrypt(OF_BEFORE)
