//! A list that comes as a body: what it is written in, and how it is opened.

use std::io::Read;

use axum::http::{HeaderMap, StatusCode, header::CONTENT_TYPE};
use textmeter::campaign::{ListReading, Template, Wanted};

use super::body;
use crate::{campaign::pipeline::OpenList, http::answers::HttpProblem, problem::Problem};

/// What a list is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ListKind {
    Csv,
    JsonLines,
}

impl ListKind {
    pub(super) fn of(headers: &HeaderMap) -> Result<ListKind, HttpProblem> {
        let named = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        match named.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
            "text/csv" | "text/tab-separated-values" | "application/csv" => Ok(ListKind::Csv),
            "application/jsonl"
            | "application/x-ndjson"
            | "application/ndjson"
            | "application/json-lines" => Ok(ListKind::JsonLines),
            _ => {
                let message = "send the list as text/csv or as application/jsonl, and say so in Content-Type";
                let problem = Problem::new("unsupported-media-type", message);
                Err(HttpProblem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, problem))
            }
        }
    }

    /// Opens a list: reads it up to its first rows.
    pub(super) fn open<R: Read + Send>(
        self,
        reader: R,
        template: &Template,
        wanted: &Wanted<'_>,
        reading: ListReading,
    ) -> Result<OpenList<R>, HttpProblem> {
        let list = match self {
            ListKind::Csv => OpenList::open(reader, reading, wanted),
            ListKind::JsonLines => OpenList::open_json_lines(reader, template, wanted),
        };
        list.map_err(|problem| match problem.code() {
            "input-output" => body::broken_off(problem.message()),
            _ => HttpProblem::from(problem),
        })
    }
}
