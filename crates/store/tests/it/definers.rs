//! Functions that act as their owner see every shop, so each must keep to the caller's. Every one on the reviewed list is
//! called here by the rival, with shop A's ids for arguments: it may neither tell anything of A nor change anything there.

mod programs;
mod releases;

use crate::{
    caps,
    harness::{self, TestDb},
    walker,
};
use domain::{
    Role,
    machines::{Namespace, NewApiKey, Reach, Scope},
};
use sqlx::{AssertSqlSafe, Row};
use std::collections::BTreeSet;
use uuid::Uuid;

/// How a function is asked.
struct Call {
    name: &'static str,
    login: &'static str,
    cap: String,
    sql: String,
}

/// Those that no login may execute, or that know no shop by design, with the reason.
const APART: &[(&str, &str)] = &[
    ("app.not_forgotten(", "no login may execute it: a trigger"),
    ("auth.may_forget(", "no login may execute it: an inner step of others"),
    ("audit.append_as(", "no login may execute it: shop and actor are arguments"),
    ("worker.most_receivers(", "no login may execute it: a trigger"),
    ("app.alerts_forget(", "no login may execute it: a trigger"),
    ("app.alert_keeps(", "no login may execute it: a trigger"),
    ("app.unissued_goes(", "no login may execute it: a trigger"),
    ("worker.letters_go(", "no login may execute it: a trigger"),
    ("worker.raise_alert(", "no login may execute it: an inner step of others"),
    ("worker.end_attempt(", "no login may execute it: an inner step of others"),
    ("audit.begin_chain(", "no login may execute it: the shop is an argument"),
    ("auth.may_manage_keys(", "no login may execute it: an inner step of others"),
    ("auth.put_api_key(", "no login may execute it: the shop is an argument"),
    ("auth.reshow_api_key(", "no login may execute it: the shop is an argument"),
    ("auth.end_api_key(", "no login may execute it: the shop is an argument"),
    ("auth.may_make_roles(", "no login may execute it: an inner step of others"),
    ("auth.may_let_go(", "no login may execute it: an inner step of others"),
    ("auth.append_everywhere(", "no login may execute it: an inner step of others"),
    ("auth.end_sessions(", "no login may execute it: an inner step of others"),
    ("auth.password_of(", "no login may execute it: an inner step of others"),
    ("auth.post_letter(", "no login may execute it: an inner step of others"),
    ("auth.replace_password(", "no login may execute it: an inner step of others"),
    ("auth.may_manage_members(", "no login may execute it: an inner step of others"),
    ("auth.end_others_of(", "no login may execute it: an inner step of others"),
    ("auth.myself(", "no login may execute it: an inner step of others"),
    ("auth.cap(", "no login may execute it: the shop is an argument"),
    ("auth.taken(", "no login may execute it: the shop is an argument"),
    ("app.attachments_place(", "no login may execute it: a trigger of app.attachments"),
    ("auth.take_place(", "no login may execute it: the shop is an argument"),
    ("auth.shop_is_open(", "no login may execute it: the shop is an argument"),
    ("auth.must_be_open(", "no login may execute it: the shop is an argument"),
    ("auth.after_removal(", "no login may execute it: an inner step of others"),
    ("auth.in_person(", "no login may execute it: an inner step of others"),
    ("auth.end_program(", "no login may execute it: the shop is an argument"),
    ("auth.start_program(", "no login may execute it: an inner step of others"),
    ("auth.program_of(", "no login may execute it: an inner step of others"),
    ("auth.live_programs(", "no login may execute it: an inner step of others"),
    ("keyd.bearer(", "keyd's alone: it serves all shops, and tells whom a capability stands for that it is shown"),
    ("keyd.claimed(", "keyd's alone: it serves all shops, and tells whether a claim stands that it is shown"),
    ("keyd.keys(", "keyd's alone: it holds the keys of all shops, and these are wrapped under them"),
    ("keyd.committed(", "keyd's alone: it serves all shops, and tells whether an entry stands that it is shown"),
    ("vault.replace_keys(", "no login may execute it: the shop is an argument"),
    ("vault.owner_in_person(", "no login may execute it: an inner step of others"),
    ("keyd.own_key(", "keyd's alone: it holds the keys of all shops, and this is sealed by it"),
    ("keyd.roots(", "keyd's alone: numbers of root keys"),
    ("keyd.inhabited(", "keyd's alone: whether there is any shop"),
    ("keyd.head(", "keyd's alone: where its own log stood"),
    ("keyd.keep_head(", "keyd's alone: where its own log stands"),
    ("keyd.complain(", "keyd's alone: what is wrong with its own log"),
    ("keyd.receipts(", "keyd's alone: numbers of entries of all shops, for its log to be held against"),
    ("keyd.lengths(", "keyd's alone: how long the chains of all shops are"),
    ("audit.accept_archive(", "no login may execute it: the command line's"),
    ("audit.accept_openings(", "no login may execute it: the command line's"),
];

/// Calls by shop B, meant for shop A.
async fn calls(db: &TestDb) -> Vec<Call> {
    let (a, b) = (&db.crowd.a, &db.crowd.b);
    let boss = caps::session(db, b, Role::Owner).await;
    let client = caps::portal(db, b, 0).await;
    let (office, door, portal, worker) = ("shearline_app", "shearline_auth", "shearline_portal", "shearline_worker");
    let thing = |name: &str| a.clients[0][name];
    let session: Uuid = db
        .ask(&format!("select id from auth.capabilities where shop_id = '{}' and kind = 'session' limit 1", a.id))
        .await;
    let invite: Uuid =
        db.ask(&format!("select id from auth.invites where shop_id = '{}' and accepted_at is null", a.id)).await;
    let mail: Uuid =
        db.ask(&format!("select id from worker.outbox where shop_id = '{}' and state = 'waiting' limit 1", a.id)).await;
    let (new, person, owner) = (Uuid::now_v7(), b.people[&Role::Owner], a.people[&Role::Owner]);
    let entry = format!(r#"'{{"about":["{new}"]}}', '{{}}'"#);
    let mut calls = Vec::new();
    let mut add = |name, login, cap: &str, arguments: String| {
        calls.push(Call { name, login, cap: cap.into(), sql: format!("select {name}{arguments})::text") })
    };
    add("app.ctx(", office, &boss, String::new());
    for name in ["app.ctx_client(", "app.ctx_person(", "app.ctx_role(", "app.ctx_shop(", "app.members("] {
        add(name, office, &boss, String::new());
    }
    for words in [
        "'client 1', '', 50",
        "'low street', '', 50",
        "'d-10', '', 50",
        "'zz', '1001', 50",
        "'inv-100', '', 50",
        "'example', '1416', 50",
    ] {
        add("app.search(", office, &boss, words.into());
    }
    add("app.look_at(", office, &boss, format!("'{}', '{new}'", thing("photo")));
    for name in [
        "worker.checkpoint_due(",
        "worker.verification_due(",
        "worker.verification_missed(",
        "worker.trust(",
        "worker.empty_failed(",
    ] {
        add(name, worker, "", String::new());
    }
    add("worker.left_unsent(", worker, "", format!("'{}', '{mail}', 'ana@example.com'", b.id));
    add("app.holds_on(", office, &boss, format!("'{}'", a.people[&Role::Technician]));
    add("app.owner_here(", office, &boss, String::new());
    add("app.decoys(", office, &boss, String::new());
    for (record, kind) in [("client", "client"), ("bitting", "bitting"), ("link", "portal_link")] {
        let (record, client) = (thing(record), thing("client"));
        add("app.plant_decoy(", office, &boss, format!("'{record}', '{kind}', '{client}'"));
    }
    add("app.remove_decoy(", office, &boss, format!("'{}'", thing("client")));
    let look = format!(
        r#"'[{{"shop":"{}","id":"{new}","records":["{}"],"who":"{person}","kind":1,"way":"opened","place":""}}]'"#,
        b.id,
        thing("client")
    );
    add("worker.note_looks(", worker, "", look);
    add("worker.touch_told(", worker, "", format!("'{}', '{new}', '{new}', '{{}}', '{{}}'", b.id));
    add("worker.watch_acts(", worker, "", format!("'{}', 0, 99, null, '{{2,3}}'", b.id));
    add("worker.watch_done(", worker, "", format!("'{}', 0, sha256('x'), 1, '[]', '{{}}', '{{}}', '{{}}'", b.id));
    add("worker.record_tries(", worker, "", format!("'{}', 1, '{person}', {entry}", b.id));
    add("worker.archive_holds(", worker, "", format!("'{}', 1", b.id));
    add("worker.archive_away(", worker, "", format!("'{}', true", b.id));
    for name in ["worker.chain_ends(", "worker.checkpoints(", "worker.archive_reached(", "worker.openings_fault("] {
        add(name, worker, "", format!("'{}'", b.id));
    }
    add("worker.log_after(", worker, "", format!("'{}', 0, 9", b.id));
    add("worker.chain(", worker, "", format!("'{}', 0, 9", b.id));
    add(
        "worker.keep_checkpoint(",
        worker,
        "",
        format!("'{}', 1, sha256('x'), '', 'key', 'note', '{{}}', '{{}}', '{{}}'", b.id),
    );
    add("worker.verified(", worker, "", format!("'{}', true, 1, sha256('x'), null, ''", b.id));
    add("worker.tell_of_chain(", worker, "", format!("'{}', 165, '{{}}', '{{}}', {entry}", b.id));
    add("audit.newest_checkpoint(", office, &boss, "1".into());
    // Another shop's hashes are as good as none: they are of this shop's own record.
    add("audit.path_ground(", office, &boss, "1, 3".into());
    add("portal.proof_of(", portal, &client, format!("'{}'", thing("signature")));
    add(
        "portal.keep_evidence(",
        portal,
        &client,
        format!("'{}', '{{}}', 'key', sha512('x'), sha256('x')", thing("signature")),
    );
    add("auth.forget_client(", door, &boss, format!("'{}', {entry}", thing("client")));
    add("auth.forget_contact(", door, &boss, format!("'{}', {entry}", thing("contact")));
    add("auth.forget_member(", door, &boss, format!("'{}', {entry}", a.people[&Role::Technician]));
    add("audit.facts_of(", office, &boss, "array[1, 2, 3]::bigint[]".into());
    add("portal.mail_copy(", portal, &client, format!("'{}', '{}', '', {entry}", thing("signature"), Uuid::now_v7()));
    add("audit.beside(", office, &boss, "array[1, 2, 3]::bigint[]".into());
    add(
        "audit.append(",
        office,
        &boss,
        format!("21, '{}', array['{}'::uuid], {entry}", thing("client"), thing("client")),
    );
    add("auth.accept_invite(", door, "", format!("sha256('guess'), '{new}', 'Mallory', 'hash', {entry}"));
    add("auth.count_denial(", door, &boss, "'see audit'".into());
    add("auth.end_session(", door, &boss, format!("'{session}', 5, {entry}"));
    add("auth.find_account(", door, "", format!("'{}'", b.email(Role::Owner)));
    add("auth.find_invite(", door, "", "sha256('guess')".into());
    add(
        "auth.invite(",
        door,
        &boss,
        format!("'{new}', 'later@northgate.example', 'admin', sha256('x'), '1 day', '{}', '', {entry}", Uuid::now_v7()),
    );
    let technician = a.people[&Role::Technician];
    add("auth.access_review(", door, &boss, String::new());
    add("auth.review_due(", door, &boss, String::new());
    add("auth.record_review(", door, &boss, entry.clone());
    let role: Uuid = Uuid::now_v7();
    add("auth.custom_roles(", door, &boss, String::new());
    add("auth.withheld(", door, &boss, format!("sha256('{boss}')"));
    add("auth.save_role(", door, &boss, format!("'{role}', 'Less', 'manager', array['Sign'], {entry}"));
    add("auth.drop_role(", door, &boss, format!("'{role}', {entry}"));
    add("auth.give_role(", door, &boss, format!("'{technician}', null, {entry}"));
    add("auth.my_shops(", door, &boss, String::new());
    add("auth.switch_shop(", door, &boss, format!("'{}', sha256('y'), '{}', {entry}, {entry}", Uuid::now_v7(), a.id));
    for name in ["auth.leaving(", "auth.visits_left_by("] {
        add(name, door, &boss, format!("'{technician}'"));
    }
    add("auth.let_go(", door, &boss, format!("'{technician}', '{person}', true, '{{}}', '{{}}', '{{}}', {entry}"));
    add("auth.leave_portal(", door, &client, entry.clone());
    add(
        "auth.mint_portal_link(",
        door,
        &boss,
        format!(
            "'{new}', '{}', '{}', sha256('x'), '1 day', '{}', '', {entry}",
            thing("client"),
            thing("contact"),
            Uuid::now_v7()
        ),
    );
    add("auth.my_sessions(", door, &boss, String::new());
    add("auth.open_invites(", door, &boss, String::new());
    add(
        "auth.open_session(",
        door,
        "",
        format!("'{new}', sha256('x'), '{}', '{person}', '1 hour', '1 hour', '', '', {entry}", a.id),
    );
    add("auth.peek_portal_link(", door, &boss, "sha256('guess')".into());
    add("auth.portal_links_of(", door, &boss, format!("'{}'", thing("client")));
    add("auth.put_flash(", door, &boss, "sha256('f'), 'x'".into());
    add("auth.take_flash(", door, &boss, "sha256('guess')".into());
    add("auth.record_denial(", door, &boss, entry.clone());
    add("auth.record_failure(", door, "", format!("'{}', {entry}", b.email(Role::Owner)));
    add(
        "auth.redeem_portal_link(",
        door,
        &boss,
        format!("sha256('guess'), '{new}', sha256('x'), '1 hour', '', '', {entry}"),
    );
    add("auth.resolve_portal(", door, &boss, format!("sha256('{client}')"));
    add("auth.resolve_session(", door, &boss, format!("sha256('{boss}')"));
    add("auth.revoke_invite(", door, &boss, format!("'{invite}', {entry}"));
    add("auth.revoke_portal_link(", door, &boss, format!("'{}', {entry}", a.links[0].0));
    add("auth.set_member(", door, &boss, format!("'{owner}', 'technician', false, 11, {entry}"));
    add("auth.shop_key(", door, &boss, String::new());
    add(
        "auth.sign_up(",
        door,
        &boss,
        format!(
            r#"'{new}', 'third', '{{"name":"Third","licence_number":"","time_zone":"UTC","currency":"CAD","units":"in"}}', '[]', '{new}', 'third@example.com', 'Third', 'hash', 1, 'key', {entry}"#
        ),
    );
    add("portal.decline(", portal, &client, format!("'{}', {entry}", thing("document")));
    add("portal.record_view(", portal, &client, format!("'{new}', 'invoice', '{}', {entry}", thing("invoice")));
    add("portal.record_view(", portal, &client, format!("'{new}', 'work_order', '{}', {entry}", thing("document")));
    add(
        "portal.sign(",
        portal,
        &client,
        format!(
            "'{new}', '{}', sha256('<p>Work order 1</p>'), 'Mallory', 'client', 'typed', 1, 'I agree', null, null, '', '', '', {entry}",
            thing("document")
        ),
    );
    calls.extend(passwords(db).await);
    calls.extend(keys(db).await);
    calls.extend(factors(db).await);
    calls.extend(programs::calls(db).await);
    calls.extend(releases::calls(db).await);
    // The worker's three know no shop: they serve all. What they must not do is take one shop's letter for another's.
    let mut add = |name, login, cap: &str, arguments: String| {
        calls.push(Call { name, login, cap: cap.into(), sql: format!("select {name}{arguments})::text") })
    };
    add("worker.sent(", worker, "", format!("'{}', '{mail}'", b.id));
    add("worker.put_back(", worker, "", format!("'{}', '{mail}'", b.id));
    let (delivery, claim) = (underway(db).await, format!("'{}'", Uuid::nil()));
    for (name, more) in [
        ("worker.delivery_entries(", String::new()),
        ("worker.delivery_accepted(", ", 200, 1".into()),
        ("worker.delivery_failed(", ", 500, '', 1".into()),
        (
            "worker.delivery_given_up(",
            format!(", 410, '', 1, true, array['{}'::uuid], array['x'::bytea], {entry}", Uuid::now_v7()),
        ),
    ] {
        add(name, worker, "", format!("'{}', '{delivery}', {claim}{more}", b.id));
        // Of the right shop, but another's attempt.
        add(name, worker, "", format!("'{}', '{delivery}', '{}'{more}", a.id, Uuid::now_v7()));
    }
    calls
}

/// A delivery of shop A that a worker has in hand.
async fn underway(db: &TestDb) -> Uuid {
    let (shop, delivery) = (db.crowd.a.id, Uuid::now_v7());
    db.sudo(&format!(
        "insert into worker.deliveries (shop_id, id, receiver_id, kind, first, last, state, claim, due_at)
         select shop_id, '{delivery}', id, 'stream', 2, 3, 'sending', '{}', now() + interval '1 day' from worker.receivers where shop_id = '{shop}'",
        Uuid::nil()
    ))
    .await;
    delivery
}

/// Calls about the second step, with a session of its own: the last of them gives it another token.
async fn factors(db: &TestDb) -> Vec<Call> {
    let (a, b) = (&db.crowd.a, &db.crowd.b);
    let boss = caps::session(db, b, Role::Owner).await;
    let (person, passkey, new) = (b.people[&Role::Owner], Uuid::now_v7(), Uuid::now_v7());
    db.sudo(&format!(
        "insert into auth.passkeys (id, person_id, name, credential_id, credential) values ('{passkey}', '{}', '{} Lock', sha256('a'), '{{}}')",
        a.people[&Role::Owner], a.slug
    ))
    .await;
    let entry = r#"'{"about":[]}', '{}'"#;
    [
        ("auth.factors_of(", format!("'{person}'")),
        ("auth.totp_of(", format!("'{person}', true")),
        ("auth.count_code_try(", format!("'{person}'")),
        ("auth.spend_totp(", format!("'{person}', '{new}', 1")),
        ("auth.code_salt(", format!("'{person}'")),
        ("auth.spend_code(", format!("'{person}', sha256('guess'), {entry}")),
        ("auth.refuse_second_step(", format!("'{person}', {entry}")),
        ("auth.begin_pending(", format!("sha256('p'), '{}', '{person}', '10 minutes'", a.id)),
        ("auth.find_pending(", "sha256('guess')".into()),
        ("auth.try_pending(", "sha256('guess')".into()),
        ("auth.end_pending(", "sha256('guess')".into()),
        ("auth.begin_totp(", format!("'{new}', 'x'")),
        ("auth.confirm_totp(", format!("'{passkey}', 1, {entry}")),
        ("auth.replace_codes(", format!("decode(repeat('ab', 16), 'hex'), array[sha256('c')], {entry}")),
        ("auth.remove_totp(", entry.to_owned()),
        ("auth.put_challenge(", "sha256('c'), null, '{}', '5 minutes'".into()),
        ("auth.take_challenge(", "sha256('guess'), null".into()),
        ("auth.add_passkey(", format!("'{new}', 'Mine', sha256('m'), '{{}}', {entry}")),
        ("auth.my_passkeys(", String::new()),
        ("auth.rename_passkey(", format!("'{passkey}', 'Mine', {entry}")),
        ("auth.remove_passkey(", format!("'{passkey}', {entry}")),
        ("auth.passkey_by_id(", "sha256('guess')".into()),
        ("auth.used_passkey(", format!("'{new}', '{{}}'")),
        ("auth.opened_by_proof(", "sha256('guess')".into()),
        ("auth.standing(", format!("sha256('{boss}')")),
        ("auth.second_step_roles(", String::new()),
        ("auth.require_second_step(", format!("array['owner'], {entry}")),
        ("auth.stranger(", format!("'{person}', sha256('d')")),
        ("auth.tell_of_stranger(", format!("'{person}', '{}', '{new}', 'x', {entry}", a.id)),
        ("auth.end_other_sessions(", entry.to_owned()),
        ("auth.confirm_session(", format!("sha256('new'), {entry}")),
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

/// Calls about the keys of machines, with a key and a trap of shop A's to be taken for one's own.
async fn keys(db: &TestDb) -> Vec<Call> {
    let (a, b) = (&db.crowd.a, &db.crowd.b);
    let boss = caps::session(db, b, Role::Owner).await;
    let owner = a.actor(&db.db, Role::Owner).await;
    for trap in [false, true] {
        let new = NewApiKey {
            name: format!("{} Lock key", a.slug),
            reach: Reach { scope: Scope::Write, namespaces: vec![Namespace::Clients] },
            days: 90,
            trap,
        };
        db.db.front_door().make_api_key(&owner, &format!("{trap}"), &new).await.unwrap();
    }
    let key: Uuid = db.ask(&format!("select id from auth.api_keys where shop_id = '{}' and not trap", a.id)).await;
    let (new, entry) = (Uuid::now_v7(), r#"'{"about":[]}', '{}'"#);
    [
        ("app.key_names(", "shearline_app", String::new()),
        ("auth.api_keys(", "shearline_auth", String::new()),
        (
            "auth.make_api_key(",
            "shearline_auth",
            format!("'{new}', sha256('k'), false, 'Mine', true, array['audit'], '1 day', 115, {entry}"),
        ),
        ("auth.rotate_api_key(", "shearline_auth", format!("'{key}', '{}', sha256('l'), {entry}", Uuid::now_v7())),
        ("auth.revoke_api_key(", "shearline_auth", format!("'{key}', {entry}")),
        ("auth.resolve_api_key(", "shearline_auth", "sha256('k'), '192.0.2.9'".into()),
        ("auth.spring_trap(", "shearline_auth", "sha256('k'), '192.0.2.9'".into()),
        (
            "auth.record_trap(",
            "shearline_auth",
            format!("sha256('k'), array['{}'::uuid], array['x'::bytea], {entry}", Uuid::now_v7()),
        ),
    ]
    .into_iter()
    .map(|(name, login, arguments)| Call {
        name,
        login,
        cap: boss.clone(),
        sql: format!("select {name}{arguments})::text"),
    })
    .collect()
}

/// Calls about passwords. Letters are addressed to shop A's outbox each time.
async fn passwords(db: &TestDb) -> Vec<Call> {
    let (a, b) = (&db.crowd.a, &db.crowd.b);
    let auditor = caps::session(db, b, Role::Auditor).await;
    let (person, email) = (b.people[&Role::Auditor], b.email(Role::Auditor));
    let was: String = db.ask(&format!("select password_hash from auth.people where id = '{person}'")).await;
    let entry = r#"'{"about":[]}', '{}'"#;
    let letter = format!("'{}', '{}', 'x', {entry}", a.id, Uuid::now_v7());
    [
        ("auth.begin_sign_in(", format!("'{email}', sha256('guess')")),
        ("auth.sign_in_right(", format!("'{}', 'guess', 'mine', ''", a.people[&Role::Owner])),
        ("auth.record_lock(", format!("'{email}', {entry}")),
        ("auth.know_device(", format!("'{person}', sha256('d')")),
        ("auth.my_password(", String::new()),
        ("auth.invite_asks_cmmc(", "sha256('guess')".into()),
        ("auth.reset_account(", format!("'{email}'")),
        ("auth.open_reset(", format!("'{email}', sha256('r'), '1 hour', {letter}")),
        ("auth.find_reset(", "sha256('guess')".into()),
        ("auth.reset_password(", format!("sha256('guess'), '{was}', 'mine', {letter}")),
        ("auth.change_password(", format!("'{was}', 'mine', null, {letter}")),
    ]
    .into_iter()
    .map(|(name, arguments)| Call {
        name,
        login: "shearline_auth",
        cap: auditor.clone(),
        sql: format!("select {name}{arguments})::text"),
    })
    .collect()
}

/// Everything of shop A, in every table that knows shops, and its people.
async fn fingerprint(db: &TestDb) -> String {
    let mut conn = db.login("postgres").await;
    let tables = sqlx::query(
        "select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attname = 'shop_id'
         where n.nspname in ('app','vault','audit','auth','worker') and c.relkind = 'r' order by 1").fetch_all(&mut conn).await.unwrap();
    let mut print = String::new();
    for table in tables {
        let name: String = table.get(0);
        let rows = format!(
            "select coalesce(md5(string_agg(t::text, '' order by t::text)), '') from {name} t where shop_id = '{}'",
            db.crowd.a.id
        );
        let hash: String = sqlx::query_scalar(AssertSqlSafe(rows)).fetch_one(&mut conn).await.unwrap();
        print += &format!("{name} {hash}\n");
    }
    print
}

/// Any text that would give shop A away.
async fn secrets(db: &TestDb) -> BTreeSet<String> {
    let a = &db.crowd.a;
    let mut secrets: BTreeSet<String> =
        a.clients.iter().flat_map(|things| things.values().map(Uuid::to_string)).collect();
    secrets.extend([a.id.to_string(), format!("{} Lock", a.slug)]);
    secrets.extend(a.people.values().map(ToString::to_string));
    secrets.insert(db.ask(&format!("select wrapped::text from vault.shop_keys where shop_id = '{}'", a.id)).await);
    secrets
}

#[tokio::test]
async fn no_definer_function_serves_the_rival() {
    let db = harness::fresh().await;
    let (calls, secrets) = (calls(&db).await, secrets(&db).await);
    let before = fingerprint(&db).await;
    for call in &calls {
        let mut conn = db.login(call.login).await;
        sqlx::raw_sql(AssertSqlSafe(format!("begin; set local app.cap = '{}'", call.cap)))
            .execute(&mut conn)
            .await
            .unwrap();
        let told = match sqlx::query(AssertSqlSafe(call.sql.clone())).fetch_all(&mut conn).await {
            Ok(rows) => rows
                .iter()
                .map(|row| row.get::<Option<String>, _>(0).unwrap_or_default())
                .collect::<Vec<_>>()
                .join("\n"),
            // A refusal will do; a mistake of this test will not.
            Err(sqlx::Error::Database(error)) => {
                assert!(matches!(error.code().as_deref(), Some("42501")), "{}: {error}", call.sql);
                error.to_string()
            }
            Err(other) => panic!("{other}"),
        };
        let _ = sqlx::raw_sql("commit").execute(&mut conn).await;
        let leaked: Vec<_> = secrets.iter().filter(|secret| told.contains(*secret)).collect();
        assert!(leaked.is_empty(), "{} told {leaked:?}:\n{told}", call.sql);
        assert_eq!(before, fingerprint(&db).await, "{} changed something of shop A", call.sql);
    }
}

#[tokio::test]
async fn every_definer_function_is_called_here_or_said_to_be_apart() {
    let db = harness::fresh().await;
    let called: BTreeSet<_> = calls(&db).await.iter().map(|call| call.name).collect();
    for line in include_str!("walker/definers.txt").lines() {
        let name = &line[..=line.find('(').unwrap()];
        let apart = APART.iter().any(|(apart, _)| *apart == name)
            // Of all shops by design, and for the installation's own login alone: see instance.rs.
            || name.starts_with("instance.")
            || ["worker.claim(", "worker.claim_delivery(", "worker.watch_due(", "worker.touches_due("].contains(&name);
        assert!(called.contains(name) != apart, "{name} has no two-shop test");
    }
    for login in walker::LOGINS {
        // keyd's own functions serve all shops, for keyd's login alone.
        for (name, reason) in APART.iter().filter(|(name, _)| login != "shearline_keyd" || !name.starts_with("keyd.")) {
            let may: bool = db.ask(&format!(
                "select bool_or(has_function_privilege('{login}', p.oid, 'execute')) from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname || '.' || p.proname || '(' = '{name}'")).await;
            assert!(!may, "{login} may execute {name}: {reason}");
        }
    }
}

#[tokio::test]
async fn a_claimed_letter_comes_with_the_key_of_its_own_shop() {
    let db = harness::fresh().await;
    let mut claimed = 0;
    while let Some(letter) = db.db.claim_mail().await.unwrap() {
        // Opened by the key that came with it: another shop's would not fit.
        assert!(!letter.mail.to.is_empty());
        db.db.mail_sent(&letter).await.unwrap();
        claimed += 1;
    }
    assert!(claimed > 10, "{claimed}");
    let left: i64 = db
        .ask("select count(*) from worker.outbox where length(sealed) > 0 and state = 'sent' and sent_at is not null")
        .await;
    assert_eq!(left, 0, "what was sent is emptied");
}

#[tokio::test]
async fn a_letter_nobody_can_open_is_given_up_in_time() {
    let db = harness::fresh().await;
    db.sudo("update worker.outbox set state = 'sent', sealed = ''").await;
    let spoilt = "update worker.outbox set state = 'waiting', sealed = '\\x00' where id = (select id from worker.outbox limit 1)";
    db.sudo(spoilt).await;
    for _ in 0..8 {
        assert!(db.db.claim_mail().await.is_err());
        db.later("1 day").await;
    }
    assert!(db.db.claim_mail().await.unwrap().is_none(), "the ninth time nothing waits");
    assert_eq!(db.ask::<i64>("select count(*) from worker.outbox where state = 'failed'").await, 1);
}

#[tokio::test]
async fn search_finds_what_the_rival_could_not() {
    let db = harness::fresh().await;
    let cap = caps::session(&db, &db.crowd.a, Role::Owner).await;
    let mut conn = db.login("shearline_app").await;
    for (words, kind) in [
        ("'client 1', ''", "client"),
        ("'low street', ''", "site"),
        ("'d-10', ''", "opening"),
        ("'zz', '1001'", "job"),
        ("'inv-100', ''", "invoice"),
    ] {
        let found = walker::attempt(
            &mut conn,
            &cap,
            &format!("select count(*) from app.search({words}, 50) where kind = '{kind}'"),
        )
        .await;
        assert!(
            matches!(found, walker::Outcome::Rows(1..)),
            "{words}: the calls of the two-shop test would find nothing anyway"
        );
    }
}

#[tokio::test]
async fn what_a_technician_may_not_see_takes_no_place_among_what_he_finds() {
    let db = harness::fresh().await;
    let mut conn = db.login("shearline_app").await;
    let cap = caps::session(&db, &db.crowd.a, Role::Technician).await;
    let newer: bool = db.ask(&format!("select number = (select max(number) from app.jobs j where j.shop_id = jobs.shop_id) from app.jobs where id = '{}'", db.crowd.a.clients[0]["job"])).await;
    assert!(!newer, "another's job comes first");
    let own = "select count(*) from app.search('10', '10', 1) f join app.jobs j on j.id = f.id where f.kind = 'job'";
    assert_eq!(walker::attempt(&mut conn, &cap, own).await, walker::Outcome::Rows(1));
}
