//! What the ledger can be told, and what it answers.

use super::account::{Account, Configure, OpenAccount};
use super::auto_charge::{Attempt, BeginAttempt, ClaimAttempts, SettleAttempt};
use super::campaign::{
    AddCampaignRows, Campaign, CampaignRound, DraftCampaign, DropCampaign, SendCampaign, StartCampaign,
    SteerCampaign, SweepCampaign,
};
use super::charge::{Charge, ChargeRecord, Refund, Refunded};
use super::credit::{Application, ApplyAll, Payment, TopUp};
use super::event::{ClaimEvents, Event, SettleEvent};
use super::key::{ApiKey, CreateKey, RevokeKey};
use super::outbox::{ClaimMessages, Message, SettleMessage};
use super::quote::{KeepRateCard, KeptRateCard, LockQuote, QuoteLock};
use super::refusal::Refusal;

/// An answer: what was done or why not, and whether that is news.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer<T> {
    /// What was done, or why nothing was.
    pub outcome: Result<T, Refusal>,
    /// Whether this was answered before: nothing was done now.
    pub replayed: bool,
}

impl<T> Answer<T> {
    pub(crate) const fn done(what: T) -> Answer<T> {
        Answer { outcome: Ok(what), replayed: false }
    }

    pub(crate) const fn again(what: T) -> Answer<T> {
        Answer { outcome: Ok(what), replayed: true }
    }
}

impl<T> From<Result<T, Refusal>> for Answer<T> {
    fn from(outcome: Result<T, Refusal>) -> Answer<T> {
        Answer { outcome, replayed: false }
    }
}

/// Lets a command and its answer travel together with others: each variant is one kind of command.
macro_rules! commands {
    ($($(#[$doc:meta])* $variant:ident($command:ty) -> $done:ty;)*) => {
        /// A command. Each is atomic on its own, and each can be repeated: it names what it makes by an id, a key or a
        /// payment, or says a state rather than a step.
        #[derive(Clone, Debug)]
        pub enum Command { $($(#[$doc])* $variant($command),)* }

        /// The answer to a command, of the same name.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Reply { $($(#[$doc])* $variant(Answer<$done>),)* }

        $(
            impl Told for $command {
                type Done = $done;
                fn command(self) -> Command {
                    Command::$variant(self)
                }
                fn answer(reply: Reply) -> Option<Answer<$done>> {
                    if let Reply::$variant(answer) = reply { Some(answer) } else { None }
                }
            }
        )*
    };
}

/// A command by its type: what it becomes in a batch, and how its answer is found again.
pub trait Told: Sized {
    /// What is answered when it was done.
    type Done;
    /// The command, to travel in a batch.
    fn command(self) -> Command;
    /// The answer, when the reply is one to this kind of command.
    fn answer(reply: Reply) -> Option<Answer<Self::Done>>;
}

commands! {
    /// Opens an account.
    OpenAccount(OpenAccount) -> Account;
    /// Changes a rule of an account.
    Configure(Configure) -> Account;
    /// Credits a payment.
    TopUp(TopUp) -> Payment;
    /// Charges. A charge that was judged is an answer, paid or refused: see [`ChargeRecord::refusal`].
    Charge(Box<Charge>) -> Box<ChargeRecord>;
    /// Gives a charge back.
    Refund(Refund) -> Refunded;
    /// Begins a campaign's draft.
    DraftCampaign(DraftCampaign) -> Campaign;
    /// Adds rows to a draft.
    AddCampaignRows(AddCampaignRows) -> Campaign;
    /// Holds a draft's worst case and starts it. A campaign that was judged is an answer, started or refused: see
    /// [`Campaign::refusal`].
    StartCampaign(StartCampaign) -> Campaign;
    /// Gives a draft up.
    DropCampaign(DropCampaign) -> Campaign;
    /// Hands the next rows of a campaign on.
    SendCampaign(SendCampaign) -> CampaignRound;
    /// Pauses, resumes or stops a campaign.
    SteerCampaign(SteerCampaign) -> Campaign;
    /// Removes what nobody will send.
    SweepCampaign(SweepCampaign) -> ();
    /// Applies all credits to the subscription.
    ApplyAll(ApplyAll) -> Application;
    /// Locks a price.
    LockQuote(LockQuote) -> QuoteLock;
    /// Begins an attempt of auto-charge.
    BeginAttempt(BeginAttempt) -> Attempt;
    /// Settles an attempt of auto-charge.
    SettleAttempt(SettleAttempt) -> Attempt;
    /// Takes attempts to ask for.
    ClaimAttempts(ClaimAttempts) -> Vec<Attempt>;
    /// Takes messages to hand on.
    ClaimMessages(ClaimMessages) -> Vec<Message>;
    /// Settles a message.
    SettleMessage(SettleMessage) -> Message;
    /// Takes events to tell.
    ClaimEvents(ClaimEvents) -> Vec<Event>;
    /// Settles an event.
    SettleEvent(SettleEvent) -> Event;
    /// Makes an API key.
    CreateKey(CreateKey) -> ApiKey;
    /// Revokes an API key.
    RevokeKey(RevokeKey) -> ApiKey;
    /// Keeps a rate card.
    KeepRateCard(KeepRateCard) -> KeptRateCard;
    /// Writes something of no meaning, durably: whether the ledger can.
    Beat(Beat) -> ();
}

/// Writes something of no meaning, durably: whether the ledger can.
#[derive(Clone, Copy, Debug)]
pub struct Beat;

impl Told for Charge {
    type Done = Box<ChargeRecord>;
    fn command(self) -> Command {
        Command::Charge(Box::new(self))
    }
    fn answer(reply: Reply) -> Option<Answer<Box<ChargeRecord>>> {
        Box::<Charge>::answer(reply)
    }
}
