//! What holds on a day, counted: where few voices of a key are at hand, these counts stand for the others.

use foldhash::HashMap;

use super::voice::{Root, ValueId, Voice};
use crate::date::Window;
use crate::seq::Seq;

/// An edge of a period: its value, its days, and whether it is a start.
type Told = (ValueId, Window, bool);

/// How many of the voices of a key hold on a day, by who says so. A voice is added when it begins to hold; what was added last
/// is taken away first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Beside {
    /// Whether it stands for voices that are not at hand.
    pub(crate) is_asked: bool,
    /// Whether support is no more than a count of distinct supporters: no captured copy is shared, and no verdict sets claims
    /// aside.
    pub(crate) is_support_counted: bool,
    roots: HashMap<(ValueId, Root), u32>,
    holders: HashMap<Root, u32>,
    supporters: HashMap<(ValueId, Seq), u32>,
    /// How many supporters each value has.
    support: Vec<u32>,
    added: Vec<(ValueId, Root, Option<Seq>)>,
    /// Who tells each sure transition.
    tellers: HashMap<Told, Vec<Root>>,
}

impl Beside {
    /// Nothing holds yet. What the voices tell is known from the start.
    pub(crate) fn new<'v>(voices: impl Iterator<Item = &'v Voice>, is_support_counted: bool) -> Beside {
        let mut beside = Beside { is_asked: true, is_support_counted, ..Beside::default() };
        for voice in voices.filter(|voice| !voice.is_denial) {
            for told in edges(voice) {
                beside.tellers.entry(told).or_default().push(voice.root);
            }
            if beside.support.len() <= voice.value {
                beside.support.resize(voice.value + 1, 0);
            }
        }
        for tellers in beside.tellers.values_mut() {
            tellers.sort_unstable();
            tellers.dedup();
        }
        beside
    }

    /// Adds a voice that holds.
    pub(crate) fn add(&mut self, voice: &Voice) {
        *self.roots.entry((voice.value, voice.root)).or_default() += 1;
        *self.holders.entry(voice.root).or_default() += 1;
        if let Some(supporter) = voice.supporter {
            let count = self.supporters.entry((voice.value, supporter)).or_default();
            *count += 1;
            if let Some(support) = self.support.get_mut(voice.value).filter(|_| *count == 1) {
                *support += 1;
            }
        }
        self.added.push((voice.value, voice.root, voice.supporter));
    }

    /// How many were added.
    pub(crate) fn len(&self) -> usize {
        self.added.len()
    }

    /// Takes away all but the first so many.
    pub(crate) fn truncate(&mut self, len: usize) {
        while self.added.len() > len {
            let Some((value, root, supporter)) = self.added.pop() else { return };
            for count in self.roots.get_mut(&(value, root)).into_iter().chain(self.holders.get_mut(&root)) {
                *count -= 1;
            }
            let count = supporter.and_then(|supporter| self.supporters.get_mut(&(value, supporter)));
            if let Some(count) = count {
                *count -= 1;
                if let Some(support) = self.support.get_mut(value).filter(|_| *count == 0) {
                    *support -= 1;
                }
            }
        }
    }

    /// Whether a value holds by a root.
    pub(crate) fn holds_by(&self, value: ValueId, root: Root) -> bool {
        self.roots.get(&(value, root)).is_some_and(|count| *count > 0)
    }

    /// Whether anything holds by a root.
    pub(crate) fn is_holder(&self, root: Root) -> bool {
        self.holders.get(&root).is_some_and(|count| *count > 0)
    }

    /// How many distinct roots with a name say that a value holds.
    pub(crate) fn support(&self, value: ValueId) -> usize {
        self.support.get(value).copied().unwrap_or_default() as usize
    }

    /// Who tells an edge of a value.
    pub(crate) fn tellers(&self, value: ValueId, edge: Window, is_start: bool) -> &[Root] {
        self.tellers.get(&(value, edge, is_start)).map_or(&[], Vec::as_slice)
    }
}

/// The sure transitions that a voice tells.
fn edges(voice: &Voice) -> impl Iterator<Item = Told> {
    let start = voice.transition_start().filter(|start| start.is_sure).map(|start| (voice.value, start.window, true));
    let end = voice.transition_end().filter(|end| end.is_sure).map(|end| (voice.value, end.window, false));
    start.into_iter().chain(end)
}
