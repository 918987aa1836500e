//! Mailing an invoice: a letter with what is owed and a link of its own to the client's door.

use super::{About, status};
use crate::{
    Result, Scope, WriteTx,
    mail::{self, Mail},
};
use domain::{
    Refusal,
    ids::{ContactId, InvoiceId},
    invoices::InvoiceStatus,
    money::Money,
};
use sqlx::query;

/// What the letter says.
struct Letter {
    shop: String,
    phone: String,
    number: String,
    due: String,
    name: String,
    email: String,
    total: String,
    owed: Option<String>,
}

impl Letter {
    fn written(self, link: &str) -> Mail {
        let Letter { shop, phone, number, due, name, email, total, owed } = self;
        let asked = match owed {
            Some(owed) => format!("It comes to {total}; {owed} is still open, due on {due}."),
            None => format!("It comes to {total} and is paid. Thank you."),
        };
        let call = if phone.is_empty() { "answer this mail".to_owned() } else { format!("call {phone}") };
        Mail {
            to: email,
            subject: format!("Invoice {number} from {shop}"),
            text: format!(
                "Dear {name},\n\nhere is invoice {number} from {shop}. {asked}\n\nSee it, with the work it is for:\n\n{link}\n\nThe link is yours alone and works for 30 days. Questions: {call}.\n\n{shop}\n"
            ),
        }
    }
}

/// Puts down a mail to a contact of the client, with a fresh portal link under `public_url`. The link is made in its own
/// transaction: should this one fail, nobody has ever seen that link's token.
///
/// # Errors
/// Not found when invoice or contact is not there; a conflict for drafts and void invoices and for a contact without address.
pub async fn mail_to(tx: &mut WriteTx, invoice: InvoiceId, contact: ContactId, public_url: &str) -> Result<About> {
    let shop = tx.shop().uuid();
    let row = query!(
        r#"select i.status, i.number, i.job_id, i.client_id, i.total_minor, i.paid_minor, coalesce(app.local_date(i.due_on), '') as "due!", c.name, c.email, sh.name as shop_name, sh.phone
           from app.invoices i
           join app.shops sh on sh.shop_id = i.shop_id
           join app.contacts c on c.shop_id = i.shop_id and c.client_id = i.client_id and c.id = $3 and c.archived_at is null
           where i.shop_id = $1 and i.id = $2"#,
        shop, invoice.uuid(), contact.uuid()
    )
    .fetch_one(tx.conn())
    .await?;
    let number = match (status(&row.status)?, row.number) {
        (InvoiceStatus::Sent | InvoiceStatus::PartPaid | InvoiceStatus::Paid, Some(number)) => number,
        (InvoiceStatus::Void, _) => {
            return Err(Refusal::Conflict("This invoice is void; it is not mailed.".into()).into());
        }
        _ => return Err(Refusal::Conflict("Issue the invoice first, then mail it.".into()).into()),
    };
    if row.email.is_empty() {
        return Err(Refusal::field("contact", "This contact has no e-mail address.").into());
    }
    let (currency, owed) = (tx.currency(), row.total_minor - row.paid_minor);
    let letter = Letter {
        shop: row.shop_name,
        phone: row.phone,
        number,
        due: row.due,
        name: row.name,
        email: row.email,
        total: Money::from_minor(row.total_minor).format(currency),
        owed: (owed > 0).then(|| Money::from_minor(owed).format(currency)),
    };
    tx.fact("to", letter.email.as_str());
    let client = row.client_id.into();
    let (_, token) = tx.db().front_door().mint_portal_link(tx.actor(), client, contact).await?;
    mail::post(tx, &[row.client_id, contact.uuid()], &letter.written(&format!("{public_url}/p/{}", token.reveal())))
        .await?;
    Ok(About { invoice, job: row.job_id.into(), client })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(owed: Option<&str>) -> Mail {
        Letter {
            shop: "Northgate Lock & Key".into(),
            phone: "+1 416 555 0100".into(),
            number: "INV-1042".into(),
            due: "19 Jan 2026".into(),
            name: "Ann".into(),
            email: "ann@example.com".into(),
            total: "$113.00".into(),
            owed: owed.map(str::to_owned),
        }
        .written("https://shop.example/p/TOKEN")
    }

    #[test]
    fn the_letter_says_what_is_open_and_where_to_look() {
        let open = letter(Some("$63.00"));
        assert_eq!(
            (open.to.as_str(), open.subject.as_str()),
            ("ann@example.com", "Invoice INV-1042 from Northgate Lock & Key")
        );
        for part in [
            "$113.00",
            "$63.00 is still open",
            "due on 19 Jan 2026",
            "\nhttps://shop.example/p/TOKEN\n",
            "+1 416 555 0100",
        ] {
            assert!(open.text.contains(part), "{part}: {}", open.text);
        }
        assert!(letter(None).text.contains("is paid") && !letter(None).text.contains("still open"));
    }
}
