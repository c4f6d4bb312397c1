//! What is measured.

/// Who does the charging.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    /// The transaction written by hand.
    Peer,
    /// The release binary.
    Twin(Engine),
}

/// What the twin keeps its ledger in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

/// What one request does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Request {
    /// `POST /v1/charges`: what the peer does as well, and an idempotency key.
    Charge,
    /// `POST /v1/messages`: a charge and an outbox row, and the relay hands the message on meanwhile.
    Send,
}

/// How many accounts the load is spread over.
pub(crate) const SPREAD: usize = 512;

pub(crate) struct Scenario {
    pub(crate) subject: Subject,
    pub(crate) request: Request,
    pub(crate) accounts: usize,
}

impl Scenario {
    /// A name for people, unique.
    pub(crate) fn name(&self) -> String {
        let subject = match self.subject {
            Subject::Peer => "by hand",
            Subject::Twin(Engine::Sqlite) => "SQLite",
            Subject::Twin(Engine::Postgres) => "PostgreSQL",
        };
        let request = match self.request {
            Request::Charge => "charge",
            Request::Send => "send",
        };
        format!("{subject}, {request}, {}", self.shape())
    }

    pub(crate) fn shape(&self) -> &'static str {
        if self.accounts == 1 { "hot" } else { "spread" }
    }
}

const fn scenario(subject: Subject, request: Request, accounts: usize) -> Scenario {
    Scenario { subject, request, accounts }
}

/// The peer stands between the twin's two engines, so that each is compared with a neighbour in time.
pub(crate) const SCENARIOS: &[Scenario] = &[
    scenario(Subject::Twin(Engine::Sqlite), Request::Charge, 1),
    scenario(Subject::Peer, Request::Charge, 1),
    scenario(Subject::Twin(Engine::Postgres), Request::Charge, 1),
    scenario(Subject::Twin(Engine::Sqlite), Request::Charge, SPREAD),
    scenario(Subject::Peer, Request::Charge, SPREAD),
    scenario(Subject::Twin(Engine::Postgres), Request::Charge, SPREAD),
    scenario(Subject::Twin(Engine::Sqlite), Request::Send, 1),
    scenario(Subject::Twin(Engine::Postgres), Request::Send, 1),
];
