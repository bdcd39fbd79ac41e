//! Version 1 of the wire form: what a payload holds, field by field, in this order. Frozen: nothing here is
//! ever edited; a change is a new version beside it. `docs/format.md` tells it in words.
//!
//! Behind the struct of every kind [that has one](crate::event::EventKind::has_first) stands who entered the event first.
//!
//! Dates, times of saying, clock windows and decimals are their texts. Words of a vocabulary are their place in it, from 0.
//! Events are their numbers.

use serde::{Deserialize, Serialize};

pub(super) type Text<'a> = &'a str;
pub(super) type MaybeText<'a> = Option<&'a str>;
/// A link or the id of a ledger: 32 bytes, with no length before them.
pub(super) type Link = [u8; 32];

/// Who entered an event first.
#[derive(Serialize, Deserialize)]
pub(super) struct First {
    pub(super) actor: u64,
    pub(super) seq: u64,
    pub(super) link: Link,
    pub(super) recorded_at: u64,
    pub(super) under: Option<u64>,
}

/// The payload of a kind that can come from another ledger: its struct, and who entered it first.
#[derive(Serialize, Deserialize)]
pub(super) struct Entered<W> {
    pub(super) what: W,
    pub(super) first: Option<First>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Genesis<'a> {
    #[serde(borrow)]
    pub(super) origin: Text<'a>,
    pub(super) format: u16,
    pub(super) algorithms: Vec<Text<'a>>,
}

#[derive(Serialize, Deserialize)]
pub(super) enum Value<'a> {
    #[serde(borrow)]
    Text(Text<'a>),
    Symbol(Text<'a>),
    Bool(bool),
    Entity(u64),
    Quantity {
        lower: Option<std::borrow::Cow<'a, str>>,
        upper: Option<std::borrow::Cow<'a, str>>,
        unit: MaybeText<'a>,
        approx: bool,
    },
    Date(Text<'a>),
    Url(Text<'a>),
    Some,
    None,
}

#[derive(Serialize, Deserialize)]
pub(super) enum Complement<'a> {
    NotDeclared,
    #[serde(borrow)]
    Pair((Value<'a>, Value<'a>)),
    None,
}

#[derive(Serialize, Deserialize)]
pub(super) struct AttributeDefined<'a> {
    #[serde(borrow)]
    pub(super) key: Text<'a>,
    pub(super) label: MaybeText<'a>,
    pub(super) value_type: u8,
    pub(super) cardinality: u8,
    pub(super) complement: Complement<'a>,
    pub(super) stale_after_days: Option<u32>,
    pub(super) unit: MaybeText<'a>,
    pub(super) fixed: bool,
    pub(super) id: MaybeText<'a>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct EntityRegistered<'a> {
    #[serde(borrow)]
    pub(super) key: Text<'a>,
    pub(super) label: MaybeText<'a>,
    pub(super) aliases: Vec<Text<'a>>,
    pub(super) id: MaybeText<'a>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct EntityAliased<'a> {
    pub(super) entity: u64,
    #[serde(borrow)]
    pub(super) aliases: Vec<Text<'a>>,
    pub(super) id: MaybeText<'a>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct EntitiesJudged<'a> {
    pub(super) entities: (u64, u64),
    pub(super) verdict: u8,
    #[serde(borrow)]
    pub(super) reason: MaybeText<'a>,
    pub(super) id: MaybeText<'a>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct SourceRegistered<'a> {
    #[serde(borrow)]
    pub(super) key: Text<'a>,
    pub(super) kind: u8,
    pub(super) label: MaybeText<'a>,
    pub(super) reliability: Option<u8>,
    pub(super) id: MaybeText<'a>,
    pub(super) private: bool,
}

#[derive(Serialize, Deserialize)]
pub(super) struct SourceRated<'a> {
    pub(super) source: u64,
    pub(super) reliability: u8,
    #[serde(borrow)]
    pub(super) on: MaybeText<'a>,
    pub(super) reason: MaybeText<'a>,
    pub(super) id: MaybeText<'a>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct SourceLinked<'a> {
    pub(super) source: u64,
    pub(super) to: u64,
    pub(super) how: u8,
    #[serde(borrow)]
    pub(super) id: MaybeText<'a>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct EvidenceAdded<'a> {
    #[serde(borrow)]
    pub(super) digest: Text<'a>,
    pub(super) len_bytes: u64,
    pub(super) media_type: MaybeText<'a>,
    pub(super) url: MaybeText<'a>,
    pub(super) archive_url: MaybeText<'a>,
    pub(super) captured_at: MaybeText<'a>,
    pub(super) id: MaybeText<'a>,
    pub(super) private: bool,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Moment<'a> {
    #[serde(borrow)]
    pub(super) at: Text<'a>,
    pub(super) clock: MaybeText<'a>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Edge<'a> {
    #[serde(borrow)]
    pub(super) at: Text<'a>,
    pub(super) kind: u8,
    pub(super) clock: MaybeText<'a>,
}

#[derive(Serialize, Deserialize)]
pub(super) enum Valid<'a> {
    #[serde(borrow)]
    On(Moment<'a>),
    AsOf(Moment<'a>),
    Period {
        from: Option<Edge<'a>>,
        until: Option<Edge<'a>>,
    },
    Listed(Vec<(Text<'a>, Text<'a>)>),
    Undated,
    Timeless,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Attribution<'a> {
    pub(super) who: u64,
    pub(super) how: u8,
    #[serde(borrow)]
    pub(super) on: MaybeText<'a>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Claim<'a> {
    pub(super) subject: u64,
    pub(super) attribute: u64,
    #[serde(borrow)]
    pub(super) value: Value<'a>,
    pub(super) polarity: u8,
    pub(super) valid: Valid<'a>,
    pub(super) chain: Vec<Attribution<'a>>,
    pub(super) said_on: MaybeText<'a>,
    pub(super) id: MaybeText<'a>,
    pub(super) quote: MaybeText<'a>,
    pub(super) evidence: Vec<Text<'a>>,
    pub(super) url: MaybeText<'a>,
    pub(super) lang: MaybeText<'a>,
    pub(super) dating_note: MaybeText<'a>,
    pub(super) note: MaybeText<'a>,
    pub(super) private: bool,
}

/// Disputed, Retracted, Approved, Returned, and the head of Corrected and Assessed.
#[derive(Serialize, Deserialize)]
pub(super) struct Act<'a> {
    pub(super) target: u64,
    pub(super) by: Option<u64>,
    #[serde(borrow)]
    pub(super) said_on: MaybeText<'a>,
    pub(super) reason: Text<'a>,
    pub(super) id: MaybeText<'a>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Corrected<'a> {
    #[serde(borrow)]
    pub(super) act: Act<'a>,
    pub(super) successor: u64,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Assessed<'a> {
    #[serde(borrow)]
    pub(super) act: Act<'a>,
    pub(super) rating: Text<'a>,
    pub(super) label: MaybeText<'a>,
    pub(super) credibility: Option<u8>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Noted<'a> {
    pub(super) about: Option<u64>,
    #[serde(borrow)]
    pub(super) text: Text<'a>,
    pub(super) id: MaybeText<'a>,
    pub(super) private: bool,
}

#[derive(Serialize, Deserialize)]
pub(super) struct KeyAuthorised<'a> {
    #[serde(borrow)]
    pub(super) name: Text<'a>,
    pub(super) algorithm: u8,
    pub(super) public_key: Vec<u8>,
    pub(super) roles: Vec<Text<'a>>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct KeyRevoked<'a> {
    pub(super) key: u64,
    #[serde(borrow)]
    pub(super) reason: Text<'a>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct ActorRegistered<'a> {
    #[serde(borrow)]
    pub(super) name: Text<'a>,
    pub(super) of: Option<u64>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct PayloadErased<'a> {
    pub(super) target: u64,
    #[serde(borrow)]
    pub(super) basis: Text<'a>,
    pub(super) first: Option<Link>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct ReferenceAdded<'a> {
    pub(super) claim: u64,
    #[serde(borrow)]
    pub(super) url: MaybeText<'a>,
    pub(super) quote: MaybeText<'a>,
    pub(super) evidence: Vec<Text<'a>>,
    pub(super) lang: MaybeText<'a>,
    pub(super) note: MaybeText<'a>,
    pub(super) id: MaybeText<'a>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct SettingChanged<'a> {
    pub(super) name: u8,
    #[serde(borrow)]
    pub(super) value: Text<'a>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct LedgerRegistered<'a> {
    #[serde(borrow)]
    pub(super) origin: Text<'a>,
    pub(super) ledger: Link,
}
