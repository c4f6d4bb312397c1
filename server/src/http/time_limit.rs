//! How long a request may take.

use std::time::{Duration, Instant};

use axum::{
    BoxError,
    body::{Body, BodyDataStream, Bytes},
    extract::{Request, State},
    http::{Method, StatusCode},
    middleware::Next,
    response::Response,
};
use futures_util::{StreamExt, stream};

use super::{answers::HttpProblem, campaigns, messages::as_asked};
use crate::problem::Problem;

/// So many bytes a second of a list have to come on the whole, once the first wait is over: less than the slowest phone sends, and
/// more than nothing, which would be for ever.
const LIST_RATE_MIN: u32 = 16 << 10;

/// Ends what takes too long. What it had begun may still be done: nobody is told that it was not.
pub(super) async fn keep(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    // A list takes as long as it comes; it is the wait for each piece of it and for all of them that is limited, and nothing
    // is done before all of it is there. One that stops coming has broken off: others want its place.
    if request.method() == Method::POST && [campaigns::QUOTE_PATH, campaigns::PATH].contains(&path.as_str()) {
        return next.run(request.map(|body| piece_by_piece(limit, body))).await;
    }
    if let Ok(response) = tokio::time::timeout(limit, next.run(request)).await {
        return response;
    }
    let message = format!(
        "this took longer than {}, and whether it was done is not known yet; ask again with the same \
         Idempotency-Key",
        spelt(limit)
    );
    let problem = Problem::new("outcome-unknown", message);
    as_asked(&path, HttpProblem::new(StatusCode::SERVICE_UNAVAILABLE, problem).retry_after(1))
}

/// The same body, broken off where nothing of it comes for so long, or too little on the whole.
fn piece_by_piece(limit: Duration, body: Body) -> Body {
    let coming = Coming { pieces: body.into_data_stream(), limit, left: limit };
    Body::from_stream(stream::unfold(coming, Coming::next))
}

/// A list on its way.
struct Coming {
    pieces: BodyDataStream,
    limit: Duration,
    /// How much longer may be waited for it: each byte is worth a while. What counts is the waiting for its sender, and not
    /// how long we take for what has come.
    left: Duration,
}

impl Coming {
    async fn next(mut self) -> Option<(Result<Bytes, BoxError>, Coming)> {
        let asked = Instant::now();
        let piece = match tokio::time::timeout(self.limit.min(self.left), self.pieces.next()).await {
            Ok(piece) => piece?.map_err(BoxError::from),
            Err(_) => Err(self.why().into()),
        };
        let bytes = piece.as_ref().map_or(0, Bytes::len) as u64;
        self.left = self.left.saturating_sub(asked.elapsed()) + Duration::from_secs(bytes) / LIST_RATE_MIN;
        Some((piece, self))
    }

    fn why(&self) -> String {
        if self.left < self.limit {
            return format!("it came slower than {} KiB a second", LIST_RATE_MIN >> 10);
        }
        format!("nothing came for {}", spelt(self.limit))
    }
}

fn spelt(limit: Duration) -> String {
    match limit.as_secs() {
        1 => "1 second".to_owned(),
        seconds => format!("{seconds} seconds"),
    }
}
