//! Calls about programs, with one of shop A's that is signed in, and a device whose code was typed there.

use super::Call;
use crate::{caps, harness::TestDb};
use domain::Role;
use uuid::Uuid;

/// By shop B's owner, meant for shop A's program.
pub async fn calls(db: &TestDb) -> Vec<Call> {
    let (a, b) = (&db.crowd.a, &db.crowd.b);
    let boss = caps::session(db, b, Role::Owner).await;
    let (shop, owner, slug) = (a.id, a.people[&Role::Owner], &a.slug);
    let (program, ask, new) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
    db.sudo(&format!(
        "insert into auth.programs (shop_id, id, person_id, client, name, writes, namespaces, used_ip, used_by)
         values ('{shop}', '{program}', '{owner}', 'shearline-cli', '{slug} Lock program', true, array['clients'], '', '');
         insert into auth.capabilities (hash, id, kind, shop_id, person_id, role, idle, expires_at)
         values (sha256('theirs'), '{program}', 'program', '{shop}', '{owner}', 'owner', '100 years', now() + interval '1 day');
         insert into auth.refresh_tokens (hash, shop_id, program_id, expires_at) values (sha256('next'), '{shop}', '{program}', now() + interval '1 day');
         insert into auth.program_asks (hash, id, user_code, client, name, writes, namespaces, shop_id, person_id, asked_by, expires_at)
         values (sha256('device'), '{ask}', sha256('typed'), 'shearline-cli', '{slug} Lock', true, array['clients'], '{shop}', '{owner}', '{slug} Lock', now() + interval '1 day')"
    ))
    .await;
    let entry = r#"'{"about":[]}', '{}'"#;
    let (cli, lives) = ("'shearline-cli'", "'10 minutes', '30 days', '192.0.2.9', 'agent'");
    [
        (
            "auth.let_program_in(",
            format!("sha256('mine'), '{new}', {cli}, 'Mine', 'http://127.0.0.1:1/callback', 'x', true, array['audit'], '1 minute', {entry}"),
        ),
        ("auth.redeem_code(", format!("sha256('guess'), {cli}, '', '', sha256('e'), sha256('f'), {lives}")),
        (
            "auth.begin_device(",
            format!("sha256('d2'), '{}', sha256('t2'), {cli}, 'Mine', true, array['audit'], '10 minutes', '', ''", Uuid::now_v7()),
        ),
        // Shop A's own code, typed by another after its owner did.
        ("auth.find_device(", "sha256('typed')".into()),
        ("auth.device_asked(", format!("'{ask}'")),
        ("auth.answer_device(", format!("'{ask}', true, true, array['clients'], {entry}")),
        ("auth.poll_device(", format!("sha256('guess'), {cli}, sha256('g'), sha256('h'), {lives}")),
        ("auth.refresh_program(", format!("sha256('guess'), {cli}, sha256('i'), sha256('j'), {lives}")),
        ("auth.program_person(", "sha256('guess')".into()),
        ("auth.record_program(", format!("sha256('guess'), 121, 0, null, null, {entry}")),
        ("auth.revoke_program(", format!("sha256('guess'), {cli}")),
        ("auth.resolve_program(", "sha256('guess'), '192.0.2.9', 'agent'".into()),
        ("auth.my_programs(", String::new()),
        ("auth.sign_program_out(", format!("'{program}', {entry}")),
    ]
    .into_iter()
    .map(|(name, arguments)| Call {
        name,
        login: "shearline_auth",
        cap: boss.clone(),
        sql: format!("select {name}{arguments})::text"),
    })
    .collect()
}
