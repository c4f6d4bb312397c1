//! Numbers as typed, judged by `vectors/numbers.json` and by laws.
#![cfg(not(target_family = "wasm"))]

use serde_json::Value;
use textmeter::{Territory, read_number};

#[test]
fn vectors() {
    let vectors: Vec<Value> = serde_json::from_str(include_str!("vectors/numbers.json")).unwrap();
    let mut wrong = Vec::new();
    for vector in &vectors {
        let typed = vector["typed"].as_str().unwrap();
        let region = Territory::parse(vector["region"].as_str().unwrap()).unwrap();
        let expected = match vector.get("problem") {
            Some(problem) => Err(problem.as_str().unwrap().to_owned()),
            None => Ok((
                vector["e164"].as_str().unwrap().to_owned(),
                vector["territory"].as_str().map(str::to_owned),
            )),
        };
        let found = read_number(typed, region)
            .map(|number| (number.to_string(), number.territory().map(|t| t.to_string())))
            .map_err(|problem| problem.code().to_owned());
        if found != expected {
            wrong.push(format!("{typed:?} in {region}: {found:?}, not {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), vectors.len(), wrong.join("\n"));
}
