//! How a record lies in its table. Both databases hold the same tables with the same columns; what differs between
//! them is only how a statement is written.

use super::value::{Kind, Row, Unreadable, Value};

/// A table and its columns. Where rows may change the last column is `version`: each change is by one version, and one
/// that was decided on another version than the stored one is not written.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) columns: &'static [(&'static str, Kind)],
    /// How many of the first columns are the primary key.
    pub(crate) keys: usize,
}

impl Table {
    /// The columns' names, separated by commas, each after `prefix`.
    pub(crate) fn list(&self, prefix: &str) -> String {
        let mut list = String::new();
        for (name, _) in self.columns {
            if !list.is_empty() {
                list.push_str(", ");
            }
            list.push_str(prefix);
            list.push_str(name);
        }
        list
    }

    /// The columns of the primary key.
    pub(crate) fn key_columns(&self) -> &'static [(&'static str, Kind)] {
        self.columns.get(..self.keys).unwrap_or_default()
    }

    /// The columns that may change.
    pub(crate) fn other_columns(&self) -> &'static [(&'static str, Kind)] {
        self.columns.get(self.keys..).unwrap_or_default()
    }

    /// The kind of one column.
    pub(crate) fn kind(&self, column: &str) -> Option<Kind> {
        self.columns.iter().find(|(name, _)| *name == column).map(|(_, kind)| *kind)
    }

    /// The kinds of all columns.
    pub(crate) fn kinds(&self) -> Vec<Kind> {
        self.columns.iter().map(|(_, kind)| *kind).collect()
    }
}

/// What one row of a table says.
pub(crate) trait Record: Sized {
    const TABLE: &'static Table;
    fn row(&self) -> Row;
    fn read(row: Row) -> Result<Self, Unreadable>;
    /// Counts a change; nothing where rows never change.
    fn bump(&mut self);

    /// The values of the primary key.
    fn key(&self) -> Row {
        let mut row = self.row();
        row.truncate(Self::TABLE.keys);
        row
    }
}

/// The values of a key.
macro_rules! key {
    ($($part:expr),* $(,)?) => { vec![$($crate::ledger::value::Field::value(&$part)),*] };
}
pub(crate) use key;

/// A record and its table: the fields are the columns.
macro_rules! record {
    (
        $table:literal, keys $keys:literal, $guard:ident;
        $(#[$doc:meta])*
        $vis:vis struct $name:ident { $($(#[$each:meta])* $open:vis $field:ident: $type:ty,)* }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        $vis struct $name { $($(#[$each])* $open $field: $type,)* }

        impl $crate::ledger::table::Record for $name {
            const TABLE: &'static $crate::ledger::table::Table = &$crate::ledger::table::Table {
                name: $table,
                columns: &[$((stringify!($field), <$type as $crate::ledger::value::Field>::KIND)),*],
                keys: $keys,
            };

            fn row(&self) -> $crate::ledger::value::Row {
                vec![$($crate::ledger::value::Field::value(&self.$field)),*]
            }

            fn read(
                row: $crate::ledger::value::Row,
            ) -> Result<Self, $crate::ledger::value::Unreadable> {
                let mut values = row.into_iter();
                Ok($name {$(
                    $field: $crate::ledger::value::Field::read(
                        values.next().ok_or($crate::ledger::value::Unreadable)?,
                    )?,
                )*})
            }

            $crate::ledger::table::record!(@bump $guard);
        }
    };
    (@bump changing) => {
        fn bump(&mut self) {
            self.version = self.version.saturating_add(1);
        }
    };
    (@bump lasting) => { fn bump(&mut self) {} };
}
pub(crate) use record;

/// Reads every row of an answer.
pub(crate) fn read_all<R: Record>(rows: Vec<Row>) -> Result<Vec<R>, Unreadable> {
    rows.into_iter().map(R::read).collect()
}

/// A number in a column of an answer.
pub(crate) fn int(row: &Row, column: usize) -> Result<i64, Unreadable> {
    if let Some(Value::Int(int)) = row.get(column) { Ok(*int) } else { Err(Unreadable) }
}
