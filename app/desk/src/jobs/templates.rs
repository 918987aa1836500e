//! Kinds of job: what each demands, and the form that writes the next version.

use super::server_fns::{ChangeTemplate, find_template, list_templates};
use domain::{
    forms::{Page, Ticket},
    jobs::{JobField, SignerRole, TemplateChoice, TemplateForm, TemplatePage as Data},
};
use gate::{Shown, action, load, param};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{
    Button, ButtonLink, Cell, Check, Fact, Facts, Field, Form, Head, LinkTo, Look, PageHeader, Panel, Table, TextArea,
};

/// All kinds of job.
#[component]
pub fn TemplatesPage() -> impl IntoView {
    let page = load(|| (), |()| list_templates());
    view! {
        <Title text="Kinds of job"/>
        <PageHeader title="Kinds of job" subtitle="What must be asked, checked and signed before a job of each kind can be completed." back=LinkTo::new("/jobs", "Jobs")/>
        <Shown page children=|kinds| view! { <Kinds kinds/> }/>
    }
}

#[component]
fn Kinds(kinds: Vec<TemplateChoice>) -> impl IntoView {
    let rows = kinds.into_iter().map(|kind| {
        let demands = kind.requirements;
        view! {
            <tr>
                <Cell lead=true><a href=gate::paths::template(kind.key)>{kind.name}</a></Cell>
                <Cell label="Questions" number=true>{demands.questions.len()}</Cell>
                <Cell label="Checks" number=true>{demands.checks.len()}</Cell>
                <Cell label="Authority">{if demands.authority { "Checked" } else { "Not demanded" }}</Cell>
                <Cell label="Signed by">{words(demands.signatures.iter().map(|role| role.words()))}</Cell>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let heads = vec![
        Head::new("Kind"),
        Head::number("Questions"),
        Head::number("Checks"),
        Head::new("Authority"),
        Head::new("Signed by"),
    ];
    view! { <Panel title="In this shop" flush=true><Table caption="Kinds of job" heads>{rows}</Table></Panel> }
}

fn words(all: impl Iterator<Item = &'static str>) -> String {
    all.collect::<Vec<_>>().join(", ")
}

/// One kind of job.
#[component]
pub fn TemplatePage() -> impl IntoView {
    let key = param("key");
    let page = load(move || key.get(), find_template);
    view! { <Shown page children=|page| view! { <Body page/> }/> }
}

#[component]
fn Body(page: Page<Data>) -> impl IntoView {
    let Page { ticket, data } = page;
    let name = data.name.clone();
    let subtitle = format!("Version {}. Jobs already taken keep the version they were taken with.", data.version);
    let body =
        if data.may_change { view! { <Change data ticket/> }.into_any() } else { view! { <Demands data/> }.into_any() };
    view! {
        <Title text=name.clone()/>
        <PageHeader title=name subtitle back=LinkTo::new("/templates", "Kinds of job")/>
        {body}
    }
}

#[component]
fn Demands(data: Data) -> impl IntoView {
    let form = TemplateForm::of(&data);
    view! {
        <Panel title="What it demands">
            <Facts>
                <Fact name="Questions"><span class="as-typed">{form.questions}</span></Fact>
                <Fact name="Checks"><span class="as-typed">{form.checks}</span></Fact>
                <Fact name="Photos"><span class="as-typed">{form.photos}</span></Fact>
                <Fact name="Filled in">{words(data.requirements.fields.iter().map(|field| field.words()))}</Fact>
                <Fact name="Signed by">{words(data.requirements.signatures.iter().map(|role| role.words()))}</Fact>
                <Fact name="Authority">{if data.requirements.authority { "Checked" } else { "Not demanded" }}</Fact>
                <Fact name="Lines"><span class="as-typed">{form.lines}</span></Fact>
            </Facts>
        </Panel>
    }
}

#[component]
fn Change(data: Data, ticket: Ticket) -> impl IntoView {
    let action = action::<ChangeTemplate>();
    let form = TemplateForm::of(&data);
    let on = |tick: &str| !tick.is_empty();
    let (site, opening, ceiling, performed, charged) =
        (on(&form.site), on(&form.opening), on(&form.ceiling), on(&form.performed), on(&form.charged));
    let (client, technician, witness) = (on(&form.client), on(&form.technician), on(&form.witness));
    view! {
        <Form action ticket name="template" class="form form--page">
            <input type="hidden" name="key" value=data.key/>
            <input type="hidden" name="form[version]" value=form.version/>
            <Field name="name" label="Name" value=form.name/>
            <TextArea name="questions" label="Questions" value=form.questions rows=6 optional=true
                hint="One a line. Answers to choose from in brackets: Keys inside? (yes/no). A star at the end makes it required."/>
            <TextArea name="checks" label="Checklist" value=form.checks rows=4 hint="One a line; each must be ticked on site." optional=true/>
            <TextArea name="photos" label="Photos" value=form.photos rows=3 hint="One a line; each must be added before a job is completed: The lock before the work" optional=true/>
            <TextArea name="lines" label="Lines a job starts with" value=form.lines rows=4 hint="One a line: Labour | Rekey, per cylinder | 1 | 24.00" optional=true/>
            <Check name="authority" label="The authority of the person asking must be checked" checked=on(&form.authority)/>
            <fieldset class="fieldset">
                <legend class="legend">"Must be filled in"</legend>
                <Check name="site" label=JobField::Site.words() checked=site/>
                <Check name="opening" label=JobField::Opening.words() checked=opening/>
                <Check name="ceiling" label=JobField::Ceiling.words() checked=ceiling/>
                <Check name="performed" label=JobField::Performed.words() checked=performed/>
                <Check name="charged" label=JobField::Lines.words() checked=charged/>
            </fieldset>
            <fieldset class="fieldset">
                <legend class="legend">"Must sign"</legend>
                <Check name="client" label=SignerRole::Client.words() checked=client/>
                <Check name="technician" label=SignerRole::Technician.words() checked=technician/>
                <Check name="witness" label=SignerRole::Witness.words() checked=witness/>
            </fieldset>
            <div class="form__actions">
                <Button look=Look::Primary>"Write the next version"</Button>
                <ButtonLink href="/templates" look=Look::Quiet>"Leave it"</ButtonLink>
            </div>
        </Form>
    }
}
