-- Who may see what. Two roles that cannot log in; the URL's own user may become either (store/database.py).

do $$
begin
    -- Roles belong to the whole server, and several databases of it may be migrated at once.
    perform pg_advisory_xact_lock(7655266);
    if not exists (select from pg_roles where rolname = 'rollbook_app') then
        create role rollbook_app nologin noinherit nobypassrls;
    end if;
    if not exists (select from pg_roles where rolname = 'rollbook_directory') then
        create role rollbook_directory nologin noinherit nobypassrls;
    end if;
    execute format('grant rollbook_app, rollbook_directory to %I', current_user);
    execute format('grant temporary on database %I to rollbook_app', current_database());
end $$;

-- The district of this transaction; NULL, so that nothing matches, where none was set.
create function current_district() returns uuid language sql stable as
    $$ select nullif(current_setting('rollbook.district', true), '')::uuid $$;

-- Row-level security, forced, on every table that has a tenant.
do $$
declare
    tenant_table text;
begin
    for tenant_table in
        select c.table_name from information_schema.columns c
        where c.table_schema = current_schema() and c.column_name = 'district_id'
    loop
        execute format('alter table %I enable row level security', tenant_table);
        execute format('alter table %I force row level security', tenant_table);
        execute format(
            'create policy tenant on %I to rollbook_app using (district_id = current_district()) with check (district_id = current_district())',
            tenant_table);
        if tenant_table <> 'audit' then
            execute format('grant select, insert, update, delete on %I to rollbook_app', tenant_table);
        end if;
    end loop;
end $$;

alter table district enable row level security;
alter table district force row level security;
create policy tenant on district to rollbook_app using (id = current_district()) with check (id = current_district());
grant select, insert, update on district to rollbook_app;

-- After a large import the planner must learn at once what is new; until then it guesses from an empty table.
grant maintain on account, account_role, identity, section, school_class, class_source, enrollment to rollbook_app;

-- The audit book is append-only for everybody who serves people.
grant select, insert on audit to rollbook_app;
grant usage on all sequences in schema public to rollbook_app, rollbook_directory;

-- The directory: keys, heads and hashes; no names of people, no enrollments, no secrets of tenants.
do $$
declare
    directory_table text;
begin
    foreach directory_table in array array[
        'district', 'license', 'connection', 'identity', 'invitation', 'sync_run', 'lease', 'outbox', 'sign_in',
        'password_reset', 'audit'
    ] loop
        execute format('create policy directory on %I to rollbook_directory using (true) with check (true)', directory_table);
    end loop;
end $$;

grant select on district to rollbook_directory;
grant select (id, district_id, name, starts_on, ends_on) on license to rollbook_directory;
grant select (id, district_id, provider, provider_district, library_account_id, method, state, last_good_sync_at)
    on connection to rollbook_directory;
grant select (id, district_id, account_id, provider, authority, kind, subject, valid_to) on identity to rollbook_directory;
grant select (id, district_id, license_id, role, token_hash, expires_at, accepted_at, revoked_at,
              bound_provider, bound_authority, bound_kind, bound_subject) on invitation to rollbook_directory;
grant select (id, district_id, connection_id, kind, scope, state, requested_at, started_at, alive_at, finished_at, next_try_at,
              attempts) on sync_run to rollbook_directory;
grant select (connection_id, district_id, fence, expires_at) on lease to rollbook_directory;
grant select, insert, update, delete on outbox, sign_in, sign_in_attempt, password_reset, operator to rollbook_directory;
grant select, insert on audit to rollbook_directory;
