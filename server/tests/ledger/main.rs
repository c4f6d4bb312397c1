//! The ledger, judged from outside: the same laws, cases and races on both databases.
// Outside of #[test] functions too: what fails here fails its test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod cases;
#[path = "../cluster/mod.rs"]
mod cluster;
mod laws;
mod laws_auto;
mod model;
mod model_campaigns;
mod races;
mod world;

/// Runs each test on both databases.
macro_rules! on_both {
    ($($(#[$doc:meta])* async fn $name:ident($world:ident: World) $body:block)*) => {
        $($(#[$doc])* async fn $name($world: $crate::world::World) $body)*

        mod sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    super::$name($crate::world::World::sqlite().await).await;
                }
            )*
        }

        mod postgres {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    super::$name($crate::world::World::postgres().await).await;
                }
            )*
        }
    };
}
use on_both;
