//! How strictly a proposal is taken, and the keys that it was the first to use.

/// How strictly a proposal is taken.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one option of the command")]
pub struct Policy {
    /// Refuse unknown subjects, attributes and sources instead of registering them.
    pub is_strict: bool,
    /// Pass over what is a repetition, and take a contradiction by one source as a warning.
    pub is_import: bool,
    /// Record a claim although its source already says otherwise for that day, its value is none of the two that an attribute
    /// has, or its date is inferred and no note says how.
    pub is_anyway: bool,
    /// Record what was recorded before and is retracted, corrected or rated false since.
    pub is_again: bool,
}

/// A key that was registered because a line used it first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstUse {
    /// Attribute, entity or source; a unit, in which an attribute is counted from then on.
    pub what: &'static str,
    /// The key.
    pub key: Box<str>,
    /// What was assumed about it, and how to say otherwise; `None` if there is nothing to assume.
    pub assumed: Option<String>,
}
