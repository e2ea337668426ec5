//! Serves a VK API on a free port: `cargo run -p emulator --example chat`. Prints its base address, and for each line on
//! standard input how many messages were sent so far.

use std::error::Error;
use std::io::BufRead as _;

use emulator::chat::{Vk, VkConfig};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let vk = Vk::start(VkConfig::default()).await?;
    println!("vk ready: {}", vk.url());
    tokio::task::block_in_place(|| {
        for _ in std::io::stdin().lock().lines().map_while(Result::ok) {
            println!("{}", vk.counts().sent);
        }
    });
    vk.shutdown().await;
    Ok(())
}
