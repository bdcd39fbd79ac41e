//! The text of a copy in a program that was built without the desk: plain text in UTF-8 alone.

use super::{About, CopyText, NoText};

/// The text of a copy.
///
/// # Errors
/// If the copy is no plain text in UTF-8.
pub fn extract(bytes: &[u8], _: &About) -> Result<CopyText, NoText> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| !text.contains(['\0', '<']));
    let text = text.ok_or_else(|| NoText("annals was built without the feature `desk`, which reads it".into()))?;
    CopyText::shown("annals-plain-1", text.to_owned())
}
