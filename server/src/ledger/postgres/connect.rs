//! Connecting, and refusing a database that would acknowledge what it can lose.

use std::str::FromStr;
use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use tokio_postgres::config::{LoadBalanceHosts, SslMode, TargetSessionAttrs};
use tokio_postgres::{Config, NoTls};

use super::super::policy::Policy;
use super::super::refusal::OpenError;
use super::fault;

/// The oldest PostgreSQL the ledger was made for.
const VERSION_MIN: i64 = 130_000;

pub(super) fn pool(url: &str, policy: &Policy) -> Result<Pool, OpenError> {
    let mut config = Config::from_str(url)
        .map_err(|error| OpenError::new(format!("the PostgreSQL address cannot be read: {error}")))?;
    if config.get_ssl_mode() == SslMode::Require {
        return Err(OpenError::new(
            "TLS to PostgreSQL is not built in: use a private network, a socket or a local proxy, and sslmode=disable",
        ));
    }
    // After a fail-over an old primary may still answer, but not take writes: it is passed over.
    config.target_session_attrs(TargetSessionAttrs::ReadWrite);
    config.ssl_mode(SslMode::Disable);
    config.keepalives_idle(Duration::from_secs(30));
    config.tcp_user_timeout(policy.patience);
    let hosts = config.get_hosts().len().max(config.get_hostaddrs().len());
    if hosts > 1 {
        // One that does not answer, or that still takes writes it can no longer replicate, does not always come first.
        config.load_balance_hosts(LoadBalanceHosts::Random);
    }
    if config.get_connect_timeout().is_none() {
        // All of them fit into the patience.
        let tries = u32::try_from(hosts).unwrap_or(u32::MAX).saturating_add(1);
        config.connect_timeout(if hosts > 1 { policy.patience / tries } else { policy.patience });
    }
    if config.get_application_name().is_none() {
        config.application_name("textmeter");
    }
    let manager =
        Manager::from_config(config, NoTls, ManagerConfig { recycling_method: RecyclingMethod::Fast });
    Pool::builder(manager)
        .max_size(policy.connections_max.max(2))
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(policy.patience))
        .create_timeout(Some(policy.patience))
        .recycle_timeout(Some(policy.patience))
        .build()
        .map_err(OpenError::new)
}

/// Leaves the connections that wait in the pool. What one has met the others will meet too: where their server is gone
/// without a word each would be found out only after a long wait, and where it is cut off from its standbys it answers
/// readers as if nothing had happened.
pub(super) fn forget(pool: &Pool) {
    pool.retain(|_, _| false);
}

/// Refuses a server that is too old, or that acknowledges before it is durable.
pub(super) async fn check(pool: &Pool) -> Result<(), OpenError> {
    let client = pool
        .get()
        .await
        .map_err(|error| OpenError::new(format!("cannot reach PostgreSQL: {}", fault::pool(&error))))?;
    let asked = client
        .query_one(
            "SELECT current_setting('server_version_num')::bigint, current_setting('synchronous_commit'), \
             current_setting('synchronous_standby_names') <> ''",
            &[],
        )
        .await;
    let row = asked.map_err(|error| OpenError::new(format!("cannot ask PostgreSQL: {error}")))?;
    let (version, synchronous, has_standbys): (i64, String, bool) = (row.get(0), row.get(1), row.get(2));
    if version < VERSION_MIN {
        return Err(OpenError::new("PostgreSQL 13 or newer is needed"));
    }
    if synchronous == "off" || (synchronous == "local" && has_standbys) {
        return Err(OpenError::new(
            "this PostgreSQL acknowledges what it can still lose: set synchronous_commit to on",
        ));
    }
    Ok(())
}
