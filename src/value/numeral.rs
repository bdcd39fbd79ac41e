//! Numbers as people type them: with points, commas, apostrophes or spaces among the digits, or a factor in words behind.

use rust_decimal::Decimal;

use super::{AmountError, Quantity, QuantityError};

const FACTORS: &[(&str, u32)] = &[("dozen", 12), ("hundred", 100), ("thousand", 1000), ("million", 1_000_000)];
/// Glued to a number each may be a unit of its own.
const SHORT_FACTORS: &[(&str, u32)] =
    &[("k", 1000), ("K", 1000), ("m", 1_000_000), ("M", 1_000_000), ("mn", 1_000_000), ("bn", 1_000_000_000)];

/// A number at the start of a text, with what follows on it.
pub(super) fn number(text: &str) -> Result<(Decimal, &str), AmountError> {
    let (is_negative, unsigned) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let end = digits_end(unsigned);
    let (digits, rest) = unsigned.split_at_checked(end).ok_or_else(AmountError::unclear)?;
    if digits.is_empty() {
        return Err(AmountError::unclear());
    }
    let sign = if is_negative { "-" } else { "" };
    let plain = plain_digits(digits, sign)?;
    let decimal = Quantity::parse_decimal(&format!("{sign}{plain}"))?;
    // With leading zeros (`0020.950`, `0 020.950`) it is no group of thousands, and still prints as one that may be.
    if let Some((whole, fraction)) = decimal.abs().to_string().split_once('.')
        && (1..=3).contains(&whole.len())
        && whole != "0"
        && fraction.len() == 3
    {
        return Err(two_readings(sign, whole, fraction));
    }
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
            (' ' | '\'', _) | ('.' | ',', 2..) if are_thousands(&groups) => Ok(joined(digits)),
            ('.' | ',', 1) if whole.bytes().all(|b| b == b'0') || last == '.' && !are_thousands(&groups) => {
                Ok(format!("{whole}.{fraction}"))
            }
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
