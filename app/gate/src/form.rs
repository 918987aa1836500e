//! How a form gets to its server function.

use crate::{AppError, send};
use domain::forms::Done;
use server_fn::ServerFn;

/// A form's way to its server function.
pub type Action = ui::Action<AppError>;

/// The way to the server function `S`.
#[must_use]
pub fn action<S: ServerFn<Output = Done, Error = AppError>>() -> Action {
    Action::new(S::PATH, |path, fields| Box::pin(send(path, fields)))
}
