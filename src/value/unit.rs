//! When two units are one.

/// Whether two units are one word, once in the singular and once in the plural: they are equal, or one is the other with an
/// `s` or `es` behind it, or with `ies` for its `y`; in a unit of several words, in the last of them. The shorter word
/// has at least three letters (`m` and `ms` are two units). Of words with a plural of their own only those of people and feet
/// are known. Capitals count: `MW` and `mW` are two.
#[must_use]
pub fn is_same_unit(a: &str, b: &str) -> bool {
    const IRREGULAR: &[(&str, &str)] =
        &[("person", "people"), ("man", "men"), ("woman", "women"), ("child", "children"), ("foot", "feet")];
    if a == b {
        return true;
    }
    let last_word = |unit: &str| unit.rfind(' ').map_or(0, |space| space + 1);
    let (Some((head_a, a)), Some((head_b, b))) = (a.split_at_checked(last_word(a)), b.split_at_checked(last_word(b)))
    else {
        return false;
    };
    let one = |word| IRREGULAR.iter().find(|(_, many)| *many == word).map_or(word, |(one, _)| *one);
    let (a, b) = (one(a), one(b));
    head_a == head_b && (a == b || is_plural(a, b) || is_plural(b, a))
}

fn is_plural(one: &str, many: &str) -> bool {
    const LETTERS_MIN: usize = 3;
    if one.chars().count() < LETTERS_MIN {
        return false;
    }
    let with_ending = || many.strip_prefix(one).is_some_and(|ending| ending == "s" || ending == "es");
    let with_ies = || one.strip_suffix('y').zip(many.strip_suffix("ies")).is_some_and(|(one, many)| one == many);
    with_ending() || with_ies()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn singular_and_plural_of_one_word_are_one() {
        for (a, b) in [
            ("person", "persons"),
            ("persons", "person"),
            ("people", "person"),
            ("people", "persons"),
            ("box", "boxes"),
            ("body", "bodies"),
            ("USD", "USD"),
            ("US dollar", "US dollars"),
            ("km", "km"),
        ] {
            assert!(is_same_unit(a, b), "{a} {b}");
        }
        for (a, b) in
            [("m", "ms"), ("person", "km"), ("MW", "mW"), ("US dollar", "AU dollars"), ("%", ""), ("kg", "kgs")]
        {
            assert!(!is_same_unit(a, b), "{a} {b}");
        }
    }
}
