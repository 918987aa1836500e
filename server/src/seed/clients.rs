//! Clients of the demo, with their people, places and doors.

use super::{
    dice::Dice,
    keys::{self, LooseKey},
    road::Hand,
    words,
};
use anyhow::{Result, anyhow};
use domain::{
    Event, FieldErrors, Permission,
    clients::{contact::ContactForm, form::ClientForm},
    ids::{ClientId, SiteId},
    money::Currency,
    sites::{AccessNotesForm, SiteForm, codes::CodeForm, opening::OpeningForm},
};

/// A client as the demo tells it.
#[derive(Clone, Copy, Default)]
pub struct Story {
    /// Stored text of the kind.
    pub kind: &'static str,
    /// Name on papers.
    pub name: &'static str,
    /// Telephone; empty for a household, which gets the next one.
    pub phone: &'static str,
    /// Standing alert.
    pub alert: &'static str,
    /// Days to pay; empty for the shop's.
    pub terms: &'static str,
    /// Tags.
    pub tags: &'static str,
    /// Name and address of each place, number of openings there, first letters of their numbers.
    pub places: &'static [(&'static str, &'static str, u32, &'static str)],
    /// People: name, title, whether a signatory, last day of that right (empty: none).
    pub people: &'static [(&'static str, &'static str, bool, &'static str)],
    /// How to get in at the first place.
    pub access: &'static str,
    /// Codes of the first place: kind, which one, the code. All are invented.
    pub codes: &'static [(&'static str, &'static str, &'static str)],
    /// Loose keys on record.
    pub keys: &'static [LooseKey],
}

/// A client once entered.
#[derive(Clone)]
pub struct Entered {
    /// Which.
    pub id: ClientId,
    /// Its places.
    pub sites: Vec<SiteId>,
    /// Who calls.
    pub caller: String,
    /// From where.
    pub phone: String,
    /// Whether it is a household.
    pub person: bool,
}

/// Enters a client with everything that hangs on it.
///
/// # Errors
/// Only faults.
pub async fn enter(desk: &Hand, currency: Currency, story: &Story, dice: &mut Dice) -> Result<Entered> {
    let phone = if story.phone.is_empty() { words::phone(dice) } else { story.phone.to_owned() };
    let form = ClientForm {
        kind: story.kind.into(),
        name: story.name.into(),
        phone_1: phone.clone(),
        email_1: address(story.name),
        billing_address: story.places.first().map_or("", |place| place.1).replace(", ", "\n"),
        tags: story.tags.into(),
        alert: story.alert.into(),
        terms_days: story.terms.into(),
        // Numbers kept for stories are few, so two households may share one.
        another: "on".into(),
        ..ClientForm::default()
    };
    let mut tx = desk.begin(Permission::EditClients).await?;
    let client = store::clients::create(&mut tx, &read(form.read())?).await?;
    tx.commit(Event::ClientCreated { client }).await?;
    for (at, one) in story.people.iter().enumerate() {
        person(desk, currency, client, at, one, dice).await?;
    }
    let mut sites = Vec::new();
    for place in story.places {
        sites.push(site(desk, client, place, dice).await?);
    }
    if let Some(first) = sites.first()
        && !story.access.is_empty()
    {
        let mut tx = desk.begin(Permission::EditAccessNotes).await?;
        let notes = read(AccessNotesForm { access_notes: story.access.into(), version: "0".into() }.read())?;
        store::sites::access_notes::write(&mut tx, *first, &notes).await?;
        tx.commit(Event::AccessNotesChanged { site: *first }).await?;
    }
    for code in story.codes {
        if let Some(first) = sites.first() {
            site_code(desk, *first, code).await?;
        }
    }
    for key in story.keys {
        keys::record(desk, client, sites.first().copied(), key).await?;
    }
    let caller = story.people.first().map_or(story.name, |one| one.0).to_owned();
    Ok(Entered { id: client, sites, caller, phone, person: story.kind == "person" })
}

async fn site_code(desk: &Hand, site: SiteId, code: &(&str, &str, &str)) -> Result<()> {
    let [kind, label, site_code] = [code.0, code.1, code.2].map(str::to_owned);
    let form = CodeForm { kind, label, site_code, ..CodeForm::default() };
    let mut tx = desk.begin(Permission::EditAccessNotes).await?;
    let code = store::sites::codes::create(&mut tx, site, &read(form.read())?).await?;
    Ok(tx.commit(Event::SiteCodeRecorded { site, code }).await?)
}

async fn person(
    desk: &Hand,
    currency: Currency,
    client: ClientId,
    at: usize,
    one: &(&str, &str, bool, &str),
    dice: &mut Dice,
) -> Result<()> {
    let (name, title, signatory, until) = *one;
    let tick = |yes: bool| if yes { "on".to_owned() } else { String::new() };
    let form = ContactForm {
        name: name.into(),
        title: title.into(),
        phone: words::phone(dice),
        email: address(name),
        requester: tick(true),
        approver: tick(at == 0),
        payer: tick(at == 0),
        site_contact: tick(at == 1),
        signatory: tick(signatory),
        valid_from: if signatory { "2025-01-01".into() } else { String::new() },
        valid_until: until.into(),
        limit: if signatory { "2500".into() } else { String::new() },
        ..ContactForm::default()
    };
    let mut tx = desk.begin(Permission::EditClients).await?;
    let contact = store::clients::contacts::add(&mut tx, client, &read(form.read(currency))?).await?;
    Ok(tx.commit(Event::ContactAdded { client, contact }).await?)
}

async fn site(desk: &Hand, client: ClientId, place: &(&str, &str, u32, &str), dice: &mut Dice) -> Result<SiteId> {
    let (name, address, doors, letters) = *place;
    let form = SiteForm {
        name: name.into(),
        address: address.replace(", ", "\n"),
        hours: if doors > 20 { "Mon to Fri, 7:30 to 18:00".into() } else { String::new() },
        ..SiteForm::default()
    };
    let mut tx = desk.begin(Permission::EditClients).await?;
    let site = store::sites::create(&mut tx, client, &read(form.read())?).await?;
    tx.commit(Event::SiteAdded { client, site }).await?;
    for at in 0..doors {
        let kind = dice.pick(words::DOORS);
        let form = OpeningForm {
            number: format!("{letters}{}", 101 + (at / 18) * 100 + at % 18),
            location: format!("Floor {}, {}", 1 + at / 18, kind.0),
            hand: if kind.1.is_empty() { String::new() } else { (*dice.pick(&["LH", "RH", "LHR", "RHR"])).to_owned() },
            function: kind.1.into(),
            hardware: kind.2.into(),
            ..OpeningForm::default()
        };
        let mut tx = desk.begin(Permission::EditClients).await?;
        let opening = store::sites::openings::create(&mut tx, site, &read(form.read())?).await?;
        tx.commit(Event::OpeningAdded { site, opening }).await?;
    }
    Ok(site)
}

/// What a form came to; what it refuses is a fault of the demo, and named.
pub(super) fn read<T>(form: Result<T, FieldErrors>) -> Result<T> {
    form.map_err(|errors| anyhow!("a form of the demo is refused: {errors:?}"))
}

/// An address made of a name.
fn address(name: &str) -> String {
    let folded = domain::fold::fold(name);
    let words: Vec<_> = folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    format!("{}@mail.example", words.join("."))
}

/// Writes a note on a client.
///
/// # Errors
/// Only faults.
pub async fn note(desk: &Hand, client: ClientId, body: &str) -> Result<()> {
    let mut tx = desk.begin(Permission::EditClients).await?;
    let note = store::clients::notes::add(&mut tx, client, body).await?;
    Ok(tx.commit(Event::ClientNoteAdded { client, note }).await?)
}
