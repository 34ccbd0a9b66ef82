/** What objects need, by their identities. */
import { addresses, identityText } from "./addresses.ts";
import { definedPlaces } from "./defined.ts";
import type { CatalogQuery } from "./fragments.ts";

// What belongs to an extension is there as soon as the extension is.
const named = `
    select a.classid, a.objid, a.objsubid, coalesce(
      'extension "' || replace(e.extname, '"', '""') || '"', ${identityText("a.kind", "a.parts")}
    ) as identity
    from known a
    left join pg_catalog.pg_depend m on m.classid = a.classid and m.objid = a.objid
      and m.deptype = 'e' and m.refclassid = 'pg_catalog.pg_extension'::regclass
    left join pg_catalog.pg_extension e on e.oid = m.refobjid
    union
    select m.classid, m.objid, 0, 'extension "' || replace(e.extname, '"', '""') || '"'
    from pg_catalog.pg_depend m
    join pg_catalog.pg_extension e on e.oid = m.refobjid
    where m.deptype = 'e' and m.refclassid = 'pg_catalog.pg_extension'::regclass`;

// That a sequence is owned by a column is told by the sequence; it would close a circle with the default.
const owned = `d.classid = 'pg_catalog.pg_class'::regclass
      and d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjsubid > 0
      and d.deptype = 'a' and exists (
        select from pg_catalog.pg_class c where c.oid = d.objid and c.relkind = 'S')`;

/** Reads which objects each object needs: one row an object, `[identity, [identity, ...]]`. */
export const dependencies: CatalogQuery = (scope) => ({
  text: `with known as materialized (${addresses(definedPlaces)}),
    named as materialized (${named})
    select json_build_array(pair.dependent, json_agg(pair.needed order by pair.needed collate "C"))::text
    from (
      select distinct f.identity as dependent, t.identity as needed
      from pg_catalog.pg_depend d
      join named f on f.classid = d.classid and f.objid = d.objid and f.objsubid = d.objsubid
      join named t on t.classid = d.refclassid and t.objid = d.refobjid
        and t.objsubid = d.refobjsubid
      where f.identity <> t.identity and f.identity not like 'extension "%' and not (${owned})
    ) pair
    group by pair.dependent
    order by pair.dependent collate "C"`,
  params: [scope.schemas],
});
