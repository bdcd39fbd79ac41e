//! Whether a quote occurs in the text of a captured copy, how alike the two are, and where.

use std::collections::HashSet;
use std::ops::Range;

use caseless::default_case_fold_str;

use super::fold::{Folded, Level, is_ignored};
use super::{CopyText, NoText};

/// A passage that is shown instead of a quote has at least so many words, for a reader to see where it stands.
const NEAREST_WORDS_MIN: usize = 8;

/// At most so many places of one quote are told.
const PLACES_MAX: usize = 100;

/// The longest passage that is shown instead of a quote that does not occur, in characters.
const NEAREST_LEN_MAX: usize = 240;

/// How a quote is like the words of a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// Character by character.
    Verbatim,
    /// But for spaces and typography: quotation marks, dashes, ligatures.
    Typography,
    /// But for spaces within words and the hyphens of broken ones.
    WordBreaks,
}

impl Likeness {
    /// In words, as in "the quote occurs …".
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Likeness::Verbatim => "verbatim",
            Likeness::Typography => "same but for spaces and typography",
            Likeness::WordBreaks => "same but for word breaks",
        }
    }
}

/// What came of looking for a quote in a copy, the best first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sought {
    /// A reader of the copy sees the words.
    Occurs {
        /// How alike they are.
        likeness: Likeness,
        /// Where, in bytes of the text that is shown: each place with a range for each part of the quote between elisions.
        places: Vec<Vec<Range<usize>>>,
    },
    /// The words stand only in what the copy does not show, as the description of a picture.
    Hidden,
    /// The words occur with other capitals: this passage.
    OtherCapitals(Box<str>),
    /// The words do not occur. The passage that is most like them, if any word is.
    Absent(Option<Box<str>>),
    /// The copy has no text in which the words could be looked for. Why.
    NotCheckable(Box<str>),
}

impl Sought {
    /// What comes of looking for a quote in a copy that was read, or that could not be.
    #[must_use]
    pub fn of(read: &Result<CopyText, NoText>, quote: &str) -> Sought {
        match read {
            Ok(text) => find_quote(text, quote),
            Err(NoText(why)) => Sought::NotCheckable(why.clone()),
        }
    }

    /// Whether a quote may stand with this result.
    #[must_use]
    pub fn passes(&self) -> bool {
        matches!(self, Sought::Occurs { .. } | Sought::Hidden)
    }

    /// The result's name in answers of programs.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Sought::Occurs { likeness: Likeness::Verbatim, .. } => "verbatim",
            Sought::Occurs { likeness: Likeness::Typography, .. } => "typography",
            Sought::Occurs { likeness: Likeness::WordBreaks, .. } => "word-breaks",
            Sought::Hidden => "hidden",
            Sought::OtherCapitals(_) => "capitals",
            Sought::Absent(_) => "absent",
            Sought::NotCheckable(_) => "not-checkable",
        }
    }

    /// The order of results, the best first.
    #[must_use]
    pub fn rank(&self) -> u8 {
        match self {
            Sought::Occurs { likeness, .. } => *likeness as u8,
            Sought::Hidden => 3,
            Sought::OtherCapitals(_) => 4,
            Sought::Absent(_) => 5,
            Sought::NotCheckable(_) => 6,
        }
    }
}

/// The parts of a quote between elisions (`[…]`, `[...]`, `(…)`, `(...)`), without the white space around them.
fn parts(quote: &str) -> Vec<&str> {
    let (mut parts, mut rest, mut from) = (Vec::new(), quote, 0);
    while let Some(open) = rest.get(from..).and_then(|rest| rest.find(['[', '('])).map(|at| at + from) {
        let inside = rest.get(open + 1..).unwrap_or_default().trim_start();
        let behind = inside.strip_prefix('…').or_else(|| inside.strip_prefix("...")).map(str::trim_start);
        match behind.and_then(|behind| behind.strip_prefix([']', ')'])) {
            Some(behind) => {
                parts.push(rest.get(..open).unwrap_or_default().trim());
                (rest, from) = (behind, 0);
            }
            None => from = open + 1,
        }
    }
    parts.push(rest.trim());
    parts.retain(|part| part.chars().any(char::is_alphanumeric));
    parts
}

/// Whether a quote has words in brackets that are no elision, as an editor's.
#[must_use]
pub fn has_insertion(quote: &str) -> bool {
    parts(quote).iter().any(|part| part.split_once('[').is_some_and(|(_, rest)| rest.contains(']')))
}

/// Looks for a quote in the text of a copy.
#[must_use]
pub fn find_quote(copy: &CopyText, quote: &str) -> Sought {
    let parts = parts(quote);
    if parts.is_empty() {
        return Sought::Absent(None);
    }
    for likeness in [Likeness::Verbatim, Likeness::Typography, Likeness::WordBreaks] {
        let places = places((&copy.shown, copy.pages.is_empty()), &parts, likeness);
        if !places.is_empty() {
            return Sought::Occurs { likeness, places };
        }
    }
    if !places((&copy.hidden, true), &parts, Likeness::WordBreaks).is_empty() {
        return Sought::Hidden;
    }
    let nearest = nearest(&copy.shown, quote).map(Box::from);
    if occurs_in_other_capitals(&copy.shown, &parts) {
        return Sought::OtherCapitals(nearest.unwrap_or_default());
    }
    Sought::Absent(nearest)
}

/// The ways in which a part of a quote may stand in a folded text.
fn wanted(part: &str, likeness: Likeness) -> Vec<String> {
    let mut all = match likeness {
        Likeness::Verbatim => vec![part.to_owned()],
        Likeness::Typography => vec![Folded::new(part, Level::Typography).text],
        Likeness::WordBreaks => {
            // A quote that was typed from a column keeps the hyphens of broken words, often without the end of the line.
            let (joined, kept) = (Folded::new(part, Level::WordBreaks).text, Folded::with_hyphens(part).text);
            vec![without_hyphens(&joined), joined, kept]
        }
    };
    all.retain(|part| !part.is_empty());
    all.dedup();
    all
}

/// A folded text without the hyphens between letters.
fn without_hyphens(folded: &str) -> String {
    let chars: Vec<char> = folded.chars().collect();
    let is_letter = |place: Option<usize>| place.and_then(|place| chars.get(place)).is_some_and(|c| c.is_alphabetic());
    let is_kept =
        |place: usize, c: char| c != '-' || !is_letter(place.checked_sub(1)) || !is_letter(place.checked_add(1));
    chars.iter().enumerate().filter(|(place, c)| is_kept(*place, **c)).map(|(_, c)| *c).collect()
}

/// A text as one likeness sees it.
struct Haystack<'t> {
    source: &'t str,
    folded: Option<Folded>,
    /// Whether the spaces between words are those of the copy. Those of a PDF are guessed.
    has_own_spaces: bool,
}

impl<'t> Haystack<'t> {
    fn new(source: &'t str, likeness: Likeness, has_own_spaces: bool) -> Haystack<'t> {
        let folded = match likeness {
            Likeness::Verbatim => None,
            Likeness::Typography => Some(Folded::new(source, Level::Typography)),
            Likeness::WordBreaks => Some(Folded::new(source, Level::WordBreaks)),
        };
        Haystack { source, folded, has_own_spaces }
    }

    fn text(&self) -> &str {
        self.folded.as_ref().map_or(self.source, |folded| folded.text.as_str())
    }

    /// The bytes of the source for which bytes of the text stand.
    fn place(&self, bytes: Range<usize>) -> Option<Range<usize>> {
        match &self.folded {
            Some(folded) => folded.place(self.source, bytes),
            None => Some(bytes),
        }
    }

    /// The next place, from a byte of the text on, where a part stands in one of its ways.
    fn next(&self, from: usize, wanted: &[String]) -> Option<Range<usize>> {
        let found = wanted.iter().filter_map(|wanted| {
            let mut found = self.text().get(from..)?.match_indices(wanted.as_str());
            let at = |at: usize| from + at..from + at + wanted.len();
            found.find_map(|(start, _)| Some(at(start)).filter(|range| self.is_whole(range)))
        });
        found.min_by_key(|range| range.start)
    }

    /// Whether what stands there cuts no number and no word: "5 people" does not occur in "15 people", nor "legal" in "illegal".
    fn is_whole(&self, range: &Range<usize>) -> bool {
        let Some(place) = self.place(range.clone()) else { return false };
        let before = self.source.get(..place.start).unwrap_or_default().trim_end_matches(is_ignored);
        let behind = self.source.get(place.end..).unwrap_or_default().trim_start_matches(is_ignored);
        let words = self.source.get(place).unwrap_or_default();
        let joins = |one: Option<char>, other: Option<char>| {
            self.has_own_spaces && one.is_some_and(is_spaced_letter) && other.is_some_and(is_spaced_letter)
        };
        let is_cut_before = words.starts_with(is_digit) && ends_within_number(before)
            || joins(before.chars().next_back(), words.chars().next());
        let is_cut_behind = words.ends_with(is_digit) && goes_on_as_number(behind)
            || joins(words.chars().next_back(), behind.chars().next());
        !is_cut_before && !is_cut_behind
    }
}

/// A letter of a script whose words stand apart: Latin, Greek, Cyrillic. In others a word may be written to the one before.
fn is_spaced_letter(c: char) -> bool {
    c.is_alphabetic() && matches!(c, 'A'..='\u{52f}' | '\u{1e00}'..='\u{1fff}')
}

fn is_digit(c: char) -> bool {
    c.is_numeric()
}

/// Whether a text ends in digits, in digits and a mark between digits, or in a sign.
fn ends_within_number(text: &str) -> bool {
    let mut back = text.chars().rev();
    match (back.next(), back.next()) {
        (Some(last), before) if is_mark(last) => before.is_some_and(is_digit),
        (Some('-' | '−' | '–'), before) => before.is_none_or(|c| is_digit(c) || c.is_whitespace()),
        (last, _) => last.is_some_and(is_digit),
    }
}

/// Whether a text begins with digits, or with a mark between digits and a digit.
fn goes_on_as_number(text: &str) -> bool {
    let text = text.strip_prefix(is_mark).unwrap_or(text);
    text.starts_with(is_digit)
}

/// A mark that stands between the digits of one number.
fn is_mark(c: char) -> bool {
    matches!(c, '.' | ',' | '\'' | '’' | ':')
}

/// Every place where the parts stand one behind the other.
fn places((text, has_own_spaces): (&str, bool), parts: &[&str], likeness: Likeness) -> Vec<Vec<Range<usize>>> {
    let haystack = Haystack::new(text, likeness, has_own_spaces);
    let wanted: Vec<Vec<String>> = parts.iter().map(|part| wanted(part, likeness)).collect();
    let Some((first, others)) = wanted.split_first() else { return Vec::new() };
    let (mut all, mut from) = (Vec::new(), 0);
    while let Some(found) = haystack.next(from, first).filter(|_| all.len() < PLACES_MAX) {
        from = found.end;
        let mut place = vec![found];
        for other in others {
            let behind = place.last().map_or(0, |found| found.end);
            let Some(found) = haystack.next(behind, other) else { break };
            place.push(found);
        }
        if place.len() < parts.len() {
            break;
        }
        all.extend(place.into_iter().map(|range| haystack.place(range)).collect::<Option<Vec<_>>>());
    }
    all
}

fn occurs_in_other_capitals(text: &str, parts: &[&str]) -> bool {
    let parts: Vec<String> = parts.iter().map(|part| default_case_fold_str(part)).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    !places((&default_case_fold_str(text), true), &parts, Likeness::WordBreaks).is_empty()
}

/// The passage of a text, about as long as a quote in words, that has the most words of that quote.
fn nearest<'t>(text: &'t str, quote: &str) -> Option<&'t str> {
    let (folded, wanted) = (Folded::new(text, Level::Typography), Folded::new(quote, Level::Typography).text);
    let words: Vec<(usize, &str)> = words(&folded.text).collect();
    let len = self::words(&wanted).count().max(NEAREST_WORDS_MIN).min(words.len().max(1));
    let wanted: HashSet<String> =
        self::words(&wanted).map(|(_, word)| plain(word)).filter(|word| word.chars().count() > 2).collect();
    let is_wanted: Vec<bool> = words.iter().map(|(_, word)| wanted.contains(&plain(word))).collect();
    let (mut count, mut best, mut first) = (0_usize, 0_usize, 0_usize);
    for (end, is_one) in is_wanted.iter().enumerate() {
        count += usize::from(*is_one);
        count -= usize::from(end >= len && is_wanted.get(end - len).is_some_and(|is_one| *is_one));
        if count > best {
            (best, first) = (count, (end + 1).saturating_sub(len));
        }
    }
    let (start, _) = *words.get(first).filter(|_| best > 0)?;
    let (last, word) = *words.iter().skip(first).take(len).next_back()?;
    let passage = text.get(folded.place(text, start..last + word.len())?)?;
    let cut = passage.char_indices().nth(NEAREST_LEN_MAX).map_or(passage.len(), |(at, _)| at);
    passage.get(..cut)
}

/// The words of a folded text, and where each begins.
fn words(folded: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    folded.split(' ').filter_map(move |word| {
        let start = at;
        at += word.len() + 1;
        (!word.is_empty()).then_some((start, word))
    })
}

/// A folded word without its marks and capitals.
fn plain(word: &str) -> String {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    if word.is_ascii() { word.to_ascii_lowercase() } else { default_case_fold_str(word) }
}
