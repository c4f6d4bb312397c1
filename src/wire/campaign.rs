//! How the summary of a campaign is written.

use alloc::string::String;

use super::json::{Json, Key, key};
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
        json.whole(key!("rows"), self.rows);
        json.whole(key!("blank_rows"), self.blank_rows);
        json.whole(key!("sendable"), self.sendable);
        json.whole(key!("segments"), self.segments);
        json.text(key!("channel"), pricer.channel().name());
        json.text(key!("unit"), pricer.channel().unit().as_str());
        json.text(key!("currency"), pricer.card().currency());
        json.amount(key!("total"), self.total);
        self.write_cover(&mut json);
        self.write_counts(&mut json);
        self.write_dearer(pricer.columns(), &mut json);
        json.name(key!("advice"));
        list(&mut json, &self.advice, write_advice);
        self.write_notes(&mut json);
        json.name(key!("problems"));
        list(&mut json, &self.problems, |json, problem| {
            json.whole(key!("line"), problem.line);
            json.text(key!("status"), problem.status.code());
            json.text(key!("message"), problem.status.message());
            json.text(key!("found"), &*problem.cell);
        });
        json.whole(key!("problem_rows"), self.problem_rows);
        json.name(key!("columns"));
        json.open("{");
        json.text(key!("phone"), pricer.columns().name(pricer.columns().phone()));
        json.text(key!("opt_out"), pricer.columns().opt_out().map(|column| pricer.columns().name(column)));
        json.close("}");
        json.name(key!("rate_card"));
        json.open("{");
        json.text(key!("id"), pricer.card().id());
        json.text(key!("as_of"), pricer.card().as_of());
        json.close("}");
        json.close("}");
        json.into_string()
    }

    /// Whether the balance covers it, and how far it goes.
    fn write_cover(&self, json: &mut Json) {
        let Some(balance) = self.balance else { return json.text(key!("cover"), None) };
        json.name(key!("cover"));
        json.open("{");
        json.text(key!("kind"), if self.remaining.is_some() { "covered" } else { "short" });
        json.amount(key!("balance"), balance);
        json.amount(key!("remaining"), self.remaining);
        json.amount(key!("shortfall"), self.shortfall);
        json.whole(key!("rows"), self.covered.rows);
        json.amount(key!("total"), self.covered.total);
        json.whole_or_null(key!("stops_at_line"), self.covered.stops_at);
        json.close("}");
    }

    fn write_counts(&self, json: &mut Json) {
        json.name(key!("statuses"));
        list(json, &self.statuses, |json, (status, rows)| {
            json.text(key!("status"), status.code());
            json.text(key!("message"), status.message());
            json.whole(key!("rows"), *rows);
        });
        json.name(key!("encodings"));
        json.open("{");
        json.whole(key!("GSM-7"), self.sendable.saturating_sub(self.ucs2_rows));
        json.whole(key!("UCS-2"), self.ucs2_rows);
        json.close("}");
        json.name(key!("histogram"));
        list(json, &self.histogram, |json, bar| {
            json.whole(key!("segments"), bar.segments);
            json.whole(key!("rows"), bar.rows);
            json.amount(key!("total"), bar.total);
        });
        json.name(key!("territories"));
        list(json, &self.territories, |json, place| {
            json.text(key!("territory"), place.territory.as_deref());
            json.whole(key!("rows"), place.rows);
            json.whole(key!("segments"), place.segments);
            json.amount(key!("total"), place.total);
        });
        json.name(key!("curve"));
        list(json, &self.curve, |json, (rows, total)| {
            json.whole(key!("rows"), *rows);
            json.amount(key!("total"), *total);
        });
    }

    fn write_dearer(&self, columns: &Columns, json: &mut Json) {
        json.whole(key!("usual_segments"), self.usual_segments);
        json.name(key!("dearer"));
        json.open("{");
        json.whole(key!("rows"), self.dearer_rows);
        json.amount(key!("extra"), self.dearer_extra);
        json.name(key!("examples"));
        list(json, &self.dearer, |json, example| write_example(json, example, columns));
        json.close("}");
        json.name(key!("characters"));
        list(json, &self.characters, write_character);
    }

    fn write_notes(&self, json: &mut Json) {
        json.name(key!("empty_values"));
        list(json, &self.empty, |json, (column, rows)| {
            json.text(key!("column"), &**column);
            json.whole(key!("rows"), *rows);
        });
        write_lines(json, key!("assumed_windows_1252"), self.assumed_windows_1252);
        write_lines(json, key!("opted_out_later"), self.opted_out_later);
        json.whole(key!("unchecked_duplicates"), self.unchecked_duplicates);
        json.whole(key!("uncertain_rows"), self.uncertain_rows);
    }
}

/// A list of objects.
pub(super) fn list<T>(json: &mut Json, items: &[T], write: impl Fn(&mut Json, &T)) {
    json.open("[");
    for item in items {
        json.open("{");
        write(json, item);
        json.close("}");
    }
    json.close("]");
}

fn write_lines(json: &mut Json, field: Key, lines: Lines) {
    json.name(field);
    json.open("{");
    json.whole(key!("rows"), lines.rows);
    json.whole_or_null(key!("first_line"), (lines.rows > 0).then_some(lines.first));
    json.close("}");
}

fn write_example(json: &mut Json, example: &Example, columns: &Columns) {
    json.whole(key!("line"), example.line);
    json.whole(key!("segments"), example.segments);
    json.amount(key!("price"), example.price);
    json.text(key!("column"), example.column.map(|column| columns.name(column)));
    json.text(key!("value"), &*example.value);
    write_named(json, example.character);
}

fn write_character(json: &mut Json, character: &Character) {
    write_named(json, Some(character.character));
    json.text(key!("column"), &*character.column);
    json.whole(key!("rows"), character.rows);
    json.amount(key!("extra"), character.extra);
}

fn write_named(json: &mut Json, character: Option<char>) {
    let mut buffer = [0; 4];
    json.text(key!("character"), character.map(|c| &*c.encode_utf8(&mut buffer)));
    json.text(key!("code_point"), character.map(spell::code_point).as_deref());
    json.text(key!("name"), character.and_then(name));
}

fn write_advice(json: &mut Json, advice: &Advice) {
    json.text(key!("kind"), advice.kind);
    json.amount(key!("saving"), advice.saving);
    json.whole(key!("rows"), advice.rows);
    json.whole_or_null(key!("units"), advice.units.map(u64::from));
    json.text(key!("template"), advice.template.as_deref());
    json.name(key!("changes"));
    list(json, &advice.changes, |json, change| {
        json.text(key!("found"), &*change.found);
        json.text(key!("replacement"), &*change.replacement);
    });
}
