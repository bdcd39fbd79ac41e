//! Who may seal: the keys that a ledger's events authorised and revoked, what each may do, and whether a seal is
//! signed as it must be.
//!
//! A commit is judged by the keys that were valid before it: nobody authorises themselves, and who is revoked may still
//! seal the commit that says so. Only where no key was ever authorised, the first commit that does so is sealed by a key
//! that it names.

mod counting;
mod judge;
mod kept;
mod ring;
mod role;

pub use counting::{Counting, Judging};
pub use judge::{Check, Wrong, check};
pub use ring::{Authorised, Ring};
pub use role::{Kinds, Role};

#[cfg(test)]
mod tests;
