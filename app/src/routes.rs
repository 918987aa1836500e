//! Path → page: one flat list.

use desk::{
    attachments::page::PhotoPage,
    clients::{
        contact::{EditContactPage, NewContactPage},
        form::{EditClientPage, NewClientPage},
        list::ClientsPage,
        page::ClientPage,
    },
    home::HomePage,
    intake::page::IntakePage,
    jobs::{
        edit::EditJobPage,
        list::JobsPage,
        page::JobPage,
        templates::{TemplatePage, TemplatesPage},
    },
    schedule::{day::DayPage, today::VisitPage},
    search::page::SearchPage,
    signatures::{evidence::EvidencePage, sign::SignInPersonPage},
    sites::{
        codes::{CodePage, EditCodePage, NewCodePage},
        form::{EditSitePage, NewSitePage},
        opening::{EditOpeningPage, NewOpeningPage},
        page::SitePage,
    },
};
use keys::bittings::{
    find::FindKeyPage,
    form::{EditBittingPage, NewBittingPage},
    list::BittingsPage,
    page::BittingPage,
};
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    path,
};
use money::invoices::{list::InvoicesPage, new::NewInvoicePage, page::InvoicePage};
use office::{
    alerts::{decoys::DecoysPage, page::AlertsPage},
    audit::{openings::OpeningsPage, page::AuditPage},
    exports::page::ExportsPage,
    forgetting::page::{ForgetClientPage, ForgetContactPage, ForgetMemberPage},
    identity::{
        account::AccountPage,
        at_door::SecondStepAtDoor,
        confirm::ConfirmPage,
        forgot::{ForgotPage, ResetPage},
        frame::InFrame,
        invite::InvitePage,
        members::MembersPage,
        second_step::{CodesPage, NewAppPage, SecondStepPage},
        second_step_roles::SecondStepRolesPage,
        sign_in::SignInPage,
        sign_up::SignUpPage,
    },
    machines::page::KeysPage,
    own_key::page::OwnKeyPage,
    people::{leave::LeavePage, review::ReviewPage, roles::RolesPage, shops::ShopsPage},
    programs::{authorize::AuthorizePage, device::DevicePage},
    shop::page::ShopPage,
    trust::page::TrustPage,
    webhooks::{page::WebhooksPage, receiver::ReceiverPage},
};
use ui::{EmptyState, LinkTo, Reload, Unsent};

/// The office: everything behind the sign-in, and the doors to it.
#[component]
pub fn OfficeApp() -> impl IntoView {
    provide();
    let whole = SsrMode::Async;
    view! {
        <Title formatter=|page: String| if page.is_empty() { "Shearline".into() } else { format!("{} · Shearline", crate::titled(&page)) }/>
        <Router>
            <Routes fallback=Nowhere>
                <Route path=path!("/sign-in") view=SignInPage ssr=whole.clone()/>
                <Route path=path!("/sign-in/second-step") view=SecondStepAtDoor ssr=whole.clone()/>
                <Route path=path!("/sign-up") view=SignUpPage ssr=whole.clone()/>
                <Route path=path!("/invite/:token") view=InvitePage ssr=whole.clone()/>
                <Route path=path!("/forgot") view=ForgotPage ssr=whole.clone()/>
                <Route path=path!("/reset/:token") view=ResetPage ssr=whole.clone()/>
                <ParentRoute path=path!("") view=InFrame ssr=whole.clone()>
                    <Route path=path!("/") view=HomePage ssr=whole.clone()/>
                    <Route path=path!("/search") view=SearchPage ssr=whole.clone()/>
                    <Route path=path!("/clients") view=ClientsPage ssr=whole.clone()/>
                    <Route path=path!("/clients/new") view=NewClientPage ssr=whole.clone()/>
                    <Route path=path!("/clients/:id") view=ClientPage ssr=whole.clone()/>
                    <Route path=path!("/clients/:id/forget") view=ForgetClientPage ssr=whole.clone()/>
                    <Route path=path!("/contacts/:id/forget") view=ForgetContactPage ssr=whole.clone()/>
                    <Route path=path!("/members/:id/forget") view=ForgetMemberPage ssr=whole.clone()/>
                    <Route path=path!("/clients/:id/edit") view=EditClientPage ssr=whole.clone()/>
                    <Route path=path!("/clients/:id/sites/new") view=NewSitePage ssr=whole.clone()/>
                    <Route path=path!("/clients/:id/contacts/new") view=NewContactPage ssr=whole.clone()/>
                    <Route path=path!("/clients/:id/bittings/new") view=NewBittingPage ssr=whole.clone()/>
                    <Route path=path!("/bittings") view=BittingsPage ssr=whole.clone()/>
                    <Route path=path!("/bittings/find") view=FindKeyPage ssr=whole.clone()/>
                    <Route path=path!("/bittings/:id") view=BittingPage ssr=whole.clone()/>
                    <Route path=path!("/bittings/:id/edit") view=EditBittingPage ssr=whole.clone()/>
                    <Route path=path!("/contacts/:id/edit") view=EditContactPage ssr=whole.clone()/>
                    <Route path=path!("/sites/:id") view=SitePage ssr=whole.clone()/>
                    <Route path=path!("/sites/:id/edit") view=EditSitePage ssr=whole.clone()/>
                    <Route path=path!("/sites/:id/openings/new") view=NewOpeningPage ssr=whole.clone()/>
                    <Route path=path!("/sites/:id/codes/new") view=NewCodePage ssr=whole.clone()/>
                    <Route path=path!("/codes/:id") view=CodePage ssr=whole.clone()/>
                    <Route path=path!("/codes/:id/edit") view=EditCodePage ssr=whole.clone()/>
                    <Route path=path!("/openings/:id/edit") view=EditOpeningPage ssr=whole.clone()/>
                    <Route path=path!("/invoices") view=InvoicesPage ssr=whole.clone()/>
                    <Route path=path!("/invoices/new") view=NewInvoicePage ssr=whole.clone()/>
                    <Route path=path!("/invoices/:id") view=InvoicePage ssr=whole.clone()/>
                    <Route path=path!("/today") view=DayPage ssr=whole.clone()/>
                    <Route path=path!("/today/:job") view=VisitPage ssr=whole.clone()/>
                    <Route path=path!("/templates") view=TemplatesPage ssr=whole.clone()/>
                    <Route path=path!("/templates/:key") view=TemplatePage ssr=whole.clone()/>
                    <Route path=path!("/jobs") view=JobsPage ssr=whole.clone()/>
                    <Route path=path!("/jobs/new") view=IntakePage ssr=whole.clone()/>
                    <Route path=path!("/jobs/:id") view=JobPage ssr=whole.clone()/>
                    <Route path=path!("/jobs/:id/edit") view=EditJobPage ssr=whole.clone()/>
                    <Route path=path!("/jobs/:id/sign") view=SignInPersonPage ssr=whole.clone()/>
                    <Route path=path!("/signatures/:id") view=EvidencePage ssr=whole.clone()/>
                    <Route path=path!("/photos/:id") view=PhotoPage ssr=whole.clone()/>
                    <Route path=path!("/members") view=MembersPage ssr=whole.clone()/>
                    <Route path=path!("/members/review") view=ReviewPage ssr=whole.clone()/>
                    <Route path=path!("/members/roles") view=RolesPage ssr=whole.clone()/>
                    <Route path=path!("/members/:id/leave") view=LeavePage ssr=whole.clone()/>
                    <Route path=path!("/account/shops") view=ShopsPage ssr=whole.clone()/>
                    <Route path=path!("/shop") view=ShopPage ssr=whole.clone()/>
                    <Route path=path!("/shop/keys") view=KeysPage ssr=whole.clone()/>
                    <Route path=path!("/shop/webhooks") view=WebhooksPage ssr=whole.clone()/>
                    <Route path=path!("/shop/own-key") view=OwnKeyPage ssr=whole.clone()/>
                    <Route path=path!("/shop/webhooks/:id") view=ReceiverPage ssr=whole.clone()/>
                    <Route path=path!("/confirm") view=ConfirmPage ssr=whole.clone()/>
                    <Route path=path!("/authorize") view=AuthorizePage ssr=whole.clone()/>
                    <Route path=path!("/device") view=DevicePage ssr=whole.clone()/>
                    <Route path=path!("/members/second-step") view=SecondStepRolesPage ssr=whole.clone()/>
                    <Route path=path!("/account/second-step") view=SecondStepPage ssr=whole.clone()/>
                    <Route path=path!("/account/second-step/app") view=NewAppPage ssr=whole.clone()/>
                    <Route path=path!("/account/second-step/codes") view=CodesPage ssr=whole.clone()/>
                    <Route path=path!("/account") view=AccountPage ssr=whole.clone()/>
                    <Route path=path!("/alerts/decoys") view=DecoysPage ssr=whole.clone()/>
                    <Route path=path!("/alerts") view=AlertsPage ssr=whole.clone()/>
                    <Route path=path!("/audit/trust") view=TrustPage ssr=whole.clone()/>
                    <Route path=path!("/exports") view=ExportsPage ssr=whole.clone()/>
                    <Route path=path!("/audit/openings") view=OpeningsPage ssr=whole.clone()/>
                    <Route path=path!("/audit") view=AuditPage ssr=whole/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}

/// What every page counts on.
fn provide() {
    provide_meta_context();
    provide_context(Reload(RwSignal::new(0)));
    provide_context(Unsent::new());
}

/// No such path.
#[component]
fn Nowhere() -> impl IntoView {
    view! {
        <Title text="Nothing here"/>
        <main class="content" id="main">
            <EmptyState title="Nothing here" words="There is no such page, or it is not yours to see." action=LinkTo::new("/", "Home") page=true/>
        </main>
    }
}
