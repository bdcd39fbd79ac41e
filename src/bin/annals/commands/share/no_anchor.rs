//! `anchor`, where annals was built without it.

use annals::ledger::{Error, ErrorKind};

use crate::args::AnchorArgs;
use crate::context::Context;
use crate::failure::Failure;

/// `anchor`
pub(crate) fn anchor(_: &mut Context, _: &AnchorArgs) -> Result<bool, Failure> {
    let error = Error::new(ErrorKind::Unsupported, "this annals was built without time-stamps");
    Err(error.with_hint("build it with `cargo install --features anchor`, or without --no-default-features").into())
}
