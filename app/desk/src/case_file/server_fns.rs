//! Server functions of case files. The file itself is fetched from the page of exports.

use domain::{
    exports::CaseForm,
    forms::{Done, Post},
    ids::{ClientId, JobId, SiteId},
};
use gate::Result;
use leptos::prelude::*;

/// Records a case file of a job.
#[server(prefix = "/fn", endpoint = "desk/case_of_job")]
pub async fn case_of_job(post: Post, job: JobId, #[server(default)] form: CaseForm) -> Result<Done> {
    made(post, domain::exports::CaseOf::Job, job.uuid(), form).await
}

/// Records a case file of a client.
#[server(prefix = "/fn", endpoint = "desk/case_of_client")]
pub async fn case_of_client(post: Post, client: ClientId, #[server(default)] form: CaseForm) -> Result<Done> {
    made(post, domain::exports::CaseOf::Client, client.uuid(), form).await
}

/// Records a case file of a site.
#[server(prefix = "/fn", endpoint = "desk/case_of_site")]
pub async fn case_of_site(post: Post, site: SiteId, #[server(default)] form: CaseForm) -> Result<Done> {
    made(post, domain::exports::CaseOf::Site, site.uuid(), form).await
}

#[cfg(not(target_arch = "wasm32"))]
async fn made(post: Post, of: domain::exports::CaseOf, subject: uuid::Uuid, form: CaseForm) -> Result<Done> {
    const MADE: &str = "/exports#made";
    // Each case file is its own entry.
    let (db, grant) = gate::secret(domain::Permission::MakeCaseFiles, &post).await?;
    store::exports::case::record(db.write(grant).await?, of, subject, &form.read()?).await?;
    Ok(gate::go(MADE))
}
