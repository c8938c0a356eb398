-- needs: ledger_entry ledger_account ledger_transaction
-- money and hours are neither made nor lost: every transaction sums to zero in every unit, and so does every book
select 'transaction' as what, e.transaction_id::text as which, a.unit, sum(e.amount) as total
from ledger_entry e
join ledger_account a on a.id = e.account_id
group by e.transaction_id, a.unit
having sum(e.amount) <> 0
union all
select 'book', t.subject, a.unit, sum(e.amount)
from ledger_entry e
join ledger_transaction t on t.id = e.transaction_id
join ledger_account a on a.id = e.account_id
group by t.subject, a.unit
having sum(e.amount) <> 0
union all
select 'empty', t.id::text, '', 0
from ledger_transaction t
where not exists (select 1 from ledger_entry e where e.transaction_id = t.id)
union all
-- a reversal is the exact opposite of what it reverses
select 'reversal', r.id::text, '', o.total
from ledger_transaction r
join lateral (
    select sum(abs(together.amount)) as total
    from (
        select e.account_id, sum(e.amount) as amount
        from ledger_entry e
        where e.transaction_id in (r.id, r.reverses_id)
        group by e.account_id
    ) together
) o on true
where r.reverses_id is not null and o.total <> 0
