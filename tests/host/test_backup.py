"""A backup is what it says, holds no key, and comes back; anything else is refused."""

from __future__ import annotations

import io
import json
import shutil
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import psycopg
import pytest

from jiamenkou.host import archive, runtime
from jiamenkou.host.datadir import DataDir
from jiamenkou.host.roles import BACKUP, WEB
from tests.host.running import jiamenkou

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with rows, some behind row-level security, and an upload; nothing runs on it."""
    root = tmp_path_factory.mktemp("backup") / "house"
    assert jiamenkou("manage", "check", JIAMENKOU_DATA=str(root)).returncode == 0
    cluster = runtime.cluster_of(DataDir(root))
    cluster.start()
    with psycopg.connect(cluster.url(WEB)) as web:
        web.execute("insert into note (text) select 'note ' || n from generate_series(1, 500) n")
        web.execute("select set_config('app.scope', 'all', true)")
        web.execute("insert into secret (text) select 'secret ' || n from generate_series(1, 70) n")
    cluster.stop()
    (root / "files" / "ab").mkdir()
    (root / "files" / "ab" / "照片.jpg").write_bytes(b"\xff\xd8 not really")
    return root


@pytest.fixture(scope="module")
def backup(house: Path) -> Path:
    file = house.with_name("house.backup")
    done = jiamenkou("backup", str(file), "--data", str(house), "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["files"] == 1
    assert report["rows"] >= 570
    assert not list(house.glob("verify-*"))
    return file


def test_what_comes_back_is_what_was_there(backup: Path, house: Path, tmp_path: Path) -> None:
    target = tmp_path / "restored"
    target.mkdir()
    shutil.copy(house / "keys.json", target)
    done = jiamenkou("restore", str(backup), "--data", str(target))
    assert done.returncode == 0, done.stderr
    assert (target / "files" / "ab" / "照片.jpg").read_bytes() == b"\xff\xd8 not really"
    # the same row can be written by the role that serves: grants and policies came back too
    cluster = runtime.cluster_of(DataDir(target))
    cluster.start()
    with psycopg.connect(cluster.url(WEB)) as web:
        assert web.execute("select count(*) from note").fetchone() == (500,)
        assert web.execute("select count(*) from secret").fetchone() == (0,)
        web.execute("insert into note (text) values ('another')")
    with psycopg.connect(cluster.url(BACKUP)) as all_rows:
        assert all_rows.execute("select count(*) from secret").fetchone() == (70,)
    cluster.stop()
    assert jiamenkou("manage", "migrate", "--check", JIAMENKOU_DATA=str(target)).returncode == 0


def test_no_key_and_no_password_is_in_it(backup: Path, house: Path) -> None:
    content = backup.read_bytes()
    keys = json.loads((house / "keys.json").read_text())
    passwords = json.loads((house / "postgres" / "secrets.json").read_text())["passwords"]
    for secret in (keys["django_secret"], keys["blind"], *keys["masters"].values(), *passwords.values()):
        assert secret.encode() not in content
    with tarfile.open(backup) as tar:
        assert tar.getnames() == ["manifest.json", "database.dump", "files/ab/照片.jpg"]
    assert backup.stat().st_mode & 0o077 == 0


def test_an_existing_file_is_not_overwritten(backup: Path, house: Path) -> None:
    refused = jiamenkou("backup", str(backup), "--data", str(house))
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)


def test_other_keys_are_refused(backup: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    assert jiamenkou("manage", "check", JIAMENKOU_DATA=str(tmp_path / "x"), JIAMENKOU_KEYS=str(other)).returncode == 0
    refused = jiamenkou("restore", str(backup), "--data", str(tmp_path / "y"), JIAMENKOU_KEYS=str(other))
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "密钥" in refused.stderr


def test_a_house_that_has_something_in_it_is_left_alone(backup: Path, house: Path) -> None:
    before = sorted(path.name for path in house.iterdir())
    refused = jiamenkou("restore", str(backup), "--data", str(house))
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert sorted(path.name for path in house.iterdir()) == before


OUTSIDE = Path(tempfile.gettempdir()) / "jiamenkou-outside"
PLACES = {"above": "../../outside", "absolute": str(OUTSIDE)}


def _rewritten(backup: Path, target: Path, change: str) -> Path:
    with tarfile.open(backup) as source, tarfile.open(target, "w") as out:
        for member in source:
            reader = source.extractfile(member)
            assert reader is not None
            content = reader.read()
            if change == "damaged" and member.name == "database.dump":
                content = content[:-1] + bytes([content[-1] ^ 1])
            if change == "rows" and member.name == "manifest.json":
                manifest: dict[str, Any] = json.loads(content)
                manifest["tables"]["public.note"] += 1
                content = json.dumps(manifest).encode()
            if change in PLACES and member.name.startswith("files/"):
                member.pax_headers = {}
                member.name = f"files/{PLACES[change]}"
            if change in PLACES and member.name == "manifest.json":
                manifest = json.loads(content)
                [digest] = manifest["files"].values()
                manifest["files"] = {PLACES[change]: digest}
                content = json.dumps(manifest).encode()
            if change == "missing" and member.name.startswith("files/"):
                continue
            member.size = len(content)
            out.addfile(member, io.BytesIO(content))
    return target


@pytest.mark.parametrize("change", ["damaged", "rows", "missing", *PLACES])
def test_a_changed_backup_is_refused_and_leaves_nothing(backup: Path, tmp_path: Path, change: str) -> None:
    changed = _rewritten(backup, tmp_path / "changed", change)
    refused = jiamenkou("restore", str(changed), "--data", str(tmp_path / "target"))
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    assert {path.name for path in (tmp_path / "target").iterdir()} <= {"lock"}
    assert not (tmp_path / "outside").exists() and not OUTSIDE.exists()


@pytest.mark.parametrize("content", [b"", b"not a tar", b"\0" * 20480])
def test_what_is_no_backup_is_said_so(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    with pytest.raises(archive.NotABackup), archive.opened(file):
        pass
    refused = jiamenkou("restore", str(file), "--data", str(tmp_path / "target"))
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert not (tmp_path / "target").exists()
