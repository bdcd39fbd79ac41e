//! The text of a PDF, page by page.

use std::panic::catch_unwind;

use super::{CopyText, NoText};

/// The text of a PDF. Between the words of one line there may be more or fewer spaces than a reader sees.
pub(super) fn extract(bytes: &[u8]) -> Result<CopyText, NoText> {
    let no_text = |why: String| NoText(format!("the PDF could not be read: {why}").into());
    // The crate stops with a panic at much that is wrong with a file.
    let read = catch_unwind(|| pdf_extract::extract_text_from_mem_by_pages(bytes));
    let pages = read.map_err(|_| no_text("it is damaged, or of a form that is not known".to_owned()))?;
    let pages = pages.map_err(|error| no_text(error.to_string()))?;
    let (mut shown, mut starts) = (String::new(), Vec::new());
    for page in &pages {
        starts.push(shown.len());
        shown.push_str(page);
        shown.push('\n');
    }
    if shown.trim().is_empty() {
        return Err(NoText("the PDF has no text, as one that was scanned".into()));
    }
    CopyText { extractor: "annals-pdf-1".into(), shown, pages: starts, ..CopyText::default() }.checked()
}
