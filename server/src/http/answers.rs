//! Errors as RFC 9457 problem documents, and the body every resource reads.

use axum::{
    Json,
    body::Bytes,
    extract::{FromRequest, Request, rejection::BytesRejection},
    http::{
        HeaderMap, StatusCode,
        header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, RETRY_AFTER},
    },
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};

use crate::problem::Problem;

/// A problem and the status it is answered with.
#[derive(Debug)]
pub(crate) struct HttpProblem {
    status: StatusCode,
    problem: Problem,
    more: Box<Map<String, Value>>,
    retry_after_seconds: Option<u64>,
}

impl HttpProblem {
    pub(crate) fn new(status: StatusCode, problem: Problem) -> HttpProblem {
        HttpProblem { status, problem, more: Box::default(), retry_after_seconds: None }
    }

    /// With further members, for programs (RFC 9457, 3.2).
    pub(crate) fn with(self, more: Map<String, Value>) -> HttpProblem {
        HttpProblem { more: Box::new(more), ..self }
    }

    /// What it is answered with.
    pub(crate) const fn status(&self) -> StatusCode {
        self.status
    }

    /// What went wrong.
    pub(crate) const fn problem(&self) -> &Problem {
        &self.problem
    }

    /// When to ask again, in seconds.
    pub(crate) const fn retry_after_seconds(&self) -> Option<u64> {
        self.retry_after_seconds
    }

    /// With `Retry-After` (RFC 9110, 10.2.3), in seconds.
    pub(crate) fn retry_after(self, seconds: u64) -> HttpProblem {
        HttpProblem { retry_after_seconds: Some(seconds), ..self }
    }
}

/// The status of a code that the pricing crate or the document reader gives.
impl From<Problem> for HttpProblem {
    fn from(problem: Problem) -> HttpProblem {
        let status = match problem.code() {
            "invalid-json" | "invalid-utf-8" => StatusCode::BAD_REQUEST,
            "text-too-large" | "too-many-recipients" => StatusCode::PAYLOAD_TOO_LARGE,
            "internal" => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        HttpProblem::new(status, problem)
    }
}

/// The code of a problem, beside the answer that tells it: for the counters.
#[derive(Clone, Debug)]
pub(super) struct ProblemCode(pub(super) String);

impl IntoResponse for HttpProblem {
    fn into_response(self) -> Response {
        let HttpProblem { status, problem, more, retry_after_seconds } = self;
        let mut body = json!({
            "type": format!("urn:textmeter:problem:{}", problem.code()),
            "title": status.canonical_reason().unwrap_or_default(),
            "status": status.as_u16(),
            "detail": problem.message(),
            "code": problem.code(),
            "at": problem.at(),
        });
        if let Some(members) = body.as_object_mut() {
            members.extend(*more);
        }
        let mut response = (status, Json(body)).into_response();
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response.extensions_mut().insert(ProblemCode(problem.code().to_owned()));
        if let Some(seconds) = retry_after_seconds {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

pub(super) async fn not_found() -> HttpProblem {
    HttpProblem::new(StatusCode::NOT_FOUND, Problem::new("not-found", "there is nothing at this address"))
}

pub(super) async fn method_not_allowed() -> HttpProblem {
    let problem = Problem::new("method-not-allowed", "this address does not take that method");
    HttpProblem::new(StatusCode::METHOD_NOT_ALLOWED, problem)
}

/// The bytes of a body that says it is JSON, or says nothing.
pub(crate) struct JsonBody(pub(crate) Bytes);

impl<S: Send + Sync> FromRequest<S> for JsonBody {
    type Rejection = HttpProblem;

    async fn from_request(request: Request, state: &S) -> Result<JsonBody, HttpProblem> {
        if !is_json(request.headers()) {
            let message = "send JSON, with Content-Type: application/json";
            let problem = Problem::new("unsupported-media-type", message);
            return Err(HttpProblem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, problem));
        }
        // The length alone is enough to say so: what would not be read need not be sent.
        let announced = request
            .headers()
            .get(CONTENT_LENGTH)
            .and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
        if announced.is_some_and(|length| length > super::BODY_BYTES_MAX) {
            let message =
                format!("the body may have {} bytes at most; send less at once", super::BODY_BYTES_MAX);
            let problem = Problem::new("body-too-large", message);
            return Err(HttpProblem::new(StatusCode::PAYLOAD_TOO_LARGE, problem));
        }
        Bytes::from_request(request, state).await.map(JsonBody).map_err(|rejection: BytesRejection| {
            let status = rejection.status();
            let code =
                if status == StatusCode::PAYLOAD_TOO_LARGE { "body-too-large" } else { "unreadable-body" };
            HttpProblem::new(status, Problem::new(code, rejection.body_text()))
        })
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(CONTENT_TYPE) else { return true };
    let Ok(value) = value.to_str() else { return false };
    let essence = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}
