//! What sorts of keys there are.

/// What is claimed of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Shape {
    /// Open starts on exact days.
    Plain,
    /// Closed periods of one of two values, where not the one is the other.
    Closed,
    /// Closed lists of periods.
    List,
    /// Several values at a time.
    Several,
    /// Vague dates.
    Vague,
    /// Amounts with one bound or two, of which some are about.
    Amount,
    /// Dates as values.
    Date,
    /// What cannot change.
    Fixed,
    /// Denied, disputed and judged.
    Disputed,
}

impl Shape {
    /// So many of a hundred keys in a row have the shape.
    pub(crate) const OF_A_HUNDRED: [(Shape, u64); 9] = [
        (Shape::Plain, 35),
        (Shape::Closed, 15),
        (Shape::List, 5),
        (Shape::Several, 10),
        (Shape::Vague, 15),
        (Shape::Amount, 8),
        (Shape::Date, 4),
        (Shape::Fixed, 4),
        (Shape::Disputed, 4),
    ];

    /// The shape of a key. Keys beside each other, which are used about as often, have different ones.
    pub(crate) fn of(key: u64) -> Shape {
        let mut place = (key % 100 * 37 + 11) % 100;
        for (shape, count) in Shape::OF_A_HUNDRED {
            if place < count {
                return shape;
            }
            place -= count;
        }
        Shape::Plain
    }

    /// What of a key of the shape is claimed.
    pub(crate) fn attribute(self, key: u64) -> &'static str {
        match self {
            Shape::Plain => "electricity",
            Shape::Closed => "access",
            Shape::List => "occupied",
            Shape::Several => "inside",
            Shape::Vague => "water",
            Shape::Amount => "persons",
            Shape::Date => "deadline",
            Shape::Fixed if key.is_multiple_of(2) => "built",
            Shape::Fixed => "founder",
            Shape::Disputed => "custody",
        }
    }
}

pub(super) const ATTRIBUTES: [&str; 10] = [
    r#"{"type":"attribute","key":"electricity","value_type":"symbol"}"#,
    r#"{"type":"attribute","key":"access","value_type":"symbol","complement":["open","closed"]}"#,
    r#"{"type":"attribute","key":"occupied","value_type":"bool"}"#,
    r#"{"type":"attribute","key":"inside","value_type":"entity","cardinality":"multi"}"#,
    r#"{"type":"attribute","key":"water","value_type":"symbol"}"#,
    r#"{"type":"attribute","key":"persons","value_type":"quantity","unit":"person","stale_after_days":900}"#,
    r#"{"type":"attribute","key":"deadline","value_type":"date"}"#,
    r#"{"type":"attribute","key":"built","value_type":"date","fixed":true}"#,
    r#"{"type":"attribute","key":"founder","value_type":"entity","fixed":true}"#,
    r#"{"type":"attribute","key":"custody","value_type":"symbol","complement":["held","free"]}"#,
];
