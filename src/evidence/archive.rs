//! Archives of pages: WARC (ISO 28500) and WACZ, a ZIP file of WARCs. The text is that of the response that an address got.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use encoding_rs::Encoding;
use flate2::bufread::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use zip::ZipArchive;

use super::html::charset;
use super::kind::of_response;
use super::{About, CopyText, NoText};

/// The largest response, and the largest file within a ZIP file, that is read, in bytes.
const PART_LEN_MAX: u64 = 64 << 20;

/// A file within a ZIP file may become at most so many times as long as it is packed.
const RATIO_MAX: u64 = 200;

/// How the names of WARC files within a WACZ file end, by its specification.
const WARC_ENDINGS: &[&str] = &[".warc", ".warc.gz"];

/// The longest line of a header, in bytes.
const LINE_LEN_MAX: u64 = 64 << 10;

/// At most so many lines of one header are read.
const LINES_MAX: usize = 1000;

/// At most so many addresses are named, if it is not clear which one is meant.
const NAMED_MAX: usize = 5;

/// A response that an archive keeps.
struct Response {
    address: String,
    bytes: Vec<u8>,
    is_http: bool,
}

/// The text of the response in a WARC file, which may be packed by gzip.
pub(super) fn of_warc(bytes: &[u8], about: &About) -> Result<CopyText, NoText> {
    chosen(responses(bytes, about)?, about)
}

/// The text of the response in one of the WARC files of a WACZ file.
pub(super) fn of_wacz(bytes: &[u8], about: &About) -> Result<CopyText, NoText> {
    let damaged = |error: zip::result::ZipError| NoText(format!("the ZIP file could not be read: {error}").into());
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    let is_warc = |name: &str| name.starts_with("archive/") && WARC_ENDINGS.iter().any(|ending| name.ends_with(ending));
    let names = archive.file_names().map(|name| name.map(std::borrow::Cow::into_owned));
    let mut names: Vec<String> = names.collect::<Result<_, _>>().map_err(damaged)?;
    names.retain(|name| is_warc(name));
    if names.is_empty() {
        return Err(NoText("it is a ZIP file, and no WACZ: it has no archive/….warc".into()));
    }
    let mut all = Vec::new();
    for name in names {
        let file = archive.by_name(&name).map_err(damaged)?;
        let is_too_large = file.size() > PART_LEN_MAX || file.size() / RATIO_MAX > file.compressed_size();
        if is_too_large {
            return Err(NoText(
                format!("{name} in it is larger than {PART_LEN_MAX} bytes, or packed to nothing").into(),
            ));
        }
        let mut warc = Vec::new();
        file.take(PART_LEN_MAX).read_to_end(&mut warc).map_err(|error| unreadable(&error))?;
        all.extend(responses(&warc, about)?);
    }
    chosen(all, about)
}

fn unreadable(error: &io::Error) -> NoText {
    NoText(format!("the archive could not be read: {error}").into())
}

/// The text of the one response that is meant.
fn chosen(responses: Vec<Response>, about: &About) -> Result<CopyText, NoText> {
    let mut first_error = None;
    let mut texts: Vec<(String, CopyText)> = Vec::new();
    for response in responses {
        match text_of(&response) {
            Ok(text) => texts.push((response.address, text)),
            Err(error) => first_error = first_error.or(Some(error)),
        }
    }
    let addresses = || texts.iter().take(NAMED_MAX).map(|(address, _)| address.as_str()).collect::<Vec<_>>().join(", ");
    match (about.url.as_deref(), texts.len()) {
        (_, 1) => Ok(texts.swap_remove(0).1),
        // One address may have been asked several times; the newest answer counts.
        (Some(_), 2..) => Ok(texts.swap_remove(texts.len() - 1).1),
        (Some(url), 0) => {
            Err(first_error.unwrap_or_else(|| NoText(format!("the archive has no answer of {url}").into())))
        }
        (None, 0) => Err(first_error.unwrap_or_else(|| NoText("the archive has no page".into()))),
        (None, _) => Err(NoText(
            format!("the archive has several pages, and it is not said which is meant ({})", addresses()).into(),
        )),
    }
}

/// The responses of a WARC file: those of the address that is meant, or all.
fn responses(bytes: &[u8], about: &About) -> Result<Vec<Response>, NoText> {
    if bytes.starts_with(&[0x1f, 0x8b]) {
        return records(&mut BufReader::new(MultiGzDecoder::new(bytes)), about).map_err(|error| unreadable(&error));
    }
    records(&mut &*bytes, about).map_err(|error| unreadable(&error))
}

fn records(warc: &mut impl BufRead, about: &About) -> io::Result<Vec<Response>> {
    let mut all = Vec::new();
    loop {
        let line = line(warc)?;
        if line.is_empty() {
            return Ok(all);
        }
        if line.trim().is_empty() {
            continue;
        }
        if !line.starts_with("WARC/") {
            return Err(io::Error::other("no record of a WARC file begins where one must"));
        }
        let header = header(warc)?;
        let field = |name: &str| header.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let len = field("content-length").and_then(|len| len.parse::<u64>().ok());
        let Some(len) = len else {
            return Err(io::Error::other("a record of the WARC file does not say how long it is"));
        };
        let (kind, address) = (field("warc-type").unwrap_or_default(), field("warc-target-uri").unwrap_or_default());
        let address = address.trim_matches(['<', '>']);
        let is_meant = about.url.as_deref().is_none_or(|url| is_one_address(url, address));
        let is_answer = matches!(kind, "response" | "resource") && address.starts_with("http");
        let mut body = warc.take(len);
        if is_answer && is_meant && len <= PART_LEN_MAX {
            let mut bytes = Vec::new();
            body.read_to_end(&mut bytes)?;
            if bytes.len() as u64 != len {
                return Err(io::Error::other("the last record is cut off"));
            }
            all.push(Response { address: address.to_owned(), bytes, is_http: kind == "response" });
        } else if io::copy(&mut body, &mut io::sink())? != len {
            return Err(io::Error::other("the last record is cut off"));
        }
    }
}

/// Whether two addresses are one: a place within the page and a last slash say nothing.
fn is_one_address(one: &str, other: &str) -> bool {
    let plain = |address: &str| address.split('#').next().unwrap_or_default().trim_end_matches('/').to_owned();
    plain(one) == plain(other)
}

/// A line with its end; empty behind the last one.
fn line(from: &mut impl BufRead) -> io::Result<String> {
    let mut line = Vec::new();
    from.take(LINE_LEN_MAX).read_until(b'\n', &mut line)?;
    Ok(String::from_utf8_lossy(&line).into_owned())
}

/// The fields of a header up to the empty line, their names in small letters.
fn header(from: &mut impl BufRead) -> io::Result<Vec<(String, String)>> {
    let mut fields = Vec::new();
    for _ in 0..LINES_MAX {
        let line = line(from)?;
        if line.trim().is_empty() {
            return Ok(fields);
        }
        if let Some((name, value)) = line.split_once(':') {
            fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    Err(io::Error::other("a header in the archive has too many lines"))
}

/// The text of a response: of its body, as its HTTP header says how that is packed.
fn text_of(response: &Response) -> Result<CopyText, NoText> {
    let mut rest: &[u8] = &response.bytes;
    if !response.is_http {
        return of_response(rest, None, None);
    }
    let status = line(&mut rest).map_err(|error| unreadable(&error))?;
    let code = status.split_whitespace().nth(1).unwrap_or_default();
    if !code.starts_with('2') {
        return Err(NoText(format!("{} was answered with {}", response.address, status.trim()).into()));
    }
    let header = header(&mut rest).map_err(|error| unreadable(&error))?;
    let field =
        |name: &str| header.iter().find(|(known, _)| known == name).map(|(_, value)| value.to_ascii_lowercase());
    let mut body = rest.to_vec();
    if field("transfer-encoding").is_some_and(|how| how.contains("chunked")) {
        // Some archivers put the parts together and keep the header.
        body = joined(&body).unwrap_or(body);
    }
    for how in field("content-encoding").unwrap_or_default().split(',').map(str::trim) {
        body = unpacked(&body, how)?;
    }
    let media_type = field("content-type");
    let served = media_type.as_deref().and_then(charset).and_then(|label| Encoding::for_label(label.as_bytes()));
    of_response(&body, media_type.as_deref(), served)
}

/// A body that was sent in parts (RFC 9112, 7.1), put together; `None` if it is no such body.
fn joined(body: &[u8]) -> Option<Vec<u8>> {
    let (mut rest, mut whole) = (body, Vec::new());
    loop {
        let line = line(&mut rest).ok()?;
        let len = usize::from_str_radix(line.split(';').next()?.trim(), 16).ok()?;
        if len == 0 {
            return Some(whole);
        }
        whole.extend_from_slice(rest.get(..len)?);
        rest = rest.get(len..)?.strip_prefix(b"\r\n")?;
    }
}

fn unpacked(body: &[u8], how: &str) -> Result<Vec<u8>, NoText> {
    let mut bytes = Vec::new();
    let read = match how {
        "" | "identity" => return Ok(body.to_vec()),
        "gzip" | "x-gzip" => MultiGzDecoder::new(body).take(PART_LEN_MAX).read_to_end(&mut bytes),
        // By the standard the second, by many servers the first.
        "deflate" => match ZlibDecoder::new(body).take(PART_LEN_MAX).read_to_end(&mut bytes) {
            Err(_) => {
                bytes.clear();
                DeflateDecoder::new(body).take(PART_LEN_MAX).read_to_end(&mut bytes)
            }
            read => read,
        },
        other => return Err(NoText(format!("the page in the archive is packed by {other}, which is not read").into())),
    };
    match read {
        Ok(_) => Ok(bytes),
        // An archiver may have unpacked the body and kept the header.
        Err(_) if std::str::from_utf8(body).is_ok() => Ok(body.to_vec()),
        Err(error) => Err(unreadable(&error)),
    }
}
