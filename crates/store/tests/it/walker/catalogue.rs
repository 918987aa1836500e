//! What the catalogue itself says: row security, keys, indexes, views, functions.

use super::{Finding, OF_THE_TEMPLATE, SCHEMAS, ask, review};
use sqlx::{PgConnection, Row};

/// Indexes that serve all shops at once, because one claims work for all of them.
const ACROSS_SHOPS: [&str; 2] = ["worker.outbox_due", "worker.deliveries_due"];

/// Each query gives (of, what) of everything that is wrong.
pub async fn check(conn: &mut PgConnection, found: &mut Vec<Finding>) {
    let shared = review::shared_tables();
    for (query, spares_shared) in [
        (relations(), true),
        (policies(), true),
        (keys(), true),
        (foreign_keys(), true),
        (views(), false),
        (functions(), false),
        (logins(), false),
    ] {
        for row in ask(conn, &query).await {
            let (of, what): (String, String) = (row.get("of"), row.get("what"));
            let table: String = row.try_get("relation").unwrap_or_default();
            let excused = spares_shared && shared.contains(&table)
                || OF_THE_TEMPLATE.contains(&of.as_str())
                || ACROSS_SHOPS.contains(&of.as_str());
            if !excused {
                found.push(Finding::new(of, what));
            }
        }
    }
}

/// Every table is walled, owned by the owner and keyed by shop; no kind of relation that row security does not cover.
fn relations() -> String {
    format!(
        "with t as (select c.*, n.nspname || '.' || c.relname as relation from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname in {SCHEMAS})
         select relation as of, relation, 'row security is not enabled' as what from t where relkind in ('r','p') and not relrowsecurity
         union all select relation, relation, 'row security is not forced' from t where relkind in ('r','p') and not relforcerowsecurity
         union all select relation, '', 'is of a kind row security does not cover' from t where relkind in ('m','f')
         union all select relation, relation, 'is not owned by shearline_owner' from t where relkind in ('r','p','v','S') and pg_get_userbyid(relowner) <> 'shearline_owner'
         union all select relation, relation, 'has no shop_id uuid not null' from t where relkind in ('r','p') and not exists
           (select from pg_attribute a where a.attrelid = t.oid and a.attname = 'shop_id' and a.atttypid = 'uuid'::regtype and a.attnotnull)
         union all select relation, relation, 'has no primary key' from t where relkind in ('r','p') and not exists (select from pg_index i where i.indrelid = t.oid and i.indisprimary)"
    )
}

/// The shop's wall is restrictive and stands before every serving login, for reading and writing; no policy is everybody's.
fn policies() -> String {
    format!(
        "with t as (select c.oid, n.nspname || '.' || c.relname as relation from pg_class c join pg_namespace n on n.oid = c.relnamespace
           where n.nspname in {SCHEMAS} and c.relkind in ('r','p'))
         select t.relation as of, t.relation, 'the restrictive policy of the shop does not stand before ' || l as what
         from t, unnest(array['shearline_app','shearline_portal','shearline_auth','shearline_worker']) l
         where not exists (select from pg_policy p where p.polrelid = t.oid and not p.polpermissive and p.polcmd = '*'
           and (select oid from pg_roles where rolname = l) = any (p.polroles)
           and pg_get_expr(p.polqual, p.polrelid) = '(shop_id = ( SELECT app.ctx_shop() AS ctx_shop))'
           and pg_get_expr(p.polwithcheck, p.polrelid) = '(shop_id = ( SELECT app.ctx_shop() AS ctx_shop))')
         union all select t.relation, t.relation, 'the permissive policy ' || p.polname || ' is for everybody' from t join pg_policy p on p.polrelid = t.oid
         where p.polpermissive and 0 = any (p.polroles)
         union all select t.relation, t.relation, 'the policy ' || p.polname || ' opens more than the client''s own rows to the portal' from t join pg_policy p on p.polrelid = t.oid
         where p.polpermissive and (select oid from pg_roles where rolname = 'shearline_portal') = any (p.polroles)
           and (p.polcmd <> 'r' or pg_get_expr(p.polqual, p.polrelid) not like '%ctx_client()%') and t.relation <> 'app.shops'"
    )
}

/// Every unique key and every index begins with the shop: a global one tells what another shop has, and no list is read by it.
fn keys() -> String {
    format!(
        "select case when i.indisunique or i.indisexclusion then n.nspname || '.' || c.relname else n.nspname || '.' || x.relname end as of,
           n.nspname || '.' || c.relname as relation,
           case when i.indisunique or i.indisexclusion then 'the key ' || x.relname || ' does not begin with the shop' else 'is an index that does not begin with the shop' end as what
         from pg_index i join pg_class c on c.oid = i.indrelid join pg_class x on x.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
         left join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
         where n.nspname in {SCHEMAS} and a.attname is distinct from 'shop_id'"
    )
}

/// Foreign keys carry the shop on both sides, because their checks pass under the policies.
fn foreign_keys() -> String {
    format!(
        "select n.nspname || '.' || c.relname as of, n.nspname || '.' || c.relname as relation,
           'the foreign key ' || k.conname || ' does not carry the shop' as what
         from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
         where n.nspname in {SCHEMAS} and k.contype = 'f' and not exists (
           select from unnest(k.conkey, k.confkey) as p(child, parent)
           join pg_attribute a on a.attrelid = k.conrelid and a.attnum = p.child join pg_attribute b on b.attrelid = k.confrelid and b.attnum = p.parent
           where a.attname = 'shop_id' and (b.attname = 'shop_id' or k.confrelid = 'auth.shops'::regclass and b.attname = 'id'))
         union all
         select n.nspname || '.' || c.relname, n.nspname || '.' || c.relname, 'the foreign key ' || k.conname || ' changes rows by itself'
         from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
         where n.nspname in {SCHEMAS} and k.contype = 'f' and (k.confdeltype not in ('a','r') or k.confupdtype not in ('a','r'))"
    )
}

/// A view asks in the name of who looks.
fn views() -> String {
    format!(
        "select n.nspname || '.' || c.relname as of, 'is a view that asks as its owner' as what from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname in {SCHEMAS} and c.relkind = 'v' and not coalesce(c.reloptions, '{{}}') && array['security_invoker=true','security_invoker=on']"
    )
}

/// No function is everybody's; a definer function cannot be led astray by the caller's search path.
fn functions() -> String {
    format!(
        "with f as (select p.*, p.oid::regprocedure::text as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname in {SCHEMAS})
         select name as of, 'is a definer function without a pinned search path' as what from f
         where prosecdef and not coalesce(proconfig, '{{}}') @> array['search_path=pg_catalog, pg_temp']
         union all select name, 'may be executed by everybody' from f where exists
           (select from aclexplode(coalesce(proacl, acldefault('f', proowner))) a where a.grantee = 0 and a.privilege_type = 'EXECUTE')
         union all select name, 'is not owned by shearline_owner' from f where pg_get_userbyid(proowner) <> 'shearline_owner'"
    )
}

/// The serving logins have no power of their own, are nobody's members, and may make nothing, not even a temporary table.
fn logins() -> String {
    "with l as (select * from pg_roles where rolname in ('shearline_app','shearline_portal','shearline_auth','shearline_worker','shearline_instance'))
     select rolname::text as of, 'has power of its own' as what from l where rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication
     union all select rolname, 'is a member of another role' from l where exists (select from pg_auth_members m where m.member = l.oid)
     union all select rolname, 'has members' from l where exists (select from pg_auth_members m where m.roleid = l.oid)
     union all select rolname, 'may make temporary tables' from l where has_database_privilege(rolname, current_database(), 'temp')
     union all select rolname, 'may create in ' || n.nspname from l, pg_namespace n where n.nspname not like 'pg_%' and n.nspname <> 'information_schema'
       and has_schema_privilege(l.rolname, n.oid, 'create')"
        .to_owned()
}
