//! Any text as a template: what is read is written, and read again, the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use textmeter::campaign::Template;
use textmeter_fuzz::text;

fuzz_target!(|data: &[u8]| {
    let source = text(data);
    match Template::parse(&source) {
        Ok(template) => {
            let written = template.source();
            let again = Template::parse(&written).expect("its own source");
            assert_eq!(again.source(), written);
            let fields = |template: &Template| {
                template.fields().map(|field| (field.name.clone(), field.default.clone())).collect::<Vec<_>>()
            };
            assert_eq!(fields(&again), fields(&template));
        }
        Err(error) => assert!(error.at().is_empty() || error.at().starts_with("template[")),
    }
});
