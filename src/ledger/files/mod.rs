//! Files beside the log: captured copies and private keys, each there whole or not at all.

pub(crate) mod beside;
pub(crate) mod evidence;
pub(super) mod key_file;
pub(crate) mod salt;
