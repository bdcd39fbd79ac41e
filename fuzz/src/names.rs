//! Names for numbers that no ledger stands behind.

use std::borrow::Cow;

use annals::exchange::Names;
use annals::seq::Seq;

/// Every number stands for the same key.
pub(crate) struct AnyNames;

impl Names for AnyNames {
    fn entity(&self, _: Seq) -> Cow<'_, str> {
        "key".into()
    }
    fn attribute(&self, _: Seq) -> Cow<'_, str> {
        "key".into()
    }
    fn source(&self, _: Seq) -> Cow<'_, str> {
        "key".into()
    }
    fn target(&self, _: Seq) -> String {
        "#1".to_owned()
    }
    fn actor(&self, _: Seq) -> Cow<'_, str> {
        "key".into()
    }
}
