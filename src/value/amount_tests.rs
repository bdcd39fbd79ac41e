//! What is taken as an amount, what is asked about, and what is none.

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
        ("~4+ m", "~>=4 m"),
        ("about 10 or fewer", "~<=10"),
        ("~>=5", "~>=5"),
        ("about at least 5 persons", "~>=5 persons"),
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
        ("1,234.567", "1234.567"),
        ("00.950", "0.950"),
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
        ("0020.950", "can be read in two ways; write 20950 or 20.95"),
        ("0 020.950 %", "can be read in two ways; write 20950 or 20.95"),
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
        "~>5",
        "~>=5+",
        "~>=5..6",
    ] {
        assert!(Quantity::parse(typed).is_err(), "{typed}");
        assert!(looks_like_amount(typed), "{typed}");
    }
    for typed in ["", "five", "~", "off", "overseas", "up", "-", "at least"] {
        assert!(Quantity::parse(typed).is_err() && !looks_like_amount(typed), "{typed}");
    }
}
