//! The statements, made from the tables' columns: one per table and batch, with an array per column.

use std::fmt::Write as _;

use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Client, Error, Statement};
use uuid::Uuid;

use super::super::moment::AHEAD_MAX;
use super::super::plan::Lookup;
use super::super::table::Table;
use super::super::value::{Kind, Row, Value};

impl ToSql for Value {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut tokio_postgres::types::private::BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(int) => int.to_sql_checked(ty, out),
            Value::Bool(bool) => bool.to_sql_checked(ty, out),
            Value::Text(text) => text.to_sql_checked(ty, out),
            Value::Uuid(uuid) => uuid.to_sql_checked(ty, out),
            Value::Bytes(bytes) => bytes.to_sql_checked(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// The microseconds since 1970 of a time of the server's clock.
macro_rules! server_micros {
    ($time:literal) => {
        concat!("(extract(epoch FROM ", $time, ") * 1000000)::bigint")
    };
}

/// The moment, by the server's clock.
pub(super) const NOW: &str = concat!("SELECT ", server_micros!("clock_timestamp()"));

/// The rows of an answer.
pub(super) async fn rows(
    client: &Client,
    statement: &Statement,
    params: &[Value],
    kinds: &[Kind],
) -> Result<Vec<Row>, Error> {
    let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
    read(client.query(statement, &params).await?, kinds)
}

/// The rows whose columns match one of the keys.
pub(super) async fn rows_by(
    client: &Client,
    statement: &Statement,
    keys: &[Vec<Value>],
    kinds: &[Kind],
) -> Result<Vec<Row>, Error> {
    read(client.query(statement, &arrays(keys)).await?, kinds)
}

/// Writes rows; says how many were.
pub(super) async fn write(
    client: &Client,
    statement: &Statement,
    columns: &[Vec<Value>],
) -> Result<u64, Error> {
    client.execute(statement, &arrays(columns)).await
}

fn arrays(columns: &[Vec<Value>]) -> Vec<&(dyn ToSql + Sync)> {
    columns.iter().map(|column| column as &(dyn ToSql + Sync)).collect()
}

fn read(found: Vec<tokio_postgres::Row>, kinds: &[Kind]) -> Result<Vec<Row>, Error> {
    let value = |row: &tokio_postgres::Row, column: usize, kind: Kind| {
        Ok(match kind {
            Kind::Int => row.try_get::<_, Option<i64>>(column)?.map(Value::Int),
            Kind::Bool => row.try_get::<_, Option<bool>>(column)?.map(Value::Bool),
            Kind::Text => row.try_get::<_, Option<String>>(column)?.map(Value::Text),
            Kind::Uuid => row.try_get::<_, Option<Uuid>>(column)?.map(Value::Uuid),
            Kind::Bytes => row.try_get::<_, Option<Vec<u8>>>(column)?.map(Value::Bytes),
        }
        .unwrap_or(Value::Null))
    };
    let row = |row: tokio_postgres::Row| {
        kinds
            .iter()
            .enumerate()
            .map(|(column, kind)| value(&row, column, *kind))
            .collect::<Result<Row, Error>>()
    };
    found.into_iter().map(row).collect()
}

/// The columns of these rows.
pub(super) fn columns(rows: Vec<Row>, width: usize) -> Vec<Vec<Value>> {
    let mut columns: Vec<Vec<Value>> =
        std::iter::repeat_with(|| Vec::with_capacity(rows.len())).take(width).collect();
    for row in rows {
        for (column, value) in columns.iter_mut().zip(row) {
            column.push(value);
        }
    }
    columns
}

/// `SELECT` by arrays of the columns of a lookup; rows that are held are held in one order by everybody.
pub(super) fn select(lookup: Lookup) -> String {
    let (table, by) = (lookup.table(), lookup.by());
    let kinds = by.iter().map(|name| table.kind(name).unwrap_or(Kind::Text));
    let mut sql = format!("SELECT {} FROM {} AS w(", table.list("t."), unnest(kinds));
    joined(&mut sql, by.iter().copied(), ", ", |name| name.to_owned());
    let same =
        |sql: &mut String| joined(sql, by.iter().copied(), " AND ", |name| format!("t.{name} = w.{name}"));
    if let Some(among) = lookup.among() {
        // For each of the keys by itself: a limit counts the rows of one.
        let _ = write!(sql, ") CROSS JOIN LATERAL (SELECT * FROM {} t WHERE ", table.name);
        same(&mut sql);
        let _ = write!(sql, " AND {}) t", among.sql());
        return sql;
    }
    let _ = write!(sql, ") JOIN {} t ON ", table.name);
    same(&mut sql);
    if lookup.held() {
        sql.push_str(" ORDER BY ");
        joined(&mut sql, table.key_columns().iter().map(|(name, _)| *name), ", ", |name| format!("t.{name}"));
        sql.push_str(" FOR UPDATE OF t");
    }
    sql
}

/// The rows that are due, oldest first, and those that a clock ahead of its time has put off, of which nobody else is
/// taking any: `$1` is the moment by hand, or the server's when it is NULL.
pub(super) fn due(table: &Table) -> String {
    let (list, name, server) = (table.list(""), table.name, server_micros!("statement_timestamp()"));
    let ahead = AHEAD_MAX.as_micros();
    format!(
        "SELECT * FROM (SELECT {list} FROM {name} WHERE due_at <= COALESCE($1::bigint, {server}) \
         ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED) come \
         UNION ALL SELECT * FROM (SELECT {list} FROM {name} WHERE due_at > COALESCE($1::bigint, {server}) + {ahead} \
         LIMIT $2 FOR UPDATE SKIP LOCKED) astray"
    )
}

pub(super) fn insert(table: &Table) -> String {
    let kinds = table.columns.iter().map(|(_, kind)| *kind);
    format!("INSERT INTO {} ({}) SELECT * FROM {}", table.name, table.list(""), unnest(kinds))
}

/// Rows that do not have the version they were decided on any more are not updated, and then not counted.
pub(super) fn update(table: &Table) -> String {
    let names = |columns: &'static [(&'static str, Kind)]| columns.iter().map(|(name, _)| *name);
    let mut sql = format!("UPDATE {} t SET ", table.name);
    joined(&mut sql, names(table.other_columns()), ", ", |name| format!("{name} = u.{name}"));
    let kinds = table.columns.iter().map(|(_, kind)| *kind);
    let _ = write!(sql, " FROM {} AS u({}) WHERE ", unnest(kinds), table.list(""));
    joined(&mut sql, names(table.key_columns()), " AND ", |name| format!("t.{name} = u.{name}"));
    sql.push_str(" AND t.version = u.version - 1");
    sql
}

/// Rows that do not have the version they were decided on any more are not deleted, and then not counted.
pub(super) fn delete(table: &Table) -> String {
    let kinds = table.columns.iter().map(|(_, kind)| *kind);
    let mut sql = format!(
        "DELETE FROM {} t USING {} AS u({}) WHERE t.version = u.version AND ",
        table.name,
        unnest(kinds),
        table.list("")
    );
    let names = table.key_columns().iter().map(|(name, _)| *name);
    joined(&mut sql, names, " AND ", |name| format!("t.{name} = u.{name}"));
    sql
}

/// `unnest($1::bigint[], …)`
fn unnest(kinds: impl Iterator<Item = Kind>) -> String {
    let mut sql = String::from("unnest(");
    for (number, kind) in (1..).zip(kinds) {
        let array = match kind {
            Kind::Int => "bigint[]",
            Kind::Bool => "boolean[]",
            Kind::Text => "text[]",
            Kind::Uuid => "uuid[]",
            Kind::Bytes => "bytea[]",
        };
        let comma = if number > 1 { ", " } else { "" };
        let _ = write!(sql, "{comma}${number}::{array}");
    }
    sql.push(')');
    sql
}

fn joined<'a>(
    sql: &mut String,
    names: impl Iterator<Item = &'a str>,
    between: &str,
    each: impl Fn(&str) -> String,
) {
    for (number, name) in names.enumerate() {
        if number > 0 {
            sql.push_str(between);
        }
        sql.push_str(&each(name));
    }
}
