//! What the components print: escaped words, safe links, no styles the content policy would drop.

use domain::audit::changes::FieldChange;
use leptos::prelude::*;
use leptos_router::components::Router;
use leptos_router::location::RequestUrl;
use ui::*;

/// Prints a view as the server does, as if `/jobs/7` had been asked for.
fn printed<V: IntoView + 'static>(view: impl FnOnce() -> V + Send + 'static) -> String {
    Owner::new().with(|| {
        provide_context(RequestUrl::new("/jobs/7"));
        let view = view! { <Router>{view()}</Router> };
        view.to_html()
    })
}

const PAYLOAD: &str = "\"><script>alert(1)</script>";

fn assert_escaped(html: &str) {
    assert!(!html.contains("<script>"), "{html}");
    assert!(html.contains("&lt;script&gt;"), "{html}");
    assert!(!html.contains(" style="), "{html}");
}

#[test]
fn words_from_data_are_escaped() {
    assert_escaped(&printed(|| view! { <JobBadge code="new" text=PAYLOAD/> }));
    assert_escaped(&printed(
        || view! { <PageHeader title=PAYLOAD subtitle=PAYLOAD number=PAYLOAD back=LinkTo::new("/", PAYLOAD)/> },
    ));
    assert_escaped(&printed(|| view! { <EmptyState title=PAYLOAD words=PAYLOAD/> }));
    assert_escaped(&printed(|| view! { <Flash tone=Tone::Bad words=PAYLOAD/> }));
    assert_escaped(&printed(|| view! { <PhoneLink number=PAYLOAD/> }));
    assert_escaped(&printed(|| view! { <Facts><Fact name=PAYLOAD>{PAYLOAD}</Fact></Facts> }));
    let entry = TimelineEntry {
        when: PAYLOAD.into(),
        who: PAYLOAD.into(),
        sentence: PAYLOAD.into(),
        href: Some(PAYLOAD.into()),
        changes: vec![FieldChange { field: PAYLOAD.into(), before: PAYLOAD.into(), after: PAYLOAD.into() }],
        reason: PAYLOAD.into(),
    };
    assert_escaped(&printed(|| view! { <Timeline entries=vec![entry]/> }));
    assert_escaped(&printed(|| view! { <StepBar steps=Step::path(&[PAYLOAD], 0) label=PAYLOAD/> }));
}

#[test]
fn a_link_from_data_cannot_run_a_script() {
    let html = printed(|| view! { <ButtonLink href="javascript:alert(1)">"Go"</ButtonLink> });
    assert!(html.contains("href=\"#\"") && !html.contains("javascript:"), "{html}");
}

#[test]
fn a_document_is_printed_byte_for_byte() {
    let bytes = "<h1>Work order J-1</h1><p>caf\u{e9} &amp; co</p>";
    let html = printed(move || view! { <Document html=bytes.to_owned() label="Work order"/> });
    assert!(html.contains(bytes), "{html}");
}

#[test]
fn the_table_names_its_columns_and_repeats_them_for_phones() {
    let html = printed(|| {
        let heads = vec![Head::new("Client"), Head::number("Total").sortable("/jobs?sort=total", Some(Sorted::Down))];
        view! {
            <Table caption="Jobs" heads=heads>
                <tr>
                    <Cell lead=true>"Ada"</Cell>
                    <Cell label="Total" number=true>"1.00"</Cell>
                </tr>
            </Table>
        }
    });
    assert!(html.contains("aria-sort=\"descending\""), "{html}");
    assert!(html.contains("data-label=\"Total\""), "{html}");
    assert!(html.contains("<tbody>"), "{html}");
}

fn office() -> impl IntoView {
    let nav = ["/", "/jobs", "/clients", "/invoices", "/members", "/audit"];
    let nav = nav.iter().map(|path| NavItem::new(*path, format!("to {path}"), Icon::Home)).collect();
    let person = Person { name: "Nora Okafor".into(), role: "Dispatcher".into() };
    view! {
        <OfficeFrame nav shop=PAYLOAD person search="/search" take_call="/jobs/new" menu=|| view! { <a href="/me">"You"</a> }>
            <p>"inside"</p>
        </OfficeFrame>
    }
}

#[test]
fn the_office_marks_where_one_is_and_needs_no_script_for_its_menus() {
    let html = printed(office);
    assert_escaped(&html);
    assert_eq!(html.matches("aria-current=\"page\"").count(), 1, "{html}");
    let here = html.find("aria-current").and_then(|at| html[at..].find("to /jobs"));
    assert!(here.is_some_and(|distance| distance < 700), "{html}");
    for id in ["rail-more", "person-menu"] {
        assert!(html.contains(&format!("popovertarget=\"{id}\"")) && html.contains(&format!("id=\"{id}\"")), "{html}");
    }
    let (bar, more) = html.split_once("popovertarget=\"rail-more\"").unwrap_or_default();
    assert!(bar.contains("to /invoices") && !bar.contains("to /members") && more.contains("to /members"), "{html}");
}

#[test]
fn the_portal_says_whose_it_is_and_how_to_call() {
    let html = printed(|| {
        let places = vec![LinkTo::new("/portal", "Invoices"), LinkTo::new("/portal/jobs", "Jobs")];
        view! { <PortalFrame shop=PAYLOAD phone="(905) 555-0100" places current="/portal/jobs">"inside"</PortalFrame> }
    });
    assert_escaped(&html);
    assert!(html.contains("href=\"tel:9055550100\""), "{html}");
    assert_eq!(html.matches("aria-current=\"page\"").count(), 1, "{html}");
}
