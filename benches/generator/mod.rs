//! Claims made up for measuring: the same for the same count, about 400 bytes a line. Keys are used as unevenly as in
//! a newsroom (few have most of the claims), one line in twenty corrects an earlier one, three in a hundred retract
//! one. States are open-ended and start on distinct days within a key, so that the newest live start not after a day
//! is the answer.

use std::fmt::Write as _;

/// Days from which starts are drawn: 1900-01-01 to 2099-12-31.
pub(crate) const DAY_COUNT: u64 = 73_049;
/// Coprime to the count of days: consecutive claims of a key start far apart, and never twice on one day.
pub(crate) const DAY_STRIDE: u64 = 40_503;
/// How unevenly keys are used: the weight of the n-th is n to this power, negated.
const SKEW: f64 = 0.7;
const WORDS: [&str; 16] = [
    "the", "power", "was", "cut", "again", "before", "dawn", "while", "officers", "stood", "outside", "gate", "and",
    "nobody", "could", "leave",
];

/// Makes lines one by one.
pub(crate) struct Generator {
    chance: Chance,
    key_count: u64,
    claims_of_key: Vec<u32>,
    /// Number of the line and key of claims that still stand and may be corrected or retracted.
    standing: Vec<(u64, u64)>,
    line: String,
}

impl Generator {
    /// For this many lines in all.
    pub(crate) fn new(count: u64) -> Generator {
        let key_count = (count / 20).max(1);
        let claims_of_key = vec![0; usize::try_from(key_count).expect("keys fit in memory")];
        Generator { chance: Chance::new(0x5eed), key_count, claims_of_key, standing: Vec::new(), line: String::new() }
    }

    /// The line of this number, from 1.
    pub(crate) fn line(&mut self, number: u64) -> &str {
        self.line.clear();
        let kind = self.chance.below(100);
        let victim = if kind < 8 { self.take_standing() } else { None };
        match victim {
            Some((old, key)) if kind < 5 => {
                let _ = write!(
                    self.line,
                    r#"{{"type":"correction","id":"k{number}","corrects":"c{old}","by":"desk","reason":"misread","claim":{{"#
                );
                self.claim_fields(number, key);
                self.line.push('}');
            }
            Some((old, _)) => {
                let _ = write!(
                    self.line,
                    r#"{{"type":"retraction","id":"r{number}","retracts":"c{old}","by":"desk","reason":"heard twice"#
                );
                self.chance.words(&mut self.line, 240);
                self.line.push('"');
            }
            None => {
                let key = self.chance.key(self.key_count);
                self.line.push_str(r#"{"type":"claim","#);
                self.claim_fields(number, key);
            }
        }
        self.line.push('}');
        &self.line
    }

    fn claim_fields(&mut self, number: u64, key: u64) {
        let day = self.next_day(key);
        let (year, month, day) = civil(day);
        let value = ["on", "off", "partly"][number as usize % 3];
        let (agency, paper) = (self.chance.below(400), self.chance.below(40));
        let _ = write!(
            self.line,
            concat!(
                r#""id":"c{number}","subject":"place-{key:06}","attribute":"electricity","value":"{value}","#,
                r#""from":"{year:04}-{month:02}-{day:02}","chain":[{{"who":"agency-{agency}","how":"stated"}},"#,
                r#"{{"who":"paper-{paper}","how":"reported"}}],"said_on":"{year:04}-{month:02}-{day:02}","#,
                r#""url":"https://paper-{paper}.example/{number}","quote":""#
            ),
            number = number,
            key = key,
            value = value,
            year = year,
            month = month,
            day = day,
            agency = agency,
            paper = paper
        );
        self.chance.words(&mut self.line, 120);
        self.line.push('"');
        self.standing.push((number, key));
    }

    /// A day on which no other claim of the key starts.
    fn next_day(&mut self, key: u64) -> u64 {
        let nth = &mut self.claims_of_key[key as usize];
        *nth += 1;
        (key * 7 + u64::from(*nth) * DAY_STRIDE) % DAY_COUNT
    }

    fn take_standing(&mut self) -> Option<(u64, u64)> {
        let count = self.standing.len() as u64;
        (count > 0).then(|| self.chance.below(count)).map(|place| self.standing.swap_remove(place as usize))
    }
}

/// Numbers that look like chance, the same for the same seed.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Chance {
        Chance(seed)
    }

    /// `SplitMix64` (Steele, Lea, Flood 2014), below a bound.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((u128::from(mixed ^ (mixed >> 31)) * u128::from(bound)) >> 64) as u64
    }

    /// One of so many keys: the first ones far more often than the last.
    pub(crate) fn key(&mut self, key_count: u64) -> u64 {
        let share = self.below(1 << 53) as f64 / (1_u64 << 53) as f64;
        let most = (key_count as f64).powf(1.0 - SKEW);
        let rank = (share * (most - 1.0) + 1.0).powf(1.0 / (1.0 - SKEW));
        (rank as u64 - 1).min(key_count - 1)
    }

    /// Adds words to a line, of so many bytes at least.
    pub(crate) fn words(&mut self, line: &mut String, len_bytes: usize) {
        let end = line.len() + len_bytes;
        while line.len() < end {
            line.push_str(WORDS[self.below(16) as usize]);
            line.push(' ');
        }
    }
}

/// Year, month and day of a count of days after 1900-01-01.
pub(crate) fn civil(day: u64) -> (u64, u64, u64) {
    let (mut year, mut left) = (1900, day);
    let is_leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    while left >= 365 + u64::from(is_leap(year)) {
        left -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let lens = [31, 28 + u64::from(is_leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 0;
    while left >= lens[month] {
        left -= lens[month];
        month += 1;
    }
    (year, month as u64 + 1, left + 1)
}
