//! Server functions of programs. A link is what stands behind the question mark of `/authorize`.

use domain::{
    Permission,
    forms::{Done, Page, Post},
    ids::ProgramId,
    programs::{Consent, DeviceForm, LetInForm, ProgramRow},
};
use gate::Result;
use leptos::prelude::*;

/// What a program's link asks for.
#[server(prefix = "/fn", endpoint = "office/program_asked")]
pub async fn program_asked(link: String) -> Result<Page<Consent>> {
    super::answer::asked(link).await
}

/// Lets it in, and sends the browser back to it.
#[server(prefix = "/fn", endpoint = "office/let_program_in")]
pub async fn let_program_in(post: Post, link: String, form: LetInForm) -> Result<Done> {
    super::answer::let_in(post, &link, form).await
}

/// Refuses it, and tells it so.
#[server(prefix = "/fn", endpoint = "office/refuse_program")]
pub async fn refuse_program(post: Post, link: String) -> Result<Done> {
    super::answer::refuse(post, &link).await
}

/// Finds the device that shows the code typed.
#[server(prefix = "/fn", endpoint = "office/find_device")]
pub async fn find_device(post: Post, form: DeviceForm) -> Result<Done> {
    super::answer::find_device(post, form).await
}

/// What that device asks for; nothing without one, or when it is answered.
#[server(prefix = "/fn", endpoint = "office/device_asked")]
pub async fn device_asked(ask: String) -> Result<Page<Option<Consent>>> {
    super::answer::device_asked(&ask).await
}

/// Lets it in.
#[server(prefix = "/fn", endpoint = "office/let_device_in")]
pub async fn let_device_in(post: Post, ask: ProgramId, form: LetInForm) -> Result<Done> {
    super::answer::answer_device(post, ask, Some(form)).await
}

/// Refuses it.
#[server(prefix = "/fn", endpoint = "office/refuse_device")]
pub async fn refuse_device(post: Post, ask: ProgramId) -> Result<Done> {
    super::answer::answer_device(post, ask, None).await
}

/// Programs signed in as oneself.
#[server(prefix = "/fn", endpoint = "office/my_programs")]
pub async fn my_programs() -> Result<Page<Vec<ProgramRow>>> {
    let (db, actor) = gate::front(Permission::OwnAccount, None).await?;
    gate::page(db.front_door().my_programs(&actor).await?).await
}

/// Signs one of them out.
#[server(prefix = "/fn", endpoint = "office/sign_program_out")]
pub async fn sign_program_out(post: Post, program: ProgramId) -> Result<Done> {
    let (db, actor) = gate::front(Permission::OwnAccount, Some(&post)).await?;
    db.front_door().sign_program_out(&actor, program).await?;
    Ok(gate::go("/account"))
}
