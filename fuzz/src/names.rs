//! Names for numbers that no ledger stands behind.

use annals::exchange::Names;
use annals::seq::Seq;

/// Every number stands for the same key.
pub(crate) struct AnyNames;

impl Names for AnyNames {
    fn entity(&self, _: Seq) -> &str {
        "key"
    }
    fn attribute(&self, _: Seq) -> &str {
        "key"
    }
    fn source(&self, _: Seq) -> &str {
        "key"
    }
    fn target(&self, _: Seq) -> String {
        "#1".to_owned()
    }
    fn actor(&self, _: Seq) -> &str {
        "key"
    }
}
