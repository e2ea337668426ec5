//! Serves the demonstration school: `cargo run -p emulator --example serve -- [ADDRESS] [PROFILE] [WORD…]`, where a word is
//! `encrypt`, `compress`, `follow`, `portal`, `stable` or a fault.

use std::error::Error;

use emulator::{Clock, Config, Emulator, FaultRule, IdScope, School};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().unwrap_or_else(|| "127.0.0.1:0".to_owned());
    let profile = arguments.next().unwrap_or_else(|| "default".to_owned());
    let mut config = Config { profile: profile.parse()?, ..Config::new(School::demo(Clock::system())) };
    let mut faults = Vec::new();
    for word in arguments {
        match word.as_str() {
            "encrypt" => config.flags.encrypt = true,
            "compress" => config.flags.compress = true,
            "follow" => config.follow_dialect = true,
            "portal" => config.portal = true,
            "stable" => config.ids = IdScope::Stable,
            _ => faults.push(word.parse::<FaultRule>()?),
        }
    }
    let school = Emulator::serve(config, TcpListener::bind(address).await?, CancellationToken::new())?;
    for fault in faults {
        school.faults().add(fault);
    }
    println!("emulator ready: {}", school.url());
    for account in school.school().accounts.iter().take(20) {
        println!("{}: {} / {}", account.space.label(), account.login, account.password);
    }
    tokio::signal::ctrl_c().await?;
    school.shutdown().await;
    Ok(())
}
