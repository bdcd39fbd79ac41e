//! The keys of a ledger as a text: what somebody who follows a published ledger keeps of them.

use std::fmt::Write;

use super::ring::{Authorised, Foreign, Ring};
use super::role::Role;
use crate::note::{PublicKey, base64, of_base64};
use crate::seq::Seq;

impl Ring {
    /// All keys and how long each was valid, a line each, behind the ledger's name.
    #[must_use]
    pub fn to_lines(&self) -> String {
        let mut lines = format!("origin {}\n", self.origin);
        if let Some(size) = self.first_sealed_at {
            let _ = writeln!(lines, "signed {size}");
        }
        for Authorised { key, roles, by, sealed_at, revoked } in self.keys.values() {
            let roles: Vec<&str> = roles.iter().map(|role| role.word()).collect();
            let (name, bytes) = (base64(key.name().as_bytes()), base64(key.bytes()));
            let roles = if roles.is_empty() { "-".to_owned() } else { roles.join(",") };
            let revoked = revoked.map_or_else(|| "- -".to_owned(), |(by, at)| format!("{} {at}", by.0));
            let _ = writeln!(lines, "key {} {} {sealed_at} {revoked} {roles} {name} {bytes}", by.0, key.algorithm());
        }
        for (by, Foreign { name, algorithm, bytes, sealed_at, revoked_at }) in &self.foreign {
            let (name, bytes) = (base64(name.as_bytes()), base64(bytes));
            let revoked = revoked_at.map_or_else(|| "-".to_owned(), |at| at.to_string());
            let _ = writeln!(lines, "other {} {algorithm} {sealed_at} {revoked} {name} {bytes}", by.0);
        }
        lines
    }

    /// Reads what [`to_lines`](Ring::to_lines) writes; none if it is anything else.
    #[must_use]
    pub fn of_lines(text: &str) -> Option<Ring> {
        let mut ring = Ring::default();
        for line in text.lines() {
            let words: Vec<&str> = line.split(' ').collect();
            match *words.as_slice() {
                ["origin", origin] => ring.origin = origin.into(),
                ["signed", size] => ring.first_sealed_at = Some(size.parse().ok()?),
                ["key", by, algorithm, sealed_at, revoked_by, revoked_at, roles, name, bytes] => {
                    let key = PublicKey::of_algorithm(&text_of(name)?, algorithm.parse().ok()?, &of_base64(bytes)?)?;
                    let roles = roles.split(',').filter(|role| *role != "-");
                    let roles = roles.map(Role::of_word).collect::<Option<Vec<_>>>()?;
                    let (by, sealed_at) = (Seq(by.parse().ok()?), sealed_at.parse().ok()?);
                    let revoked = if revoked_by == "-" {
                        None
                    } else {
                        Some((Seq(revoked_by.parse().ok()?), revoked_at.parse().ok()?))
                    };
                    ring.keys.insert(by, Authorised { key, roles, by, sealed_at, revoked });
                }
                ["other", by, algorithm, sealed_at, revoked_at, name, bytes] => {
                    let (name, bytes) = (text_of(name)?, of_base64(bytes)?.into());
                    let revoked_at = if revoked_at == "-" { None } else { Some(revoked_at.parse().ok()?) };
                    let (algorithm, sealed_at) = (algorithm.parse().ok()?, sealed_at.parse().ok()?);
                    let foreign = Foreign { name, algorithm, bytes, sealed_at, revoked_at };
                    ring.foreign.insert(Seq(by.parse().ok()?), foreign);
                }
                _ => return None,
            }
        }
        (ring.to_lines() == text).then_some(ring)
    }
}

fn text_of(base64: &str) -> Option<Box<str>> {
    String::from_utf8(of_base64(base64)?).ok().map(Into::into)
}
