//! A code's page: what it opens, and the way to the code itself.

use super::server_fns::{find_site_code, reveal_site_code};
use domain::{forms::Page, sites::codes::CodePage as Data};
use gate::{AppError, Shown, history::History, load, param, paths, reveal::Reveal};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{ButtonLink, Fact, Facts, Icon, LinkTo, Notice, PageHeader, Panel, Tone, safe_href};

/// `/codes/:id`.
#[component]
pub fn CodePage() -> impl IntoView {
    let id = param("id");
    let page = load(move || id.get(), find_site_code);
    view! { <Shown page children=|page| view! { <Body page/> }/> }
}

#[component]
fn Body(page: Page<Data>) -> impl IntoView {
    let Page { ticket, data } = page;
    let Data { code, site, place, jobs, standing, edit, history } = data;
    let jobs: Vec<_> = jobs.into_iter().map(|(id, words)| (id.to_string(), words)).collect();
    let (title, change) = (code.label.clone(), paths::site_code_edit(code.id));
    let back = LinkTo::new(paths::site(site), place.clone());
    let acts = move || edit.then(|| view! { <ButtonLink href=change icon=Icon::Pen>"Change"</ButtonLink> });
    let (void, id) = (code.archived, code.id.to_string());
    let kept_back = standing.is_none() && !void;
    let sealed = standing.map(|standing| {
        view! {
            <Panel title="Code" id="sealed">
                <Reveal ticket subject=id jobs standing call=|post, id, form| {
                    Box::pin(async move { reveal_site_code(post, id.parse().map_err(|_| AppError::Call)?, form).await })
                }/>
            </Panel>
        }
    });
    view! {
        <Title text=title.clone()/>
        <PageHeader title back actions=acts/>
        {void.then(|| view! { <Notice tone=Tone::Void title="Opens nothing any more"><p>"The code itself was thrown away."</p></Notice> })}
        {kept_back.then(|| view! { <Notice tone=Tone::Brass title="Not opened by your role"><p>"The combination of a safe is for those who may reveal bittings and key codes."</p></Notice> })}
        <div class="record">
            <div class="record__main">
                {sealed}
                <Panel title="What it opens">
                    <Facts>
                        <Fact name="Kind">{code.kind}</Fact>
                        <Fact name="Site"><a href=safe_href(&paths::site(site))>{place}</a></Fact>
                        <Fact name="Sealed">{code.since}</Fact>
                    </Facts>
                </Panel>
            </div>
            <aside class="record__aside"><History entries=history/></aside>
        </div>
    }
}
