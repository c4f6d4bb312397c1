//! What the standard library would bring: where memory comes from, and what becomes of a panic.
//!
//! Nothing in this crate panics. A dependency's panic ends in a trap either way; without the standard library no code
//! that would have worded it is downloaded.

use core::{arch::wasm32, panic::PanicInfo};

use lol_alloc::{FreeListAllocator, LockedAllocator};

#[global_allocator]
static ALLOCATOR: LockedAllocator<FreeListAllocator> = LockedAllocator::new(FreeListAllocator::new());

#[panic_handler]
fn trap(_: &PanicInfo<'_>) -> ! {
    wasm32::unreachable()
}
