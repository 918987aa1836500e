//! Two rival shops with the same kinds of rows: people through the real front door, the rest by `rows`.

use super::rows;
use domain::{
    Role,
    ids::*,
    money::Currency,
    shop::{NewShop, NewTaxRate, Units},
};
use domain::{choice::Choice, lines::LineKind};
use sqlx::PgConnection;
use std::{collections::BTreeMap, sync::Arc};
use store::{
    Actor, Db, Origin, Token, audit::checkpoints::Kept, front_door::accounts::NewOwner, front_door::passwords,
    mail::Mail, scope::Visitor,
};
use uuid::Uuid;

/// Everybody's password.
pub const PASSWORD: &str = "correct horse battery staple";

/// A client of a shop with everything that hangs on it: names of rows → ids, as `rows` made them.
pub type Things = BTreeMap<&'static str, Uuid>;

/// One shop.
#[derive(Clone)]
pub struct Shop {
    /// Which.
    pub id: ShopId,
    /// `northgate` or `southgate`.
    pub slug: &'static str,
    /// A person of each role; the technician is the first client's.
    pub people: BTreeMap<Role, PersonId>,
    /// The second client's technician.
    pub second_technician: PersonId,
    /// Two clients with sites, jobs, papers.
    pub clients: [Things; 2],
    /// A live portal link for each client.
    pub links: [(PortalLinkId, String); 2],
}

/// Both shops.
#[derive(Clone)]
pub struct Crowd {
    /// The shop under test; its chain is the longer one.
    pub a: Shop,
    /// The rival in the same database.
    pub b: Shop,
}

impl Shop {
    /// A signed-in person of that role.
    pub async fn actor(&self, db: &Db, role: Role) -> Arc<Actor> {
        self.session(db, self.people[&role]).await.1
    }

    /// A fresh session of one of the shop's people: its token and the actor it stands for.
    pub async fn session(&self, db: &Db, person: PersonId) -> (Token, Arc<Actor>) {
        let door = db.front_door();
        let token = door.open_session(self.id, person, &origin()).await.expect("session");
        let actor = door.resolve_session(&token, origin()).await.expect("resolve").expect("a fresh session lives");
        (token, Arc::new(actor))
    }

    /// A visit by the portal link of client `n` (0 or 1).
    pub async fn visitor(&self, db: &Db, n: usize) -> (Token, Arc<Visitor>) {
        let door = db.front_door();
        let link = Token::parse(&self.links[n].1).expect("link");
        let peek = door.peek_portal_link(&link, &origin()).await.expect("peek").expect("the link lives");
        let token = door.redeem_portal_link(&link, &peek, &origin()).await.expect("redeem");
        let visitor = door.resolve_portal(&token, origin()).await.expect("resolve").expect("a fresh visit lives");
        (token, Arc::new(visitor))
    }

    /// Everybody's address: role and shop.
    pub fn email(&self, role: Role) -> String {
        format!("{}@{}.example", role.as_str().replace('_', "-"), self.slug)
    }
}

/// Where test requests come from.
pub fn origin() -> Origin {
    Origin { ip: "192.0.2.7".into(), user_agent: "test".into() }
}

/// Opens both shops and fills them.
pub async fn gather(db: &Db, superuser: &mut PgConnection) -> Crowd {
    let hash = passwords::hash(PASSWORD.into()).await.expect("hash");
    let b = open(db, superuser, "southgate", &hash).await;
    let a = open(db, superuser, "northgate", &hash).await;
    // The longer chain: entries of A must be found that B has no number for.
    for _ in 0..5 {
        db.front_door()
            .record_failure(&a.email(Role::Owner), Some(a.people[&Role::Owner]), &origin())
            .await
            .expect("failure");
    }
    for round in db.rounds_due().await.expect("rounds") {
        db.make_round(&round, &[]).await.expect("a round");
    }
    checkpoint(db).await;
    Crowd { a, b }
}

/// Makes the checkpoints that are due; gives them as an archive would hold them.
pub async fn checkpoint(db: &Db) -> Vec<Kept> {
    let mut made = Vec::new();
    for due in db.checkpoints_due().await.expect("due") {
        let draft = db.draft_checkpoint(due).await.expect("draft");
        db.keep_checkpoint(&draft).await.expect("keep");
        made.push(draft.kept);
    }
    made
}

async fn open(db: &Db, superuser: &mut PgConnection, slug: &'static str, hash: &str) -> Shop {
    let shop = NewShop {
        name: format!("{slug} Lock & Key"),
        slug: slug.into(),
        licence_number: "L-1042".into(),
        phone: "+1 416 555 0100".into(),
        email: String::new(),
        address: "1 Gate Street".into(),
        time_zone: "America/Toronto".into(),
        currency: Currency::parse("CAD").expect("currency"),
        units: Units::Inch,
    };
    let tax = NewTaxRate { name: "HST".into(), rate_micro: 13_000_000, compound: false, kinds: LineKind::ALL.to_vec() };
    let email = format!("owner@{slug}.example");
    let owner = NewOwner { email: &email, name: "Olive Owner", password_hash: hash };
    let (id, person) = db.front_door().sign_up(&shop, &[tax], &owner, &origin()).await.expect("sign up");
    let empty = || Things::new();
    let mut shop = Shop {
        id,
        slug,
        people: BTreeMap::from([(Role::Owner, person)]),
        second_technician: person,
        clients: [empty(), empty()],
        links: [dead_link(), dead_link()],
    };
    let boss = shop.actor(db, Role::Owner).await;
    for role in &Role::ALL[1..] {
        let joined = join(db, &boss, &shop.email(*role), *role, hash).await;
        shop.people.insert(*role, joined);
    }
    shop.second_technician =
        join(db, &boss, &format!("second-technician@{slug}.example"), Role::Technician, hash).await;
    // An invitation still open, and one withdrawn.
    let letter = |to: &str| Mail { to: to.into(), subject: "Join us".into(), text: "…".into() };
    db.front_door()
        .invite(&boss, &format!("later@{slug}.example"), Role::Auditor, |_| letter(&format!("later@{slug}.example")))
        .await
        .expect("invite");
    rows::fill(superuser, &mut shop).await;
    for n in 0..2 {
        let (client, contact) = (ClientId(shop.clients[n]["client"]), ContactId(shop.clients[n]["contact"]));
        let (link, token) = db.front_door().mint_portal_link(&boss, client, contact).await.expect("link");
        shop.links[n] = (link, token.reveal());
    }
    shop
}

fn dead_link() -> (PortalLinkId, String) {
    (PortalLinkId(Uuid::nil()), String::new())
}

async fn join(db: &Db, boss: &Actor, email: &str, role: Role, hash: &str) -> PersonId {
    let door = db.front_door();
    let mut sent = None;
    door.invite(boss, email, role, |token| {
        sent = Some(token.clone());
        Mail { to: email.into(), subject: "Join us".into(), text: "…".into() }
    })
    .await
    .expect("invite");
    let token = sent.expect("the letter was written");
    let invite = door.find_invite(&token).await.expect("find").expect("the invitation lives");
    door.accept_invite(&token, invite.id, role.label(), hash, &origin()).await.expect("accept")
}
