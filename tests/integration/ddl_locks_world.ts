/** Two states whose way to each other and back holds every kind of statement that plans are made of. */

/** The first state. */
export const BEFORE = `
  create schema k;
  create extension hstore with schema k;
  create type k.mood as enum ('sad', 'ok');
  create type k.kind as enum ('a', 'b');
  create domain k.age as int check (value > 0) default 1;
  create type k.pair as (x int, y text);
  create type k.row as (id int, t text);
  create type k.span as range (subtype = int);
  create sequence k.free minvalue 1 maxvalue 100;
  create unlogged table k.scratch (id int);
  create table k.parent (id int primary key, t text, n int, unique (n));
  create table k.child (id int primary key, parent int, m k.mood, kept k.kind, g int generated always as (id * 2) stored,
    num int, txt varchar(10), wide int, nul int, ser serial, ident int generated always as identity, arr int[],
    def int default 1, age k.age, extra text, constraint low check (num > 0), constraint old_key unique (txt),
    constraint fk foreign key (parent) references k.parent (id));
  create table k.typed of k.row;
  create table k.base (a int, b int, check (a > 0));
  create table k.heir () inherits (k.base);
  create table k.alone (a int, b int, check (a > 0));
  create table k.events (id int, n int) partition by range (n);
  create table k.events_1 partition of k.events for values from (0) to (10);
  create table k.events_2 (id int, n int);
  create index child_num on k.child (num);
  create index child_gone on k.child (wide);
  create index child_set on k.child (nul) with (fillfactor = 70);
  create index child_expr on k.child ((num + wide));
  create index events_id on k.events (id);
  create view k.shown as select id, num from k.child;
  create view k.secure with (security_barrier) as select id from k.parent;
  create materialized view k.kept as select id, num from k.child;
  create index kept_id on k.kept (id);
  create function k.twice(a int) returns int language sql as 'select a * 2';
  create function k.gone(a int) returns int language sql as 'select a';
  create function k.touch() returns trigger language plpgsql as 'begin return new; end';
  create procedure k.run() language sql as 'select 1';
  create aggregate k.total (int) (sfunc = int4pl, stype = int);
  create trigger touched before update on k.child for each row execute function k.touch();
  create trigger other before insert on k.child for each row execute function k.touch();
  create rule quiet as on delete to k.scratch do instead nothing;
  create rule loud as on insert to k.scratch do also select 1;
  create policy mine on k.child for select using (num > 1);
  create policy theirs on k.parent using (n > 1);
  create policy yours on k.child using (num > 1);
  create statistics k.stats on num, wide from k.child;
  create statistics k.others on n, t from k.parent;
  create foreign data wrapper wrap;
  create server far foreign data wrapper wrap;
  create foreign table k.distant (id int, t text options (a '1')) server far options (x '1');
  create collation k.plain from "C";
  create operator k.=== (function = int4eq, leftarg = int, rightarg = int);
  create cast (k.mood as int) with inout;
  create text search configuration k.search (copy = pg_catalog.simple);
  create publication news for table k.parent;
  create event trigger watching on sql_drop execute function k.watch();
  alter table k.child alter column extra set storage external, alter column num set statistics 50,
    alter column num set (n_distinct = 5);
  alter table k.child cluster on child_set;
  alter table k.child enable row level security;
  alter table k.parent replica identity full;
  alter table k.parent set (fillfactor = 70);
  comment on table k.child is 'one'; comment on column k.child.num is 'one'; comment on view k.shown is 'v';
  comment on sequence k.free is 's'; comment on type k.mood is 't'; comment on index k.child_num is 'i';
  grant select on k.child to public; grant select (n) on k.parent to public; grant usage on sequence k.free to public;
  insert into k.parent select g, 't', g from generate_series(1, 20) g;
  insert into k.child (id, parent, m, kept, num, txt, wide, nul, age) select g, g, 'ok', 'a', g, g, g, g, g from generate_series(1, 20) g;
  insert into k.events select g, g from generate_series(0, 9) g;`.replace(
  "  create event trigger",
  `  create function k.watch() returns event_trigger language plpgsql as 'begin end';
  create event trigger`,
);

/** The second state. */
export const AFTER = `
  create schema k;
  create extension pg_trgm with schema k;
  create type k.mood as enum ('sad', 'ok', 'happy');
  create type k.kind as enum ('b', 'a');
  create domain k.age as int check (value > -1) not null;
  create type k.pair as (x int, y text, z int);
  create type k.row as (id int, t text);
  create type k.span as range (subtype = bigint);
  create sequence k.free as bigint minvalue 10 maxvalue 1000 cache 5;
  create sequence k.new;
  create table k.scratch (id int);
  create table k.parent (id int, t text, n int, constraint other_key primary key (id, n));
  alter table k.parent add constraint id_only unique (id);
  create table k.child (id int primary key, parent int, m k.mood default 'happy', kept k.kind, g int,
    num bigint, txt varchar(20), wide numeric(10,2), nul int not null, ser int, ident int, arr int[][],
    def int default 2, age k.age, fresh timestamptz default clock_timestamp(), cheap int not null default 5, idt int generated by default as identity,
    constraint low check (num > -1), constraint high check (num < 1000) not valid,
    constraint fk foreign key (parent) references k.parent (id) on delete cascade deferrable,
    constraint apart exclude using btree (num with =));
  create table k.typed (id int, t text);
  create table k.base (a int, b int, c int);
  create table k.heir (a int, b int, c int);
  create table k.alone () inherits (k.base);
  create table k.events (id int, n int) partition by range (n);
  create table k.events_1 (id int, n int);
  create table k.events_2 partition of k.events for values from (10) to (20);
  create index child_num on k.child (num desc);
  create unique index child_new on k.child (wide);
  create index child_set on k.child (nul) with (fillfactor = 80);
  create index child_expr on k.child ((num + wide));
  alter index k.child_expr alter column 1 set statistics 40;
  create index events_id on k.events (id);
  create index events_n on k.events (n);
  create view k.shown as select id, num, wide from k.child;
  create view k.secure as select id from k.parent;
  create materialized view k.kept with (fillfactor = 60) as select id, num from k.child;
  create index kept_id on k.kept (id);
  create function k.twice(a int) returns int language sql as 'select a * 3';
  create function k.touch() returns trigger language plpgsql as 'begin return new; end';
  create trigger touched before update on k.child for each row execute function k.touch();
  alter table k.child disable trigger touched;
  create trigger new_one after update on k.child for each row execute function k.touch();
  create rule quiet as on delete to k.scratch do instead nothing;
  alter table k.scratch disable rule quiet;
  create policy mine on k.child for select using (num > 2);
  create policy theirs on k.parent using (n > 2);
  create policy hers on k.child for insert with check (num > 1);
  create statistics k.stats on num, wide from k.child;
  alter statistics k.stats set statistics 60;
  create foreign data wrapper wrap;
  create server far foreign data wrapper wrap;
  create foreign table k.distant (id int, t text options (a '2'), u int) server far options (y '1');
  create publication news for table k.parent, k.child;
  alter table k.child alter column extra2 set statistics 10;
  alter table k.child force row level security;
  alter table k.child replica identity using index child_pkey;
  alter table k.parent set (autovacuum_enabled = off);
  comment on table k.child is 'two'; comment on column k.child.num is 'two';
  grant insert on k.child to public; grant usage on schema k to public;
  alter default privileges in schema k grant select on tables to public;`.replace(
  "alter column extra2",
  "alter column wide",
);

/** The kinds of statements: each has to come at least once. */
export const KINDS: readonly RegExp[] = [
  /^CREATE SCHEMA|^COMMENT ON TABLE/,
  /^CREATE EXTENSION/,
  /^DROP EXTENSION/,
  /^ALTER TYPE .* ADD VALUE/,
  /^ALTER TYPE .* ADD ATTRIBUTE/,
  /^ALTER TYPE .* DROP ATTRIBUTE/,
  /^ALTER TYPE .* RENAME TO/,
  /^CREATE TYPE .* AS ENUM/,
  /^CREATE TYPE .* AS RANGE/,
  /^DROP TYPE/,
  /^ALTER DOMAIN .* DROP DEFAULT/,
  /^ALTER DOMAIN .* SET DEFAULT/,
  /^ALTER DOMAIN .* SET NOT NULL/,
  /^ALTER DOMAIN .* DROP NOT NULL/,
  /^ALTER DOMAIN .* (?:ADD|DROP) CONSTRAINT/,
  /^CREATE SEQUENCE/,
  /^DROP SEQUENCE/,
  /^ALTER SEQUENCE .* (?:AS|MINVALUE|MAXVALUE)/,
  /^ALTER SEQUENCE .* OWNED BY/,
  /^SELECT pg_catalog\.setval/,
  /^ALTER TABLE .* SET LOGGED/,
  /^ALTER TABLE .* SET UNLOGGED/,
  /^ALTER TABLE .* ADD COLUMN .* DEFAULT/,
  /^ALTER TABLE .* ADD COLUMN .* GENERATED ALWAYS AS \(/,
  /^ALTER TABLE .* ADD COLUMN .* AS IDENTITY/,
  /^ALTER TABLE .* DROP COLUMN/,
  /^ALTER TABLE .* TYPE bigint/,
  /^ALTER TABLE .* TYPE character varying\(20\)/,
  /^ALTER TABLE .* TYPE integer\[\]/,
  /^ALTER TABLE .* SET DEFAULT/,
  /^ALTER TABLE .* DROP DEFAULT/,
  /^ALTER TABLE .* SET NOT NULL/,
  /^ALTER TABLE .* DROP NOT NULL/,
  /^ALTER TABLE .* DROP EXPRESSION/,
  /^ALTER TABLE .* ADD GENERATED/,
  /^ALTER TABLE .* DROP IDENTITY/,
  /^ALTER TABLE .* SET STORAGE/,
  /^ALTER TABLE .* ALTER COLUMN .* SET STATISTICS/,
  /^ALTER TABLE .* ALTER COLUMN .* SET \(/,
  /^ALTER TABLE .* ALTER COLUMN .* RESET \(/,
  /^ALTER TABLE .* ADD CONSTRAINT .* CHECK .* NOT VALID/,
  /^ALTER TABLE .* VALIDATE CONSTRAINT/,
  /^ALTER TABLE .* ADD CONSTRAINT .* FOREIGN KEY/,
  /^ALTER TABLE .* ADD CONSTRAINT .* (?:PRIMARY KEY|UNIQUE) \(/,
  /^ALTER TABLE .* ADD CONSTRAINT .* EXCLUDE/,
  /^ALTER TABLE .* DROP CONSTRAINT/,
  /^ALTER TABLE .* (?:ENABLE|DISABLE) ROW LEVEL SECURITY/,
  /^ALTER TABLE .* FORCE ROW LEVEL SECURITY/,
  /^ALTER TABLE .* REPLICA IDENTITY/,
  /^ALTER TABLE .* CLUSTER ON/,
  /^ALTER TABLE .* SET WITHOUT CLUSTER/,
  /^ALTER TABLE .* (?:NOT OF|OF "k")/,
  /^ALTER TABLE .* NO INHERIT/,
  /^ALTER TABLE .* INHERIT "k"/,
  /^ALTER TABLE .* ATTACH PARTITION/,
  /^ALTER TABLE .* DETACH PARTITION/,
  /^ALTER TABLE "k"\."parent" SET \(/,
  /^ALTER TABLE "k"\."parent" RESET \(/,
  /^ALTER TABLE .* (?:ENABLE|DISABLE) TRIGGER/,
  /^ALTER TABLE .* (?:ENABLE|DISABLE) RULE/,
  /^ALTER FOREIGN TABLE .* OPTIONS/,
  /^ALTER FOREIGN TABLE .* ADD COLUMN/,
  /^ALTER FOREIGN TABLE .* DROP COLUMN/,
  /^CREATE (?:UNIQUE )?INDEX/,
  /^DROP INDEX/,
  /^ALTER INDEX .* SET \(/,
  /^ALTER INDEX .* ALTER COLUMN/,
  /^CREATE OR REPLACE VIEW|^CREATE VIEW/,
  /^DROP VIEW/,
  /^ALTER VIEW .* SET \(/,
  /^ALTER VIEW .* RESET \(/,
  /^CREATE MATERIALIZED VIEW/,
  /^DROP MATERIALIZED VIEW/,
  /^CREATE OR REPLACE FUNCTION/,
  /^DROP FUNCTION/,
  /^CREATE OR REPLACE PROCEDURE/,
  /^DROP PROCEDURE/,
  /^CREATE AGGREGATE/,
  /^DROP AGGREGATE/,
  /^CREATE TRIGGER/,
  /^DROP TRIGGER/,
  /^CREATE RULE/,
  /^DROP RULE/,
  /^CREATE POLICY/,
  /^DROP POLICY/,
  /^ALTER POLICY/,
  /^CREATE STATISTICS/,
  /^DROP STATISTICS/,
  /^ALTER STATISTICS/,
  /^CREATE CAST/,
  /^DROP CAST/,
  /^CREATE COLLATION/,
  /^DROP COLLATION/,
  /^CREATE OPERATOR/,
  /^DROP OPERATOR/,
  /^CREATE TEXT SEARCH/,
  /^DROP TEXT SEARCH/,
  /^CREATE PUBLICATION/,
  /^DROP PUBLICATION/,
  /^CREATE EVENT TRIGGER/,
  /^DROP EVENT TRIGGER/,
  /^GRANT .* ON TABLE/,
  /^REVOKE .* ON TABLE/,
  /^GRANT .* ON SCHEMA/,
  /^ALTER DEFAULT PRIVILEGES/,
  /^COMMENT ON COLUMN/,
  /^COMMENT ON VIEW/,
];
