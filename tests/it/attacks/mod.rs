//! Attackers, one a file: what each can do, and what each cannot.

mod beside;
mod folder;
#[cfg(feature = "share")]
mod mirror;
pub(crate) mod sent_file;
mod stolen_key;
