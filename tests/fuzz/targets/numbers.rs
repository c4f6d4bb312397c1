//! Anything typed as a number: what is understood is understood the same from its own digits.
#![no_main]

use libfuzzer_sys::fuzz_target;
use textmeter::{E164_DIGITS_MAX, Territory, campaign::typed_in, read_number};
use textmeter_fuzz::{CARD, choice, text};

fuzz_target!(|data: &[u8]| {
    let (byte, rest) = choice(data);
    let region = ["US", "GB", "IT", "AR", "DE", "KZ", "GG", "CA"][usize::from(byte) % 8];
    let region = Territory::parse(region).expect("a territory");
    let typed = text(rest);
    let _ = read_number(typed_in(&typed), region);
    let Ok(number) = read_number(&typed, region) else { return };
    let digits = number.digits();
    assert!(!digits.is_empty() && digits.len() <= E164_DIGITS_MAX as usize);
    assert!(digits.bytes().all(|byte| byte.is_ascii_digit()));
    let again = read_number(&format!("+{digits}"), Territory::US).expect("its own digits");
    assert_eq!((again.digits(), again.territory()), (digits, number.territory()));
    // A prefix that is more special never loses a destination that its territory has.
    if let Some(territory) = number.territory() {
        let country = CARD.texting_rate("", Some(territory));
        assert!(country.is_none() || CARD.texting_rate(digits, Some(territory)).is_some());
    }
});
