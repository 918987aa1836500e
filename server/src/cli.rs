//! The command line as a program of its own: signs in as a person at a server, here or elsewhere, keeps what it got, and
//! calls the API with it.

mod call;
mod callback;
mod credentials;
mod login;
mod there;

use anyhow::Result;
use clap::Args;

/// `shearline login`.
#[derive(Args)]
pub struct Login {
    /// Address of the server, such as https://shop.example.
    url: String,
    /// Type a code in a browser on another machine, where this one has none.
    #[arg(long)]
    device: bool,
    /// Ask to read only.
    #[arg(long)]
    read_only: bool,
}

/// `shearline api`.
#[derive(Args)]
pub struct Api {
    /// GET, POST or PATCH.
    method: String,
    /// A path such as /api/v1/clients.
    path: String,
    /// What to send, as JSON.
    #[arg(long, value_name = "JSON")]
    data: Option<String>,
    /// One more header, such as 'If-Match: "3"'.
    #[arg(long = "header", value_name = "NAME: VALUE")]
    headers: Vec<String>,
}

/// What the command line does as a program.
pub enum Command {
    /// Signs in.
    Login(Login),
    /// Gives the tokens back.
    Logout,
    /// Calls the API.
    Api(Api),
}

/// Runs one; false when the API refused.
///
/// # Errors
/// Words for a terminal.
pub async fn run(command: Command) -> Result<bool> {
    match command {
        Command::Login(login) => login::sign_in(&login.url, login.device, login.read_only).await.map(|()| true),
        Command::Logout => login::sign_out().await.map(|()| true),
        Command::Api(api) => call::call(&api.method, &api.path, api.data, &api.headers).await,
    }
}
