//! Reading payloads: whether one is an event of its kind, in the one spelling, and which. What is decoded has been
//! checked as what is typed is.

use serde::Deserialize;

use super::build::Build;
use super::rules::Rules;
use super::{DecodeError, PAYLOAD_LEN_MAX, strict, wire};
use crate::event::{Entered, EventKind};
use crate::seq::Seq;

/// The event of a payload.
///
/// # Errors
/// If the bytes are not exactly what [`encode`](super::encode()) gives for an event of this kind.
pub fn decode(kind: EventKind, bytes: &[u8]) -> Result<Entered, DecodeError> {
    read_as(kind, bytes)
}

/// Whether there is an event of a payload: what [`decode`] answers, without the event and the memory that it takes.
///
/// # Errors
/// Those of [`decode`].
pub fn check(kind: EventKind, bytes: &[u8]) -> Result<(), DecodeError> {
    read_as(kind, bytes)
}

/// The subject and the attribute of a claim, read from its payload: it is checked as [`decode`] does, and not built.
///
/// # Errors
/// Those of [`decode`], for the two kinds that claim something; an error for every other.
pub fn check_claim(kind: EventKind, bytes: &[u8]) -> Result<(Seq, Seq), DecodeError> {
    checked_len(bytes)?;
    let (claim, _) = checked::<wire::Claim<'_>>(kind, bytes)?;
    Ok((Seq(claim.subject), Seq(claim.attribute)))
}

fn checked_len(bytes: &[u8]) -> Result<(), DecodeError> {
    if bytes.len() > PAYLOAD_LEN_MAX { Err(DecodeError::Malformed("it is too long".to_owned())) } else { Ok(()) }
}

/// What is made of a payload's struct, once it has been checked.
trait Made: Sized {
    fn of(wire: impl Build, first: Option<wire::First>, kind: EventKind) -> Result<Self, DecodeError>;
}

impl Made for Entered {
    fn of(wire: impl Build, first: Option<wire::First>, kind: EventKind) -> Result<Entered, DecodeError> {
        Ok(Entered { event: wire.event(kind)?, first: first.as_ref().map(super::build::first).transpose()? })
    }
}

impl Made for () {
    fn of(_: impl Build, _: Option<wire::First>, _: EventKind) -> Result<(), DecodeError> {
        Ok(())
    }
}

fn read_as<M: Made>(kind: EventKind, bytes: &[u8]) -> Result<M, DecodeError> {
    checked_len(bytes)?;
    match kind {
        EventKind::ClaimAsserted | EventKind::PeriodsAsserted => read::<wire::Claim<'_>, M>(kind, bytes),
        EventKind::Genesis => read::<wire::Genesis<'_>, M>(kind, bytes),
        EventKind::ActorRegistered => read::<wire::ActorRegistered<'_>, M>(kind, bytes),
        EventKind::AttributeDefined => read::<wire::AttributeDefined<'_>, M>(kind, bytes),
        EventKind::EntityRegistered => read::<wire::EntityRegistered<'_>, M>(kind, bytes),
        EventKind::EntityAliased => read::<wire::EntityAliased<'_>, M>(kind, bytes),
        EventKind::EntitiesJudged => read::<wire::EntitiesJudged<'_>, M>(kind, bytes),
        EventKind::SourceRegistered => read::<wire::SourceRegistered<'_>, M>(kind, bytes),
        EventKind::SourceRated => read::<wire::SourceRated<'_>, M>(kind, bytes),
        EventKind::SourceLinked => read::<wire::SourceLinked<'_>, M>(kind, bytes),
        EventKind::EvidenceAdded => read::<wire::EvidenceAdded<'_>, M>(kind, bytes),
        EventKind::Disputed | EventKind::Retracted | EventKind::Approved | EventKind::Returned => {
            read::<wire::Act<'_>, M>(kind, bytes)
        }
        EventKind::Corrected => read::<wire::Corrected<'_>, M>(kind, bytes),
        EventKind::Assessed => read::<wire::Assessed<'_>, M>(kind, bytes),
        EventKind::Noted => read::<wire::Noted<'_>, M>(kind, bytes),
        EventKind::KeyAuthorised => read::<wire::KeyAuthorised<'_>, M>(kind, bytes),
        EventKind::KeyRevoked => read::<wire::KeyRevoked<'_>, M>(kind, bytes),
        EventKind::PayloadErased => read::<wire::PayloadErased<'_>, M>(kind, bytes),
        EventKind::ReferenceAdded => read::<wire::ReferenceAdded<'_>, M>(kind, bytes),
        EventKind::SettingChanged => read::<wire::SettingChanged<'_>, M>(kind, bytes),
        EventKind::LedgerRegistered => read::<wire::LedgerRegistered<'_>, M>(kind, bytes),
    }
}

fn read<'b, W, M>(kind: EventKind, bytes: &'b [u8]) -> Result<M, DecodeError>
where
    W: Deserialize<'b> + Rules + Build,
    M: Made,
{
    let (wire, first) = checked::<W>(kind, bytes)?;
    M::of(wire, first, kind)
}

/// A payload's struct, which keeps every rule.
fn checked<'b, W>(kind: EventKind, bytes: &'b [u8]) -> Result<(W, Option<wire::First>), DecodeError>
where
    W: Deserialize<'b> + Rules + Build,
{
    let (wire, first): (W, _) = if kind.has_first() {
        let wire::Entered { what, first } = strict::read(bytes)?;
        (what, first)
    } else {
        (strict::read(bytes)?, None)
    };
    wire.check()?;
    first.as_ref().map_or(Ok(()), Rules::check)?;
    if wire.is_of(kind) { Ok((wire, first)) } else { Err(DecodeError::NotCanonical) }
}
