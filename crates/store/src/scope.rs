//! Who acts, by what right, in which transaction.

use crate::{Cap, Db, Error, Result, looks::Way};
use domain::{
    Event, Permission, Power, Refusal, Role,
    ids::*,
    machines::Reach,
    money::Currency,
    portal::{Visit, Visited},
};
use serde_json::{Map, Value, json};
use sqlx::{PgConnection, Postgres, Transaction, query, query_scalar};
use std::sync::{Arc, atomic::Ordering};
use uuid::Uuid;

/// Where a request came from: personal, so it stands beside the chain, not in it.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// Peer address, or the one a trusted proxy names.
    pub ip: String,
    /// What the browser calls itself, at most 300 characters.
    pub user_agent: String,
}

/// A signed-in person in one shop.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The session that speaks.
    pub session: SessionId,
    /// Who.
    pub person: PersonId,
    /// The person's name.
    pub name: String,
    /// In which shop.
    pub shop: ShopId,
    /// The shop's name.
    pub shop_name: String,
    /// The shop's slug.
    pub shop_slug: String,
    /// As what.
    pub role: Role,
    /// What that lets this person do: the role, less what the shop holds back.
    pub power: Power,
    /// IANA name of the shop's time zone.
    pub zone: String,
    /// The shop's currency.
    pub currency: Currency,
    /// Where from.
    pub origin: Origin,
    /// Whether the person confirmed within ten minutes to be whoever signed in.
    pub confirmed: bool,
    /// Whether the shop asks for a second step that this person does not have: then nothing else is allowed.
    pub second_step_due: bool,
    /// What narrows the person's rights, when it is not the person who speaks but a key of theirs.
    pub key: Option<Key>,
    pub(crate) cap: Cap,
}

/// A machine's key, and how far it reaches.
#[derive(Clone, Debug)]
pub struct Key {
    /// The key.
    pub id: ApiKeyId,
    /// Its rooms, and whether it may write there.
    pub reach: Reach,
}

impl Actor {
    /// The right to do that; the only way to a [`Grant`].
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], in words, when the role does not allow it.
    pub fn allow(self: &Arc<Self>, permission: Permission) -> Result<Grant, Refusal> {
        if self.key.as_ref().is_some_and(|key| !key.reach.covers(permission)) {
            return Err(Refusal::Forbidden("This key does not reach that far.".into()));
        }
        if self.power.allows(permission) {
            Ok(Grant { actor: Arc::clone(self) })
        } else {
            Err(Refusal::Forbidden(format!(
                "Your role here is {}. Ask the shop's owner or an admin if you need to do this.",
                self.role
            )))
        }
    }

    pub(crate) const fn cap(&self) -> &Cap {
        &self.cap
    }
}

/// Proof that an actor was allowed something. Made by [`Actor::allow`] alone.
#[derive(Debug)]
pub struct Grant {
    actor: Arc<Actor>,
}

impl Grant {
    /// The same right once more, for what is read after something was recorded.
    pub(crate) fn again(&self) -> Self {
        Self { actor: Arc::clone(&self.actor) }
    }

    pub(crate) fn actor(&self) -> &Arc<Actor> {
        &self.actor
    }
}

/// A client who came by a portal link.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// The link.
    pub link: PortalLinkId,
    /// The shop that made it.
    pub shop: ShopId,
    /// The shop's name.
    pub shop_name: String,
    /// The shop's telephone.
    pub shop_phone: String,
    /// Whose papers may be seen.
    pub client: ClientId,
    /// The client's name.
    pub client_name: String,
    /// For whom the link was made.
    pub contact: ContactId,
    /// That person's name.
    pub contact_name: String,
    /// IANA name of the shop's time zone.
    pub zone: String,
    /// The shop's currency.
    pub currency: Currency,
    /// Where from.
    pub origin: Origin,
    pub(crate) cap: Cap,
}

impl Visitor {
    /// A page's data, with what stands around the page.
    #[must_use]
    pub fn shown<T>(&self, data: T) -> Visited<T> {
        let visit = Visit {
            shop: self.shop_name.clone(),
            phone: self.shop_phone.clone(),
            client: self.client_name.clone(),
            contact: self.contact_name.clone(),
        };
        Visited { visit, data }
    }

    pub(crate) const fn cap(&self) -> &Cap {
        &self.cap
    }
}

/// A transaction statements can be sent through.
pub trait Scope: Send {
    /// The connection. Each call counts as one statement.
    fn conn(&mut self) -> &mut PgConnection;
    /// Time zone in which times are written.
    fn zone(&self) -> String;
    /// Currency of the shop.
    fn currency(&self) -> Currency;
    /// The shop.
    fn shop(&self) -> ShopId;
    /// Puts down that these records are before whoever acts, the most particular one first. Costs the same whichever they are.
    fn looked_at(&self, way: Way, records: &[Uuid]);
}

/// Reads, as an actor.
pub struct ReadTx {
    tx: Transaction<'static, Postgres>,
    grant: Grant,
    db: Db,
}

impl ReadTx {
    pub(crate) const fn new(tx: Transaction<'static, Postgres>, grant: Grant, db: Db) -> Self {
        Self { tx, grant, db }
    }

    /// Who reads.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.grant.actor
    }

    /// The database, for what its vault opens.
    pub(crate) const fn db(&self) -> &Db {
        &self.db
    }
}

/// Changes, as an actor. Ends by [`WriteTx::commit`] with an event, or rolls back when dropped.
pub struct WriteTx {
    tx: Transaction<'static, Postgres>,
    grant: Grant,
    db: Db,
    form: Option<String>,
    facts: Map<String, Value>,
    unseen: bool,
    also: Vec<(Event, Map<String, Value>)>,
}

impl WriteTx {
    pub(crate) fn new(tx: Transaction<'static, Postgres>, grant: Grant, db: Db) -> Self {
        Self { tx, grant, db, form: None, facts: Map::new(), unseen: false, also: Vec::new() }
    }

    /// Who changes.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.grant.actor
    }

    pub(crate) const fn db(&self) -> &Db {
        &self.db
    }

    /// Binds this transaction to one sending of one form. A second sending waits here for the first to end.
    ///
    /// # Errors
    /// [`Error::Replayed`] with the first result when the same form was sent before with the same content;
    /// a conflict when its content differs.
    pub async fn once(&mut self, form: &str, body_hash: &[u8]) -> Result<()> {
        let shop = self.shop();
        if form.is_empty() || form.len() > 120 || form.contains('\0') {
            return Err(Refusal::Conflict(
                "This form cannot be read. Open the page again and send it from there.".into(),
            )
            .into());
        }
        let fresh = query!(
            "insert into app.form_posts (shop_id, id, body_hash) values ($1, $2, $3) on conflict do nothing",
            shop.uuid(),
            form,
            body_hash
        )
        .execute(self.conn())
        .await?
        .rows_affected()
            == 1;
        if fresh {
            self.form = Some(form.to_owned());
            return Ok(());
        }
        let first =
            query!("select body_hash, location from app.form_posts where shop_id = $1 and id = $2", shop.uuid(), form)
                .fetch_one(self.conn())
                .await?;
        if first.body_hash == body_hash {
            Err(Error::Replayed(first.location))
        } else {
            Err(Refusal::Conflict(
                "This form was already sent with other content. Open the page again to send a new one.".into(),
            )
            .into())
        }
    }

    /// From here on nothing counts as looked at: for owners who lay out what shall be.
    pub fn unseen(&mut self) {
        self.unseen = true;
    }

    /// Adds a fact to the coming event: a name, a value before and after. Personal, so kept beside the chain.
    pub fn fact(&mut self, name: &str, value: impl Into<Value>) {
        self.facts.insert(name.to_owned(), value.into());
    }

    /// One more event that this act brings with it, behind its own entry.
    pub(crate) fn also(&mut self, event: Event, facts: Map<String, Value>) {
        self.also.push((event, facts));
    }

    /// Appends the event and commits: one act.
    ///
    /// # Errors
    /// Whatever the database says; then nothing was done.
    pub async fn commit(self, event: Event) -> Result<()> {
        self.commit_to(event, "").await
    }

    /// Like [`WriteTx::commit`], and remembers where the result lies for a form that is sent twice.
    ///
    /// # Errors
    /// As for [`WriteTx::commit`].
    pub async fn commit_to(self, event: Event, location: &str) -> Result<()> {
        self.commit_entry(event, location).await.map(|_| ())
    }

    /// Commits without an entry, and remembers where the result lies: for what an entry would tell to people who must not
    /// know of it.
    ///
    /// # Errors
    /// As for [`WriteTx::commit`].
    pub async fn commit_unsaid(mut self, location: &str) -> Result<()> {
        self.remember(location).await?;
        Ok(self.tx.commit().await?)
    }

    /// Where the result of this form lies.
    async fn remember(&mut self, location: &str) -> Result<()> {
        let Some(form) = self.form.take() else { return Ok(()) };
        let shop = self.shop();
        query!("update app.form_posts set location = $3 where shop_id = $1 and id = $2", shop.uuid(), form, location)
            .execute(self.conn())
            .await?;
        Ok(())
    }

    /// The same, and tells the number of the entry: what is revealed is revealed against it.
    pub(crate) async fn commit_entry(mut self, event: Event, location: &str) -> Result<i64> {
        self.remember(location).await?;
        let facts = std::mem::take(&mut self.facts);
        let entry = self.append(&event, facts).await?;
        for (event, facts) in std::mem::take(&mut self.also) {
            self.append(&event, facts).await?;
        }
        self.tx.commit().await?;
        Ok(entry)
    }

    async fn append(&mut self, event: &Event, facts: Map<String, Value>) -> Result<i64> {
        let (payload, facts) = crate::audit::written(event, &self.actor().origin.clone(), facts)?;
        let about = event.about();
        Ok(query_scalar!(
            r#"select audit.append($1, $2, $3, $4, $5) as "seq!""#,
            i32::from(event.code()),
            about[0],
            &about,
            payload,
            facts
        )
        .fetch_one(self.conn())
        .await?)
    }
}

/// Reads, as a client.
pub struct PortalTx {
    tx: Transaction<'static, Postgres>,
    visitor: Arc<Visitor>,
    db: Db,
}

impl PortalTx {
    pub(crate) const fn new(tx: Transaction<'static, Postgres>, visitor: Arc<Visitor>, db: Db) -> Self {
        Self { tx, visitor, db }
    }

    /// Who looks.
    #[must_use]
    pub fn visitor(&self) -> &Visitor {
        &self.visitor
    }
}

macro_rules! scope {
    ($tx:ty, $($path:ident).+, |$me:ident, $way:ident, $records:ident| $look:expr) => {
        impl Scope for $tx {
            fn conn(&mut self) -> &mut PgConnection {
                self.db.statements.fetch_add(1, Ordering::Relaxed);
                &mut self.tx
            }
            fn zone(&self) -> String {
                self.$($path).+.zone.clone()
            }
            fn currency(&self) -> Currency {
                self.$($path).+.currency
            }
            fn shop(&self) -> ShopId {
                self.$($path).+.shop
            }
            fn looked_at(&self, $way: Way, $records: &[Uuid]) {
                let $me = self;
                $look
            }
        }
    };
}
scope!(ReadTx, grant.actor, |tx, way, records| tx.db.looks.by(&tx.grant.actor, way, records));
scope!(WriteTx, grant.actor, |tx, way, records| if !tx.unseen {
    // What is opened to be changed is worked on.
    let way = if way == Way::Opened { Way::Changed } else { way };
    tx.db.looks.by(&tx.grant.actor, way, records);
});
// A visit is a look at the link and its client as a whole: see `Db::visit`.
scope!(PortalTx, visitor, |_tx, _way, _records| ());

/// Facts of an origin, as they stand beside an entry.
pub(crate) fn origin_facts(origin: &Origin) -> Map<String, Value> {
    let mut facts = Map::new();
    facts.insert("ip".into(), json!(origin.ip));
    facts.insert("user_agent".into(), json!(origin.user_agent));
    facts
}
