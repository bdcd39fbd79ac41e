//! Numbers and texts in the bytes of a run. Little-endian; a text has its length before it. What does not fit is `None`:
//! the run is damaged.

/// Reads cell after cell.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cells<'b>(&'b [u8]);

impl<'b> Cells<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Cells<'b> {
        Cells(bytes)
    }

    /// The cells from a place on.
    pub(super) fn at(bytes: &'b [u8], place: u32) -> Option<Cells<'b>> {
        bytes.get(usize::try_from(place).ok()?..).map(Cells)
    }

    /// What was not read yet.
    pub(super) fn rest(self) -> &'b [u8] {
        self.0
    }

    pub(super) fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn bytes(&mut self, len: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const LEN: usize>(&mut self) -> Option<[u8; LEN]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_le_bytes)
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    pub(super) fn i32(&mut self) -> Option<i32> {
        self.array().map(i32::from_le_bytes)
    }

    pub(super) fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    pub(super) fn i64(&mut self) -> Option<i64> {
        self.array().map(i64::from_le_bytes)
    }

    /// A number of fewer bytes the smaller it is.
    pub(super) fn size(&mut self) -> Option<usize> {
        match self.u8()? {
            0xff => usize::try_from(self.u32()?).ok(),
            short => Some(short.into()),
        }
    }

    pub(super) fn text(&mut self) -> Option<&'b str> {
        let len = self.size()?;
        str::from_utf8(self.bytes(len)?).ok()
    }
}

/// Writes cell after cell.
pub(super) trait PutCells {
    fn put(&mut self, bytes: &[u8]);

    fn put_u8(&mut self, number: u8) {
        self.put(&[number]);
    }

    fn put_u32(&mut self, number: u32) {
        self.put(&number.to_le_bytes());
    }

    fn put_i32(&mut self, number: i32) {
        self.put(&number.to_le_bytes());
    }

    fn put_u64(&mut self, number: u64) {
        self.put(&number.to_le_bytes());
    }

    fn put_i64(&mut self, number: i64) {
        self.put(&number.to_le_bytes());
    }

    /// A number of fewer bytes the smaller it is, up to what 32 bits hold: payloads are shorter.
    fn put_size(&mut self, number: usize) {
        match u8::try_from(number) {
            Ok(short) if short < 0xff => self.put_u8(short),
            _ => {
                self.put_u8(0xff);
                self.put_u32(u32::try_from(number).unwrap_or(u32::MAX));
            }
        }
    }

    fn put_text(&mut self, text: &str) {
        self.put_size(text.len());
        self.put(text.as_bytes());
    }
}

impl PutCells for Vec<u8> {
    fn put(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}
