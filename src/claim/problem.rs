//! Why a draft is refused: the field, the reason, and what to do.

use std::borrow::Cow;
use std::fmt;

/// One thing wrong with what was typed or sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The field, as it is spelt in JSONL (`said_on`, `chain[1].how`).
    pub field: Cow<'static, str>,
    /// What is wrong with it.
    pub reason: String,
    /// What to do instead, if that is not plain from the reason.
    pub hint: Option<String>,
    /// Whether it is the spelling that is wrong, and not what the ledger holds.
    pub is_misspelt: bool,
}

impl Problem {
    /// A problem of a field.
    pub fn new(field: impl Into<Cow<'static, str>>, reason: impl fmt::Display) -> Problem {
        Problem { field: field.into(), reason: reason.to_string(), hint: None, is_misspelt: false }
    }

    /// A value that cannot be read, or not by its attribute.
    #[must_use]
    pub fn misspelt(self) -> Problem {
        Problem { is_misspelt: true, ..self }
    }

    /// This problem with a hint of what to do.
    #[must_use]
    pub fn with_hint(self, hint: impl Into<String>) -> Problem {
        Problem { hint: Some(hint.into()), ..self }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.reason)
    }
}

impl std::error::Error for Problem {}

/// All that is wrong with one line or one draft: at least one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems {
    first: Problem,
    more: Vec<Problem>,
    untold: Untold,
}

/// How many more there are than are told; and that in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Untold {
    count: usize,
    said: Option<Box<Problem>>,
}

impl Untold {
    fn of(count: usize) -> Untold {
        let said = || Box::new(Problem::new("line", format!("has {count} more that are wrong")));
        Untold { count, said: (count > 0).then(said) }
    }
}

impl Problems {
    /// The one that was found first.
    #[must_use]
    pub fn first(&self) -> &Problem {
        &self.first
    }

    /// Each of them, in the order in which they were found; of very many the first, and how many more there are.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        std::iter::once(&self.first).chain(&self.more).chain(self.untold.said.as_deref())
    }

    /// These problems, as those of a part within a whole: `who` within `chain[1]` is `chain[1].who`.
    pub(crate) fn within(self, path: &str) -> Problems {
        let within = |problem: Problem| {
            let field = if problem.field.is_empty() { path.to_owned() } else { format!("{path}.{}", problem.field) };
            Problem { field: field.into(), ..problem }
        };
        Problems { first: within(self.first), more: self.more.into_iter().map(within).collect(), untold: self.untold }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.first.fmt(f)?;
        self.iter().skip(1).try_for_each(|problem| write!(f, "; {problem}"))
    }
}

impl std::error::Error for Problems {}

impl From<Problem> for Problems {
    fn from(first: Problem) -> Problems {
        Problems { first, more: Vec::new(), untold: Untold::default() }
    }
}

/// What was found wrong so far. Looking goes on, so that all of it is told at once; of very much only how much more it is.
#[derive(Debug, Default)]
pub struct Found {
    told: Vec<Problem>,
    untold: usize,
}

impl Found {
    /// A line of a thousand wrong names is not answered by a thousand sentences.
    const TOLD_MAX: usize = 20;

    /// Notes what is wrong, if anything; what was read otherwise.
    #[inline]
    pub fn note<T, P: Into<Problems>>(&mut self, read: Result<T, P>) -> Option<T> {
        read.map_err(|problems| self.tell_all(problems.into())).ok()
    }

    fn tell_all(&mut self, problems: Problems) {
        let Problems { first, more, untold } = problems;
        self.untold += untold.count;
        self.tell(first);
        for problem in more {
            self.tell(problem);
        }
    }

    /// Notes something wrong.
    pub fn tell(&mut self, problem: Problem) {
        if self.told.len() < Found::TOLD_MAX {
            self.told.push(problem);
        } else {
            self.untold += 1;
        }
    }

    /// What must be given; unless something is wrong with that field already, it is missing.
    pub(crate) fn needed<T>(&mut self, field: &'static str, given: Option<T>) -> Option<T> {
        if given.is_none() && !self.is_told(&[field]) {
            self.tell(Problem::new(field, "is missing"));
        }
        given
    }

    /// Whether something is wrong with one of these fields, or with a part of one.
    pub(crate) fn is_told(&self, fields: &[&str]) -> bool {
        let is_of = |problem: &Problem, field: &str| {
            let rest = problem.field.strip_prefix(field);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        self.told.iter().any(|problem| fields.iter().any(|field| is_of(problem, field)))
    }

    /// What was made, if nothing is wrong.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub fn done<T>(self, made: Option<T>) -> Result<T, Problems> {
        let mut told = self.told.into_iter();
        match (told.next(), made) {
            (None, Some(made)) => Ok(made),
            (first, _) => {
                let first = first.unwrap_or_else(|| Problem::new("line", "cannot be read"));
                Err(Problems { first, more: told.collect(), untold: Untold::of(self.untold) })
            }
        }
    }
}
