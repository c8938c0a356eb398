"""Policies for writing that were for all commands, and so asked in every reading too, become one for each command."""

from __future__ import annotations

from django.db import migrations

_SPLIT = """
do $$
declare
    one record;
begin
    for one in
        select w.tablename as of_table, w.qual as seen, w.with_check as kept
          from pg_policies w
          join pg_policies r using (schemaname, tablename)
         where w.schemaname = current_schema() and w.cmd = 'ALL' and w.policyname = 'write_' || w.tablename
           and r.cmd = 'SELECT' and r.policyname = 'read_' || r.tablename
    loop
        execute format('create policy %I on %I for insert with check (%s)', 'add_' || one.of_table, one.of_table, one.kept);
        execute format('create policy %I on %I for update using (%s) with check (%s)', 'change_' || one.of_table, one.of_table,
                       one.seen, one.kept);
        execute format('create policy %I on %I for delete using (%s)', 'remove_' || one.of_table, one.of_table, one.seen);
        execute format('drop policy %I on %I', 'write_' || one.of_table, one.of_table);
    end loop;
end $$
"""


class Migration(migrations.Migration):
    """In a new house there is nothing to do: :func:`protect` makes them so."""

    dependencies = [("access", "0004_stand_in")]

    # going back needs nothing: what each command may do is the same
    operations = [migrations.RunSQL(_SPLIT, migrations.RunSQL.noop)]
