//! A row in every tenant table, for two clients of a shop. A table the walker finds without one fails.

use super::{cluster::run, crowd::Shop};
use domain::Role;
use sqlx::PgConnection;
use uuid::Uuid;

/// What is named by an id of its own in `client.sql`.
const THINGS: [&str; 18] = [
    "client", "channel", "note", "contact", "site", "opening", "job", "authority", "line", "visit", "document", "signature", "invoice", "payment",
    "taken_back", "view", "link", "mail",
];

/// Fills the shop and notes the ids in it.
pub async fn fill(superuser: &mut PgConnection, shop: &mut Shop) {
    let template = Uuid::now_v7();
    let people = [
        ("shop", shop.id.uuid()),
        ("owner", shop.people[&Role::Owner].uuid()),
        ("template", template),
    ];
    run(superuser, &written(include_str!("shop.sql"), &people, 0)).await;
    for n in 0..2 {
        let technician = if n == 0 { shop.people[&Role::Technician] } else { shop.second_technician };
        let mut names = people.to_vec();
        names.push(("technician", technician.uuid()));
        for thing in THINGS {
            let id = Uuid::now_v7();
            names.push((thing, id));
            shop.clients[n].insert(thing, id);
        }
        run(superuser, &written(include_str!("client.sql"), &names, n)).await;
        shop.clients[n].insert("template", template);
    }
}

/// `{name}` becomes that id, `{n}` 1 or 2.
fn written(sql: &str, names: &[(&str, Uuid)], n: usize) -> String {
    let mut text = sql.replace("{n}", &(n + 1).to_string());
    for (name, id) in names {
        text = text.replace(&format!("{{{name}}}"), &format!("'{id}'"));
    }
    text
}
