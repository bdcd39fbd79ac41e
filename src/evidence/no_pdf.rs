//! A PDF in a program that was built without the feature that reads PDFs.

use super::{CopyText, NoText};

pub(super) fn extract(_: &[u8]) -> Result<CopyText, NoText> {
    Err(NoText("annals was built without the feature `pdf`, which reads it".into()))
}
