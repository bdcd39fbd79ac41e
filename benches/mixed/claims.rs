//! The fields of one claim, by the shape of its key.

use std::fmt::Write as _;

use super::days::{clock, day, time, vague};
use super::{AGENCIES, Mixed, Origin, PERSONS, Shape, Standing, TWICE_ENTERED, UNNAMED};

impl Mixed {
    /// Writes the fields of a claim behind the type, and keeps the claim as one that may be acted on.
    pub(super) fn claim_fields(&mut self, number: u64, key: u64) {
        let shape = Shape::of(key);
        let has_second_entry = self.merged.contains(&key) && self.chance.below(3) == 0;
        let (place, attribute) = (if has_second_entry { "site" } else { "place" }, shape.attribute(key));
        let _ = write!(self.line, r#""id":"c{number}","subject":"{place}-{key:06}","attribute":"{attribute}","#);
        self.value(shape, attribute, key);
        let (start, is_near) = self.next_day(key);
        let latest = self.when(shape, start);
        let origin = self.chain(is_near);
        self.said(latest);
        let _ = write!(self.line, r#""url":"https://mixed.example/{number}","quote":""#);
        self.chance.words(&mut self.line, 100);
        self.line.push('"');
        let standing = Standing { number, key, origin, day: latest };
        if shape == Shape::Disputed { self.disputed.push(standing) } else { self.standing.push(standing) }
    }

    fn value(&mut self, shape: Shape, attribute: &str, key: u64) {
        let pick = self.chance.below(100);
        let of_pair = usize::from(pick < 40);
        let value = match shape {
            Shape::Plain | Shape::Vague => quoted(["on", "off", "partly"][pick as usize % 3]),
            Shape::Closed => quoted(["open", "closed"][of_pair]),
            Shape::List => (pick < 75).to_string(),
            Shape::Disputed => quoted(["held", "free"][of_pair]),
            Shape::Several => self.person(key * 13, 24),
            Shape::Amount => self.amount(),
            Shape::Date => format!(r#"{{"date":"{}"}}"#, self.date_value(key)),
            Shape::Fixed if attribute == "built" => format!(r#"{{"date":"{}"}}"#, self.date_value(key)),
            Shape::Fixed => self.person(key * 13, 3),
        };
        let _ = write!(self.line, r#""value":{value},"#);
        let may_deny = matches!(shape, Shape::Disputed | Shape::Several);
        if may_deny && self.chance.below(6) == 0 {
            self.line.push_str(r#""polarity":"deny","#);
        }
    }

    /// One of so many persons, under the second entry now and then.
    fn person(&mut self, first: u64, count: u64) -> String {
        let person = (first + self.chance.below(count)) % PERSONS;
        let has_second = person.is_multiple_of(TWICE_ENTERED) && person / TWICE_ENTERED < self.merged_persons;
        let second = if has_second && self.chance.below(2) == 0 { "-bis" } else { "" };
        format!(r#"{{"entity":"person-{person}{second}"}}"#)
    }

    fn amount(&mut self) -> String {
        let (lower, more) = (5 + self.chance.below(90), self.chance.below(12));
        match self.chance.below(6) {
            0 => format!(r#"{{"lower":"{lower}"}}"#),
            1 => format!(r#"{{"upper":"{lower}"}}"#),
            2 => format!(r#"{{"lower":"{lower}","upper":"{lower}","approx":true}}"#),
            3 => format!(r#"{{"lower":"{lower}","upper":"{lower}"}}"#),
            _ => format!(r#"{{"lower":"{lower}","upper":"{}"}}"#, lower + more),
        }
    }

    /// Few dates a key, told more and less exactly.
    fn date_value(&mut self, key: u64) -> String {
        let about = key * 331 % 60_000 + self.chance.below(3) * 40;
        let text = day(about);
        match self.chance.below(4) {
            0 => text.get(..7).unwrap_or_default().to_owned(),
            1 => format!("[{text}..{}]", day(about + 50)),
            _ => text,
        }
    }

    /// When it was so. Gives the latest day that is meant.
    fn when(&mut self, shape: Shape, start: u64) -> u64 {
        let form = self.chance.below(10);
        match shape {
            Shape::List => self.list(start),
            Shape::Vague => {
                let (text, latest) = vague(&mut self.chance, start);
                let field =
                    ["from", "from", "from", "from", "as_of", "as_of", "on", "on", "until", "from"][form as usize];
                let _ = write!(self.line, r#""{field}":"{text}","#);
                latest
            }
            Shape::Closed => self.period(start, 2000),
            Shape::Several | Shape::Disputed if form < 4 => self.period(start, 900),
            Shape::Amount if form < 2 => self.period(start, 60),
            Shape::Fixed if form < 5 => {
                self.line.push_str(r#""undated":true,"#);
                start
            }
            Shape::Several | Shape::Disputed | Shape::Amount | Shape::Date | Shape::Fixed => {
                let field = if form < 7 { "as_of" } else { "from" };
                self.from(if shape == Shape::Amount { "as_of" } else { field }, start)
            }
            Shape::Plain => self.from("from", start),
        }
    }

    /// One edge, a ninth of them with a time of day.
    fn from(&mut self, field: &str, start: u64) -> u64 {
        let _ = write!(self.line, r#""{field}":"{}","#, day(start));
        self.clock();
        start
    }

    fn clock(&mut self) {
        if self.chance.below(9) == 0 {
            let clock = clock(&mut self.chance);
            let _ = write!(self.line, r#""clock":"{clock}","#);
        }
    }

    fn period(&mut self, start: u64, len_max: u64) -> u64 {
        let end = start + 1 + self.chance.below(len_max);
        let _ = write!(self.line, r#""from":"{}","until":"{}","#, day(start), day(end));
        match self.chance.below(6) {
            0 => self.line.push_str(r#""from_kind":"observed","#),
            1 => self.line.push_str(r#""until_kind":"observed","#),
            _ => {}
        }
        self.clock();
        end
    }

    fn list(&mut self, start: u64) -> u64 {
        let (mut day_of, count) = (start, 2 + self.chance.below(3));
        self.line.push_str(r#""periods":["#);
        for place in 0..count {
            let end = day_of + 5 + self.chance.below(60);
            let comma = if place == 0 { "" } else { "," };
            let _ = write!(self.line, r#"{comma}{{"from":"{}","until":"{}"}}"#, day(day_of), day(end));
            day_of = end + 20 + self.chance.below(200);
        }
        self.line.push_str("],");
        day_of
    }

    fn chain(&mut self, is_near: bool) -> Origin {
        let origin = match self.chance.below(30) {
            0 => Origin::Unnamed(self.chance.below(UNNAMED)),
            1..=4 if self.reprints > 0 => Origin::Reprint(self.chance.below(self.reprints)),
            _ => Origin::Agency(self.chance.below(AGENCIES)),
        };
        // Claims near each other have papers of their own, so that hardly any repeats another.
        let paper = if is_near { 40 + self.chance.below(400) } else { self.chance.below(40) };
        let _ = write!(
            self.line,
            r#""chain":[{{"who":"{origin}","how":"stated"}},{{"who":"paper-{paper}","how":"reported"}}],"#
        );
        origin
    }

    /// When it was said: mostly on the latest day that is meant, two sevenths at a time of that day or later.
    fn said(&mut self, latest: u64) {
        let _ = match self.chance.below(7) {
            0 => {
                let time = time(&mut self.chance);
                write!(self.line, r#""said_on":"{}T{time}","#, day(latest))
            }
            1 => write!(self.line, r#""said_on":"{}","#, day(latest + 1 + self.chance.below(2000))),
            _ => write!(self.line, r#""said_on":"{}","#, day(latest)),
        };
    }
}

fn quoted(word: &str) -> String {
    format!(r#""{word}""#)
}
