"""What only the database can promise: the entries of a transaction sum to zero, in every unit."""

from __future__ import annotations

# SECURITY DEFINER with every row in view: the sum is over all entries, whatever the one who commits may see.
BALANCED = """
create or replace function ledger_check_balanced(which bigint) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    wrong record;
    seen text := coalesce(current_setting('app.everything', true), '');
begin
    perform set_config('app.everything', 'on', true);
    select a.unit, sum(e.amount) as total into wrong
      from ledger_entry e join ledger_account a on a.id = e.account_id
     where e.transaction_id = which
     group by a.unit having sum(e.amount) <> 0 limit 1;
    perform set_config('app.everything', seen, true);
    if wrong.total is not null then
        raise exception 'transaction % does not sum to zero: % %', which, wrong.total, wrong.unit
            using errcode = 'check_violation';
    end if;
end $$;
"""
DROP_BALANCED = "drop function ledger_check_balanced(bigint);"

# An account without a resident holds nobody's personal data: a cycle's, a supplier's, the house's.
ACCOUNT_SEEN = """
    resident_id is null
    or nullif(current_setting('app.everything', true), '') is not null
    or community_id = any (nullif(current_setting('app.communities', true), '')::bigint[])
    or resident_id = any (nullif(current_setting('app.residents', true), '')::bigint[])
"""
ENTRY_SEEN = "exists (select 1 from ledger_account a where a.id = ledger_entry.account_id)"
