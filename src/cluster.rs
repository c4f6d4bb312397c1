//! Grapheme clusters (UAX #29), what people take for a character.
//!
//! Only one question is ever put to `unicode-segmentation`, whether clusters part at a place. Its ways to step from one
//! cluster to the next would come to the same, but each of them is code of its own in the Wasm payload.

use core::ops::Range;

use unicode_segmentation::GraphemeCursor;

/// Whether one cluster ends and another starts at `at`. `known` is such a place at or before it: nothing before that is
/// looked at.
pub(crate) fn part_at(text: &str, known: usize, at: usize) -> bool {
    let tail = text.get(known..).unwrap_or_default();
    GraphemeCursor::new(at - known, tail.len(), true).is_boundary(tail, 0).unwrap_or(true)
}

/// Where the cluster ends that starts at `start`.
pub(crate) fn end(text: &str, start: usize) -> usize {
    let tail = text.get(start..).unwrap_or_default();
    let mut places = tail.char_indices().map(|(place, _)| start + place).skip(1);
    places.find(|at| part_at(text, start, *at)).unwrap_or(text.len())
}

/// The cluster that has `inside` somewhere in it, not at its edge; clusters part at `known`, which is before.
pub(crate) fn around(text: &str, known: usize, inside: usize) -> Range<usize> {
    let before = text.get(known..inside).unwrap_or_default();
    let mut places = before.char_indices().map(|(place, _)| known + place).rev();
    let start = places.find(|at| part_at(text, known, *at)).unwrap_or(known);
    start..end(text, start)
}

#[cfg(test)]
mod tests {
    use alloc::{string::String, vec::Vec};

    use unicode_segmentation::UnicodeSegmentation;

    use super::*;

    #[test]
    fn steps_as_the_library_does() {
        let pieces =
            ["a", "\r\n", "e\u{301}\u{302}", "🇺🇸🇩🇪", "👩\u{200d}👧\u{200d}👦", "क्षि", "각", "\u{600}1", "\n"];
        let text: String = pieces.iter().flat_map(|a| pieces.iter().flat_map(move |b| [*a, *b])).collect();
        for (start, cluster) in text.grapheme_indices(true) {
            let whole = start..start + cluster.len();
            assert_eq!(end(&text, start), whole.end);
            let inner: Vec<usize> = cluster.char_indices().map(|(at, _)| start + at).skip(1).collect();
            for inside in inner {
                assert!(!part_at(&text, start, inside));
                assert_eq!(around(&text, start, inside), whole);
                assert_eq!(around(&text, 0, inside), whole);
            }
        }
    }
}
