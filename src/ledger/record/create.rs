//! Beginning a ledger.

use std::path::Path;
use std::sync::Arc;

use super::sealer::signer;
use super::writer::head_of;
use crate::claim::Problem;
use crate::event::{Event, Genesis};
use crate::frame::SEGMENT_FORMAT;
use crate::keys::Role;
use crate::ledger::error::{Error, ErrorKind};
use crate::ledger::files::salt::Salts;
use crate::ledger::files::whole::refuse_inside;
use crate::ledger::head::Head;
use crate::ledger::read::open::Ledger;
use crate::ledger::read::replay::entry_of;
use crate::log::{self, ledger_around, real};
use crate::note::{ED25519, PrivateKey};
use crate::seq::Seq;
use crate::value::key_problem;

/// Who begins a signed ledger: their key may do everything.
#[derive(Debug)]
pub struct Founder<'a> {
    /// The name under which they write.
    pub actor: &'a str,
    /// Their key.
    pub key: PrivateKey,
}

impl Ledger {
    /// Begins a ledger in a folder, under the name `origin`, or one made of the folder's name and eight random
    /// hexadecimal digits. With a founder it is signed from its first commit on.
    ///
    /// # Errors
    /// `Invalid` if there is one already or around it, or a name is unusable; `Io`. There is no new ledger then.
    pub fn create_by(
        dir: &Path,
        origin: Option<&str>,
        founder: Option<Founder<'_>>,
        now_micros: i64,
    ) -> Result<Head, Error> {
        if ledger_around(dir)
            .is_some_and(|around| around != real(&std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned())))
        {
            refuse_inside(dir)?;
        }
        let mut salts = Salts::new();
        let origin = match origin {
            Some(origin) => origin.to_owned(),
            None => default_origin(dir, salts.next::<4>()?),
        };
        if !Genesis::is_origin(&origin) {
            let message = format!("the origin {origin:?} cannot be used: no white space, no plus sign, nothing hidden");
            return Err(Error::new(ErrorKind::Invalid, message).with_hint("write a name such as example.org/siege"));
        }
        let algorithms = ["blake3", "sha256-rfc6962", "bincode-2"].map(Into::into).to_vec();
        let genesis = Event::Genesis(Genesis { origin: origin.as_str().into(), algorithms, format: SEGMENT_FORMAT });
        let mut entry = |event: &Event, actor| entry_of(event, None, (Seq(0), Seq(0)), actor, salts.next()?);
        let mut entries = vec![entry(&genesis, Seq(0))?];
        let mut signing = None;
        if let Some(Founder { actor, key }) = founder {
            if let Some(problem) = key_problem(actor) {
                return Err(Problem::new("actor", problem).into());
            }
            entries.push(entry(&Event::ActorRegistered { name: actor.into(), of: None }, ACTOR)?);
            entries.push(entry(&authorised(&key, Role::ALL), ACTOR)?);
            signing = Some(signer(Arc::new(key), None, &origin, FIRST_KEY));
        }
        let appended = log::Log::create_signed(dir, &entries, now_micros, signing)?;
        Ok(head_of(&origin, &appended))
    }

    /// Begins a ledger without keys.
    ///
    /// # Errors
    /// As [`create_by`](Ledger::create_by).
    pub fn create(dir: &Path, origin: Option<&str>, now_micros: i64) -> Result<Head, Error> {
        Ledger::create_by(dir, origin, None, now_micros)
    }
}

/// The founder, and the event that authorises their key, in the first commit.
const ACTOR: Seq = Seq(2);
const FIRST_KEY: Seq = Seq(3);

fn authorised(key: &PrivateKey, roles: &[Role]) -> Event {
    Event::KeyAuthorised {
        name: key.name().into(),
        algorithm: ED25519,
        public_key: key.public().bytes().into(),
        roles: roles.iter().map(|role| role.word().into()).collect(),
    }
}

/// The folder's name, as far as it can stand in a name, and random digits.
fn default_origin(dir: &Path, random: [u8; 4]) -> String {
    let absolute = std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned());
    let name = absolute.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let plain: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')).collect();
    let name = if plain.is_empty() { "ledger" } else { &plain };
    format!("{name}-{:08x}", u32::from_be_bytes(random))
}
