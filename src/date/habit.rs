//! Dates written as people are used to: refused, with the form that was meant beside them.

use super::Day;
use super::day::digits;

/// The names of the months in English, Spanish, French, German and Portuguese, without accents.
const MONTHS: [&[&str]; 12] = [
    &["january", "enero", "janvier", "januar", "janner", "janeiro"],
    &["february", "febrero", "fevrier", "februar", "fevereiro"],
    &["march", "marzo", "mars", "marz", "marco"],
    &["april", "abril", "avril"],
    &["may", "mayo", "mai", "maio"],
    &["june", "junio", "juin", "juni", "junho"],
    &["july", "julio", "juillet", "juli", "julho"],
    &["august", "agosto", "aout"],
    &["september", "septiembre", "setiembre", "septembre", "setembro"],
    &["october", "octubre", "octobre", "oktober", "outubro"],
    &["november", "noviembre", "novembre", "novembro"],
    &["december", "diciembre", "decembre", "dezember", "dezembro"],
];

/// Why a text is refused that was plainly meant as a date, and what to write; `None` if no date can be made out.
pub(super) fn meant(text: &str) -> Option<(String, String)> {
    Some(match read(text)? {
        Read::Days(days) => told(&days),
        Read::NoDay(reason, hint) => (reason, hint),
    })
}

/// The one date that a text means which names its month, in the accepted form.
pub(super) fn with_month_name(text: &str) -> Option<String> {
    // No name of a month has an x, and vague dates have no other letter.
    let has_letters = text.contains(|c: char| c.is_alphabetic() && c != 'X');
    let has_name = has_letters && parts(text).any(|part| small(part).is_none() && month_of(part).is_some());
    if !has_name {
        return None;
    }
    match read(text)? {
        Read::Days(days) => {
            if let [only] = days.as_slice() {
                Some(only.clone())
            } else {
                None
            }
        }
        Read::NoDay(..) => None,
    }
}

/// What was made out of a text.
enum Read {
    /// The dates that it can mean, one or two.
    Days(Vec<String>),
    /// It means a day that is in no calendar: why, and what to write.
    NoDay(String, String),
}

/// The parts of a date, without the words that stand between them and the endings of ordinal numbers.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split([' ', ',', '/', '.', '-']).filter(|part| !part.is_empty());
    words.filter(|part| !matches!(*part, "de" | "del" | "of" | "the" | "le" | "do" | "den")).map(|part| {
        let number = part.trim_end_matches(|c: char| !c.is_ascii_digit());
        let ending = part.strip_prefix(number).unwrap_or_default();
        if matches!(ending, "st" | "nd" | "rd" | "th" | "er" | "º" | "°") { number } else { part }
    })
}

fn read(text: &str) -> Option<Read> {
    let parts: Vec<&str> = parts(text).collect();
    let year = |part: &str| digits(part).filter(|_| part.len() == 4);
    let (year, rest) = match parts.as_slice() {
        [only] => return written_together(only).map(|day| Read::Days(vec![day])),
        [first, rest @ ..] if year(first).is_some() => (year(first)?, rest.to_vec()),
        [rest @ .., last] if year(last).is_some() => (year(last)?, rest.to_vec()),
        _ => return None,
    };
    let is_year_first = parts.first().is_some_and(|first| first.len() == 4 && digits(first).is_some());
    match *rest.as_slice() {
        [month] => of_month(text, year, month_of(month)?),
        [a, b] if is_year_first => of_day(text, year, month_of(a)?, small(b)?),
        [a, b] => day_first(text, year, a, b),
        _ => None,
    }
}

/// `20240728`.
fn written_together(text: &str) -> Option<String> {
    let is_plain = text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit());
    let day = is_plain.then(|| Day::new(digits(text.get(..4)?)?, small(text.get(4..6)?)?, small(text.get(6..)?)?));
    Some(day??.to_string())
}

/// `31/07/2024`, `07/31/2024`, `31 July 2024`, `July 31, 2024`; both orders where both give a day.
fn day_first(text: &str, year: u16, a: &str, b: &str) -> Option<Read> {
    let day = |month, day| Some(Day::new(year, month_of(month)?, small(day)?)?.to_string());
    let mut days: Vec<String> = [day(b, a), day(a, b)].into_iter().flatten().collect();
    days.dedup();
    match (days.is_empty(), month_of(b).zip(small(a))) {
        (true, Some((month, day))) => of_day(text, year, month, day),
        (true, None) => None,
        (false, _) => Some(Read::Days(days)),
    }
}

fn of_month(text: &str, year: u16, month: u8) -> Option<Read> {
    let written = format!("{year:04}-{month:02}");
    if !(1..=12).contains(&month) {
        return Some(no_month(month));
    }
    (written != text).then(|| Read::Days(vec![written]))
}

fn of_day(text: &str, year: u16, month: u8, day: u8) -> Option<Read> {
    if !(1..=12).contains(&month) {
        return Some(no_month(month));
    }
    if let Some(day) = Day::new(year, month, day) {
        let written = day.to_string();
        return (written != text).then(|| Read::Days(vec![written]));
    }
    let last = (28..=31).rev().find_map(|last| Day::new(year, month, last))?;
    let reason = format!("is not a date: {year:04}-{month:02} has no day {day:02}");
    Some(Read::NoDay(reason, format!("the last day of that month is {last}")))
}

fn no_month(month: u8) -> Read {
    let reason = format!("is not a date: there is no month {month:02}");
    Read::NoDay(reason, "write a month from 01 to 12, as in 2024-07".to_owned())
}

fn told(days: &[String]) -> (String, String) {
    ("is not how a date is written here".to_owned(), format!("write {}", days.join(" or ")))
}

/// Up to two digits.
fn small(text: &str) -> Option<u8> {
    digits(text).filter(|_| text.len() <= 2).and_then(|number| u8::try_from(number).ok())
}

/// A month by its number or its name, or by the start of a name that is no other month's.
fn month_of(text: &str) -> Option<u8> {
    small(text).or_else(|| month_named(text, |names| names))
}

/// Whether a word is an English month, whole or shortened to three letters or more.
pub(crate) fn is_month(word: &str) -> bool {
    month_named(word, |names| names.get(..1).unwrap_or_default()).is_some()
}

fn month_named(word: &str, among: impl Fn(&'static [&'static str]) -> &'static [&'static str]) -> Option<u8> {
    let unaccented = |c: char| match c {
        'é' | 'è' => 'e',
        'û' => 'u',
        'ä' => 'a',
        'ç' => 'c',
        c => c,
    };
    let name: String = word.to_lowercase().chars().map(unaccented).collect();
    let begins = |names: &&'static [&'static str]| among(names).iter().any(|month| month.starts_with(&name));
    let mut found = MONTHS.iter().enumerate().filter(|(_, names)| name.len() >= 3 && begins(names));
    let (place, _) = found.next()?;
    if found.next().is_some() { None } else { u8::try_from(place + 1).ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant_is_said() {
        for (text, hint) in [
            ("31/07/2024", "write 2024-07-31"),
            ("07/31/2024", "write 2024-07-31"),
            ("05/06/2024", "write 2024-06-05 or 2024-05-06"),
            ("06/06/2024", "write 2024-06-06"),
            ("28.07.2024", "write 2024-07-28"),
            ("20240728", "write 2024-07-28"),
            ("2024-7-3", "write 2024-07-03"),
            ("2024/07/31", "write 2024-07-31"),
            ("July 2024", "write 2024-07"),
            ("31 July 2024", "write 2024-07-31"),
            ("Sept 3, 2024", "write 2024-09-03"),
            ("8 sept. 2024", "write 2024-09-08"),
            ("September 8th, 2024", "write 2024-09-08"),
            ("8 de septiembre de 2024", "write 2024-09-08"),
            ("1er août 2024", "write 2024-08-01"),
            ("8. März 2024", "write 2024-03-08"),
            ("8 de março de 2024", "write 2024-03-08"),
            ("14 juil. 2024", "write 2024-07-14"),
            ("07/2024", "write 2024-07"),
            ("2024-7", "write 2024-07"),
            ("2024-02-30", "the last day of that month is 2024-02-29"),
            ("31/04/2024", "the last day of that month is 2024-04-30"),
        ] {
            assert_eq!(meant(text).map(|(_, hint)| hint).as_deref(), Some(hint), "{text}");
        }
        for (text, reason) in [
            ("2024-13-01", "is not a date: there is no month 13"),
            ("2024-00", "is not a date: there is no month 00"),
            ("2023-02-29", "is not a date: 2023-02 has no day 29"),
        ] {
            assert_eq!(meant(text).map(|(reason, _)| reason).as_deref(), Some(reason), "{text}");
        }
        for text in [
            "2024",
            "2024-07",
            "2024-07-28",
            "2024/2025",
            "soon",
            "14 jui 2024",
            "",
            "2024-07-01/2024-08-01",
            "2024?-10-31",
        ] {
            assert_eq!(meant(text), None, "{text}");
        }
    }
}
