//! Files beside the log: captured copies, private keys, and what is read or written where somebody said.

pub(crate) mod beside;
pub(crate) mod evidence;
pub(crate) mod given;
pub(super) mod key_file;
pub(super) mod private;
pub(crate) mod salt;
pub(crate) mod whole;
