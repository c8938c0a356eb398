-- needs: groupbuy_offer groupbuy_orderline groupbuy_order
-- boxes that are gone are exactly those that somebody's order holds
select f.id, f.stock, f."left", coalesce(h.boxes, 0) as held
from groupbuy_offer f
left join (
    select l.offer_id, sum(l.quantity) as boxes
    from groupbuy_orderline l
    join groupbuy_order o on o.id = l.order_id
    where o.state in ('pending', 'paid', 'ready', 'picked', 'no_show')
    group by l.offer_id
) h on h.offer_id = f.id
join groupbuy_cycle c on c.id = f.cycle_id
where c.state not in ('arrived', 'done', 'failed')
  and f.stock - f."left" <> coalesce(h.boxes, 0)
