create schema auth;
do $$ begin
  create role authenticated nologin;
exception when duplicate_object or unique_violation then null; -- roles belong to the whole server
end $$;
create table auth.users (id uuid primary key, email text not null unique);
create function auth.uid() returns uuid language sql stable
  as $$ select (current_setting('request.jwt.claims', true)::json ->> 'sub')::uuid $$;
create table public.notes (
  id uuid primary key default gen_random_uuid(),
  owner_id uuid not null references auth.users,
  body text not null
);
alter table public.notes enable row level security;
create policy own_notes on public.notes to authenticated
  using (owner_id = auth.uid()) with check (owner_id = auth.uid());
grant usage on schema public, auth to authenticated;
grant select, insert, update, delete on public.notes to authenticated;
grant execute on function auth.uid() to authenticated;
