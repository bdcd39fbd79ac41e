//! Amounts as people type them: taken where they have one meaning, asked about where they have two or none.

use std::fmt;

use rust_decimal::Decimal;

use super::numeral::number;
use super::{Quantity, QuantityError};
use crate::date::is_month;

/// Why a text is not taken as an amount, and what to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AmountError {
    reason: &'static str,
    /// Each is a way to write it that has one meaning.
    readings: Vec<String>,
}

impl AmountError {
    pub(super) fn new(reason: &'static str, readings: impl IntoIterator<Item = String>) -> AmountError {
        AmountError { reason, readings: readings.into_iter().collect() }
    }

    pub(super) fn unclear() -> AmountError {
        AmountError::new("is not a decimal number", ["5, 51.95, >=5, <=10, 4..6 or ~100".to_owned()])
    }
}

impl fmt::Display for AmountError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason)?;
        match self.readings.as_slice() {
            [] => Ok(()),
            readings => write!(f, "; write {}", readings.join(" or ")),
        }
    }
}

impl std::error::Error for AmountError {}

impl From<QuantityError> for AmountError {
    fn from(error: QuantityError) -> AmountError {
        match error {
            QuantityError::NotANumber | QuantityError::NoBound => AmountError::unclear(),
            QuantityError::TooManyDigits => {
                AmountError::new("has more digits than an exact amount here can hold (28)", [])
            }
            QuantityError::Reversed => AmountError::new("has a lower bound above its upper one", []),
        }
    }
}

/// How the bounds follow from what stands before a number.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    AtLeast,
    AtMost,
    About,
    Between,
    MoreThan,
    LessThan,
}

const WORDS_BEFORE: &[(&str, Before)] = &[
    (">=", Before::AtLeast),
    ("at least", Before::AtLeast),
    ("no fewer than", Before::AtLeast),
    ("no less than", Before::AtLeast),
    ("not fewer than", Before::AtLeast),
    ("not less than", Before::AtLeast),
    ("<=", Before::AtMost),
    ("at most", Before::AtMost),
    ("no more than", Before::AtMost),
    ("not more than", Before::AtMost),
    ("up to", Before::AtMost),
    ("~", Before::About),
    ("about", Before::About),
    ("around", Before::About),
    ("approximately", Before::About),
    ("roughly", Before::About),
    ("circa", Before::About),
    ("ca.", Before::About),
    ("between", Before::Between),
    ("more than", Before::MoreThan),
    ("over", Before::MoreThan),
    (">", Before::MoreThan),
    ("less than", Before::LessThan),
    ("fewer than", Before::LessThan),
    ("under", Before::LessThan),
    ("<", Before::LessThan),
];

const WORDS_AT_LEAST: &[&str] = &["+", "or more"];
const WORDS_AT_MOST: &[&str] = &["or fewer", "or less"];
const WORDS_TO: &[&str] = &["..", "to ", "or ", "-"];
/// Whether a text begins as amounts do: with a digit, maybe behind a sign, a currency or words such as `at least`.
pub(super) fn looks_like_amount(text: &str) -> bool {
    let text = plainly_spelt(text);
    let (qualifier, rest) = before(&text);
    let (_, rest) = if qualifier == Before::About { before(rest) } else { (qualifier, rest) };
    let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '+' | '-' | '.' | '±' | '='));
    let rest = currency(rest).map_or(rest, |(_, rest)| rest);
    rest.starts_with(|c: char| c.is_ascii_digit())
}

impl Quantity {
    /// Reads an amount that is typed: `5`, `51.95 %`, `>=5 persons`, `5+`, `at least 5`, `<=10`, `4..6`, `4 to 6`, `4-6`,
    /// `~100`, `about 100`, `1 000`, `5 million USD`; what stands behind the number is the unit. What can be read in two
    /// ways, as `1,000` or `1,5`, is refused with both.
    ///
    /// # Errors
    /// If it is none of these, with what to write.
    pub fn parse(text: &str) -> Result<Quantity, AmountError> {
        let spelt = plainly_spelt(text);
        let (qualifier, rest) = before(&spelt);
        // `~>=5`: about so many, or more.
        let (beside, rest) = if qualifier == Before::About { before(rest) } else { (Before::Nothing, rest) };
        let (sign, rest) = currency(rest).map_or((None, rest), |(sign, rest)| (Some(sign), rest));
        let (first, rest) = number(rest)?;
        let (second, open, rest) = behind(rest, qualifier)?;
        let open = match (beside, second, open) {
            (Before::Nothing, _, open) => open,
            (Before::AtLeast, None, Open::No) => Open::Up,
            (Before::AtMost, None, Open::No) => Open::Down,
            _ => return Err(AmountError::unclear()),
        };
        let unit = unit(rest)?;
        if sign.is_some() && unit.is_some() {
            return Err(AmountError::unclear());
        }
        let unit = unit.or(sign).map(Box::from);
        let (lower, upper, is_about) = bounds(qualifier, first, second, open)?;
        Ok(Quantity::new(lower, upper, unit, is_about)?)
    }
}

type Bounds = (Option<Decimal>, Option<Decimal>, bool);

fn bounds(qualifier: Before, first: Decimal, second: Option<Decimal>, open: Open) -> Result<Bounds, AmountError> {
    let is_whole = first.is_integer();
    Ok(match (qualifier, second, open) {
        (Before::Nothing | Before::Between, Some(second), Open::No) => (Some(first), Some(second), false),
        (Before::About, Some(second), Open::No) => (Some(first), Some(second), true),
        (Before::Nothing, None, Open::No) => (Some(first), Some(first), false),
        (Before::About, None, Open::No) => (Some(first), Some(first), true),
        (Before::About, None, Open::Up) => (Some(first), None, true),
        (Before::About, None, Open::Down) => (None, Some(first), true),
        (Before::AtLeast, None, Open::No) | (Before::Nothing, None, Open::Up) => (Some(first), None, false),
        (Before::AtMost, None, Open::No) | (Before::Nothing, None, Open::Down) => (None, Some(first), false),
        (Before::MoreThan, None, Open::No) => {
            let whole = is_whole.then(|| format!(">={} of whole things", first.saturating_add(Decimal::ONE)));
            return Err(AmountError::new("leaves its bound out", whole.into_iter().chain([format!(">={first}")])));
        }
        (Before::LessThan, None, Open::No) => {
            let whole = is_whole.then(|| format!("<={} of whole things", first.saturating_sub(Decimal::ONE)));
            return Err(AmountError::new("leaves its bound out", whole.into_iter().chain([format!("<={first}")])));
        }
        _ => return Err(AmountError::unclear()),
    })
}

/// Signs and spaces that stand for others, as those do.
fn plainly_spelt(text: &str) -> String {
    let mut spelt = String::with_capacity(text.len());
    for c in text.trim().chars() {
        match c {
            '≥' => spelt.push_str(">="),
            '≤' => spelt.push_str("<="),
            '≈' => spelt.push('~'),
            '\u{2212}' | '–' | '—' => spelt.push('-'),
            '’' => spelt.push('\''),
            c if c.is_whitespace() => spelt.push(' '),
            c => spelt.push(c),
        }
    }
    spelt
}

fn before(text: &str) -> (Before, &str) {
    let found = WORDS_BEFORE.iter().find_map(|(words, means)| {
        let head = text.get(..words.len())?;
        let rest = text.get(words.len()..)?;
        let is_word = words.ends_with(|c: char| c.is_ascii_alphabetic());
        (head.eq_ignore_ascii_case(words) && (!is_word || rest.starts_with(' '))).then_some((*means, rest))
    });
    let (means, rest) = found.unwrap_or((Before::Nothing, text));
    (means, rest.trim_start())
}

/// A sign of money before a number, which is its unit.
fn currency(text: &str) -> Option<(&str, &str)> {
    const SIGNS: &[&str] = &["US$", "$", "€", "£", "¥", "₹"];
    let sign = SIGNS.iter().find(|sign| text.starts_with(**sign))?;
    Some((sign, text.get(sign.len()..)?.trim_start()))
}

/// Whether an amount goes on from its number.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    No,
    Up,
    Down,
}

/// The second number of a range, or whether the first goes on; and what follows.
fn behind(rest: &str, qualifier: Before) -> Result<(Option<Decimal>, Open, &str), AmountError> {
    let near = rest.trim_start();
    let after = |words: &[&str]| {
        words.iter().find_map(|word| near.strip_prefix(word)).filter(|rest| !rest.starts_with(char::is_alphanumeric))
    };
    if let Some(rest) = after(WORDS_AT_LEAST) {
        return Ok((None, Open::Up, rest));
    }
    if let Some(rest) = after(WORDS_AT_MOST) {
        return Ok((None, Open::Down, rest));
    }
    let words_to = if qualifier == Before::Between { &["and "][..] } else { WORDS_TO };
    let Some(second) = words_to.iter().find_map(|word| near.strip_prefix(word)) else {
        return Ok((None, Open::No, rest));
    };
    let (second, rest) = number(second.trim_start())?;
    Ok((Some(second), Open::No, rest))
}

/// What a number is counted in: up to four words, none of which belongs to a date, a time or a rank.
fn unit(rest: &str) -> Result<Option<&str>, AmountError> {
    const NO_UNITS: &[&str] = &["st", "nd", "rd", "th", "am", "pm", "or", "to", "and", "plus", "of", "x"];
    let unit = rest.trim();
    if unit.is_empty() {
        return Ok(None);
    }
    let is_begun =
        unit.starts_with(|c: char| c.is_alphabetic() || matches!(c, '%' | '‰' | '°' | '$' | '€' | '£' | '¥'));
    let mut words = unit.split(' ');
    let is_word = |word: &str| !word.starts_with(|c: char| c.is_ascii_digit()) && !word.is_empty();
    let first = words.next().unwrap_or_default().to_lowercase();
    if first == "billion" || first == "trillion" {
        let reason = "names a number that is not the same everywhere";
        return Err(AmountError::new(reason, ["it in digits, or in millions".to_owned()]));
    }
    let is_glued_to_digits = !rest.starts_with(' ') && unit.contains(|c: char| c.is_ascii_digit());
    let is_unit = is_begun
        && !is_glued_to_digits
        && !NO_UNITS.contains(&first.as_str())
        && !is_month(&first)
        && words.clone().all(is_word);
    if !is_unit || words.count() > 3 {
        return Err(AmountError::unclear());
    }
    Ok(Some(unit))
}

#[cfg(test)]
#[path = "amount_tests.rs"]
mod tests;
