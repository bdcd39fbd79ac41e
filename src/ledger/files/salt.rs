//! Salts: what makes a commitment say nothing of its payload.

use crate::ledger::error::{Error, ErrorKind};

/// Random bytes of the operating system, taken many at a time.
#[derive(Debug)]
pub(crate) struct Salts {
    pool: Vec<u8>,
    used: usize,
}

/// Bytes taken from the operating system at once.
const POOL_LEN: usize = 4096;

impl Salts {
    pub(crate) fn new() -> Salts {
        Salts { pool: Vec::new(), used: 0 }
    }

    /// Bytes that nobody can guess, each given once.
    ///
    /// # Errors
    /// `Io` if the operating system has none to give.
    pub(crate) fn next<const LEN: usize>(&mut self) -> Result<[u8; LEN], Error> {
        if self.pool.len() < self.used + LEN {
            self.pool.resize(POOL_LEN.max(LEN), 0);
            self.used = 0;
            getrandom::fill(&mut self.pool).map_err(|error| {
                Error::new(ErrorKind::Io, "the operating system gives no random bytes; nothing was recorded")
                    .because(error)
            })?;
        }
        let mut salt = [0; LEN];
        if let Some(fresh) = self.pool.get_mut(self.used..self.used + LEN) {
            salt.copy_from_slice(fresh);
            fresh.fill(0);
        }
        self.used += LEN;
        Ok(salt)
    }
}
