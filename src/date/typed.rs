//! Dates as they are typed on a command line: in EDTF, or in the words that people use for a day.

use std::borrow::Cow;

use super::{DateError, Day, habit};

const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// The EDTF of a date that is typed: `today`, `yesterday`, a date with the name of its month (`8 September 2024`,
/// `8 sept. 2024`, `Sept 8, 2024`, `September 2024`), either with a qualifier behind, or an interval of such. Everything
/// else stays as it is, and is read, or refused, as EDTF.
///
/// # Errors
/// For a weekday, which names no day by itself, with the day that it was last.
pub fn typed_date(text: &str, today: Day) -> Result<Cow<'_, str>, DateError> {
    let trimmed = text.trim();
    if !trimmed.contains(|c: char| c.is_alphabetic()) {
        return Ok(Cow::Borrowed(text));
    }
    let is_one_date =
        || habit::with_month_name(trimmed).is_some() && !trimmed.contains("../") && !trimmed.ends_with(['.', '/']);
    if let Some((from, until)) = trimmed.split_once('/').filter(|_| !is_one_date()) {
        let (from, until) = (side(from, today)?, side(until, today)?);
        return Ok(Cow::Owned(format!("{from}/{until}")));
    }
    side(trimmed, today)
}

fn side(text: &str, today: Day) -> Result<Cow<'_, str>, DateError> {
    let text = text.trim();
    let bare = text.trim_end_matches(['?', '~', '%']);
    let qualifier = text.strip_prefix(bare).unwrap_or_default();
    let day = match bare.to_lowercase().as_str() {
        "today" => Some(today.to_string()),
        "yesterday" => Some(today.plus(-1).to_string()),
        _ => named(bare, today)?,
    };
    Ok(day.map_or(Cow::Borrowed(text), |day| Cow::Owned(format!("{day}{qualifier}"))))
}

/// A date that names its month, maybe behind its weekday.
fn named(text: &str, today: Day) -> Result<Option<String>, DateError> {
    let (first, rest) = text.split_once([' ', ',', '.']).unwrap_or((text, ""));
    let Some(weekday) = weekday(first) else { return Ok(habit::with_month_name(text)) };
    let rest = rest.trim_start_matches([' ', ',', '.']);
    let name = WEEKDAYS.get(usize::try_from(weekday).unwrap_or_default()).copied().unwrap_or_default();
    if rest.is_empty() {
        let back = (of_week(today) - weekday - 1).rem_euclid(7) + 1;
        let hint = format!("write {} for the last {name} before today", today.plus(-back));
        return Err(DateError::new(text, "names a weekday and no date", hint));
    }
    let Some(date) = habit::with_month_name(rest).or_else(|| Day::parse(rest).map(|day| day.to_string())) else {
        let hint = "leave the weekday out, and write the date as 2024-11-26";
        return Err(DateError::new(text, "names a weekday beside what is not a date", hint));
    };
    match Day::parse(&date) {
        Some(day) if of_week(day) != weekday => {
            let hint = format!("write {date} if the date is right");
            Err(DateError::new(text, format!("contradicts itself: {date} is no {name}"), hint))
        }
        _ => Ok(Some(date)),
    }
}

/// A weekday by its English name, or the first three letters of it or more: 0 is Monday.
fn weekday(word: &str) -> Option<i64> {
    let word = word.to_lowercase();
    let place = WEEKDAYS.iter().position(|day| word.len() >= 3 && day.to_lowercase().starts_with(&word))?;
    i64::try_from(place).ok()
}

/// The day of the week, 0 for Monday.
fn of_week(day: Day) -> i64 {
    // Julian day 0 was a Monday.
    i64::from(day.julian()).rem_euclid(7)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> Result<String, String> {
        // A Wednesday.
        let today = Day::parse("2024-11-27").unwrap();
        typed_date(text, today).map(Cow::into_owned).map_err(|error| error.to_string())
    }

    #[test]
    fn words_for_a_day_become_dates() {
        for (text, date) in [
            ("today", "2024-11-27"),
            ("Yesterday", "2024-11-26"),
            ("8 September 2024", "2024-09-08"),
            ("8 sept. 2024", "2024-09-08"),
            ("Sept 8, 2024", "2024-09-08"),
            ("September 2024~", "2024-09~"),
            ("8 Sept 2024?", "2024-09-08?"),
            ("8 de septiembre de 2024", "2024-09-08"),
            ("Tuesday, 26 November 2024", "2024-11-26"),
            ("Tue 2024-11-26", "2024-11-26"),
            ("31 July 2024/1 September 2024", "2024-07-31/2024-09-01"),
            ("1 August 2024/..", "2024-08-01/.."),
            ("1 August 2024/", "2024-08-01/"),
            ("../1 August 2024", "../2024-08-01"),
            ("31/Jul/2024", "2024-07-31"),
            ("2024-11-XX", "2024-11-XX"),
            ("XXXX-10-31", "XXXX-10-31"),
            ("08/09/2024", "08/09/2024"),
            ("2024-11-23T19:00", "2024-11-23T19:00"),
            ("soon", "soon"),
        ] {
            assert_eq!(typed(text).as_deref(), Ok(date), "{text}");
        }
    }

    #[test]
    fn a_weekday_alone_is_refused_with_its_last_day() {
        for (text, told) in [
            ("Tues.", "\"Tues.\" names a weekday and no date; write 2024-11-26 for the last Tuesday before today"),
            ("wed", "\"wed\" names a weekday and no date; write 2024-11-20 for the last Wednesday before today"),
            (
                "Monday, 26 November 2024",
                "\"Monday, 26 November 2024\" contradicts itself: 2024-11-26 is no Monday; write 2024-11-26 if the \
                 date is right",
            ),
        ] {
            assert_eq!(typed(text), Err(told.to_owned()), "{text}");
        }
    }
}
