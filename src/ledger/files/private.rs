//! What is a private key, wherever it stands.

use std::io::Read;
use std::path::Path;

use zeroize::Zeroizing;

use crate::log::disk::{Links, open_to_read};

/// With these words every private key begins, of whatever form.
pub(super) const MARK: &str = "annals private key 1";
/// So much of a file is looked at where only the mark matters, in bytes.
const START_LEN: u64 = 64 << 10;

/// Whether a private key stands somewhere in these bytes, in UTF-8 or in UTF-16.
pub(super) fn holds_private_key(bytes: &[u8]) -> bool {
    let mark = MARK.as_bytes();
    // Every second byte of ASCII in UTF-16 is zero.
    let is_wide = |window: &[u8]| {
        let between = || window.iter().skip(1).step_by(2);
        window.iter().step_by(2).eq(mark) && between().all(|byte| *byte == 0)
    };
    bytes.windows(mark.len()).any(|window| window == mark) || bytes.windows(mark.len() * 2 - 1).any(is_wide)
}

/// Whether a file begins with a private key, of whatever form, maybe behind something else; its bytes are kept nowhere.
#[must_use]
pub fn is_key_file(path: &Path) -> bool {
    let mut start = Zeroizing::new(Vec::new());
    let file = open_to_read(path, Links::Followed);
    file.and_then(|file| file.take(START_LEN).read_to_end(&mut start)).is_ok() && holds_private_key(&start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_private_key_is_found_whatever_stands_around_it() {
        let key = format!("{MARK}\nana\nAAAA\n");
        let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let wide_be = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
        let texts = ["", "\u{feff}", " \r\n\t", "a page: ", "anannals", "annals private key ", &"a".repeat(10_000)];
        for before in texts {
            let text = format!("{before}{key}");
            assert!(holds_private_key(text.as_bytes()), "{before:?}");
            assert!(holds_private_key(text.replace('\n', "\r\n").as_bytes()), "{before:?}");
            assert!(holds_private_key(&wide(&text)) && holds_private_key(&wide_be(&text)), "{before:?}");
        }
        for text in ["", "annals", "annals private key", "a private key 1", "ann\0als private key 1"] {
            assert!(!holds_private_key(text.as_bytes()) && !holds_private_key(&wide(text)), "{text}");
        }
    }
}
