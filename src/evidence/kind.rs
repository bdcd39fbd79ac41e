//! What kind of file a copy is, by its bytes, and its text.

use infer::MatcherType;

use super::{About, CopyText, NoText, archive, html, pdf, plain};

/// So many bytes at the beginning of a file tell its kind.
const HEAD_LEN: usize = 4096;

/// The text of a copy. Bytes of strangers are read: a copy may be made to take long, to take much memory, or to stop the
/// program. So run this in a process with limits of its own.
///
/// # Errors
/// If the copy has no text that can be read, with the reason: a picture, sound, a damaged file.
pub fn extract(bytes: &[u8], about: &About) -> Result<CopyText, NoText> {
    let head = bytes.get(..HEAD_LEN).unwrap_or(bytes);
    // Other programs write a few bytes before a PDF, and the standard's readers pass over them.
    let is_pdf = head.get(..1024).unwrap_or(head).windows(5).any(|window| window == b"%PDF-");
    if head.starts_with(b"WARC/") || head.starts_with(&[0x1f, 0x8b]) {
        return archive::of_warc(bytes, about);
    }
    if head.starts_with(b"PK\x03\x04") {
        return archive::of_wacz(bytes, about);
    }
    if is_pdf {
        return pdf::extract(bytes);
    }
    of_response(bytes, about.media_type.as_deref(), None)
}

/// The text of what a server answered, or of a file that is no archive and no document.
pub(super) fn of_response(
    bytes: &[u8],
    media_type: Option<&str>,
    served: Option<&'static encoding_rs::Encoding>,
) -> Result<CopyText, NoText> {
    let is_told = media_type.is_some_and(|told| told.starts_with("text/html") || told.starts_with("application/xhtml"));
    let kind = infer::get(bytes);
    match kind {
        Some(kind) if kind.mime_type() == "application/pdf" => pdf::extract(bytes),
        _ if is_told => html::extract(bytes, served),
        Some(kind) if kind.mime_type() == "text/html" => html::extract(bytes, served),
        Some(kind) if kind.matcher_type() != MatcherType::Text => {
            Err(NoText(format!("it is no text but {}", kind.mime_type()).into()))
        }
        _ if is_page(bytes) => html::extract(bytes, served),
        _ => plain::extract(bytes, served),
    }
}

/// Whether a file of no known beginning, such as one with a byte order mark, is a page.
fn is_page(bytes: &[u8]) -> bool {
    let head = bytes.get(..HEAD_LEN).unwrap_or(bytes);
    let head: String =
        plain::decode(head, None).text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']).to_ascii_lowercase();
    ["<!doctype html", "<html", "<head", "<body", "<meta", "<article", "<main", "<section"]
        .iter()
        .any(|tag| head.starts_with(tag))
        || head.starts_with("<?xml") && head.contains("<html")
}
