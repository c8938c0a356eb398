-- needs: django_migrations
-- row-level security that the owner could walk past is none
select relname from pg_class where relkind = 'r' and relrowsecurity and not relforcerowsecurity
