//! `/shop/own-key`: the key service of the shop's own, brought and given up.

use super::server_fns::{LeaveOwnKey, TakeKmsKey, TakeVaultKey, own_key};
use domain::{
    forms::{Page, Ticket},
    own_key::{CLOSES_WITHIN, OwnKeyRow},
};
use gate::{Shown, action, load};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Button, Fact, Facts, Field, Form, LinkTo, Look, PageHeader, Panel};

/// The page.
#[component]
pub fn OwnKeyPage() -> impl IntoView {
    let page = load(|| (), |()| own_key());
    view! {
        <Title text="Own key"/>
        <PageHeader title="Own key" subtitle="A key of your own at your own key service: take it back, and what the shop has sealed opens for nobody."
            back=LinkTo::new("/shop", "Shop")/>
        <Shown page children=|page| view! { <Body page/> }/>
    }
}

#[component]
fn Body(page: Page<Option<OwnKeyRow>>) -> impl IntoView {
    let Page { ticket, data } = page;
    let (for_kms, for_leave) = (ticket.clone(), ticket.clone());
    let has = data.is_some();
    let stands = data.map(|key| view! { <Stands key ticket=for_leave/> });
    let (vault, kms) = if has {
        ("Another key of HashiCorp Vault or OpenBao", "Another key of AWS KMS")
    } else {
        ("A key of HashiCorp Vault or OpenBao", "A key of AWS KMS")
    };
    view! {
        <div class="record record--told">
            <div class="record__main">
                {stands}
                <Panel title=vault><FromVault ticket/></Panel>
                <Panel title=kms><FromKms ticket=for_kms/></Panel>
            </div>
            <aside class="record__aside">
                <Panel title="What it does">
                    <p>"Bitting records, codes, how to get in, strokes of signatures and photos open only while your service answers for the key. It is asked about once a minute."</p>
                    <p>"Take the key back or lock it there, and all of it closes within "{CLOSES_WITHIN}". Clients, jobs, invoices and papers go on. Let the key open again, and so does the rest."</p>
                    <p><strong>"Destroy the key there, and what is sealed is lost for good."</strong></p>
                    <p>"Every change here is on the audit trail; "<a href="/shop/webhooks">"webhooks"</a>" send it to you as it happens."</p>
                </Panel>
            </aside>
        </div>
    }
}

/// The key there is.
#[component]
fn Stands(key: OwnKeyRow, ticket: Ticket) -> impl IntoView {
    let leave = action::<LeaveOwnKey>();
    view! {
        <Panel title="Your key">
            <Facts>
                <Fact name="Service">{key.kind.words()}</Fact>
                <Fact name="Key">{key.place}</Fact>
                <Fact name="Since">{key.since}</Fact>
                <Fact name="Brought by">{key.by}</Fact>
            </Facts>
            <Form action=leave ticket name="leave-own-key">
                <p class="muted">"To go without, your service has to open the lock once more."</p>
                <div class="form__actions"><Button look=Look::Danger>"Go without a key of our own"</Button></div>
            </Form>
        </Panel>
    }
}

#[component]
fn FromVault(ticket: Ticket) -> impl IntoView {
    let action = action::<TakeVaultKey>();
    view! {
        <Form action ticket name="vault-key">
            <div class="form__grid">
                <Field name="address" label="Address of the key" kind="url" wide=true placeholder="https://vault.example.com:8200/transit/keys/shearline"
                    hint="A transit key of type aes256-gcm96, at an address open to the internet."/>
                <Field name="credential" label="Token" kind="password" wide=true autocomplete="off"
                    hint="With update on encrypt and decrypt of this key, and nothing else. It is sealed and never shown again."/>
            </div>
            <div class="form__actions"><Button look=Look::Primary>"Try it out and use it"</Button></div>
        </Form>
    }
}

#[component]
fn FromKms(ticket: Ticket) -> impl IntoView {
    let action = action::<TakeKmsKey>();
    view! {
        <Form action ticket name="kms-key">
            <div class="form__grid">
                <Field name="region" label="Region" placeholder="eu-central-1"/>
                <Field name="key" label="Key" placeholder="alias/shearline" hint="Its id, alias or ARN."/>
                <Field name="access_key_id" label="Access key id" autocomplete="off"/>
                <Field name="credential" label="Secret access key" kind="password" autocomplete="off"
                    hint="Allowed kms:Encrypt and kms:Decrypt on this key. It is sealed and never shown again."/>
                <Field name="endpoint" label="Endpoint" kind="url" optional=true wide=true hint="Only where it is not AWS's own."/>
            </div>
            <div class="form__actions"><Button look=Look::Primary>"Try it out and use it"</Button></div>
        </Form>
    }
}
