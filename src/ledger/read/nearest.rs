//! Words that are nearly another one.

/// The known word nearest to a mistyped one, if one is near.
#[must_use]
pub fn nearest<'k>(word: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let most = match word.chars().count() {
        0..=2 => return None,
        3..=4 => 1,
        _ => 2,
    };
    let distance = |other: &str| strsim::damerau_levenshtein(word, other);
    let near = known
        .filter(|other| *other != word && other.len().abs_diff(word.len()) <= most)
        .map(|other| (distance(other), other))
        .filter(|(distance, _)| *distance <= most);
    near.min().map(|(_, other)| other)
}

/// Whether two keys with numbers in them differ in nothing else, as `town1` and `town2` do.
pub(in crate::ledger) fn differ_in_a_number(a: &str, b: &str) -> bool {
    let is_numbered = |key: &str| key.bytes().any(|byte| byte.is_ascii_digit());
    let words = |key| str::split(key, |c: char| c.is_ascii_digit()).filter(|word| !word.is_empty());
    is_numbered(a) && is_numbered(b) && words(a).eq(words(b))
}
