//! An OpenAPI document as a page to read.

use std::fmt::Write as _;

use serde_json::{Map, Value};

/// The page of a description; of one that cannot be read, an empty one.
pub(super) fn render(description: &str) -> String {
    let document: Value = serde_json::from_str(description).unwrap_or_default();
    let mut page = Page { html: String::new(), document: &document };
    page.all();
    page.html
}

struct Page<'a> {
    html: String,
    document: &'a Value,
}

/// One operation and where it is.
struct Operation<'a> {
    method: String,
    path: &'a str,
    what: &'a Value,
}

impl<'a> Page<'a> {
    fn put(&mut self, html: &str) {
        self.html.push_str(html);
    }

    fn all(&mut self) {
        let document = self.document;
        let title = escaped(word(document, "/info/title"));
        let version = escaped(word(document, "/info/version"));
        self.put("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">");
        self.put("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        self.put(&format!(
            "<title>{title} API</title><link rel=\"stylesheet\" href=\"/docs.css\"></head><body>"
        ));
        self.contents();
        self.put(&format!("<main><h1>{title} API <span class=\"soft\">{version}</span></h1>"));
        self.put(&prose(word(document, "/info/description")));
        self.put(
            "<p class=\"soft\">For programs: <a href=\"/openapi.json\">openapi.json</a> (OpenAPI 3.1).</p>",
        );
        for (tag, about) in self.tags() {
            let operations = self.operations(tag);
            if operations.is_empty() {
                continue;
            }
            self.put(&format!("<section><h2 id=\"{0}\">{0}</h2>{1}", escaped(tag), prose(about)));
            for operation in &operations {
                self.operation(operation);
            }
            self.put("</section>");
        }
        self.put("<section><h2 id=\"documents\">documents</h2>");
        for (name, schema) in members(document, "/components/schemas") {
            self.schema(name, schema);
        }
        self.put("</section></main></body></html>\n");
    }

    fn tags(&self) -> Vec<(&'a str, &'a str)> {
        let tags = self.document.get("tags").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        tags.iter().map(|tag| (word(tag, "/name"), word(tag, "/description"))).collect()
    }

    fn operations(&self, tag: &str) -> Vec<Operation<'a>> {
        let mut found = Vec::new();
        for (path, item) in members(self.document, "/paths") {
            let Some(item) = item.as_object() else { continue };
            for (method, what) in item {
                if what.pointer("/tags/0").and_then(Value::as_str) == Some(tag) {
                    found.push(Operation { method: method.to_uppercase(), path, what });
                }
            }
        }
        found
    }

    fn contents(&mut self) {
        self.put("<nav aria-label=\"Contents\">");
        for (tag, _) in self.tags() {
            self.put(&format!("<strong>{}</strong><ul>", escaped(tag)));
            for operation in self.operations(tag) {
                let (id, summary) = (word(operation.what, "/operationId"), word(operation.what, "/summary"));
                self.put(&format!("<li><a href=\"#{}\">{}</a></li>", escaped(id), escaped(summary)));
            }
            self.put("</ul>");
        }
        self.put("<a href=\"#documents\">All documents</a></nav>");
    }

    fn operation(&mut self, operation: &Operation<'a>) {
        let Operation { method, path, what } = operation;
        let (id, summary) = (escaped(word(what, "/operationId")), escaped(word(what, "/summary")));
        self.put(&format!("<article><h3 id=\"{id}\">{summary}</h3>"));
        self.put(&format!("<p class=\"route\"><b>{method}</b> <code>{}</code></p>", escaped(path)));
        self.put(&prose(word(what, "/description")));
        let scope = what.pointer("/security/0/key/0").and_then(Value::as_str);
        let needed = match scope {
            Some(scope) => format!("Needs a key with the scope <code>{}</code>.", escaped(scope)),
            None => "Needs no API key.".to_owned(),
        };
        self.put(&format!("<p class=\"soft\">{needed}</p>"));
        let parameters =
            what.get("parameters").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        if !parameters.is_empty() {
            self.put("<h4>Parameters</h4><div class=\"table\"><table>");
            for parameter in parameters {
                let need =
                    if parameter.get("required") == Some(&Value::Bool(true)) { ", required" } else { "" };
                let place = format!("{}{need}", word(parameter, "/in"));
                let schema = parameter.get("schema").unwrap_or(&Value::Null);
                self.row(word(parameter, "/name"), &kind(schema), &place, word(parameter, "/description"));
            }
            self.put("</table></div>");
        }
        if let Some((media_type, body)) = members(what, "/requestBody/content").next() {
            let schema = body.get("schema").unwrap_or(&Value::Null);
            let media_type = escaped(media_type);
            self.put(&format!(
                "<h4>Body</h4><p>{} <span class=\"soft\">{media_type}</span></p>",
                kind(schema)
            ));
        }
        self.example(operation, scope.is_some());
        self.put("<h4>Answers</h4><div class=\"table\"><table>");
        for (status, response) in members(what, "/responses") {
            let kinds: Vec<String> = members(response, "/content")
                .map(|(media_type, body)| match body.get("schema") {
                    Some(schema) if media_type != "text/csv" => kind(schema),
                    _ => escaped(media_type),
                })
                .collect();
            self.row(status, &kinds.join(" or "), "", word(response, "/description"));
        }
        self.put("</table></div></article>");
    }

    /// The request, to try it out.
    fn example(&mut self, operation: &Operation<'a>, keyed: bool) {
        let mut command = String::from("curl");
        if operation.method != "GET" && operation.method != "POST" {
            let _ = write!(command, " -X {}", operation.method);
        }
        let _ = write!(command, " http://127.0.0.1:8080{}", operation.path);
        if keyed {
            command.push_str(" \\\n  -H 'Authorization: tm_…'");
        }
        let parameters = operation.what.get("parameters").and_then(Value::as_array);
        if parameters.is_some_and(|all| all.iter().any(|one| word(one, "/name") == "Idempotency-Key")) {
            command.push_str(" \\\n  -H \"Idempotency-Key: $(uuidgen)\"");
        }
        let schema = operation.what.pointer("/requestBody/content/application~1json/schema");
        if let Some(body) = schema.map(|schema| self.sample(schema, 0)) {
            let _ = write!(command, " \\\n  --json '{}'", body.to_string().replace('\'', "'\\''"));
        }
        self.put(&format!("<pre>{}</pre>", escaped(&command)));
    }

    /// A document of a schema: its example, or one made of its members' examples.
    fn sample(&self, schema: &Value, depth: usize) -> Value {
        let schema = self.resolved(schema);
        let first = schema.pointer("/examples/0").or_else(|| schema.get("example"));
        if let Some(example) = first {
            return example.clone();
        }
        if let Some(choice) = schema.pointer("/enum/0") {
            return choice.clone();
        }
        let needed = schema.get("required").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let mut sample = Map::new();
        for (name, member) in members(schema, "/properties").filter(|_| depth < 4) {
            if needed.is_empty() || needed.iter().any(|one| one == name) {
                sample.insert(name.to_owned(), self.sample(member, depth + 1));
            }
        }
        match word(schema, "/type") {
            "array" => {
                let items = schema.get("items").unwrap_or(&Value::Null);
                Value::Array(vec![self.sample(items, depth + 1)])
            }
            "boolean" => Value::Bool(true),
            "integer" => Value::from(schema.get("minimum").and_then(Value::as_i64).unwrap_or(1)),
            "string" => "…".into(),
            _ => {
                match schema.pointer("/oneOf").and_then(Value::as_array).and_then(|choices| choices.last()) {
                    Some(choice) => self.sample(choice, depth + 1),
                    None => Value::Object(sample),
                }
            }
        }
    }

    fn resolved(&self, schema: &'a Value) -> &'a Value
    where
        Self: 'a,
    {
        let pointer =
            schema.get("$ref").and_then(Value::as_str).and_then(|reference| reference.strip_prefix('#'));
        pointer.and_then(|pointer| self.document.pointer(pointer)).unwrap_or(schema)
    }

    fn schema(&mut self, name: &str, schema: &'a Value) {
        let name = escaped(name);
        self.put(&format!("<article><h3 id=\"document-{name}\">{name}</h3>"));
        self.put(&prose(word(schema, "/description")));
        let objects: Vec<&Value> =
            match schema.get("oneOf").or_else(|| schema.get("allOf")).and_then(Value::as_array) {
                Some(choices) => choices.iter().collect(),
                None => vec![schema],
            };
        for object in objects {
            if object.get("properties").is_none() {
                let what = kind(object);
                self.put(&format!("<p>{what}</p>"));
                continue;
            }
            let needed =
                object.get("required").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            self.put("<div class=\"table\"><table>");
            for (member, what) in members(object, "/properties") {
                let need = if needed.iter().any(|one| one == member) { "" } else { "may be absent" };
                self.row(member, &kind(what), need, about(what));
            }
            self.put("</table></div>");
        }
        self.put("</article>");
    }

    /// A name, its kind (HTML already), a note and what it is.
    fn row(&mut self, name: &str, kind: &str, note: &str, about: &str) {
        let note =
            if note.is_empty() { String::new() } else { format!("<br><span class=\"soft\">{note}</span>") };
        let row = format!(
            "<tr><td><code>{}</code></td><td>{kind}{note}</td><td>{}</td></tr>",
            escaped(name),
            prose(about)
        );
        self.put(&row);
    }
}

/// What a schema takes, in a few words of HTML.
fn kind(schema: &Value) -> String {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(|to| to.rsplit('/').next()) {
        let name = escaped(name);
        return format!("<a href=\"#document-{name}\">{name}</a>");
    }
    if let Some(choices) = schema.get("oneOf").or_else(|| schema.get("anyOf")).and_then(Value::as_array) {
        return choices.iter().map(kind).collect::<Vec<_>>().join(" or ");
    }
    if let Some(choices) = schema.get("enum").and_then(Value::as_array) {
        let shown = choices
            .iter()
            .map(|choice| format!("<code>{}</code>", escaped(choice.as_str().unwrap_or("null"))));
        return shown.collect::<Vec<_>>().join(" or ");
    }
    let one = |name: &str| match name {
        "array" => {
            let items = schema.get("items").map(kind).unwrap_or_default();
            format!("list of {items}")
        }
        "string" => match word(schema, "/format") {
            "" => "string".to_owned(),
            format => format!("string ({})", escaped(format)),
        },
        other => escaped(other),
    };
    match schema.get("type") {
        Some(Value::String(name)) => one(name),
        Some(Value::Array(names)) => {
            names.iter().filter_map(Value::as_str).map(one).collect::<Vec<_>>().join(" or ")
        }
        _ => "anything".to_owned(),
    }
}

/// What is said of a member, beside a reference or by one of its choices.
fn about(schema: &Value) -> &str {
    let said = word(schema, "/description");
    if !said.is_empty() {
        return said;
    }
    let choices = schema.get("oneOf").and_then(Value::as_array);
    choices
        .and_then(|choices| {
            choices.iter().map(|choice| word(choice, "/description")).find(|said| !said.is_empty())
        })
        .unwrap_or_default()
}

fn word<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

fn members<'a>(value: &'a Value, pointer: &str) -> impl Iterator<Item = (&'a str, &'a Value)> + use<'a> {
    let members = value.pointer(pointer).and_then(Value::as_object);
    members.into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}

/// Paragraphs, with what stands between backticks as code.
fn prose(text: &str) -> String {
    let mut html = String::new();
    for paragraph in text.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()) {
        html.push_str("<p>");
        for (index, piece) in paragraph.split('`').enumerate() {
            let piece = escaped(piece);
            html.push_str(&if index % 2 == 1 { format!("<code>{piece}</code>") } else { piece });
        }
        html.push_str("</p>");
    }
    html
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_escaped_and_code_is_set_apart() {
        assert_eq!(prose("a `b<c` & d\n\ne"), "<p>a <code>b&lt;c</code> &amp; d</p><p>e</p>");
        assert_eq!(
            kind(&serde_json::json!({"type": ["string", "null"], "format": "uuid"})),
            "string (uuid) or null"
        );
        assert_eq!(
            kind(&serde_json::json!({"type": "array", "items": {"$ref": "#/components/schemas/Key"}})),
            "list of <a href=\"#document-Key\">Key</a>"
        );
    }
}
