//! Signatures of webhooks, as the Standard Webhooks specification has them: HMAC-SHA256 over `id.timestamp.body`.

use std::fmt;

use axum::http::HeaderMap;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// How far the sender's clock may be off, in seconds, either way: five minutes, as the specification's own libraries.
const TOLERANCE_SECONDS: i64 = 300;
/// The bytes of a key: the specification wants 24 to 64.
const KEY_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// A key to sign with, written `whsec_` and base64.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

/// Without the key.
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Why a webhook is not taken for what it says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forged {
    /// A header is missing or unreadable.
    Unsigned,
    /// Its time is too far off: perhaps an old one, sent again.
    Stale,
    /// Nothing in its signature header fits.
    Wrong,
}

impl Secret {
    /// Reads `whsec_…`; the prefix may be missing.
    ///
    /// # Errors
    ///
    /// It is not base64, or not 24 to 64 bytes.
    pub fn parse(text: &str) -> Result<Secret, &'static str> {
        let encoded = text.strip_prefix("whsec_").unwrap_or(text);
        let key = STANDARD.decode(encoded).map_err(|_| "a webhook secret is whsec_ and base64")?;
        if KEY_BYTES.contains(&key.len()) {
            Ok(Secret(key))
        } else {
            Err("a webhook secret has 24 to 64 bytes before base64")
        }
    }

    fn mac(&self, id: &str, seconds: &str, body: &[u8]) -> Option<Hmac<Sha256>> {
        // A key of any length is a key of HMAC's (RFC 2104).
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        for piece in [id.as_bytes(), b".", seconds.as_bytes(), b".", body] {
            mac.update(piece);
        }
        Some(mac)
    }

    /// The headers of a webhook: its id, its time in seconds since 1970-01-01T00:00:00Z, and its signature.
    #[must_use]
    pub fn headers(&self, id: &str, seconds: i64, body: &[u8]) -> [(&'static str, String); 3] {
        let seconds = seconds.to_string();
        let signature = self.mac(id, &seconds, body).map(|mac| STANDARD.encode(mac.finalize().into_bytes()));
        [
            ("webhook-id", id.to_owned()),
            ("webhook-timestamp", seconds),
            ("webhook-signature", format!("v1,{}", signature.unwrap_or_default())),
        ]
    }

    /// Whether a webhook was signed with this key, about now.
    ///
    /// # Errors
    ///
    /// Why not.
    pub fn verify(&self, headers: &HeaderMap, seconds_now: i64, body: &[u8]) -> Result<(), Forged> {
        let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).ok_or(Forged::Unsigned);
        let (id, seconds, signatures) =
            (header("webhook-id")?, header("webhook-timestamp")?, header("webhook-signature")?);
        let sent: i64 = seconds.parse().map_err(|_| Forged::Unsigned)?;
        if seconds_now.saturating_sub(sent).saturating_abs() > TOLERANCE_SECONDS {
            return Err(Forged::Stale);
        }
        // Several, when the key is being changed.
        let fits = signatures.split(' ').filter_map(|one| one.strip_prefix("v1,")).any(|one| {
            let signature = STANDARD.decode(one).unwrap_or_default();
            self.mac(id, seconds, body).is_some_and(|mac| mac.verify_slice(&signature).is_ok())
        });
        if fits { Ok(()) } else { Err(Forged::Wrong) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the Standard Webhooks specification's own libraries.
    const KEY: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const BODY: &[u8] = br#"{"test": 2432232314}"#;

    fn map(headers: [(&'static str, String); 3]) -> HeaderMap {
        headers.into_iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn signs_as_the_specification_does() {
        let headers =
            Secret::parse(KEY).unwrap().headers("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, BODY);
        assert_eq!(headers[2].1, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn takes_only_what_was_signed_and_only_now() {
        let secret = Secret::parse(KEY).unwrap();
        let now = 1_700_000_000;
        let signed = map(secret.headers("m1", now, BODY));
        assert_eq!(secret.verify(&signed, now + 299, BODY), Ok(()));
        assert_eq!(secret.verify(&signed, now + 301, BODY), Err(Forged::Stale));
        assert_eq!(secret.verify(&signed, now - 301, BODY), Err(Forged::Stale));
        assert_eq!(secret.verify(&signed, now, b"{}"), Err(Forged::Wrong));
        assert_eq!(secret.verify(&HeaderMap::new(), now, BODY), Err(Forged::Unsigned));
        let other = Secret::parse("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").unwrap();
        assert_eq!(other.verify(&signed, now, BODY), Err(Forged::Wrong));
        let mut several = signed.clone();
        let list = format!("v1,AAAA {} v2,x", signed["webhook-signature"].to_str().unwrap());
        several.insert("webhook-signature", list.parse().unwrap());
        assert_eq!(secret.verify(&several, now, BODY), Ok(()));
    }

    #[test]
    fn short_keys_are_refused_and_none_is_shown() {
        assert!(Secret::parse("whsec_c2hvcnQ=").is_err());
        assert!(Secret::parse("whsec_ö").is_err());
        assert_eq!(format!("{:?}", Secret::parse(KEY).unwrap()), "Secret(…)");
    }
}
