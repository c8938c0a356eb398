"""``jiamenkou restore FILE``: a backup becomes a house again, in an empty data directory or an empty database."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import psycopg

from jiamenkou.commandline import DONE, PROBLEMS, Parser, plain, refuse
from jiamenkou.host import archive, dump, external, keys, runtime
from jiamenkou.host.datadir import DataDir, write_json

MAY_BE_THERE = {"keys.json", "lock", "log", "files"}  # in a directory that counts as empty; the last two empty too


class NotEmpty(Exception):
    """Restoring would overwrite something; the message is one plain Chinese line."""


def main(argv: list[str]) -> int:
    parser = Parser(prog="jiamenkou restore", description="bring a backup back, verified")
    parser.add_argument("file", metavar="FILE")
    parser.add_argument(
        "--data", default=None, metavar="DIR", help="an empty directory; default $JIAMENKOU_DATA or .data"
    )
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    given = parser.parse_args(argv)
    source, data = Path(given.file), DataDir.at(given.data)
    if not source.is_file():
        refuse(f"没有这个备份文件：{source}")
    try:
        with archive.opened(source):
            pass  # what is no backup is refused before anything is created
        with data.held("restore"):
            manifest = into(data, source, database_url=os.environ.get("DATABASE_URL"))
    except (archive.NotABackup, NotEmpty, dump.DumpFailed, OSError, *runtime.TROUBLES) as trouble:
        if detail := getattr(trouble, "detail", ""):
            sys.stderr.write(detail + "\n")
        sys.stderr.write(plain(str(trouble)) + "\n")
        return PROBLEMS
    report = summary(manifest)
    if given.json:
        sys.stdout.write(json.dumps({"data": str(data.root), **report}, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(
            f"已恢复到 {data.root}：{report['tables']} 张表 {report['rows']} 行，{report['files']} 个文件，均已核对\n"
        )
        if not data.keys.exists():
            sys.stdout.write(f"启动前请把密钥文件放到 {data.keys}（密钥不在备份内）\n")
    return DONE


def summary(manifest: dict[str, Any]) -> dict[str, Any]:
    return {
        "made": manifest["made"],
        "version": manifest["version"],
        "tables": len(manifest["tables"]),
        "rows": sum(manifest["tables"].values()),
        "files": len(manifest["files"]),
    }


def into(data: DataDir, source: Path, database_url: str | None = None) -> dict[str, Any]:
    """Restore ``source`` and compare every table and file; the manifest. ``data`` is held by the caller.

    What was made is removed again where anything differs. Raises NotABackup, NotEmpty, DumpFailed and what
    :data:`runtime.TROUBLES` names.
    """
    _refuse_unless_empty(data)
    data.create()
    with archive.opened(source) as (tar, manifest), tempfile.TemporaryDirectory(dir=data.root) as folder:
        _check_keys(data, manifest)
        dumped = Path(folder) / archive.DUMP
        try:
            archive.unpack(tar, manifest, dumped, data.files)
            if database_url:
                _load(external.urls(database_url), dumped, manifest)
            else:
                _load_embedded(data, dumped, manifest)
        except BaseException:
            for made in (data.postgres, data.files, data.logs):
                shutil.rmtree(made, ignore_errors=True)
            raise
    # no fingerprint: the next start migrates, should this be a newer version than the backup's
    write_json(data.installed, {"demo": bool(manifest.get("demo")), "demo_queued": True})
    return manifest


def _refuse_unless_empty(data: DataDir) -> None:
    if not data.root.exists():
        return
    there = {path.name for path in data.root.iterdir()}
    if there - MAY_BE_THERE or archive.uploads(data.files):
        raise NotEmpty(f"目录不是空的，恢复会覆盖其中的资料：{data.root}")


def _check_keys(data: DataDir, manifest: dict[str, Any]) -> None:
    """Keys that lie there already must be those of the backup, or its encrypted fields could not be read."""
    if not data.keys.exists():
        return
    mine = keys.fingerprints(data.keys)
    if missing := sorted(name for name, digest in manifest["keys"].items() if mine.get(name) != digest):
        raise keys.KeysError(f"密钥文件 {data.keys} 与备份不符（{', '.join(missing)}），请放回备份时的密钥")


def _load_embedded(data: DataDir, dumped: Path, manifest: dict[str, Any]) -> None:
    cluster = runtime.cluster_of(data)
    cluster.start()
    try:
        _load(runtime.prepare(cluster), dumped, manifest)
    finally:
        cluster.stop()


def _load(urls: dict[str, str], dumped: Path, manifest: dict[str, Any]) -> None:
    with psycopg.connect(urls["backup"]) as connection:
        if dump.count_rows(connection):
            raise NotEmpty("数据库里已经有表，恢复会覆盖其中的资料：请用空的数据库")
    dump.load(urls["owner"], dumped)
    with psycopg.connect(urls["backup"]) as connection:
        found = dump.count_rows(connection)
    if different := [name for name in manifest["tables"] if found.get(name) != manifest["tables"][name]]:
        raise dump.DumpFailed(f"恢复后行数不符：{different[0]} 等 {len(different)} 张表")
