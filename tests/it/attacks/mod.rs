//! Attackers, one a file: what each can do, and what each cannot.

mod beside;
mod sent_file;
