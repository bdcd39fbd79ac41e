//! A head as others keep it: a C2SP checkpoint, signed or not.

use std::fmt;

use crate::chain::Hash;
use crate::event::Genesis;
use crate::ledger::head::{Head, base64, of_base64};

/// Origin, size and root of a ledger, with the lines of signatures as they stand behind them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The name under which the ledger's heads are published.
    pub origin: String,
    /// How many events there were.
    pub size: u64,
    /// Root of the RFC 6962 tree over them (SHA-256).
    pub root: Hash,
    /// Lines of signatures, each `— NAME BASE64`. Nothing is known of whether they hold.
    pub signatures: Vec<String>,
}

/// Begins the line of a signature.
const SIGNATURE: &str = "— ";

impl Checkpoint {
    /// A head that nobody signed.
    #[must_use]
    pub fn unsigned(head: &Head) -> Checkpoint {
        Checkpoint { origin: head.origin.clone(), size: head.size, root: head.root, signatures: Vec::new() }
    }

    /// Reads what `Display` writes, and nothing else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Checkpoint> {
        let (head, signatures) = text.split_once("\n\n").unwrap_or((text, ""));
        let mut lines = head.lines();
        let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        let checkpoint = Checkpoint {
            origin: Some(origin).filter(|origin| Genesis::is_origin(origin))?.to_owned(),
            size: size.parse().ok()?,
            root: Hash(of_base64(root)?),
            signatures: signatures.lines().map(str::to_owned).collect(),
        };
        let are_signatures = checkpoint.signers().count() == checkpoint.signatures.len();
        (are_signatures && checkpoint.to_string() == text).then_some(checkpoint)
    }

    /// Reads the first three lines of what somebody kept, such as what `annals head` printed.
    #[must_use]
    pub fn parse_kept(text: &str) -> Option<Checkpoint> {
        let lines: Vec<&str> = text.lines().take(3).collect();
        Checkpoint::parse(&(lines.join("\n") + "\n"))
    }

    /// Whether both are the same head, whoever signed them.
    #[must_use]
    pub fn is_same_head(&self, other: &Checkpoint) -> bool {
        (&self.origin, self.size, self.root) == (&other.origin, other.size, other.root)
    }

    /// The names in the lines of signatures.
    pub fn signers(&self) -> impl Iterator<Item = &str> {
        self.signatures.iter().filter_map(|line| {
            let (name, signature) = line.strip_prefix(SIGNATURE)?.split_once(' ')?;
            (Genesis::is_origin(name) && !signature.is_empty()).then_some(name)
        })
    }

    /// The root in Base64.
    #[must_use]
    pub fn root_text(&self) -> String {
        base64(&self.root.0)
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}\n{}\n", self.origin, self.size, self.root_text())?;
        if !self.signatures.is_empty() {
            f.write_str("\n")?;
        }
        self.signatures.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}
