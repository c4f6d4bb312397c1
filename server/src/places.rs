//! Places for lists: how many are in work at once, so that there are cores and memory left for everything else.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::ledger::AccountId;

/// At most so many lists are in work at once, of those that are there and of those that are still coming each: each takes a core
/// for a while, and memory for the numbers it has seen.
pub const LISTS_AT_ONCE_MAX: usize = 4;
/// At most so many of those are one workspace's: the others are for the others.
pub const LISTS_OF_A_WORKSPACE_MAX: usize = 2;

/// The places of one kind of lists.
#[derive(Clone, Debug, Default)]
pub struct Lists {
    /// For lists that are there: kept for as long as they are worked on, so nobody keeps others out by being slow.
    pub whole: Places,
    /// For lists whose rest is still to come: kept until it is there or has broken off.
    pub coming: Places,
}

/// So many places.
#[derive(Clone, Debug)]
pub struct Places {
    free: Arc<Semaphore>,
    shares: Arc<Mutex<Shares>>,
}

/// How many places each workspace has that has any.
type Shares = HashMap<AccountId, usize>;

/// A place; it is free again when this is dropped.
#[derive(Debug)]
pub struct Place {
    _free: OwnedSemaphorePermit,
    _share: Option<Share>,
}

#[derive(Debug)]
struct Share {
    shares: Arc<Mutex<Shares>>,
    workspace: AccountId,
}

impl Default for Places {
    fn default() -> Places {
        Places { free: Arc::new(Semaphore::new(LISTS_AT_ONCE_MAX)), shares: Arc::default() }
    }
}

impl Places {
    /// A place, if one is free, and is not more than the workspace's share where it is a workspace's.
    #[must_use]
    pub fn take(&self, workspace: Option<AccountId>) -> Option<Place> {
        let share = match workspace {
            Some(workspace) => Some(self.share(workspace)?),
            None => None,
        };
        let free = Arc::clone(&self.free).try_acquire_owned().ok()?;
        Some(Place { _free: free, _share: share })
    }

    fn share(&self, workspace: AccountId) -> Option<Share> {
        let mut shares = locked(&self.shares);
        let taken = shares.get(&workspace).copied().unwrap_or(0);
        if taken >= LISTS_OF_A_WORKSPACE_MAX {
            return None;
        }
        shares.insert(workspace, taken.saturating_add(1));
        Some(Share { shares: Arc::clone(&self.shares), workspace })
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut shares = locked(&self.shares);
        match shares.get_mut(&self.workspace) {
            Some(taken) if *taken > 1 => *taken = taken.saturating_sub(1),
            _ => drop(shares.remove(&self.workspace)),
        }
    }
}

fn locked(shares: &Mutex<Shares>) -> MutexGuard<'_, Shares> {
    shares.lock().unwrap_or_else(PoisonError::into_inner)
}
