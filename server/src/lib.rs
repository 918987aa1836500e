//! The server as a library: what the binary starts, and what the tests start on a port of their own.

pub mod admin;
pub mod api;
pub mod assets;
pub mod config;
pub mod dev_outbox;
pub mod doctor;
pub mod functions;
pub mod ground;
pub mod layers;
pub mod listen;
pub mod lock;
pub mod logging;
pub mod mailer;
pub mod oauth;
pub mod outbound;
pub mod portal_link;
pub mod postgres;
pub mod privileges;
pub mod router;
pub mod security_txt;
pub mod seed;
pub mod serve;
pub mod signals;
pub mod tls;
pub mod verify;
pub mod webhooks;
