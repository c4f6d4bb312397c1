//! How many tests ran, from the closing lines of the runners we use.

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
}

impl Counts {
    /// Adds up every closing line in a log:
    /// - cargo test and wasm-bindgen-test-runner: `test result: ok. 3 passed; 0 failed; …`
    /// - node --test: `ℹ pass 3` or `# pass 3`, with `fail` and `cancelled` (a test that never ended) alike
    /// - Python's unittest: `Ran 3 tests in 0.100s`, and `FAILED (failures=1, errors=1)` behind it
    pub(crate) fn read(log: &str) -> Self {
        let mut counts = Counts::default();
        for line in log.lines() {
            if let Some(result) = line.strip_prefix("test result: ") {
                counts.passed += before(result, " passed;");
                counts.failed += before(result, " failed;");
            } else if let Some(result) = line.strip_prefix("Ran ").filter(|line| line.contains(" test")) {
                counts.passed += before(result, " test");
            } else if let Some(result) = line.strip_prefix("FAILED (") {
                let failed = after(result, "failures=") + after(result, "errors=");
                counts.failed += failed;
                counts.passed = counts.passed.saturating_sub(failed);
            } else if let Some(rest) = line.strip_prefix("ℹ ").or_else(|| line.strip_prefix("# ")) {
                match rest.split_once(' ') {
                    Some(("pass", number)) => counts.passed += number.parse().unwrap_or(0),
                    Some(("fail" | "cancelled", number)) => counts.failed += number.parse().unwrap_or(0),
                    _ => {}
                }
            }
        }
        counts
    }
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// The number that stands right before a word.
fn before(line: &str, word: &str) -> u32 {
    let head = line.split_once(word).map_or("", |(head, _)| head);
    head.rsplit(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// The number that stands right behind a word.
fn after(line: &str, word: &str) -> u32 {
    let tail = line.split_once(word).map_or("", |(_, tail)| tail);
    let end = tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len());
    tail.get(..end).and_then(|number| number.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::Counts;

    #[test]
    fn adds_up_cargo_and_wasm_bindgen() {
        let log = "running 2 tests\n\
            test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.10s\n\
            test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 filtered out; finished in 0.01s\n";
        assert_eq!(Counts::read(log), Counts { passed: 15, failed: 2 });
    }

    #[test]
    fn reads_node_in_both_of_its_forms_and_counts_a_test_that_never_ended_as_failed() {
        let spec =
            "ℹ tests 5\nℹ suites 0\nℹ pass 3\nℹ fail 1\nℹ cancelled 1\nℹ skipped 0\nℹ duration_ms 40.1\n";
        assert_eq!(Counts::read(spec), Counts { passed: 3, failed: 2 });
        let tap = "# tests 1\n# pass 1\n# fail 0\n# cancelled 0\n";
        assert_eq!(Counts::read(tap), Counts { passed: 1, failed: 0 });
    }

    #[test]
    fn reads_pythons_unittest() {
        let log = "test_a (test_b.B.test_a) ... ok\nRan 5 tests in 1.234s\n\nOK\n";
        assert_eq!(Counts::read(log), Counts { passed: 5, failed: 0 });
        let log = "Ran 5 tests in 1.234s\n\nFAILED (failures=1, errors=2)\n";
        assert_eq!(Counts::read(log), Counts { passed: 2, failed: 3 });
        assert_eq!(Counts::read("Ran 1 test in 0.1s\n\nOK\n"), Counts { passed: 1, failed: 0 });
    }

    #[test]
    fn other_lines_count_nothing() {
        assert_eq!(
            Counts::read("pass 3\n# passing notes\nℹ pass many\ntest result: none\n"),
            Counts::default()
        );
    }
}
