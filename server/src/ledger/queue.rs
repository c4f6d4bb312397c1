//! Requests that wait for a transaction: while one is being made durable, the next ones gather, and go together.

use std::sync::{Mutex, PoisonError};

use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot};

use super::command::{Command, Reply};
use super::refusal::Failure;

/// Commands of one caller, and where the caller waits.
pub(crate) struct Job {
    pub(crate) commands: Vec<Command>,
    reply: oneshot::Sender<Result<Vec<Reply>, Failure>>,
}

impl Job {
    /// Answers; a caller who has gone away is not missed, the key will bring the answer again.
    pub(crate) fn answer(self, result: Result<Vec<Reply>, Failure>) {
        drop(self.reply.send(result));
    }
}

/// Answers every caller with their part of the replies.
pub(crate) fn answer_all(jobs: Vec<Job>, replies: Vec<Reply>) {
    let mut replies = replies.into_iter();
    for job in jobs {
        let part = replies.by_ref().take(job.commands.len()).collect();
        job.answer(Ok(part));
    }
}

/// Tells every caller of the same failure.
pub(crate) fn fail_all(jobs: Vec<Job>, failure: &Failure) {
    for job in jobs {
        job.answer(Err(failure.clone()));
    }
}

/// The end where requests are put in.
pub(crate) struct Queue {
    sender: Mutex<Option<mpsc::Sender<Job>>>,
}

impl Queue {
    /// A queue of so many at most, and its other end.
    pub(crate) fn new(max: usize) -> (Queue, mpsc::Receiver<Job>) {
        let (sender, receiver) = mpsc::channel(max.max(1));
        (Queue { sender: Mutex::new(Some(sender)) }, receiver)
    }

    /// Puts a request in and waits for its answer. A full queue says so at once: waiting longer helps nobody.
    pub(crate) async fn put(&self, commands: Vec<Command>) -> Result<Vec<Reply>, Failure> {
        let sender = self.sender.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let sender = sender.ok_or_else(|| Failure::unavailable("it is being closed"))?;
        let (reply, answer) = oneshot::channel();
        sender.try_send(Job { commands, reply }).map_err(|error| match error {
            TrySendError::Full(_) => Failure::unavailable("too many requests are waiting"),
            TrySendError::Closed(_) => Failure::unavailable("it is closed"),
        })?;
        drop(sender);
        answer.await.unwrap_or_else(|_| Err(Failure::Unknown("its writer stopped".to_owned())))
    }

    /// Takes nothing more; what is waiting is still served.
    pub(crate) fn close(&self) {
        self.sender.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

/// The first request and all that wait behind it, up to so many commands. No timer: whoever comes while a transaction
/// is being made durable is in the next one.
pub(crate) fn gather(first: Job, receiver: &mut mpsc::Receiver<Job>, commands_max: usize) -> Vec<Job> {
    let mut count = first.commands.len();
    let mut jobs = vec![first];
    while count < commands_max {
        let Ok(job) = receiver.try_recv() else { break };
        count += job.commands.len();
        jobs.push(job);
    }
    jobs
}
