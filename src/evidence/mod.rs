//! The text of captured copies, and whether quotes occur in it.
//!
//! A text is made of a copy's bytes and nothing else, by an extractor that has a name: the same bytes and the same name give the
//! same text. It is never recorded. Files of strangers are read here, so a program does it in a process of its own that
//! may neither open files nor use the network ([`extract`] only computes).

#[cfg(feature = "desk")]
mod archive;
#[cfg(feature = "desk")]
mod dom;
mod find;
mod fold;
#[cfg(feature = "desk")]
mod html;
#[cfg_attr(not(feature = "desk"), path = "no_desk.rs")]
mod kind;
#[cfg(feature = "desk")]
#[cfg_attr(not(feature = "pdf"), path = "no_pdf.rs")]
mod pdf;
#[cfg(feature = "desk")]
mod plain;
#[cfg(test)]
mod tests;

use std::fmt;

pub use find::{Likeness, Sought, find_quote, has_insertion};
pub use kind::extract;

/// The longest text that is made of one copy, in bytes.
pub const TEXT_LEN_MAX: usize = 16 << 20;

/// The text of a captured copy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CopyText {
    /// The name of what made it, with its version.
    pub extractor: Box<str>,
    /// What a reader of the copy sees. A block of a page ends its line.
    pub shown: String,
    /// What the copy has besides: descriptions of pictures, titles, hidden passages, data of the page. A line each.
    pub hidden: String,
    /// For each page of a document, the byte of `shown` at which that page begins; empty for what has no pages.
    pub pages: Vec<usize>,
    /// What was guessed, to be told beside every answer, as an encoding that the copy does not name.
    pub guess: Option<Box<str>>,
}

/// What is known of a copy besides its bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// Its media type.
    pub media_type: Option<String>,
    /// The address whose answer is meant, in an archive of several.
    pub url: Option<String>,
}

/// Why a copy has no text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoText(pub Box<str>);

impl fmt::Display for NoText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for NoText {}

/// What makes the text of a copy: [`extract`], or a program's own way to run it with limits.
#[derive(Clone, Copy, Debug)]
pub struct CopyReader(pub fn(&[u8], &About) -> Result<CopyText, NoText>);

impl Default for CopyReader {
    fn default() -> CopyReader {
        CopyReader(extract)
    }
}

impl CopyText {
    /// A text of what is shown alone, within the limit.
    fn shown(extractor: &str, shown: String) -> Result<CopyText, NoText> {
        CopyText { extractor: extractor.into(), shown, ..CopyText::default() }.checked()
    }

    /// A text within the limit.
    fn checked(self) -> Result<CopyText, NoText> {
        if self.shown.len() + self.hidden.len() > TEXT_LEN_MAX {
            return Err(NoText(format!("its text is longer than {TEXT_LEN_MAX} bytes").into()));
        }
        Ok(self)
    }

    /// The page, from 1, in which a byte of `shown` lies; `None` for what has no pages.
    #[must_use]
    pub fn page_of(&self, byte: usize) -> Option<usize> {
        Some(self.pages.partition_point(|start| *start <= byte)).filter(|page| *page > 0)
    }
}
