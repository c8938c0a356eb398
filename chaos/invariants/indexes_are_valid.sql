-- a unique index that was left half built guards nothing
select indexrelid::regclass from pg_index where not indisvalid or not indisready
