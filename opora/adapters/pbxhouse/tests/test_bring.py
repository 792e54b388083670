import pytest

from opora.adapters.pbxhouse import bring
from opora.adapters.pbxhouse.errors import PbxhouseRefused

MODULES = """Package: asterisk-modules
Pre-Depends: libc6 (>= 2.42)
Depends: libgsm1 (>= 1.0.18), libsnmp45 (>= 5.9), libsrtp2-1 (>= 2.0.0), libopus0 | libopus1"""
SIPP = """Package: sip-tester
Depends: python3:any, libc6 (>= 2.38), libgcc-s1 (>= 3.0), gcc-16-base, asterisk-config"""


def test_only_what_is_loaded_is_brought():
    assert list(bring._needed(MODULES)) == ["libgsm1", "libsrtp2-1", "libopus0"]
    assert list(bring._needed(SIPP)) == ["libc6", "libgcc-s1"]


def test_what_is_there_is_not_brought_again(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert bring.found() is None
    (bring.cache() / "root").mkdir(parents=True)
    assert bring.ensure().root == tmp_path / "opora" / "asterisk" / "root"


def test_without_the_keys_of_the_archive_nothing_is_brought(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(bring, "KEYRINGS", (str(tmp_path / "none.gpg"),))
    monkeypatch.setattr(bring.shutil, "which", lambda name: name)
    with pytest.raises(PbxhouseRefused, match="debian-archive-keyring"):
        bring.ensure()
    assert bring.found() is None


def test_a_machine_that_is_no_debian_is_told_so(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(bring.shutil, "which", lambda name: None)
    with pytest.raises(PbxhouseRefused, match="Debian"):
        bring.ensure()
