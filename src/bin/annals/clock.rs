//! The clock of this machine.

use std::time::{SystemTime, UNIX_EPOCH};

/// The time now, in microseconds since 1970-01-01T00:00:00Z.
pub(crate) fn now_micros() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}
