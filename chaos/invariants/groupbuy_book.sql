-- needs: groupbuy_cycle groupbuy_order ledger_account ledger_entry
-- the cycle's book says what its orders say: what is waited for, and that nobody was paid twice
select c.id, 'receivable' as what, coalesce(b.receivable, 0) as book, coalesce(o.pending, 0) as orders
from groupbuy_cycle c
left join (
    select a.owner_key, sum(e.amount) filter (where a.purpose = 'receivable') as receivable
    from ledger_account a
    join ledger_entry e on e.account_id = a.id
    where a.owner_kind = 'cycle'
    group by a.owner_key
) b on b.owner_key = 'groupbuy.cycle:' || c.id
left join (
    select cycle_id, sum(total_fen) filter (where state = 'pending') as pending
    from groupbuy_order
    group by cycle_id
) o on o.cycle_id = c.id
where coalesce(b.receivable, 0) <> coalesce(o.pending, 0)
union all
select o.id, 'lines', o.total_fen, sum(l.quantity * l.price_fen)
from groupbuy_order o
join groupbuy_orderline l on l.order_id = o.id
where o.state <> 'merged'
group by o.id, o.total_fen
having o.total_fen <> sum(l.quantity * l.price_fen)
union all
select i.id, 'paid twice', count(*), 1
from ledger_paymentintent i
join ledger_transaction t on t.kind = 'paid' and t.key in
    ('groupbuy.payment:' || i.id || ':paid', 'groupbuy.payment:' || i.id || ':late')
group by i.id
having count(*) > 1
union all
-- a closed book is empty
select c.id, a.purpose, sum(e.amount), 0
from groupbuy_cycle c
join ledger_account a on a.owner_kind = 'cycle' and a.owner_key = 'groupbuy.cycle:' || c.id
join ledger_entry e on e.account_id = a.id
where c.state = 'done' and a.purpose in ('orders', 'receivable')
group by c.id, a.purpose
having sum(e.amount) <> 0
