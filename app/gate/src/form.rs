//! How a form gets to its server function.

use crate::{AppError, send, send_away, send_files};
use domain::forms::Done;
use server_fn::ServerFn;

/// A form's way to its server function.
pub type Action = ui::Action<AppError>;

/// The way to the server function `S`.
#[must_use]
pub fn action<S: ServerFn<Output = Done, Error = AppError>>() -> Action {
    Action::new(S::PATH, |path, fields| Box::pin(send(path, fields)))
}

/// The same, for a form with files.
#[must_use]
pub fn action_with_files<S: ServerFn<Output = Done, Error = AppError>>() -> Action {
    action::<S>().with_files(|path, form, progress| Box::pin(send_files(path, form, progress)))
}

/// The same, for a form whose answer sets cookies that the next page reads: that page is asked of the server anew.
#[must_use]
pub fn action_away<S: ServerFn<Output = Done, Error = AppError>>() -> Action {
    Action::new(S::PATH, |path, fields| Box::pin(send_away(path, fields)))
}
