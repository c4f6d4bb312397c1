//! What can be asked of campaigns.

use super::Ledger;
use super::campaign::{Campaign, CampaignPapers, CampaignRow};
use super::engine::Query;
use super::id::{AccountId, CampaignId};
use super::moment::Moment;
use super::outbox::MessageState;
use super::read::{page, unreadable};
use super::refusal::Failure;
use super::table::{Record, int, key};
use super::value::{Field, Kind, Row, Unreadable, Value};

/// Those that are anybody's business: what is being written, was dropped or was refused is only the answer to a key.
const STARTED: &str = "state IN ('sending', 'paused', 'stopped', 'finished')";

/// What came of the rows that were handed on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CampaignProgress {
    /// How many messages there are of each state; only what there is.
    pub messages: Vec<(MessageState, i64)>,
    /// What was given back of their charges.
    pub refunded_micros: i64,
}

/// A row, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampaignRowSeen {
    /// The row.
    pub row: CampaignRow,
    /// Where its message stands; none while there is none.
    pub message: Option<MessageState>,
    /// What was given back of its charge.
    pub refunded_micros: i64,
}

impl Ledger {
    /// A campaign that was started.
    pub async fn campaign(&self, account: AccountId, id: CampaignId) -> Result<Option<Campaign>, Failure> {
        let sql = format!("WHERE account_id = $1 AND id = $2 AND {STARTED}");
        self.one(&sql, key![account, id]).await
    }

    /// What an idempotency key was answered, started or refused.
    pub async fn campaign_by_key(&self, account: AccountId, key: &str) -> Result<Option<Campaign>, Failure> {
        self.one("WHERE account_id = $1 AND idempotency_key = $2", key![account, key.to_owned()]).await
    }

    /// The campaigns of an account that were started, newest first, from after one.
    pub async fn campaigns(
        &self,
        account: AccountId,
        after: Option<CampaignId>,
        limit: i64,
    ) -> Result<Vec<Campaign>, Failure> {
        let before = after.map_or(uuid::Uuid::max(), CampaignId::uuid);
        let sql = format!("WHERE account_id = $1 AND id < $2 AND {STARTED} ORDER BY id DESC LIMIT $3");
        self.list(&sql, vec![account.value(), Value::Uuid(before), Value::Int(page(limit))]).await
    }

    /// What a campaign says and was quoted.
    pub async fn campaign_papers(
        &self,
        account: AccountId,
        id: CampaignId,
    ) -> Result<Option<CampaignPapers>, Failure> {
        self.one("WHERE account_id = $1 AND campaign_id = $2", key![account, id]).await
    }

    /// What came of a campaign's rows that were handed on: a look at each of them.
    pub async fn campaign_progress(
        &self,
        account: AccountId,
        id: CampaignId,
    ) -> Result<CampaignProgress, Failure> {
        let sql = "SELECT o.state, count(*), CAST(sum(c.refunded_micros) AS BIGINT) FROM campaign_rows r \
                   JOIN charges c ON c.account_id = r.account_id AND c.id = r.charge_id \
                   JOIN outbox o ON o.account_id = r.account_id AND o.charge_id = r.charge_id \
                   WHERE r.account_id = $1 AND r.campaign_id = $2 GROUP BY o.state ORDER BY o.state";
        let kinds = vec![Kind::Text, Kind::Int, Kind::Int];
        let rows =
            self.rows(Query { sql: sql.to_owned(), params: key![account, id], kinds, single: false }).await?;
        let mut progress = CampaignProgress::default();
        let mut add = |row: &Row| {
            let state = MessageState::read(row.first().cloned().ok_or(Unreadable)?)?;
            progress.messages.push((state, int(row, 1)?));
            progress.refunded_micros = progress.refunded_micros.saturating_add(int(row, 2)?);
            Ok(())
        };
        rows.iter().try_for_each(&mut add).map_err(unreadable)?;
        Ok(progress)
    }

    /// The rows of a campaign in the list's order, from a number on.
    pub async fn campaign_rows(
        &self,
        account: AccountId,
        id: CampaignId,
        from: i64,
        limit: i64,
    ) -> Result<Vec<CampaignRowSeen>, Failure> {
        let table = CampaignRow::TABLE;
        let sql = format!(
            "SELECT {}, o.state, c.refunded_micros FROM campaign_rows r \
             LEFT JOIN charges c ON c.account_id = r.account_id AND c.id = r.charge_id \
             LEFT JOIN outbox o ON o.account_id = r.account_id AND o.charge_id = r.charge_id \
             WHERE r.account_id = $1 AND r.campaign_id = $2 AND r.number >= $3 ORDER BY r.number LIMIT $4",
            table.list("r.")
        );
        let kinds = [table.kinds(), vec![Kind::Text, Kind::Int]].concat();
        let params = key![account, id, from, page(limit)];
        let rows = self.rows(Query { sql, params, kinds, single: false }).await?;
        rows.into_iter().map(seen).collect::<Result<_, _>>().map_err(unreadable)
    }

    /// A campaign that is sending: the next one after another, in turn.
    pub(crate) async fn next_sending(
        &self,
        after: (AccountId, CampaignId),
    ) -> Result<Option<Campaign>, Failure> {
        let sql = "WHERE state = 'sending' AND (account_id, id) > ($1, $2) ORDER BY account_id, id LIMIT 1";
        self.one(sql, key![after.0, after.1]).await
    }

    /// How many of the rows a campaign handed on last wait in the outbox, among the last so many.
    pub(crate) async fn lagging(&self, campaign: &Campaign, last: i64) -> Result<i64, Failure> {
        // The plus keeps SQLite from beginning with everything that is due.
        let sql = "SELECT count(*) FROM campaign_rows r \
                   JOIN outbox o ON o.account_id = r.account_id AND o.charge_id = r.charge_id \
                   WHERE r.account_id = $1 AND r.campaign_id = $2 AND r.number >= $3 AND r.number < $4 \
                   AND +o.due_at IS NOT NULL";
        let from = campaign.next_row.saturating_sub(last);
        let params = key![campaign.account_id, campaign.id, from, campaign.next_row];
        let query = Query { sql: sql.to_owned(), params, kinds: vec![Kind::Int], single: true };
        self.rows(query).await?.first().map_or(Ok(0), |row| int(row, 0)).map_err(unreadable)
    }

    /// Campaigns with texts nobody will send.
    pub(crate) async fn to_sweep(&self, limit: i64) -> Result<Vec<Campaign>, Failure> {
        self.list("WHERE sweep_from IS NOT NULL ORDER BY account_id, id LIMIT $1", key![page(limit)]).await
    }

    /// Drafts that nobody has written to at or after a moment.
    pub(crate) async fn drafts_untouched(&self, since: Moment, limit: i64) -> Result<Vec<Campaign>, Failure> {
        let sql = "WHERE state = 'draft' AND touched_at < $1 LIMIT $2";
        self.list(sql, key![since, page(limit)]).await
    }

    /// Whether nobody else can be writing to this ledger: whatever was under way when it was opened is not any more.
    pub(crate) fn is_alone(&self) -> bool {
        self.engine.is_alone()
    }
}

fn seen(mut row: Row) -> Result<CampaignRowSeen, Unreadable> {
    let mut rest = row.split_off(CampaignRow::TABLE.columns.len().min(row.len())).into_iter();
    let mut next = || rest.next().ok_or(Unreadable);
    let message = Option::read(next()?)?;
    let refunded: Option<i64> = Option::read(next()?)?;
    Ok(CampaignRowSeen { row: CampaignRow::read(row)?, message, refunded_micros: refunded.unwrap_or(0) })
}
