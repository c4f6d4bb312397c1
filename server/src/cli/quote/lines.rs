//! One request a line in, one answer a line out.

use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};

use textmeter::{QuoteRequest, RateCard};

use crate::{document, problem::Problem};

/// The longest line that is read, in bytes: the longest text a quote takes, with every byte escaped, and room for the
/// recipients.
const LINE_BYTES_MAX: usize = 8 << 20;

/// Answers every line of `input`, in order, in constant memory. A line that cannot be answered gets its error, and the
/// stream goes on; a blank line is passed over.
pub(super) fn answer_all(card: &RateCard, input: impl Read, output: impl Write) -> io::Result<()> {
    let mut input = BufReader::with_capacity(1 << 16, input);
    let mut output = BufWriter::with_capacity(1 << 16, output);
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = (&mut input).take(LINE_BYTES_MAX as u64 + 1).read_until(b'\n', &mut line)?;
        if read == 0 {
            return output.flush();
        }
        if line.len() > LINE_BYTES_MAX && line.last() != Some(&b'\n') {
            input.skip_until(b'\n')?;
            let message = format!("the line is longer than {LINE_BYTES_MAX} bytes; send less at once");
            write_error(&Problem::new("line-too-long", message), &mut output)?;
        } else if !line.trim_ascii().is_empty() {
            answer(card, &line, &mut output)?;
        }
        // Somebody who waits for this answer before the next request gets it.
        if input.buffer().is_empty() {
            output.flush()?;
        }
    }
}

fn answer(card: &RateCard, line: &[u8], output: &mut impl Write) -> io::Result<()> {
    let raw = match document::read(line) {
        Ok(raw) => raw,
        Err(problem) => return write_error(&problem, output),
    };
    match QuoteRequest::read(&raw).and_then(|request| card.quote(&request)) {
        Ok(quote) => {
            output.write_all(quote.to_json().as_bytes())?;
            output.write_all(b"\n")
        }
        Err(error) => write_error(&Problem::from(error), output),
    }
}

fn write_error(problem: &Problem, output: &mut impl Write) -> io::Result<()> {
    writeln!(output, "{}", problem.to_json())
}
