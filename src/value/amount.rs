//! Amounts as people type them: taken where they have one meaning, asked about where they have two or none.

use std::fmt;

use rust_decimal::Decimal;

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
    fn new(reason: &'static str, readings: impl IntoIterator<Item = String>) -> AmountError {
        AmountError { reason, readings: readings.into_iter().collect() }
    }

    fn unclear() -> AmountError {
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
const FACTORS: &[(&str, u32)] = &[("dozen", 12), ("hundred", 100), ("thousand", 1000), ("million", 1_000_000)];
/// Glued to a number each may be a unit of its own.
const SHORT_FACTORS: &[(&str, u32)] =
    &[("k", 1000), ("K", 1000), ("m", 1_000_000), ("M", 1_000_000), ("mn", 1_000_000), ("bn", 1_000_000_000)];

/// Whether a text begins as amounts do: with a digit, maybe behind a sign, a currency or words such as `at least`.
pub(super) fn looks_like_amount(text: &str) -> bool {
    let text = plainly_spelt(text);
    let (_, rest) = before(&text);
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
        let (sign, rest) = currency(rest).map_or((None, rest), |(sign, rest)| (Some(sign), rest));
        let (first, rest) = number(rest)?;
        let (second, open, rest) = behind(rest, qualifier)?;
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
        (Before::Nothing, Some(second), Open::No) | (Before::Between, Some(second), Open::No) => {
            (Some(first), Some(second), false)
        }
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
        (head.eq_ignore_ascii_case(words) && !(is_word && !rest.starts_with(' '))).then_some((*means, rest))
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

/// A number at the start of a text, with what follows on it.
fn number(text: &str) -> Result<(Decimal, &str), AmountError> {
    let (is_negative, unsigned) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let end = digits_end(unsigned);
    let (digits, rest) = unsigned.split_at_checked(end).ok_or_else(AmountError::unclear)?;
    if digits.is_empty() {
        return Err(AmountError::unclear());
    }
    let sign = if is_negative { "-" } else { "" };
    let plain = plain_digits(digits, sign)?;
    let decimal = Quantity::parse_decimal(&format!("{sign}{plain}"))?;
    let (decimal, rest) = times(decimal, rest)?;
    Ok((decimal, rest))
}

/// Where the digits end that a text begins with: points, commas and apostrophes between digits belong to them, and a space
/// before a group of three.
fn digits_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let is_digit = |place: usize| bytes.get(place).is_some_and(u8::is_ascii_digit);
    let mut end = 0;
    while let Some(byte) = bytes.get(end) {
        let group = || (1..=3).all(|ahead| is_digit(end + ahead)) && !is_digit(end + 4);
        let belongs = match byte {
            b'0'..=b'9' => true,
            b'.' | b',' | b'\'' => end > 0 && is_digit(end + 1),
            b' ' => end > 0 && group(),
            _ => false,
        };
        if !belongs {
            break;
        }
        end += 1;
    }
    end
}

/// Digits with at most one point, if the separators among them can be read in one way only.
fn plain_digits(digits: &str, sign: &str) -> Result<String, AmountError> {
    let separators: Vec<char> = digits.chars().filter(|c| !c.is_ascii_digit()).collect();
    let Some(last) = separators.last().copied() else { return Ok(digits.to_owned()) };
    let joined = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let groups: Vec<&str> = digits.split(|c: char| !c.is_ascii_digit()).collect();
    let are_thousands = |groups: &[&str]| {
        groups.first().is_some_and(|first| (1..=3).contains(&first.len()))
            && groups.iter().skip(1).all(|group| group.len() == 3)
    };
    let (whole, fraction) = digits.rsplit_once(last).ok_or_else(AmountError::unclear)?;
    let grouping: Vec<char> = separators.iter().copied().take(separators.len().saturating_sub(1)).collect();
    if separators.iter().all(|separator| *separator == last) {
        return match (last, separators.len()) {
            (' ' | '\'', _) if are_thousands(&groups) => Ok(joined(digits)),
            ('.' | ',', 2..) if are_thousands(&groups) => Ok(joined(digits)),
            ('.' | ',', 1) if whole.bytes().all(|b| b == b'0') => Ok(format!("{whole}.{fraction}")),
            ('.', 1) if !are_thousands(&groups) => Ok(format!("{whole}.{fraction}")),
            ('.' | ',', 1) => Err(two_readings(sign, whole, fraction)),
            _ => Err(AmountError::unclear()),
        };
    }
    let whole_groups: Vec<&str> = whole.split(|c: char| !c.is_ascii_digit()).collect();
    let is_one_sort = grouping.iter().all(|separator| grouping.first() == Some(separator)) && !grouping.contains(&last);
    if is_one_sort && matches!(last, '.' | ',') && are_thousands(&whole_groups) {
        return Ok(format!("{}.{fraction}", joined(whole)));
    }
    Err(AmountError::unclear())
}

/// A point or comma that may begin the decimals or group the digits.
fn two_readings(sign: &str, whole: &str, fraction: &str) -> AmountError {
    let trimmed = fraction.trim_end_matches('0');
    let decimals = match trimmed.len() {
        0 => format!("{sign}{whole}"),
        // So that the spelling that is offered is not asked about in turn.
        3 => format!("{sign}{whole}.{trimmed}0"),
        _ => format!("{sign}{whole}.{trimmed}"),
    };
    AmountError::new("can be read in two ways", [format!("{sign}{whole}{fraction}"), decimals])
}

/// `5 million`, and what follows.
fn times(decimal: Decimal, rest: &str) -> Result<(Decimal, &str), AmountError> {
    let too_long = || AmountError::from(QuantityError::TooManyDigits);
    let word = |text: &str| text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len());
    let product = |factor: u32| decimal.checked_mul(factor.into()).map(unmistakable).ok_or_else(too_long);
    let (glued, _) = rest.split_at_checked(word(rest)).ok_or_else(AmountError::unclear)?;
    if let Some((short, factor)) = SHORT_FACTORS.iter().find(|(short, _)| *short == glued) {
        return Err(AmountError::new(
            "can be read in two ways",
            [product(*factor)?.to_string(), format!("\"{decimal} {short}\" with the unit {short}")],
        ));
    }
    let (mut product_so_far, mut rest) = (decimal, rest);
    while let Some(spaced) = rest.strip_prefix(' ') {
        let (first, behind) = spaced.split_at_checked(word(spaced)).ok_or_else(AmountError::unclear)?;
        let Some((_, factor)) = FACTORS.iter().find(|(factor, _)| *factor == first) else { break };
        product_so_far = product_so_far.checked_mul((*factor).into()).map(unmistakable).ok_or_else(too_long)?;
        rest = behind;
    }
    Ok((product_so_far, rest))
}

/// A number that reads back as itself: one of three decimals, which might be thousands, gets a fourth.
fn unmistakable(decimal: Decimal) -> Decimal {
    let mut decimal = decimal.normalize();
    if decimal.scale() == 3 {
        decimal.rescale(4);
    }
    decimal
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
mod tests {
    use super::*;

    #[test]
    fn what_has_one_meaning_is_taken_for_it() {
        for (typed, taken) in [
            ("5", "5"),
            ("51.95 %", "51.95 %"),
            ("5%", "5 %"),
            (">= 5 persons", ">=5 persons"),
            ("≥5", ">=5"),
            ("5+", ">=5"),
            ("5+ persons", ">=5 persons"),
            ("at least 5 persons", ">=5 persons"),
            ("5 or more", ">=5"),
            ("≤10", "<=10"),
            ("up to 10 km", "<=10 km"),
            ("10 or fewer persons", "<=10 persons"),
            ("5 to 6", "5..6"),
            ("5-6", "5..6"),
            ("5–6 km", "5..6 km"),
            ("between 5 and 6", "5..6"),
            ("-5..-4", "-5..-4"),
            ("−5", "-5"),
            ("~100", "~100"),
            ("about 100 persons", "~100 persons"),
            ("~4..6 km", "~4..6 km"),
            ("1 000", "1000"),
            ("1 000 persons", "1000 persons"),
            ("1\u{a0}000\u{a0}000", "1000000"),
            ("1'000", "1000"),
            ("1,000,000", "1000000"),
            ("1,234.50", "1234.50"),
            ("1.234,50", "1234.50"),
            ("0,5", "0.5"),
            ("0.125", "0.125"),
            ("1.2340", "1.2340"),
            ("5 million USD", "5000000 USD"),
            ("1.5 million", "1500000"),
            ("3 dozen", "36"),
            ("2 hundred thousand persons", "200000 persons"),
            ("$5", "5 $"),
            ("5 m", "5 m"),
            ("300 km2", "300 km2"),
            ("4..6", "4..6"),
        ] {
            let read = Quantity::parse(typed).unwrap_or_else(|error| panic!("{typed}: {error}"));
            assert_eq!(read.to_string(), taken, "{typed}");
            assert_eq!(Quantity::parse(taken).as_ref(), Ok(&read), "{taken}");
            assert!(looks_like_amount(typed), "{typed}");
        }
    }

    #[test]
    fn what_has_two_is_refused_with_both() {
        for (typed, write) in [
            ("1,000", "can be read in two ways; write 1000 or 1"),
            ("1.000", "can be read in two ways; write 1000 or 1"),
            ("-1.234", "can be read in two ways; write -1234 or -1.2340"),
            ("1,5", "can be read in two ways; write 15 or 1.5"),
            ("12,50 km", "can be read in two ways; write 1250 or 12.5"),
            ("5k", "can be read in two ways; write 5000 or \"5 k\" with the unit k"),
            ("5m", "can be read in two ways; write 5000000 or \"5 m\" with the unit m"),
            (">5", "leaves its bound out; write >=6 of whole things or >=5"),
            ("more than 1.5", "leaves its bound out; write >=1.5"),
            ("under 10", "leaves its bound out; write <=9 of whole things or <=10"),
            ("2 billion", "names a number that is not the same everywhere; write it in digits, or in millions"),
        ] {
            assert_eq!(Quantity::parse(typed).map_err(|error| error.to_string()), Err(write.to_owned()), "{typed}");
            assert!(looks_like_amount(typed), "{typed}");
        }
    }

    #[test]
    fn what_merely_begins_with_a_number_is_none() {
        for typed in [
            "8 September 2024",
            "8 sept",
            "5 and 6",
            "1.2.3",
            "10:30",
            "5?",
            "5/6",
            "20th",
            "5 pm",
            "5 of 6",
            "5..",
            "6..4",
            "1e9",
            "5 x 4",
            "2024-07-28",
            "+5",
            ".5",
            "5 - ",
            "1 00",
            "12 a b c d e",
        ] {
            assert!(Quantity::parse(typed).is_err(), "{typed}");
            assert!(looks_like_amount(typed), "{typed}");
        }
        for typed in ["", "five", "~", "off", "overseas", "up", "-", "at least"] {
            assert!(Quantity::parse(typed).is_err() && !looks_like_amount(typed), "{typed}");
        }
    }
}
