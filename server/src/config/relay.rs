//! The settings of what works in the background: gateway, payments, senders.

use textmeter::Territory;

use super::Config;
use crate::{
    payment::PaymentInbox,
    problem::Problem,
    relay::{ApiSecret, GatewaySettings, PaymentSettings, RelaySettings, check_url},
    senders::{SendRules, SenderNumber},
    signature::Secret,
};

/// The provider's own address.
const OPENPHONE: &str = "https://api.openphone.com";
/// The provider's own limit (its documentation: 10 requests a second for a key).
const OPENPHONE_PER_SECOND: u32 = 10;
/// What the payments of auto-charge are called in the ledger.
const PAYMENTS: &str = "payments";

impl Config {
    /// How the relay is set up.
    ///
    /// # Errors
    ///
    /// `invalid-setting`: a gateway without its address or secret, an address that is none.
    pub fn relay(&self) -> Result<RelaySettings, Problem> {
        let gateway = match self.text("gateway") {
            None | Some("log") => GatewaySettings::Log,
            Some("webhook") => GatewaySettings::Webhook {
                url: self.url("gateway-url")?.ok_or_else(|| missing("gateway-url", "the webhook gateway"))?,
                secret: self
                    .secret("gateway-secret")?
                    .ok_or_else(|| missing("gateway-secret", "the webhook gateway"))?,
            },
            Some("openphone") => GatewaySettings::OpenPhone {
                key: ApiSecret(
                    self.string("gateway-key")
                        .ok_or_else(|| missing("gateway-key", "the openphone gateway"))?,
                ),
                base_url: self.url("gateway-url")?.unwrap_or_else(|| OPENPHONE.to_owned()),
                per_second: OPENPHONE_PER_SECOND,
            },
            Some(_) => return Err(invalid("gateway", "log, webhook or openphone")),
        };
        let payments = match (self.text("payments-url"), self.secret("payments-secret")?) {
            (None, _) => PaymentSettings::Off,
            (Some("test"), _) => PaymentSettings::Test,
            (Some(_), None) => return Err(missing("payments-secret", "payments-url")),
            (Some(_), Some(secret)) => PaymentSettings::Webhook {
                url: self.url("payments-url")?.unwrap_or_default(),
                secret,
                provider: PAYMENTS.to_owned(),
            },
        };
        let gateway_patience = self.time("gateway-timeout")?;
        Ok(RelaySettings {
            gateway,
            payments,
            gateway_patience,
            // Longer than whoever died with it could still have been at it.
            lease: gateway_patience.saturating_mul(4),
            events_to_private: self.on("private-addresses")?,
            ..RelaySettings::default()
        })
    }

    /// How outcomes of payments are recognised.
    ///
    /// # Errors
    ///
    /// `invalid-setting`.
    pub fn payments(&self) -> Result<Option<PaymentInbox>, Problem> {
        let secret = self.secret("payments-secret")?;
        Ok(secret.map(|secret| PaymentInbox { provider: PAYMENTS.to_owned(), secret }))
    }

    /// Who may send, and where to.
    ///
    /// # Errors
    ///
    /// `invalid-setting`.
    pub fn send_rules(&self) -> Result<SendRules, Problem> {
        let listed = |name| {
            self.text(name).unwrap_or_default().split(',').map(str::trim).filter(|item| !item.is_empty())
        };
        let senders = listed("senders").map(|item| {
            let (id, number) = item.split_once('=').unwrap_or(("", item));
            SenderNumber { id: id.to_owned(), number: number.to_owned() }
        });
        let territories: Option<Vec<Territory>> = listed("territories").map(Territory::parse).collect();
        Ok(SendRules {
            senders: senders.collect(),
            territories: territories
                .ok_or_else(|| invalid("territories", "codes of ISO 3166-1, as in US,CA,GB"))?,
        })
    }

    fn secret(&self, name: &'static str) -> Result<Option<Secret>, Problem> {
        let parse = |text| Secret::parse(text).map_err(|wanted| invalid(name, wanted));
        self.text(name).map(parse).transpose()
    }

    /// An address the operator chose: it may be a private one.
    fn url(&self, name: &'static str) -> Result<Option<String>, Problem> {
        let Some(url) = self.text(name) else { return Ok(None) };
        check_url(url, true).map_err(|wanted| invalid(name, wanted))?;
        Ok(Some(url.to_owned()))
    }
}

fn invalid(name: &str, wanted: &str) -> Problem {
    Problem::new("invalid-setting", format!("the setting {name}: {wanted}"))
}

fn missing(name: &str, who: &str) -> Problem {
    Problem::new("invalid-setting", format!("the setting {name} is missing: {who} needs it"))
}
