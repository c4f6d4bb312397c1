//! `textmeter quote --jsonl`: a request a line in, an answer or an error a line out, in order, whatever comes.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

use serde_json::{Value, json};

fn vectors(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors").join(name)
}

fn spawn() -> (Child, ChildStdin, BufReader<ChildStdout>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_textmeter"))
        .args(["quote", "--jsonl", "--rates"])
        .arg(vectors("rates.json"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (stdin, stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    (child, stdin, BufReader::new(stdout))
}

/// The program, and its lines as they come.
struct Lines {
    child: Child,
    stdin: Option<ChildStdin>,
    lines: Receiver<String>,
}

impl Lines {
    fn start() -> Lines {
        let (child, stdin, stdout) = spawn();
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in stdout.lines() {
                if sender.send(line.unwrap()).is_err() {
                    break;
                }
            }
        });
        Lines { child, stdin: Some(stdin), lines }
    }

    fn write(&mut self, bytes: &[u8]) {
        self.stdin.as_mut().unwrap().write_all(bytes).unwrap();
    }

    /// The next line; a program that waits for more input first would never give it.
    fn next(&self) -> String {
        self.lines.recv_timeout(Duration::from_secs(60)).unwrap()
    }

    /// Ends the input and gives back the lines that are left; the program must end well.
    fn finish(mut self) -> Vec<String> {
        drop(self.stdin.take());
        let lines = self.lines.iter().collect();
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
        lines
    }
}

fn answers(input: &[u8]) -> Vec<Value> {
    let mut program = Lines::start();
    program.write(input);
    program.finish().iter().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn codes(input: &[u8]) -> Vec<String> {
    let code = |answer: &Value| answer["error"]["code"].as_str().unwrap_or("answered").to_owned();
    answers(input).iter().map(code).collect()
}

#[test]
fn whole_answers_byte_for_byte_and_in_order() {
    let list: Vec<Value> = serde_json::from_slice(&fs::read(vectors("quotes.json")).unwrap()).unwrap();
    let input: String = list.iter().map(|vector| format!("{}\n", vector["request"])).collect();
    let mut program = Lines::start();
    program.write(input.as_bytes());
    let lines = program.finish();
    assert_eq!(lines.len(), list.len());
    for (vector, line) in list.iter().zip(lines) {
        let expected = match vector.get("error") {
            Some(error) => json!({"error": error}),
            None => vector["answer"].clone(),
        };
        assert_eq!(line, expected.to_string(), "{}", vector["name"]);
    }
}

#[test]
fn a_line_that_is_no_request_gets_its_error_and_the_stream_goes_on() {
    let input = b"{\"text\": \"a\"}\n{\"text\": \"\xff\"}\n{\"text\": \"a\0b\"}\n\0\n{\"text\": \n\"a\"\n[]\n{}{}\n\
                  {\"text\": \"\\u0000\"}\n{\"balance\": \"-1\"}\n{\"channel\": \"pigeon\"}\nnull\n{\"text\": \"z\"}\n";
    let expected = [
        "answered",
        "invalid-utf-8",
        "invalid-json",
        "invalid-json",
        "invalid-json",
        "wrong-type",
        "wrong-type",
        "invalid-json",
        "answered",
        "invalid-amount",
        "unknown-channel",
        "wrong-type",
        "answered",
    ];
    assert_eq!(codes(input), expected);
    for error in answers(b"{\n{\"balance\": 5}\n") {
        let fields: Vec<&String> = error["error"].as_object().unwrap().keys().collect();
        assert_eq!(fields, ["code", "message", "at"]);
    }
}

#[test]
fn lines_end_as_they_end_elsewhere() {
    let text =
        |input: &[u8]| -> Vec<Value> { answers(input).iter().map(|answer| answer["text"].clone()).collect() };
    assert_eq!(
        text(b"{\"text\": \"a\"}\n\n  \t\n{\"text\": \"b\"}\n"),
        ["a", "b"],
        "blank lines are passed over"
    );
    assert_eq!(text(b"{\"text\": \"a\"}\r\n\r\n{\"text\": \"b\"}\r\n"), ["a", "b"], "CR LF");
    assert_eq!(
        text(b"{\"text\": \"a\"}\n{\"text\": \"b\"}"),
        ["a", "b"],
        "the last line may end with the input"
    );
    assert_eq!(text(b"\xef\xbb\xbf{\"text\": \"a\"}\n"), ["a"], "a byte order mark");
    assert_eq!(text(b""), [] as [Value; 0]);
    assert_eq!(text(br#"{"text": "a\ud83d"}"#), ["a\u{fffd}"], "half a surrogate pair");
}

#[test]
fn a_line_beyond_the_limit_is_skipped_to_its_end() {
    let limit = 8 << 20;
    let mut input = b"{\"text\": \"a\"}\n{\"text\": \"".to_vec();
    input.extend(std::iter::repeat_n(b'a', 3 * limit));
    input.extend(b"\"}\n{\"text\": \"z\"}\n");
    // As many bytes as are read, and one more: blanks count.
    for blanks in [limit - 2, limit - 1] {
        input.extend(b"{}");
        input.extend(std::iter::repeat_n(b' ', blanks));
        input.push(b'\n');
    }
    input.extend(json!({"text": "a".repeat(1_000_001)}).to_string().into_bytes());
    // The last one does not even end.
    input.push(b'\n');
    input.extend(std::iter::repeat_n(b'x', 2 * limit));
    assert_eq!(
        codes(&input),
        [
            "answered",
            "line-too-long",
            "answered",
            "answered",
            "line-too-long",
            "text-too-large",
            "line-too-long"
        ]
    );
}

/// A program that asks, waits for the answer and asks again.
#[test]
fn each_answer_comes_before_the_next_request() {
    let mut program = Lines::start();
    for (segments, text) in [(1, "a".repeat(160)), (2, "a".repeat(161)), (70, "я".repeat(4690))] {
        program.write(format!("{}\n", json!({"text": text})).as_bytes());
        let answer: Value = serde_json::from_str(&program.next()).unwrap();
        assert_eq!(answer["segments"], segments);
    }
    program.write(b"nonsense\n");
    assert!(program.next().starts_with(r#"{"error":{"code":"invalid-json""#));
    assert_eq!(program.finish(), [] as [String; 0]);
}

/// As many lines as a test has time for; what they would take up if they were kept is more than the limit.
#[cfg(target_os = "linux")]
#[test]
fn many_lines_take_no_more_memory_than_few() {
    const FEW: usize = 5_000;
    const MANY: usize = 200_000;
    let (mut child, mut stdin, stdout) = spawn();
    let line =
        format!("{}\n", json!({"text": "Your table is ready", "to": "+447400123456", "balance": "5.00"}));
    let writer = std::thread::spawn(move || {
        let block = line.repeat(1000);
        for _ in 0..MANY / 1000 {
            stdin.write_all(block.as_bytes()).unwrap();
        }
        stdin
    });
    let mut lines = stdout.lines().map(Result::unwrap);
    let first = lines.next().unwrap();
    assert!(first.contains(r#""total":"0.066""#) && first.len() * MANY > 64 << 20, "{first}");
    let mut peak_after = |count: usize| {
        for _ in 0..count {
            assert_eq!(lines.next().as_ref(), Some(&first));
        }
        peak_kilobytes(child.id())
    };
    let (few, many) = (peak_after(FEW - 1), peak_after(MANY - FEW));
    assert!(many < few + 4096 && many < 64 << 10, "{few} kB, then {many} kB");
    drop(writer.join().unwrap());
    assert_eq!((lines.next(), child.wait().unwrap().code()), (None, Some(0)));
}

/// The most memory a process has held, in kB (`proc_pid_status(5)`).
#[cfg(target_os = "linux")]
fn peak_kilobytes(process: u32) -> usize {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
