//! Files beside the log: captured copies and private keys, each there whole or not at all.

pub(super) mod beside;
pub(super) mod evidence;
pub(super) mod key_file;
mod page_text;
pub(super) mod salt;
