//! Takes the payments that are due, and asks after those whose outcome nobody knows.

use std::sync::Arc;

use super::rounds::{Work, settled};
use crate::{
    app::App,
    ledger::{
        Attempt, AttemptId, AttemptOutcome, BeginAttempt, ClaimAttempts, Command, Failure, Refusal, Reply,
        SettleAttempt, Told,
    },
    payment::{Order, Outcome, PaymentPort, not_credited},
};

/// Auto-charge's worker.
pub(super) struct AutoCharger {
    pub(super) app: App,
    pub(super) port: Arc<dyn PaymentPort>,
}

/// An attempt to take care of.
pub(super) enum Task {
    /// It has just begun: ask for the payment.
    Pay(Attempt),
    /// Its outcome is not known: ask after it.
    Ask(Attempt),
}

impl Work for AutoCharger {
    type Item = Task;

    const NAME: &'static str = "auto-charge";

    async fn claim(&self, limit: i64) -> Result<Vec<Task>, Failure> {
        let asked = self.app.ledger.tell(ClaimAttempts { limit }).await?.outcome.unwrap_or_default();
        let mut tasks: Vec<Task> = asked.into_iter().map(Task::Ask).collect();
        let room = limit.saturating_sub(i64::try_from(tasks.len()).unwrap_or(i64::MAX));
        if room > 0 {
            let due = self.app.ledger.auto_charges_due(room).await?;
            // The ledger decides; who is not due after all is left out, and nobody has two attempts.
            let begin = |account| BeginAttempt { account, id: AttemptId::new() }.command();
            let commands: Vec<Command> = due.into_iter().map(begin).collect();
            let replies = self.app.ledger.apply(commands).await?;
            let begun =
                replies.into_iter().filter_map(|reply: Reply| BeginAttempt::answer(reply)?.outcome.ok());
            tasks.extend(begun.map(Task::Pay));
        }
        Ok(tasks)
    }

    async fn work(&self, task: Task) {
        let (attempt, asking) = match &task {
            Task::Pay(attempt) => (attempt, false),
            Task::Ask(attempt) => (attempt, true),
        };
        let account = match self.app.ledger.account(attempt.account_id).await {
            Ok(Some(account)) => account,
            // It stays in flight, and is asked for.
            Ok(None) => return,
            Err(failure) => return tracing::warn!(attempt = %attempt.id, %failure, "a payment waits"),
        };
        let order = Order {
            attempt: attempt.id,
            workspace: attempt.account_id,
            amount_micros: attempt.amount_micros,
            currency: account.currency,
            now: self.app.ledger.now(),
        };
        let outcome = if asking { self.port.ask(&order).await } else { self.port.pay(&order).await };
        let outcome = match outcome {
            Outcome::Taken { payment, amount_micros } => AttemptOutcome::Succeeded { payment, amount_micros },
            Outcome::Declined { reason } => AttemptOutcome::Declined { reason },
            Outcome::Unknown { reason } => AttemptOutcome::Unknown { reason },
            // It stays in flight; the outcome is told later, or asked for.
            Outcome::Pending => return,
        };
        let paid = matches!(outcome, AttemptOutcome::Succeeded { .. });
        let settle = SettleAttempt { account: attempt.account_id, id: attempt.id, outcome };
        let told = settled(Self::NAME, || self.app.ledger.tell(settle.clone())).await;
        match told.map(|answer| answer.outcome) {
            Some(Ok(after)) => {
                tracing::info!(attempt = %after.id, state = after.state.as_str(), "payment");
                self.app.bell.ring();
            }
            Some(Err(refusal)) if paid && refusal != Refusal::AttemptSettled => {
                let tell = || not_credited(&self.app.ledger, attempt.account_id, attempt.id, &refusal);
                settled(Self::NAME, tell).await;
                self.app.bell.ring();
            }
            Some(Err(refusal)) => {
                tracing::warn!(attempt = %attempt.id, because = refusal.code(), "settled otherwise already");
            }
            None => tracing::error!(attempt = %attempt.id, "could not be settled; it will be asked for"),
        }
    }
}
