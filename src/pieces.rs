//! A list that grows without ever being copied, for millions of large things.

/// How many things stand in a piece.
const PIECE: usize = 4096;

/// Things in the order in which they were pushed.
#[derive(Clone, Debug)]
pub(crate) struct Pieces<T> {
    /// All but the last are full.
    pieces: Vec<Vec<T>>,
}

impl<T> Default for Pieces<T> {
    fn default() -> Pieces<T> {
        Pieces { pieces: Vec::new() }
    }
}

impl<T> Pieces<T> {
    /// Makes room in the first piece.
    pub(crate) fn reserve(&mut self, count: usize) {
        if self.pieces.is_empty() {
            self.pieces.push(Vec::new());
        }
        if let [first] = self.pieces.as_mut_slice() {
            first.reserve(count.min(PIECE - first.len()));
        }
    }

    pub(crate) fn push(&mut self, thing: T) {
        if let Some(piece) = self.pieces.last_mut().filter(|piece| piece.len() < PIECE) {
            piece.push(thing);
            return;
        }
        // The first piece grows as any list does: most are short.
        let mut piece = if self.pieces.is_empty() { Vec::new() } else { Vec::with_capacity(PIECE) };
        piece.push(thing);
        self.pieces.push(piece);
    }

    pub(crate) fn get(&self, place: usize) -> Option<&T> {
        self.pieces.get(place / PIECE)?.get(place % PIECE)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.pieces.iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_stays_where_it_was_put() {
        let mut numbers = Pieces::default();
        let count = 3 * PIECE + 5;
        (0..count).for_each(|number| numbers.push(number));
        assert!((0..count).all(|place| numbers.get(place) == Some(&place)));
        assert_eq!(numbers.get(count), None);
        assert!(numbers.iter().copied().eq(0..count));
        assert_eq!(Pieces::<u8>::default().iter().count(), 0);
    }
}
