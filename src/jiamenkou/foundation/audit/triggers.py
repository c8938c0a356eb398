"""``Meta.triggers = [audited()]`` puts a model under audit.

Every trigger calls one function of the database. It refuses a write without an actor and a reason, stores only
the columns that changed, and gives the entry its digest. docs/decisions/0003-audit.md says why there is one
table instead of an event table per model.
"""

from __future__ import annotations

import pgtrigger

# SECURITY DEFINER: the web role may call the function but has no INSERT, UPDATE or DELETE on the table.
FUNCTION = """
create function audit_write(tbl text, act text, old_row jsonb, new_row jsonb) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    who text := nullif(current_setting('app.actor', true), '');
    why text := nullif(current_setting('app.reason', true), '');
    was jsonb; becomes jsonb; whole jsonb := coalesce(new_row, old_row);
    moment timestamptz := clock_timestamp();
begin
    if who is null or why is null then
        raise exception 'no actor or no reason for % on %', act, tbl using errcode = 'insufficient_privilege';
    end if;
    if act = 'INSERT' then
        becomes := jsonb_strip_nulls(new_row);
    elsif act = 'DELETE' then
        was := jsonb_strip_nulls(old_row);
    else
        select jsonb_object_agg(n.key, n.value), jsonb_object_agg(n.key, o.value) into becomes, was
          from jsonb_each(new_row) n join jsonb_each(old_row) o on o.key = n.key
         where n.value is distinct from o.value;
        if becomes is null then return; end if;
    end if;
    insert into audit_auditentry (at, xid, actor, reason, "table", "row", act, before, after,
                                  community, grid, resident, digest, erased)
    values (moment, pg_current_xact_id()::text::bigint, who, why, tbl, (whole->>'id')::bigint, lower(act), was, becomes,
            (whole->>'community_id')::bigint, (whole->>'grid_id')::bigint,
            case when tbl = 'people_resident' then (whole->>'id')::bigint else (whole->>'resident_id')::bigint end,
            sha256(convert_to(concat_ws('|', extract(epoch from moment), who, why, tbl, whole->>'id', act, was, becomes),
                              'UTF8')),
            false);
end $$;
"""
DROP_FUNCTION = "drop function audit_write(text, text, jsonb, jsonb);"


def audited() -> pgtrigger.Trigger:
    """The audit trigger for ``Meta.triggers``. The model's table needs a bigint ``id``."""
    return pgtrigger.Trigger(
        name="audited",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func="perform audit_write(tg_table_name::text, tg_op, to_jsonb(old), to_jsonb(new)); return null;",
    )
