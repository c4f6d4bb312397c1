//! A table as a set of characters: all that a count asks of it.

use super::tables::{Table, VOID};

/// Runs of 64 code points that one table reaches into, at most.
const RUNS: usize = 8;

/// The characters of a table, as bits over runs of 64 code points.
///
/// The tables themselves are only read by the compiler, which makes these of them: a tenth of the size, and a look-up
/// of a few comparisons however many characters a table has.
pub(super) struct Set {
    /// The runs' numbers, a code point divided by 64; `u16::MAX` where there is no further run.
    runs: [u16; RUNS],
    bits: [u64; RUNS],
}

impl Set {
    /// The set of a table's characters.
    pub(super) const fn of(table: &Table) -> Set {
        let mut set = Set { runs: [u16::MAX; RUNS], bits: [0; RUNS] };
        let mut code = 0;
        while code < table.len() {
            // Compile time only, here and below: an index out of range would not build.
            #[allow(clippy::indexing_slicing)]
            let c = table[code];
            if c != VOID {
                set.insert(c as u32);
            }
            code += 1;
        }
        set
    }

    #[allow(clippy::indexing_slicing, clippy::cast_possible_truncation)]
    const fn insert(&mut self, code_point: u32) {
        assert!(code_point < 0x1_0000, "the standard's tables lie in the basic plane");
        let run = (code_point / 64) as u16;
        let mut i = 0;
        while self.runs[i] != run && self.runs[i] != u16::MAX {
            i += 1;
        }
        self.runs[i] = run;
        self.bits[i] |= 1 << (code_point % 64);
    }

    /// Whether the table has the character.
    pub(super) fn has(&self, c: char) -> bool {
        let code_point = u32::from(c);
        self.runs
            .iter()
            .zip(&self.bits)
            .any(|(run, bits)| u32::from(*run) == code_point / 64 && bits >> (code_point % 64) & 1 == 1)
    }
}
