//! Lists of jobs and the pages made of them.

use super::{call, fresh, read, sent, take};
use crate::harness::TestDb;
use domain::{
    Role,
    home::Home,
    jobs::{IntakeForm, JobFilter},
};
use store::{home, jobs, schedule};

async fn numbers(db: &TestDb, filter: JobFilter) -> Vec<i64> {
    let shop = db.crowd.a.clone();
    let mut tx = read(db, &shop, shop.people[&Role::Owner]).await;
    jobs::list(&mut tx, &filter).await.unwrap().rows.into_iter().map(|row| row.number).collect()
}

#[tokio::test]
async fn the_list_is_filtered_sorted_and_the_shops_own() {
    let db = fresh().await;
    let shop = db.crowd.a.clone();
    let technician = shop.people[&Role::Technician];
    take(&db, &shop, &call("Zoë Ångström")).await.unwrap();
    let early = IntakeForm { caller_phone: String::new(), ..sent(call("Berta"), technician) };
    take(&db, &shop, &early).await.unwrap();
    let of = |filter: JobFilter| numbers(&db, filter);
    assert_eq!(of(JobFilter::default()).await, [2002, 2001, 1002, 1001]);
    assert_eq!(of(JobFilter { status: "new".into(), ..JobFilter::default() }).await, [2001]);
    assert_eq!(of(JobFilter { q: "zoe a".into(), ..JobFilter::default() }).await, [2001]);
    assert_eq!(of(JobFilter { q: "2002".into(), ..JobFilter::default() }).await, [2002]);
    assert_eq!(of(JobFilter { technician: technician.to_string(), ..JobFilter::default() }).await, [2002, 1001]);
    // The harness sends people today; Berta's visit lies in March.
    assert_eq!(of(JobFilter { sort: "visit".into(), ..JobFilter::default() }).await, [2002, 1001, 1002]);
    assert_eq!(
        of(JobFilter { q: "a\0'%_".into(), after: "x.y".into(), technician: "--".into(), ..JobFilter::default() })
            .await,
        [0; 0]
    );
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_double() {
    let db = fresh().await;
    let shop = db.crowd.a.clone();
    db.sudo(&format!(
        "insert into app.jobs (shop_id, id, number, client_id, site_id, template_id, template_version, requested, created_by)
           select j.shop_id, gen_random_uuid(), 3000 + n, j.client_id, j.site_id, j.template_id, 1, 'x', j.created_by from app.jobs j, generate_series(1, 120) n where j.id = '{job}';
         insert into app.visits (shop_id, id, job_id, client_id, site_id, technician_id, starts_at, ends_at)
           select j.shop_id, gen_random_uuid(), j.id, j.client_id, j.site_id, v.technician_id, v.starts_at, v.ends_at from app.jobs j, app.visits v where j.number > 3000 and v.job_id = '{job}'",
        job = shop.clients[0]["job"]
    ))
    .await;
    for sort in ["newest", "visit"] {
        let mut all = Vec::new();
        let mut filter = JobFilter { sort: sort.into(), ..JobFilter::default() };
        loop {
            let mut tx = read(&db, &shop, shop.people[&Role::Owner]).await;
            let list = jobs::list(&mut tx, &filter).await.unwrap();
            all.extend(list.rows.into_iter().map(|row| row.number));
            let Some(after) = list.after else { break };
            filter.after = after;
        }
        let found = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!((found, all.len()), (122, 122), "{sort}");
    }
}

#[tokio::test]
async fn a_page_takes_as_many_statements_whatever_hangs_on_it() {
    let db = fresh().await;
    let shop = db.crowd.a.clone();
    let (owner, job) = (shop.people[&Role::Owner], shop.clients[0]["job"]);
    let count = async || {
        let mut tx = read(&db, &shop, owner).await;
        let before = db.db.statements();
        jobs::find(&mut tx, job.into()).await.unwrap();
        jobs::list(&mut tx, &JobFilter::default()).await.unwrap();
        home::page(&mut tx).await.unwrap();
        db.db.statements() - before
    };
    db.sudo("delete from vault.access_notes").await;
    let one = count().await;
    db.sudo(&format!(
        "insert into app.job_lines select shop_id, gen_random_uuid(), job_id, client_id, kind, description, quantity_milli, unit_minor, taxable from app.job_lines, generate_series(1, 9) where job_id = '{job}';
         insert into app.visits (shop_id, id, job_id, client_id, site_id, technician_id, starts_at, ends_at)
           select shop_id, gen_random_uuid(), job_id, client_id, site_id, technician_id, starts_at, ends_at from app.visits, generate_series(1, 9) where job_id = '{job}'"
    ))
    .await;
    assert_eq!(count().await, one);
}

#[tokio::test]
async fn home_shows_the_day_of_whoever_looks() {
    let db = fresh().await;
    let shop = db.crowd.a.clone();
    take(&db, &shop, &call("Ana")).await.unwrap();
    let mut tx = read(&db, &shop, shop.people[&Role::Owner]).await;
    let Home::Office(office) = home::page(&mut tx).await.unwrap() else { panic!("an owner sees the office") };
    assert_eq!((office.visits_today, office.unassigned_count, office.late_count), (2, 1, 0));
    assert_eq!(office.unpaid.map(|unpaid| (unpaid.count, unpaid.left.minor())), Some((2, 12_600)));
    let mut tx = read(&db, &shop, shop.people[&Role::Dispatcher]).await;
    let Home::Office(office) = home::page(&mut tx).await.unwrap() else { panic!("a dispatcher sees the office") };
    assert_eq!(office.unpaid, None);
    let mut tx = read(&db, &shop, shop.people[&Role::Technician]).await;
    let Home::Day(visits) = home::page(&mut tx).await.unwrap() else { panic!("a technician sees his day") };
    assert_eq!(visits.iter().map(|visit| visit.number).collect::<Vec<_>>(), [1001]);
    db.later("3 hours").await;
    let mut tx = read(&db, &shop, shop.people[&Role::Owner]).await;
    assert_eq!(schedule::visits(&mut tx, schedule::Which::Late).await.unwrap().len(), 2);
}
