"""``Meta.triggers = [audited()]`` puts a model under audit.

Every trigger calls one function of the database. It refuses a write without an actor and a reason, stores only
the columns that changed, and gives the entry its digest. docs/decisions/0003-audit.md says why there is one
table instead of an event table per model.
"""

from __future__ import annotations

import pgtrigger

# SECURITY DEFINER: the web role may call the function but has no INSERT, UPDATE or DELETE on the table.
FUNCTION = """
create or replace function audit_write(tbl text, act text, old_row jsonb, new_row jsonb) returns void
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
    values (moment, pg_current_xact_id()::text::bigint + (select shift from audit_epoch), who, why, tbl, (whole->>'id')::bigint, lower(act), was, becomes,
            (whole->>'community_id')::bigint, (whole->>'grid_id')::bigint,
            case when tbl = 'people_resident' then (whole->>'id')::bigint else (whole->>'resident_id')::bigint end,
            sha256(convert_to(concat_ws('|', extract(epoch from moment), who, why, tbl, whole->>'id', act, was, becomes),
                              'UTF8')),
            false);
end $$;
"""
DROP_FUNCTION = "drop function audit_write(text, text, jsonb, jsonb);"

# A restored database counts its transactions from the beginning again; the shift keeps ours growing.
EPOCH = """
create table audit_epoch (only_row boolean primary key default true check (only_row), shift bigint not null);
insert into audit_epoch (shift) values (0);
alter table audit_epoch enable row level security;
create policy read_epoch on audit_epoch for select using (true);
"""
DROP_EPOCH = "drop table audit_epoch;"
GO_ON = """
update audit_epoch set shift = latest.xid + 1 - pg_current_xact_id()::text::bigint
  from (select greatest((select max(xid) from audit_auditentry), (select max(to_xid) from audit_auditseal)) xid) latest
 where latest.xid >= pg_current_xact_id()::text::bigint + shift
"""

# Seals are added and never changed. Like the entries': not forced, so the owner alone could, and the anchor notices.
SEALED = """
alter table audit_auditseal enable row level security;
create policy read_seal on audit_auditseal for select using (true);
create policy add_seal on audit_auditseal for insert with check (true);
"""
UNSEALED = """
drop policy add_seal on audit_auditseal;
drop policy read_seal on audit_auditseal;
alter table audit_auditseal disable row level security;
"""

# What was written about a person goes once the person's key is gone, and only then; digests and seals stay.
# The owner is held to the policies as well, so nobody outside the caller's scope can be named.
ERASE = """
create or replace function audit_erase(kind text, subject_row bigint) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    subject_uid uuid; gone integer;
begin
    if kind = 'people_resident' then
        select uid into subject_uid from people_resident where id = subject_row;
    elsif kind = 'people_account' then
        select uid into subject_uid from people_account where id = subject_row;
    end if;
    if subject_uid is null or exists (select 1 from vault_subjectkey where subject = subject_uid) then
        raise exception 'nothing of % % may be erased while its key is there', kind, subject_row
            using errcode = 'insufficient_privilege';
    end if;
    update audit_auditentry set before = null, after = null, erased = true
     where not erased and case when kind = 'people_resident' then resident = subject_row
                               else "table" = kind and "row" = subject_row end;
    get diagnostics gone = row_count;
    return gone;
end $$;
"""
DROP_ERASE = "drop function audit_erase(text, bigint);"

# A household remembers the blind index of its head's number: an entry that holds it goes like the person's own.
# The number must be nobody's any more.
ERASE_HEAD = """
create or replace function audit_erase_head(subject_row bigint, indexes bytea[]) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    subject_uid uuid; gone integer; words text[];
begin
    select uid into subject_uid from people_resident where id = subject_row;
    if subject_uid is null or exists (select 1 from vault_subjectkey where subject = subject_uid)
       or exists (select 1 from people_identity where index = any (indexes)) then
        raise exception 'nothing of the head % may be erased while its key or its number is there', subject_row
            using errcode = 'insufficient_privilege';
    end if;
    select array_agg(to_jsonb(one) #>> '{}') into words from unnest(indexes) one;
    update audit_auditentry set before = null, after = null, erased = true
     where not erased and "table" = 'people_household'
       and (before->>'head_index' = any (words) or after->>'head_index' = any (words));
    get diagnostics gone = row_count;
    return gone;
end $$;
"""
DROP_ERASE_HEAD = "drop function audit_erase_head(bigint, bytea[]);"

# The trigger library lets a session switch a trigger off with a setting that any role may set: not ours.
NEVER_IGNORED = """
create or replace function public._pgtrigger_should_ignore(trigger_name name) returns boolean
language sql immutable as 'select false'
"""


def audited() -> pgtrigger.Trigger:
    """The audit trigger for ``Meta.triggers``. The model's table needs a bigint ``id``."""
    return pgtrigger.Trigger(
        name="audited",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func="perform audit_write(tg_table_name::text, tg_op, to_jsonb(old), to_jsonb(new)); return null;",
    )
