//! Entity tags: whoever has the present state already is told so, and nothing more (RFC 9110, 8.8.3 and 13.1.2).

use axum::{
    http::{
        HeaderMap, StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH},
    },
    response::{IntoResponse, Response},
};

use crate::ledger::Digest;

/// JSON with its tag, or 304 when the asker's copy is the same. The tag is made of all that is shown: what changes any of
/// it changes the tag.
pub(super) fn tagged(headers: &HeaderMap, cache: &'static str, json: Vec<u8>) -> Response {
    let hex: String = Digest::of(&json).bytes().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{hex}\"");
    let known = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let same = known.flat_map(|list| list.split(',')).map(str::trim).any(|one| {
        // Compared weakly, as the clause wants it.
        one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag
    });
    let fields = [(ETAG, tag), (CACHE_CONTROL, cache.to_owned())];
    if same {
        return (StatusCode::NOT_MODIFIED, fields).into_response();
    }
    (fields, [(CONTENT_TYPE, "application/json")], json).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_tag_is_not_modified() {
        let ask = |tag: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(IF_NONE_MATCH, tag.parse().unwrap());
            tagged(&headers, "no-cache", b"{}".to_vec())
        };
        let first = tagged(&HeaderMap::new(), "no-cache", b"{}".to_vec());
        let tag = first.headers().get(ETAG).unwrap().to_str().unwrap().to_owned();
        assert_eq!(first.status(), StatusCode::OK);
        for known in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
            assert_eq!(ask(&known).status(), StatusCode::NOT_MODIFIED, "{known}");
        }
        assert_eq!(ask("\"other\"").status(), StatusCode::OK);
    }
}
