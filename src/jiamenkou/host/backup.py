"""``jiamenkou backup FILE``: the whole system but its keys in one file, proved by restoring it."""

from __future__ import annotations

import json
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jiamenkou import __version__
from jiamenkou.commandline import DONE, PROBLEMS, Parser, plain, refuse
from jiamenkou.host import archive, dump, external, keys, restore, runtime
from jiamenkou.host.datadir import DataDir, read_json


def main(argv: list[str]) -> int:
    parser = Parser(prog="jiamenkou backup", description="write the whole system to a file, verified by restoring it")
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--data", default=None, metavar="DIR", help="default $JIAMENKOU_DATA or .data")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    given = parser.parse_args(argv)
    target, data = Path(given.file).absolute(), DataDir.at(given.data)
    if target.exists():
        refuse(f"文件已存在，不覆盖旧备份：{target}")
    if not target.parent.is_dir():
        refuse(f"没有这个目录：{target.parent}")
    try:
        with runtime.attach(data, role="backup", migrate=False, command="backup") as here:
            manifest = write(here, target)
    except (archive.NotABackup, restore.NotEmpty, dump.DumpFailed, OSError, *runtime.TROUBLES) as trouble:
        if detail := getattr(trouble, "detail", ""):
            sys.stderr.write(detail + "\n")
        sys.stderr.write(plain(str(trouble)) + "\n")
        return PROBLEMS
    report = {"file": str(target), "bytes": target.stat().st_size, **restore.summary(manifest)}
    if given.json:
        sys.stdout.write(json.dumps(report, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(
            f"备份完成：{target}（{report['bytes'] / 1e6:.1f} MB，{report['tables']} 张表 {report['rows']} 行，"
            f"{report['files']} 个文件），已恢复到临时数据库核对\n密钥不在备份内，请另外保管：{here.keys}\n"
        )
    return DONE


def write(here: runtime.Runtime, target: Path) -> dict[str, Any]:
    """Dump one moment, pack it, restore it into a scratch cluster, and only then give it its name; the manifest."""
    if "backup" not in here.urls:
        raise external.DatabaseRefused("没有备份账号的数据库地址：请设置 JIAMENKOU_BACKUP_URL")
    part = target.with_name(f".{target.name}.part")
    # beside the data, where there is room for it, not in a small /tmp
    with tempfile.TemporaryDirectory(dir=here.data.root, prefix="verify-") as folder:
        dumped = Path(folder) / archive.DUMP
        with dump.snapshot(here.urls["backup"]) as (moment, tables, postgres):
            dump.dump(here.urls["backup"], dumped, moment)
        # uploads are written before the rows that name them: after the snapshot none is missing
        files = archive.uploads(here.data.files)
        manifest = {
            "format": archive.FORMAT,
            "made": datetime.now(ZoneInfo("Asia/Shanghai")).isoformat(timespec="seconds"),
            "version": __version__,
            "postgres": postgres,
            "demo": bool(read_json(here.data.installed).get("demo")),
            "tables": tables,
            "dump": archive.sha256(dumped),
            "files": {name: archive.sha256(path) for name, path in files.items()},
            "keys": keys.fingerprints(here.keys),
        }
        try:
            archive.write(part, manifest, dumped, files)
            dumped.unlink()
            scratch = DataDir(Path(folder) / "house")
            with scratch.held("backup"):
                restore.into(scratch, part)
            part.rename(target)
        finally:
            part.unlink(missing_ok=True)
    return manifest
