//! What takes the feature `share`, where annals was built without it.

use std::path::Path;

use annals::ledger::{Error, ErrorKind};
use annals::note::SignedNote;

use crate::args::{AnchorArgs, CheckArgs, HeadArgs, ProveArgs, PublishArgs, VerifyArgs, WitnessArgs};
use crate::context::Context;
use crate::failure::Failure;

fn missing() -> Failure {
    let message = "this annals was built without receipts, witnesses, stamps of time and publishing";
    let error = Error::new(ErrorKind::Unsupported, message);
    error.with_hint("build it with `cargo install --features share`, or without --no-default-features").into()
}

/// `anchor`
pub(crate) fn anchor(_: &mut Context, _: &AnchorArgs) -> Result<bool, Failure> {
    Err(missing())
}

/// `check`
pub(crate) fn check(_: &mut Context, _: &CheckArgs) -> Result<bool, Failure> {
    Err(missing())
}

/// `head --cosigned`
pub(crate) fn cosigned(_: &mut Context, _: &HeadArgs) -> Result<bool, Failure> {
    Err(missing())
}

/// `verify --url`
pub(crate) fn follow(_: &mut Context, _: &VerifyArgs, _: &str) -> Result<bool, Failure> {
    Err(missing())
}

/// `prove`
pub(crate) fn prove(_: &mut Context, _: &ProveArgs) -> Result<bool, Failure> {
    Err(missing())
}

/// `publish`
pub(crate) fn publish(_: &mut Context, _: &PublishArgs) -> Result<bool, Failure> {
    Err(missing())
}

/// `witness`
pub(crate) fn witness(_: &mut Context, _: &WitnessArgs) -> Result<bool, Failure> {
    Err(missing())
}

/// No cosignatures are kept.
pub(super) fn with_cosignatures(_: &Path, _: u64, note: SignedNote) -> SignedNote {
    note
}
