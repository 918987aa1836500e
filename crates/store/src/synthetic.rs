//! Bulk rows for benchmarks, written as the migrator beside the road: no audit entries, and only in databases that hold
//! nothing but demo and benchmark shops.

use crate::{Error, Result};
use domain::ids::{PersonId, ShopId};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};
use std::str::FromStr;

/// Slugs of benchmark shops begin so.
pub const SLUG: &str = "bench-";

/// Fills shops for benchmarks.
pub struct Filler {
    conn: PgConnection,
}

/// A version 7 UUID of the moment `{at}`, with chance behind it: rows lie on the pages as they would after years of work.
macro_rules! uuid_at {
    ($at:literal) => {
        concat!(
            "(lpad(to_hex((extract(epoch from ", $at, ") * 1000)::bigint), 12, '0') || '7' || substr(md5(random()::text), 1, 3) || '8' || substr(md5(random()::text), 1, 15))::uuid"
        )
    };
}

/// A client, a telephone and a site for every number up to $2.
const CLIENTS: &str = concat!(
    "with made as (
       insert into app.clients (shop_id, id, kind, name, folded, created_at)
       select $1, ", uuid_at!("app.now() - interval '425 days' + n * interval '1 second'"), ", (array['person','company','property_manager'])[1 + n % 3], 'Client ' || lpad(n::text, 6, '0'), 'client ' || lpad(n::text, 6, '0'),
         app.now() - interval '425 days' from generate_series(1, $2::int) n returning id, name)
     , reached as (
       insert into app.client_channels (shop_id, id, client_id, kind, value, folded, position)
       select $1, gen_random_uuid(), id, 'phone', '416 555 ' || right(name, 4), '416555' || right(name, 4), 1 from made)
     insert into app.sites (shop_id, id, client_id, address, folded)
     select $1, gen_random_uuid(), id, right(name, 6) || ' Bench Street', right(name, 6) || ' bench street' from made"
);

/// $2 jobs over fourteen months, the newest last, of every state a job can rest in.
const JOBS: &str = concat!(
    "with place as (select row_number() over (order by s.client_id) - 1 as n, s.client_id, s.id from app.sites s where s.shop_id = $1),
          places as (select count(*) as count from place),
          template as (select id, current_version from app.job_templates where shop_id = $1 and key = 'commercial_service'),
          first as (select next from app.number_series where shop_id = $1 and kind = 'job'),
          raw as (select n, app.now() - interval '425 days' * (1 - n::float8 / ($2::int + 1)) as at,
            case when n > $2::int * 0.98 then (array['new','scheduled','on_site','completed'])[1 + n % 4] when n % 20 = 0 then 'cancelled' when n % 5 = 0 then 'invoiced' else 'closed' end as status
            from generate_series(1, $2::int) n)
     insert into app.jobs (shop_id, id, number, client_id, site_id, template_id, template_version, status, requested, performed, created_by, created_at, completed_at)
     select $1, ", uuid_at!("raw.at"), ", first.next + raw.n - 1, place.client_id, place.id, template.id, template.current_version,
       raw.status,
       'Closer on door ' || raw.n || ' slams.', 'Closer adjusted, latches from any angle.', $3, raw.at,
       case when raw.status in ('completed','invoiced','closed') then raw.at + interval '4 hours' end
     from raw, template, first, places, place where place.n = (raw.n::bigint * 7919) % places.count"
);

const NUMBERS: &str = "update app.number_series s set next = (select max(number) + 1 from app.jobs j where j.shop_id = $1) where s.shop_id = $1 and s.kind = 'job'";

const LINES: &str =
    "insert into app.job_lines (shop_id, id, job_id, client_id, kind, description, quantity_milli, unit_minor)
     select $1, gen_random_uuid(), j.id, j.client_id, l.kind, l.words, 1000, l.unit from app.jobs j,
       (values ('fee', 'Service call', 8500), ('labour', 'Labour, per hour', 9000)) l(kind, words, unit)
     where j.shop_id = $1 and not exists (select from app.job_lines o where o.shop_id = $1 and o.job_id = j.id)";

const VISITS: &str = concat!(
    "insert into app.visits (shop_id, id, job_id, client_id, site_id, technician_id, starts_at, ends_at, on_site_at, left_at)
     select $1, ", uuid_at!("j.created_at"), ", j.id, j.client_id, j.site_id, $2, j.created_at + interval '2 hours', j.created_at + interval '4 hours',
       case when j.status not in ('scheduled') then j.created_at + interval '2 hours' end, case when j.status not in ('scheduled','on_site') then j.created_at + interval '4 hours' end
     from app.jobs j where j.shop_id = $1 and j.status <> 'new' and not exists (select from app.visits v where v.shop_id = $1 and v.job_id = j.id)"
);

const INVOICES: &str = concat!(
    "insert into app.invoices (shop_id, id, client_id, job_id, status, serial, number, issued_on, due_on, terms_days, currency, bill_to, subtotal_minor, tax_minor, total_minor, paid_minor, created_at)
     select $1, ", uuid_at!("j.created_at"), ", j.client_id, j.id, case j.status when 'closed' then 'paid' else 'sent' end, 1000 + row_number() over (order by j.number),
       'INV-' || 1000 + row_number() over (order by j.number), j.created_at::date, j.created_at::date + 14, 14, 'CAD', 'As on file', 17500, 2275, 19775,
       case j.status when 'closed' then 19775 else 0 end, j.created_at
     from app.jobs j where j.shop_id = $1 and j.status in ('invoiced','closed') and not exists (select from app.invoices i where i.shop_id = $1 and i.job_id = j.id)"
);

const INVOICE_LINES: &str = "insert into app.invoice_lines (shop_id, invoice_id, position, client_id, kind, description, quantity_milli, unit_minor, amount_minor, taxable)
     select $1, i.id, l.at, i.client_id, l.kind, l.words, 1000, l.unit, l.unit, true from app.invoices i,
       (values (1, 'fee', 'Service call', 8500), (2, 'labour', 'Labour, per hour', 9000)) l(at, kind, words, unit) where i.shop_id = $1";

const INVOICE_TAXES: &str = "insert into app.invoice_taxes (shop_id, invoice_id, position, client_id, name, rate_micro, compound, base_minor, amount_minor)
     select $1, i.id, 1, i.client_id, 'HST', 13000000, false, 17500, 2275 from app.invoices i where i.shop_id = $1";

const PAYMENTS: &str = concat!(
    "insert into app.payments (shop_id, id, invoice_id, client_id, amount_minor, method, received_on, recorded_by, recorded_at)
     select $1, ", uuid_at!("i.created_at"), ", i.id, i.client_id, i.total_minor, 'transfer', i.issued_on, $2, i.created_at from app.invoices i where i.shop_id = $1 and i.status = 'paid'"
);

const SERIALS: &str = "update app.number_series s set next = coalesce((select max(serial) + 1 from app.invoices i where i.shop_id = $1), s.next) where s.shop_id = $1 and s.kind = 'invoice'";

impl Filler {
    /// Connects as the migrator, and makes sure that nobody's real data are there.
    ///
    /// # Errors
    /// A shop that is neither a demo's nor a benchmark's; benchmark shops of an earlier filling.
    pub async fn connect(url: &str) -> Result<Self> {
        let mut conn = PgConnectOptions::from_str(url)?.disable_statement_logging().connect().await?;
        sqlx::raw_sql("set role shearline_owner; set statement_timeout = 0; select setseed(0.417)")
            .execute(&mut conn)
            .await?;
        let foreign: Option<String> =
            sqlx::query_scalar("select slug from auth.shops where slug not like 'demo-%' order by slug limit 1")
                .fetch_optional(&mut conn)
                .await?;
        match foreign {
            None => Ok(Self { conn }),
            Some(slug) if slug.starts_with(SLUG) => {
                Err(refused("benchmark shops are here already; fill an empty database"))
            }
            Some(slug) => Err(refused(&format!(
                "this database holds the shop \"{slug}\": synthetic rows go only where nobody works"
            ))),
        }
    }

    /// Fills a shop that has taken one call with `jobs` more, and everything that hangs on them.
    ///
    /// # Errors
    /// Only faults.
    pub async fn fill(&mut self, shop: ShopId, owner: PersonId, jobs: i32) -> Result<()> {
        let mut tx = self.conn.begin().await?;
        sqlx::query(CLIENTS).bind(shop.uuid()).bind((jobs / 5).clamp(1, 200_000)).execute(&mut *tx).await?;
        sqlx::query(JOBS).bind(shop.uuid()).bind(jobs).bind(owner.uuid()).execute(&mut *tx).await?;
        sqlx::query(VISITS).bind(shop.uuid()).bind(owner.uuid()).execute(&mut *tx).await?;
        for statement in [NUMBERS, LINES, INVOICES, INVOICE_LINES, INVOICE_TAXES, SERIALS] {
            sqlx::query(statement).bind(shop.uuid()).execute(&mut *tx).await?;
        }
        sqlx::query(PAYMENTS).bind(shop.uuid()).bind(owner.uuid()).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Lets the planner know what there is now; gives the number of rows by table.
    ///
    /// # Errors
    /// Only faults.
    pub async fn settle(mut self) -> Result<Vec<(&'static str, i64)>> {
        let mut counts = Vec::new();
        for table in [
            "app.clients",
            "app.client_channels",
            "app.sites",
            "app.jobs",
            "app.job_lines",
            "app.visits",
            "app.invoices",
            "app.invoice_lines",
            "app.invoice_taxes",
            "app.payments",
        ] {
            sqlx::raw_sql(AssertSqlSafe(format!("vacuum analyze {table}"))).execute(&mut self.conn).await?;
            let rows: i64 = sqlx::query_scalar(AssertSqlSafe(format!("select count(*) from {table}")))
                .fetch_one(&mut self.conn)
                .await?;
            counts.push((table, rows));
        }
        self.conn.close().await?;
        Ok(counts)
    }
}

fn refused(why: &str) -> Error {
    domain::Refusal::Conflict(why.to_owned()).into()
}
