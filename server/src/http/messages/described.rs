//! The provider's documents, with what is added to them, as the description shows them.

use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::fields::{Amount, Level, When};

/// A message to send: the provider's fields, and three of ours.
#[derive(ToSchema)]
#[expect(dead_code, reason = "its fields are read by the description only")]
#[schema(example = json!({"content": "Your table is ready", "from": "+15555550100", "to": ["+447400123456"]}))]
pub(in crate::http) struct SendBody {
    /// The text: 1 to 1600 code points, not only white space.
    #[schema(min_length = 1, max_length = 1600, pattern = r"\S")]
    content: String,
    /// The sender: a phone number's id, or its number in E.164.
    #[schema(pattern = r"^(PN[!-~]{1,98}|\+[1-9]\d{1,14})$")]
    from: String,
    /// The recipients in E.164; several are one group message. All are sent to or none.
    #[schema(min_items = 1, max_items = 10)]
    to: Vec<E164>,
    /// The user who sends.
    #[schema(rename = "userId", pattern = "^US[!-~]{0,98}$")]
    user_id: Option<String>,
    /// Moves the conversation to done.
    #[schema(rename = "setInboxStatus", pattern = "^done$", example = "done")]
    set_inbox_status: Option<String>,
    /// Deprecated by the provider, and ignored.
    #[schema(rename = "phoneNumberId", deprecated)]
    phone_number_id: Option<String>,
    /// The most it may cost; refused with 409 `price-above-max` beyond it.
    max_price: Option<Level>,
    /// A quote lock, to send at its price.
    quote_id: Option<Uuid>,
}

/// A number in E.164.
#[derive(ToSchema)]
#[schema(pattern = r"^\+[1-9]\d{1,14}$", example = "+447400123456")]
#[expect(dead_code, reason = "it is read by the description only")]
struct E164(String);

/// A message that was accepted, or as it stands.
#[derive(ToSchema)]
#[expect(dead_code, reason = "its fields are read by the description only")]
pub(in crate::http) struct SentBody {
    /// The message.
    data: SentMessage,
}

/// A message, with what it cost.
#[derive(ToSchema)]
#[expect(dead_code, reason = "its fields are read by the description only")]
struct SentMessage {
    /// Its id.
    #[schema(pattern = "^AC[0-9a-f]{32}$")]
    id: String,
    /// The recipients.
    to: Vec<String>,
    /// The sender's number.
    from: String,
    /// The text; empty once it is handed on, because nobody keeps it.
    text: String,
    /// The sender's id.
    #[schema(rename = "phoneNumberId")]
    phone_number_id: Option<String>,
    /// The same for the same people.
    #[schema(rename = "conversationId", pattern = "^CN")]
    conversation_id: String,
    /// Always `outgoing`.
    direction: String,
    /// The user who sent it, or the workspace.
    #[schema(rename = "userId", pattern = "^US")]
    user_id: String,
    /// `sent` or `undelivered`, in the provider's words.
    #[schema(example = "sent")]
    status: String,
    /// Where it stands here: `queued`, `leased`, `delivered`, `failed`, `dead`, `unknown` or `cancelled`.
    #[schema(example = "queued")]
    state: String,
    /// When it was paid.
    #[schema(rename = "createdAt")]
    created_at: When,
    /// When it came to its end, or was paid.
    #[schema(rename = "updatedAt")]
    updated_at: When,
    /// The charge that paid it: see `/v1/charges/{id}`.
    charge_id: Uuid,
    /// What it cost.
    cost: Amount,
    /// The balance after it.
    balance: Amount,
    /// ISO 4217.
    #[schema(example = "USD")]
    currency: String,
    /// Segments, for each recipient.
    segments: i64,
    /// The price of one; null where recipients differ.
    per_segment: Option<Amount>,
}

/// The senders.
#[derive(ToSchema)]
#[expect(dead_code, reason = "its fields are read by the description only")]
pub(in crate::http) struct SendersBody {
    /// One entry a number, with the provider's fields.
    #[schema(value_type = Vec<Object>)]
    data: Vec<serde_json::Value>,
}

/// A refusal in the provider's envelope. One for want of credits also says `balance`, `required`, `shortfall`,
/// `out_of_credit_since`, `segments`, `per_segment` and `currency`.
#[derive(ToSchema)]
#[expect(dead_code, reason = "its fields are read by the description only")]
pub(in crate::http) struct ProviderError {
    /// What is wrong and what to do, for people.
    message: String,
    /// For programs: the provider's seven digits, or a word of ours where it has none.
    #[schema(example = "0200402")]
    code: String,
    /// The status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// Where the provider explains its errors.
    docs: String,
    /// The kind of error in words.
    #[schema(example = "Not Enough Credits")]
    title: String,
    /// What the provider says of it.
    description: Option<String>,
    /// The fields that are wrong.
    errors: Option<Vec<ProviderFieldError>>,
}

/// A field that is wrong.
#[derive(ToSchema)]
#[expect(dead_code, reason = "its fields are read by the description only")]
struct ProviderFieldError {
    /// Which (RFC 6901).
    #[schema(example = "/to/0")]
    path: String,
    /// What is wrong.
    message: String,
    /// What was given, in short.
    value: Option<String>,
    /// What would be right.
    #[schema(value_type = Object)]
    schema: serde_json::Value,
}
