//! What `tests/bench/doors.mjs` measured in Node and in Chromium.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::timer::Timing;

/// The samples of one run, by case and library.
pub struct Door {
    /// `Node` or `Chromium`.
    pub place: String,
    /// With its version.
    pub runtime: String,
    cases: BTreeMap<String, BTreeMap<String, Vec<f64>>>,
}

impl Door {
    /// Reads what the script printed.
    pub fn read(path: &str) -> Door {
        let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let value: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
        let runtime = value["runtime"].as_str().unwrap_or_default().to_owned();
        let place = runtime.split(' ').next().unwrap_or_default().to_owned();
        let cases = serde_json::from_value(value["cases"].clone()).expect("samples by case and library");
        Door { place, runtime, cases }
    }

    /// The cases that are sizes, rising.
    pub fn sizes(&self) -> Vec<usize> {
        let mut sizes: Vec<usize> = self.cases.keys().filter_map(|case| case.parse().ok()).collect();
        sizes.sort_unstable();
        sizes
    }

    /// The timings of all libraries in a case.
    pub fn timings(&self, case: &str) -> Vec<Timing> {
        let libraries = self.cases.get(case).into_iter().flatten();
        libraries.map(|(library, samples)| Timing::of(library, samples.clone())).collect()
    }

    /// The timing of a library in a case.
    pub fn timing(&self, case: &str, library: &str) -> Option<Timing> {
        let samples = self.cases.get(case)?.get(library)?;
        Some(Timing::of(library, samples.clone()))
    }
}
