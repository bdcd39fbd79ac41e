//! Whether envelopes name what their payloads are about: so which events bear on a key can be told from envelopes alone. And
//! whether who recorded each event is an actor.

use std::cell::RefCell;
use std::collections::BTreeMap;

use foldhash::HashMap;

use crate::event::{Before, Event, EventKind};
use crate::frame::Envelope;
use crate::log::Code;
use crate::seq::Seq;

/// What an event's envelope must name, as far as its payload alone says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// This subject and attribute.
    Pair(u64, u64),
    /// Those of this event's envelope.
    OfTarget(u64),
    /// The first event that registered this key, as its attribute if it is one, else as its subject.
    OfKey(EventKind, Box<str>),
}

impl About {
    /// Of an event. What has to be known of those before it is left open.
    #[must_use]
    pub fn of(event: &Event) -> About {
        let asked = Asked::default();
        let (subject, attribute) = event.about(Seq(0), &asked);
        asked.0.into_inner().unwrap_or(About::Pair(subject.0, attribute.0))
    }
}

/// Notes what is asked of the events before.
#[derive(Default)]
struct Asked(RefCell<Option<About>>);

impl Before for Asked {
    fn about(&self, target: Seq) -> (Seq, Seq) {
        self.0.replace(Some(About::OfTarget(target.0)));
        (Seq(0), Seq(0))
    }

    fn first_of_key(&self, kind: EventKind, key: &str) -> Option<Seq> {
        self.0.replace(Some(About::OfKey(kind, key.into())));
        None
    }
}

/// What an envelope names, and where it stands.
#[derive(Clone, Copy, Debug)]
struct Named<P> {
    kind: u16,
    pair: (u64, u64),
    place: P,
}

/// An event whose envelope does not name what it must.
#[derive(Clone, Debug)]
pub(crate) struct Misnaming<P> {
    pub(crate) code: Code,
    /// Where the event stands, and where the one on which it hangs, besides its own.
    pub(crate) place: P,
    hangs_on: Option<P>,
    pub(crate) seq: u64,
    pub(crate) expected: String,
    pub(crate) found: String,
}

/// What the events so far are about, whether they lie in a log or are served. `P` says where one stands.
#[derive(Debug)]
pub(crate) struct Abouts<P> {
    /// The first event that is read.
    first: u64,
    /// The envelope of each event from there on; none where it is missing.
    envelopes: Vec<Option<Named<P>>>,
    /// The first event of each key.
    keys: HashMap<(EventKind, Box<str>), u64>,
    /// Events of which it is not known what they said, because that was erased or is withheld: by kind.
    untold: BTreeMap<u64, u16>,
    wrong: Vec<Misnaming<P>>,
}

impl<P: Copy> Abouts<P> {
    pub(crate) fn since(first: u64) -> Abouts<P> {
        let (envelopes, keys, untold, wrong) = (Vec::new(), HashMap::default(), BTreeMap::new(), Vec::new());
        Abouts { first, envelopes, keys, untold, wrong }
    }

    /// Takes in an event that stands here: what its payload is about, if it was read, or that nobody can read it.
    pub(crate) fn event(
        &mut self,
        envelope: &Envelope,
        place: P,
        about: Option<&About>,
        is_untold: bool,
        findings_max: usize,
    ) {
        let (seq, found) = (envelope.seq, (envelope.subject, envelope.attribute));
        if let Ok(number) = usize::try_from(seq.saturating_sub(self.first))
            && number < self.envelopes.len().saturating_add(PLACES_AHEAD_MAX)
        {
            self.envelopes.resize(self.envelopes.len().max(number + 1), None);
            if let Some(own) = self.envelopes.get_mut(number) {
                *own = Some(Named { kind: envelope.kind, pair: found, place });
            }
        }
        if is_untold {
            self.untold.insert(seq, envelope.kind);
        }
        let Some(about) = about else { return };
        let (expected, hangs_on) = match about {
            About::Pair(subject, attribute) => (Some((*subject, *attribute)), None),
            About::OfTarget(target) => {
                let named = self.named(*target);
                (named.map(|named| named.pair), named.map(|named| named.place))
            }
            About::OfKey(kind, key) => {
                let own = if *kind == EventKind::AttributeDefined { found.1 } else { found.0 };
                let first = self.first_of(*kind, key, seq, own);
                let pair = if *kind == EventKind::AttributeDefined { (0, first) } else { (first, 0) };
                (Some(pair), self.named(first).map(|named| named.place))
            }
        };
        if let Some(expected) = expected.filter(|expected| *expected != found && self.wrong.len() < findings_max) {
            let told = |(subject, attribute): (u64, u64)| format!("subject {subject}, attribute {attribute}");
            let (expected, found) = (told(expected), told(found));
            self.wrong.push(Misnaming { code: Code::About, place, hangs_on, seq, expected, found });
        }
    }

    /// What an earlier envelope names; none if it was not read.
    fn named(&self, target: u64) -> Option<Named<P>> {
        let place = usize::try_from(target.checked_sub(self.first)?).ok()?;
        self.envelopes.get(place).copied().flatten()
    }

    /// Looks whether an event that was taken in names an actor, as all do but the genesis. One that was not read is believed.
    pub(crate) fn actor(&mut self, envelope: &Envelope, place: P, findings_max: usize) {
        let (seq, actor) = (envelope.seq, envelope.actor);
        let own = Named { kind: envelope.kind, pair: (0, 0), place };
        let named = if actor == seq { Some(own) } else { self.named(actor) };
        let is_unknown = named.is_none() && (1..=seq).contains(&actor);
        let is_named = named.is_some_and(|named| named.kind == EventKind::ActorRegistered.number());
        let is_right = if seq == 1 { actor == 0 } else { is_unknown || is_named };
        if is_right || self.wrong.len() >= findings_max {
            return;
        }
        let found = match named {
            Some(named) => format!("#{actor}, of kind {}", named.kind),
            None => format!("#{actor}"),
        };
        let expected = if seq == 1 { "#0: nobody" } else { "an actor's event, before it or itself" };
        let (expected, hangs_on) = (expected.to_owned(), named.map(|named| named.place));
        self.wrong.push(Misnaming { code: Code::Actor, place, hangs_on, seq, expected, found });
    }

    /// The first event of a key, of which event `seq` names `named`. One that was not read, or of which it is not known what it
    /// said and that is of the same kind, is believed.
    fn first_of(&mut self, kind: EventKind, key: &str, seq: u64, named: u64) -> u64 {
        let is_believed = named > 0 && named < self.first || self.untold.get(&named) == Some(&kind.number());
        *self.keys.entry((kind, key.into())).or_insert(if is_believed { named } else { seq })
    }

    /// Where the first event stands that may not name what it must.
    pub(super) fn first_wrong(&self) -> Option<P> {
        self.wrong.first().map(|wrong| wrong.place)
    }

    /// What does not fit, but for what hangs on an envelope that was changed.
    pub(crate) fn finish(self, is_changed: impl Fn(&P) -> bool) -> impl Iterator<Item = Misnaming<P>> {
        let hangs_on_changed =
            move |wrong: &Misnaming<P>| is_changed(&wrong.place) || wrong.hangs_on.as_ref().is_some_and(&is_changed);
        self.wrong.into_iter().filter(move |wrong| !hangs_on_changed(wrong))
    }
}

/// So many places may be missing between two frames; beyond, a number is not believed.
const PLACES_AHEAD_MAX: usize = 1 << 24;
