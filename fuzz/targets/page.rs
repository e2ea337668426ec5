//! The entry page: whatever a school's address answers with.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pronote::protocol::page::EntryPage;

fuzz_target!(|text: &str| {
    let (server, html) = text.split_once('\0').map_or((None, text), |(server, html)| (Some(server), html));
    if let Ok(page) = EntryPage::parse(html, server) {
        let _ = page.generation();
    }
});
