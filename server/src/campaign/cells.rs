//! Cells of a sheet that people will open in a spreadsheet: quoted where they must be, and never a formula.

/// Writes cells into rows.
#[derive(Clone, Copy, Debug)]
pub struct Cells {
    delimiter: u8,
}

impl Cells {
    /// Cells with this byte between them.
    #[must_use]
    pub const fn new(delimiter: u8) -> Cells {
        Cells { delimiter }
    }

    /// Writes one cell, with a delimiter before it unless it is the row's first.
    pub fn write(&self, cell: &str, first: bool, out: &mut Vec<u8>) {
        if !first {
            out.push(self.delimiter);
        }
        let formula = is_formula(cell);
        let quoted = cell
            .bytes()
            .any(|byte| byte == self.delimiter || matches!(byte, b'"' | b'\r' | b'\n' | b',' | b';' | b'\t'));
        if quoted {
            out.push(b'"');
        }
        if formula {
            out.push(b'\'');
        }
        if quoted && cell.contains('"') {
            for byte in cell.bytes() {
                if byte == b'"' {
                    out.push(b'"');
                }
                out.push(byte);
            }
        } else {
            out.extend_from_slice(cell.as_bytes());
        }
        if quoted {
            out.push(b'"');
        }
    }
}

/// Whether a spreadsheet would calculate with a cell (OWASP, CSV injection): such a one gets an apostrophe in front. A phone
/// number begins with `+` and an amount may with `-`: what has only digits and their signs behind it calculates nothing that
/// could harm, and stays as it is.
fn is_formula(cell: &str) -> bool {
    let trimmed = cell.trim_start_matches([' ', '\u{a0}', '\u{feff}']);
    let Some(first) = trimmed.chars().next() else { return false };
    match first {
        '=' | '@' | '\t' | '\r' | '\n' | '\0' | '＝' | '＠' | '＋' | '－' => true,
        '+' | '-' => !trimmed
            .chars()
            .skip(1)
            .all(|c| c.is_ascii_digit() || matches!(c, ' ' | '(' | ')' | '-' | '.' | '\u{a0}')),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(cell: &str) -> String {
        let mut out = Vec::new();
        Cells::new(b';').write(cell, true, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn formulas_become_text_and_numbers_stay() {
        for (given, written) in [
            ("=1+1", "'=1+1"),
            ("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""),
            (" =1", "' =1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
            ("-2+3+cmd", "'-2+3+cmd"),
            ("\t=1", "\"'\t=1\""),
            ("+1 (212) 555-0123", "+1 (212) 555-0123"),
            ("+447400123456", "+447400123456"),
            ("-5.00", "-5.00"),
            ("a=b", "a=b"),
            ("", ""),
            ("x;y", "\"x;y\""),
            ("x,y", "\"x,y\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("a\nb", "\"a\nb\""),
            ("＝1", "'＝1"),
        ] {
            assert_eq!(cell(given), written);
        }
    }
}
