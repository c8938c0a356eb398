"""The house does not serve with a role that row-level security does not hold for."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured
from django.db import connection

_POWERS = """select r.rolname, r.rolsuper, r.rolbypassrls, pg_has_role(r.oid, d.datdba, 'member')
  from pg_roles r, pg_database d where r.rolname = current_user and d.datname = current_database()"""


def refuse_powerful_role() -> None:
    """Raises ImproperlyConfigured when the connection's role is a superuser, bypasses policies or owns the database."""
    with connection.cursor() as cursor:
        cursor.execute(_POWERS)
        name, superuser, bypass, owner = cursor.fetchone() or ("?", True, True, True)
    wrong = [
        what for what, is_so in (("超级用户", superuser), ("BYPASSRLS", bypass), ("数据库所有者", owner)) if is_so
    ]
    if wrong:
        raise ImproperlyConfigured(f"数据库账号 {name} 是{'、'.join(wrong)}，行级权限对它不起作用：请改用 web 账号")
