//! How the summary of a campaign is written.

use alloc::string::String;

use super::json::Json;
use crate::{
    advice::name,
    campaign::{Advice, Character, Columns, Example, Lines, Pricer, Summary},
    spell,
};

impl Summary {
    /// The summary as it crosses to JavaScript, HTTP and the command line. Every list in it is bounded.
    #[must_use]
    pub fn to_json(&self, pricer: &Pricer<'_>) -> String {
        let mut json = Json::with_capacity(0);
        json.open("{");
        json.whole("rows", self.rows);
        json.whole("sendable", self.sendable);
        json.whole("segments", self.segments);
        json.text("channel", pricer.channel().name());
        json.text("unit", pricer.channel().unit().as_str());
        json.text("currency", pricer.card().currency());
        json.amount("total", self.total);
        self.write_cover(&mut json);
        self.write_counts(&mut json);
        self.write_dearer(pricer.columns(), &mut json);
        json.name("advice");
        list(&mut json, &self.advice, write_advice);
        self.write_notes(&mut json);
        json.name("problems");
        list(&mut json, &self.problems, |json, problem| {
            json.whole("line", problem.line);
            json.text("status", problem.status.code());
            json.text("message", problem.status.message());
            json.text("found", &*problem.cell);
        });
        json.whole("problem_rows", self.problem_rows);
        json.name("columns");
        json.open("{");
        json.text("phone", pricer.columns().name(pricer.columns().phone()));
        json.text("opt_out", pricer.columns().opt_out().map(|column| pricer.columns().name(column)));
        json.close("}");
        json.name("rate_card");
        json.open("{");
        json.text("id", pricer.card().id());
        json.text("as_of", pricer.card().as_of());
        json.close("}");
        json.close("}");
        json.into_string()
    }

    /// Whether the balance covers it, and how far it goes.
    fn write_cover(&self, json: &mut Json) {
        let Some(balance) = self.balance else { return json.text("cover", None) };
        json.name("cover");
        json.open("{");
        json.text("kind", if self.remaining.is_some() { "covered" } else { "short" });
        json.amount("balance", balance);
        json.amount("remaining", self.remaining);
        json.amount("shortfall", self.shortfall);
        json.whole("rows", self.covered.rows);
        json.amount("total", self.covered.total);
        json.whole_or_null("stops_at_line", self.covered.stops_at);
        json.close("}");
    }

    fn write_counts(&self, json: &mut Json) {
        json.name("statuses");
        list(json, &self.statuses, |json, (status, rows)| {
            json.text("status", status.code());
            json.text("message", status.message());
            json.whole("rows", *rows);
        });
        json.name("encodings");
        json.open("{");
        json.whole("GSM-7", self.sendable.saturating_sub(self.ucs2_rows));
        json.whole("UCS-2", self.ucs2_rows);
        json.close("}");
        json.name("histogram");
        list(json, &self.histogram, |json, bar| {
            json.whole("segments", bar.segments);
            json.whole("rows", bar.rows);
            json.amount("total", bar.total);
        });
        json.name("territories");
        list(json, &self.territories, |json, place| {
            json.text("territory", place.territory.as_deref());
            json.whole("rows", place.rows);
            json.whole("segments", place.segments);
            json.amount("total", place.total);
        });
        json.name("curve");
        list(json, &self.curve, |json, (rows, total)| {
            json.whole("rows", *rows);
            json.amount("total", *total);
        });
    }

    fn write_dearer(&self, columns: &Columns, json: &mut Json) {
        json.whole("usual_segments", self.usual_segments);
        json.name("dearer");
        json.open("{");
        json.whole("rows", self.dearer_rows);
        json.amount("extra", self.dearer_extra);
        json.name("examples");
        list(json, &self.dearer, |json, example| write_example(json, example, columns));
        json.close("}");
        json.name("characters");
        list(json, &self.characters, write_character);
    }

    fn write_notes(&self, json: &mut Json) {
        json.name("empty_values");
        list(json, &self.empty, |json, (column, rows)| {
            json.text("column", &**column);
            json.whole("rows", *rows);
        });
        write_lines(json, "assumed_windows_1252", self.assumed_windows_1252);
        write_lines(json, "opted_out_later", self.opted_out_later);
        json.whole("unchecked_duplicates", self.unchecked_duplicates);
        json.whole("uncertain_rows", self.uncertain_rows);
    }
}

/// A list of objects.
fn list<T>(json: &mut Json, items: &[T], write: impl Fn(&mut Json, &T)) {
    json.open("[");
    for item in items {
        json.open("{");
        write(json, item);
        json.close("}");
    }
    json.close("]");
}

fn write_lines(json: &mut Json, field: &str, lines: Lines) {
    json.name(field);
    json.open("{");
    json.whole("rows", lines.rows);
    json.whole_or_null("first_line", (lines.rows > 0).then_some(lines.first));
    json.close("}");
}

fn write_example(json: &mut Json, example: &Example, columns: &Columns) {
    json.whole("line", example.line);
    json.whole("segments", example.segments);
    json.amount("price", example.price);
    json.text("column", example.column.map(|column| columns.name(column)));
    json.text("value", &*example.value);
    write_named(json, example.character);
}

fn write_character(json: &mut Json, character: &Character) {
    write_named(json, Some(character.character));
    json.text("column", &*character.column);
    json.whole("rows", character.rows);
    json.amount("extra", character.extra);
}

fn write_named(json: &mut Json, character: Option<char>) {
    let mut buffer = [0; 4];
    json.text("character", character.map(|c| &*c.encode_utf8(&mut buffer)));
    json.text("code_point", character.map(spell::code_point).as_deref());
    json.text("name", character.and_then(name));
}

fn write_advice(json: &mut Json, advice: &Advice) {
    json.text("kind", advice.kind);
    json.amount("saving", advice.saving);
    json.whole("rows", advice.rows);
    json.whole_or_null("units", advice.units.map(u64::from));
    json.text("template", advice.template.as_deref());
    json.name("changes");
    list(json, &advice.changes, |json, change| {
        json.text("found", &*change.found);
        json.text("replacement", &*change.replacement);
    });
}
