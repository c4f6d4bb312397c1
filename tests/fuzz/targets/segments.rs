//! Any text: the segments hold all of it, none is fuller than may be, and the counts are those of the parts.
#![no_main]

use libfuzzer_sys::fuzz_target;
use textmeter::{Encoding, Sender, capacity_concatenated, capacity_single, segment, segment_as, smart};
use textmeter_fuzz::{choice, text};

fuzz_target!(|data: &[u8]| {
    let (byte, rest) = choice(data);
    let sender = if byte & 1 == 0 { Sender::Standard } else { Sender::TollFree };
    let text = text(rest);
    check(&text, sender);
    let (sent, changes) = smart::encode(&text);
    check(&sent, sender);
    // What smart encoding has replaced is not replaced again, and everything else is as it was.
    assert_eq!(smart::encode(&sent).1.len(), 0);
    assert!(changes.len() <= text.chars().count());
    if changes.is_empty() {
        assert_eq!(sent, text);
    }
});

fn check(text: &str, sender: Sender) {
    let cut = segment(text, sender);
    assert_eq!(cut.encoding, Encoding::of(text));
    assert_eq!(cut, segment_as(text, cut.encoding, sender));
    let capacity = match cut.parts.len() {
        0 => {
            assert!(text.is_empty());
            return;
        }
        1 => capacity_single(cut.encoding),
        _ => capacity_concatenated(cut.encoding, sender),
    };
    let (mut end, mut units) = (0, 0);
    for part in &cut.parts {
        assert_eq!(part.bytes.start, end);
        assert!(text.is_char_boundary(part.bytes.end));
        assert!(part.bytes.end > end);
        // One cluster that is longer than a segment is the only thing that is cut inside.
        assert!(part.units <= capacity, "{part:?}");
        end = part.bytes.end;
        units += part.units as usize;
    }
    assert_eq!(end, text.len());
    assert_eq!(units, cut.units);
    assert!(cut.segments_min <= cut.parts.len() && cut.segments_min >= 1);
    assert!(units.div_ceil(capacity as usize) <= cut.parts.len());
    assert!(cut.units_left <= capacity);
}
