"""Root without user namespaces, and another user's folder."""

import os
import shutil
import tempfile
from pathlib import Path

import psycopg
import pytest

from opora.shared import postgres
from opora.shared.postgres import ClusterRefused, account, binaries

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root steps down")


@pytest.fixture
def reachable():
    """A data folder whose parents everybody may pass."""
    parent = Path(tempfile.mkdtemp(prefix="opora-account-"))
    parent.chmod(0o755)
    yield parent / "data"
    postgres.stop(parent / "data", force=True)
    shutil.rmtree(parent)


@pytest.fixture
def no_namespaces(monkeypatch):
    monkeypatch.setattr(account, "_namespace_works", lambda: False)


@as_root
def test_without_namespaces_another_user_runs_it(reachable, no_namespaces):
    if not any(account.Account(user=65534, group=65534).can_run(found["postgres"]) for found in binaries.found()):
        pytest.skip("no PostgreSQL outside root's folders")
    for _ in range(2):
        with postgres.hold(reachable) as url, psycopg.connect(url) as link:
            assert link.execute("SELECT current_user").fetchone() == ("opora",)
            assert (reachable / "postgres").stat().st_uid != 0
    assert (reachable / "postgres.secret").stat().st_mode & 0o777 == 0o600


@as_root
def test_a_folder_nobody_else_can_reach_is_refused_and_not_opened(reachable, no_namespaces):
    reachable.parent.chmod(0o700)
    with pytest.raises(ClusterRefused, match="DATABASE_URL"), postgres.hold(reachable):
        pass
    assert reachable.stat().st_mode & 0o077 == 0


def test_another_users_cluster_is_refused_by_name(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 4242)
    (tmp_path / "postgres").mkdir()
    with pytest.raises(ClusterRefused, match="принадлежит пользователю"):
        account.choose(tmp_path, tmp_path / "postgres")
