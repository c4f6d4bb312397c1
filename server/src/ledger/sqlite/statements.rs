//! The statements, made from the tables' columns.

use std::fmt::Write as _;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql, params_from_iter};
use uuid::Uuid;

use super::super::moment::{AHEAD_MAX, Moment};
use super::super::plan::Lookup;
use super::super::shelf::{How, Write};
use super::super::table::Table;
use super::super::value::{Field as _, Kind, Row, Value};

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Int(int) => ValueRef::Integer(*int),
            Value::Bool(bool) => ValueRef::Integer(i64::from(*bool)),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Uuid(uuid) => ValueRef::Blob(uuid.as_bytes()),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

fn value(stored: ValueRef<'_>, kind: Kind, column: usize) -> rusqlite::Result<Value> {
    let wrong = || rusqlite::Error::InvalidColumnType(column, format!("{kind:?}"), stored.data_type());
    Ok(match (kind, stored) {
        (_, ValueRef::Null) => Value::Null,
        (Kind::Int, ValueRef::Integer(int)) => Value::Int(int),
        (Kind::Bool, ValueRef::Integer(int)) => Value::Bool(int != 0),
        (Kind::Text, ValueRef::Text(text)) => {
            Value::Text(std::str::from_utf8(text).map_err(|_| wrong())?.to_owned())
        }
        (Kind::Uuid, ValueRef::Blob(bytes)) => Value::Uuid(Uuid::from_slice(bytes).map_err(|_| wrong())?),
        (Kind::Bytes, ValueRef::Blob(bytes)) => Value::Bytes(bytes.to_vec()),
        _ => return Err(wrong()),
    })
}

/// The rows of an answer.
pub(super) fn rows(
    connection: &Connection,
    sql: &str,
    params: &[Value],
    kinds: &[Kind],
) -> rusqlite::Result<Vec<Row>> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut found = statement.query(params_from_iter(params))?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        let values =
            kinds.iter().enumerate().map(|(column, kind)| value(row.get_ref(column)?, *kind, column));
        rows.push(values.collect::<rusqlite::Result<Row>>()?);
    }
    Ok(rows)
}

/// `SELECT` by the columns of a lookup.
pub(super) fn select(lookup: Lookup) -> String {
    let mut sql = format!("SELECT {} FROM {} WHERE ", lookup.table().list(""), lookup.table().name);
    numbered(&mut sql, lookup.by().iter().copied(), " AND ", 1);
    if let Some(among) = lookup.among() {
        let _ = write!(sql, " AND {}", among.sql());
    }
    sql
}

/// The rows that are due, oldest first, and those that a clock ahead of its time has put off.
pub(super) fn due(
    connection: &Connection,
    table: &Table,
    now: Moment,
    limit: i64,
) -> rusqlite::Result<Vec<Row>> {
    let (list, name) = (table.list(""), table.name);
    let sql = format!(
        "SELECT * FROM (SELECT {list} FROM {name} WHERE due_at <= ?1 ORDER BY due_at LIMIT ?3) \
         UNION ALL SELECT * FROM (SELECT {list} FROM {name} WHERE due_at > ?2 LIMIT ?3)"
    );
    let params = [now.value(), now.after(AHEAD_MAX).value(), Value::Int(limit)];
    rows(connection, &sql, &params, &table.kinds())
}

/// Writes rows. An update or a deletion that does not find the version it was decided on is an error: everything is undone.
pub(super) fn write(connection: &Connection, write: &Write) -> rusqlite::Result<()> {
    let sql = match write.how {
        How::Insert => insert(write.table),
        How::Update => update(write.table),
        How::Delete => delete(write.table),
    };
    let mut statement = connection.prepare_cached(&sql)?;
    for row in &write.rows {
        let changed = statement.execute(params_from_iter(row))?;
        if changed != 1 {
            return Err(rusqlite::Error::StatementChangedRows(changed));
        }
    }
    Ok(())
}

fn insert(table: &Table) -> String {
    let mut sql = format!("INSERT INTO {} ({}) VALUES (", table.name, table.list(""));
    for number in 1..=table.columns.len() {
        if number > 1 {
            sql.push_str(", ");
        }
        // Writing to a string does not fail.
        let _ = write!(sql, "?{number}");
    }
    sql.push(')');
    sql
}

fn update(table: &Table) -> String {
    let mut sql = format!("UPDATE {} SET ", table.name);
    let names = |columns: &'static [(&'static str, Kind)]| columns.iter().map(|(name, _)| *name);
    numbered(&mut sql, names(table.other_columns()), ", ", table.keys + 1);
    sql.push_str(" WHERE ");
    numbered(&mut sql, names(table.key_columns()), " AND ", 1);
    let _ = write!(sql, " AND version = ?{} - 1", table.columns.len());
    sql
}

fn delete(table: &Table) -> String {
    let mut sql = format!("DELETE FROM {} WHERE ", table.name);
    numbered(&mut sql, table.key_columns().iter().map(|(name, _)| *name), " AND ", 1);
    let _ = write!(sql, " AND version = ?{}", table.columns.len());
    sql
}

/// `name = ?n`, counted from `first`.
fn numbered<'a>(sql: &mut String, names: impl Iterator<Item = &'a str>, between: &str, first: usize) {
    for (number, name) in (first..).zip(names) {
        if number > first {
            sql.push_str(between);
        }
        let _ = write!(sql, "{name} = ?{number}");
    }
}
