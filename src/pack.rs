//! Numbers and bytes, packed and unpacked: seven bits a byte, the lowest first.

/// Bytes being written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pack(Vec<u8>);

impl Pack {
    pub(crate) fn number(&mut self, mut number: u64) -> &mut Pack {
        while number >= 0x80 {
            self.0.push((number & 0x7f) as u8 | 0x80);
            number >>= 7;
        }
        self.0.push((number & 0x7f) as u8);
        self
    }

    /// A number that may be negative, small ones short.
    pub(crate) fn signed(&mut self, number: i64) -> &mut Pack {
        self.number(((number << 1) ^ (number >> 63)).cast_unsigned())
    }

    pub(crate) fn byte(&mut self, byte: u8) -> &mut Pack {
        self.0.push(byte);
        self
    }

    pub(crate) fn raw(&mut self, bytes: &[u8]) -> &mut Pack {
        self.0.extend_from_slice(bytes);
        self
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// A text, its length before it.
    pub(crate) fn text(&mut self, text: &str) -> &mut Pack {
        self.number(text.len() as u64).raw(text.as_bytes())
    }

    pub(crate) fn done(self) -> Vec<u8> {
        self.0
    }
}

/// Bytes being read, from the front. `None` where there is not what should be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unpack<'b>(pub(crate) &'b [u8]);

impl<'b> Unpack<'b> {
    pub(crate) fn number(&mut self) -> Option<u64> {
        // Most are of one byte.
        if let [byte @ ..0x80, rest @ ..] = self.0 {
            self.0 = rest;
            return Some(u64::from(*byte));
        }
        let (mut number, mut rest, mut shift) = (0_u64, self.0, 0);
        while let [byte, behind @ ..] = rest
            && shift < u64::BITS
        {
            (number, rest, shift) = (number | u64::from(byte & 0x7f) << shift, behind, shift + 7);
            if byte & 0x80 == 0 {
                self.0 = rest;
                return Some(number);
            }
        }
        None
    }

    /// Goes on behind a number.
    pub(crate) fn pass_number(&mut self) -> Option<()> {
        let last = self.0.iter().position(|byte| byte & 0x80 == 0)?;
        self.0 = self.0.get(last + 1..)?;
        Some(())
    }

    pub(crate) fn signed(&mut self) -> Option<i64> {
        self.number().map(|number| (number >> 1).cast_signed() ^ -(number & 1).cast_signed())
    }

    pub(crate) fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    pub(crate) fn raw(&mut self, len: usize) -> Option<&'b [u8]> {
        let (front, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(front)
    }

    pub(crate) fn text(&mut self) -> Option<&'b str> {
        str::from_utf8(self.text_bytes()?).ok()
    }

    /// The bytes of a text, whatever they are.
    pub(crate) fn text_bytes(&mut self) -> Option<&'b [u8]> {
        let len = usize::try_from(self.number()?).ok()?;
        self.raw(len)
    }

    pub(crate) fn array<const LEN: usize>(&mut self) -> Option<[u8; LEN]> {
        self.raw(LEN)?.try_into().ok()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_unpacked() {
        let numbers = [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX - 1, u64::MAX];
        let signed = [0, 1, -1, 63, -64, 64, i64::MIN, i64::MAX];
        let mut pack = Pack::default();
        for number in numbers {
            pack.number(number);
        }
        for number in signed {
            pack.signed(number);
        }
        pack.byte(7).raw(&[1; 32]).text("ñandú");
        let bytes = pack.done();
        let mut unpack = Unpack(&bytes);
        let mut passing = Unpack(&bytes);
        for number in numbers {
            assert_eq!(unpack.number(), Some(number));
            assert_eq!((passing.pass_number(), passing.0), (Some(()), unpack.0));
        }
        assert!(signed.iter().all(|number| unpack.signed() == Some(*number)));
        assert_eq!((unpack.byte(), unpack.array(), unpack.text()), (Some(7), Some([1; 32]), Some("ñandú")));
        assert!(unpack.is_empty() && unpack.number().is_none());
        assert_eq!(Unpack(&[0xff; 11]).number(), None, "too long");
    }
}
