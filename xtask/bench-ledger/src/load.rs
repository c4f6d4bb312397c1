//! Many who ask at the same time, and how long each waits.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use uuid::Uuid;

use crate::client::{Answer, Client, find, header, post};
use crate::machine;
use crate::scenario::Request;

/// Work before the clock starts: connections, caches and statements are not what is measured.
pub(crate) const WARM_UP: Duration = Duration::from_secs(1);

/// How many ask at the same time, and for how long.
#[derive(Clone, Copy)]
pub(crate) struct Effort {
    pub(crate) connections: usize,
    pub(crate) length: Duration,
}

/// What one run came to.
#[derive(Default)]
pub(crate) struct Measured {
    /// How long each acknowledged charge took, in microseconds, shortest first.
    pub(crate) waits: Vec<u64>,
    /// How long the clock ran.
    pub(crate) took: Duration,
    /// What making the load cost of a core, in microseconds a charge.
    pub(crate) load_cpu: u64,
    /// What the measured process cost of a core, likewise; the database's own processes are not in it.
    pub(crate) subject_cpu: Option<u64>,
}

impl Measured {
    pub(crate) fn per_second(&self) -> u64 {
        let micros = u64::try_from(self.took.as_micros()).unwrap_or(u64::MAX).max(1);
        self.waits.len() as u64 * 1_000_000 / micros
    }

    /// In microseconds.
    pub(crate) fn percentile(&self, percent: usize) -> u64 {
        let at = (self.waits.len() * percent).div_ceil(100).saturating_sub(1);
        self.waits.get(at).copied().unwrap_or(0)
    }
}

/// When the clock starts and when nobody asks any more.
#[derive(Clone, Copy)]
pub(crate) struct Window {
    from: Instant,
    until: Instant,
}

impl Window {
    pub(crate) fn new(length: Duration) -> Window {
        let from = Instant::now() + WARM_UP;
        Window { from, until: from + length }
    }

    pub(crate) fn open(&self) -> bool {
        Instant::now() < self.until
    }

    /// What it took from `began` until now, if all of that lies within.
    pub(crate) fn wait(&self, began: Instant) -> Option<u64> {
        let now = Instant::now();
        let within = began >= self.from && now <= self.until;
        within.then(|| u64::try_from((now - began).as_micros()).unwrap_or(u64::MAX))
    }

    /// Sums up what all callers waited.
    pub(crate) fn measured(&self, waits: Vec<Vec<u64>>, spent: Spent) -> Measured {
        let mut waits = waits.concat();
        waits.sort_unstable();
        let took = self.until - self.from;
        Measured { waits, took, load_cpu: spent.load, subject_cpu: spent.subject }
    }
}

/// The processor's time a charge.
#[derive(Clone, Copy)]
pub(crate) struct Spent {
    pub(crate) load: u64,
    pub(crate) subject: Option<u64>,
}

/// A run over HTTP, and the ids of everything that was acknowledged in it, warm-up and all.
pub(crate) async fn run(
    address: SocketAddr,
    process: u32,
    keys: &[String],
    request: Request,
    effort: Effort,
) -> (Measured, Vec<(usize, Uuid)>) {
    let mut clients = Vec::with_capacity(effort.connections);
    for _ in 0..effort.connections {
        clients.push(Client::connect(address).await.unwrap());
    }
    let window = Window::new(effort.length);
    let before = (machine::own_cpu(), machine::cpu(process));
    let step = effort.connections;
    let callers = clients.into_iter().enumerate();
    let done = callers.map(|(number, client)| call(client, number, step, keys, request, window));
    let done = join_all(done).await;
    let (own, twin) = (machine::own_cpu() - before.0, machine::cpu(process) - before.1);
    let (waits, acknowledged): (Vec<_>, Vec<_>) = done.into_iter().unzip();
    let acknowledged = acknowledged.concat();
    let each = |cpu: u64| cpu / acknowledged.len().max(1) as u64;
    (window.measured(waits, Spent { load: each(own), subject: Some(each(twin)) }), acknowledged)
}

/// One caller, who asks again as soon as it is answered; each time for the account so many steps on, so that no two meet where
/// there are enough.
async fn call(
    mut client: Client,
    number: usize,
    step: usize,
    keys: &[String],
    request: Request,
    window: Window,
) -> (Vec<u64>, Vec<(usize, Uuid)>) {
    let (mut waits, mut acknowledged) = (Vec::new(), Vec::new());
    let mut account = number;
    while window.open() {
        account = (account + step) % keys.len();
        let bytes = written(request, &keys[account], number, acknowledged.len());
        let began = Instant::now();
        let answer = client.ask(&bytes).await.unwrap();
        waits.extend(window.wait(began));
        acknowledged.push((account, charge_of(request, &answer)));
    }
    (waits, acknowledged)
}

fn written(request: Request, key: &str, number: usize, count: usize) -> Vec<u8> {
    match request {
        Request::Charge => {
            let once = format!("Idempotency-Key: bench-{number}-{count}\r\n");
            let body = r#"{"text":"Your table is ready at eight, see you soon","to":"+12025550123","channel":"api"}"#;
            post("/v1/charges", key, &once, body)
        }
        Request::Send => {
            let body = r#"{"content":"Your table is ready at eight, see you soon","from":"+12025550100","to":["+12025550123"]}"#;
            post("/v1/messages", key, "", body)
        }
    }
}

/// What was charged, as the answer says; anything but a charge ends the run.
fn charge_of(request: Request, answer: &Answer<'_>) -> Uuid {
    let id = match request {
        Request::Charge if answer.status == 201 => {
            header(answer.head, "location").and_then(|place| place.strip_prefix(b"/v1/charges/"))
        }
        Request::Send if answer.status == 202 => {
            const NAME: &[u8] = b"\"charge_id\":\"";
            let at = find(answer.body, NAME).map(|at| at + NAME.len());
            at.and_then(|at| answer.body.get(at..at + 36))
        }
        _ => None,
    };
    id.and_then(|id| Uuid::try_parse_ascii(id).ok())
        .unwrap_or_else(|| panic!("{}: {}", answer.status, String::from_utf8_lossy(answer.body)))
}
