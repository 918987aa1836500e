//! Server functions of photos. Their files come beside the form: the server takes them in before it calls.

use domain::{
    Permission, Refusal,
    attachments::{PhotoForm, PhotoPage, PhotosForm, Subject},
    forms::{Done, Page, Post},
    ids::{JobId, OpeningId, PhotoId},
    jobs::ReasonForm,
};
use gate::Result;
use leptos::prelude::*;

/// Adds photos to a job.
#[server(prefix = "/fn", endpoint = "desk/add_photos")]
pub async fn add_photos(post: Post, job: JobId, form: PhotosForm) -> Result<Done> {
    let mut tx = gate::write(Permission::WorkJobs, &post).await?;
    let received = gate::brought::<store::attachments::Received>();
    let new = form.read(&received.refused())?;
    let event = store::attachments::add(&mut tx, Subject::Job(job), &new, &received).await?;
    gate::done(tx, event, gate::paths::at(gate::own_path(&post.back), "photos")).await
}

/// Adds photos to an opening.
#[server(prefix = "/fn", endpoint = "desk/add_opening_photos")]
pub async fn add_opening_photos(post: Post, opening: OpeningId, form: PhotosForm) -> Result<Done> {
    let mut tx = gate::write(Permission::WorkJobs, &post).await?;
    let received = gate::brought::<store::attachments::Received>();
    let new = form.read(&received.refused())?;
    let event = store::attachments::add(&mut tx, Subject::Opening(opening), &new, &received).await?;
    gate::done(tx, event, gate::paths::at(gate::own_path(&post.back), "photos")).await
}

/// A photo's page.
#[server(prefix = "/fn", endpoint = "desk/find_photo")]
pub async fn find_photo(#[server(default)] id: String) -> Result<Page<PhotoPage>> {
    let id: PhotoId = id.parse().map_err(|_| Refusal::NotFound)?;
    let mut tx = gate::read(Permission::SeeJobs).await?;
    gate::page(store::attachments::page(&mut tx, id).await?).await
}

/// Changes what is said of a photo. Showing a restricted one to everybody asks what looking at it asks.
#[server(prefix = "/fn", endpoint = "desk/change_photo")]
pub async fn change_photo(post: Post, photo: PhotoId, form: PhotoForm) -> Result<Done> {
    let mut tx = gate::write(Permission::WorkJobs, &post).await?;
    let new = form.read()?;
    if store::attachments::opens(&mut tx, photo, &new).await? {
        gate::confirmed(Permission::RevealSecrets, &post).await?;
    }
    let event = store::attachments::change(&mut tx, photo, &new).await?;
    gate::done(tx, event, gate::paths::photo(photo)).await
}

/// Takes a photo out, with a reason.
#[server(prefix = "/fn", endpoint = "desk/remove_photo")]
pub async fn remove_photo(post: Post, photo: PhotoId, form: ReasonForm) -> Result<Done> {
    let mut tx = gate::write(Permission::WorkJobs, &post).await?;
    let event = store::attachments::remove(&mut tx, photo, &form.read()?).await?;
    gate::done(tx, event, gate::paths::photo(photo)).await
}

/// Puts a removed photo back.
#[server(prefix = "/fn", endpoint = "desk/restore_photo")]
pub async fn restore_photo(post: Post, photo: PhotoId) -> Result<Done> {
    let mut tx = gate::write(Permission::WorkJobs, &post).await?;
    let event = store::attachments::restore(&mut tx, photo).await?;
    gate::done(tx, event, gate::paths::photo(photo)).await
}
