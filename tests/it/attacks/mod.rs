//! Attackers, one a file: what each can do, and what each cannot.

mod beside;
pub(crate) mod sent_file;
