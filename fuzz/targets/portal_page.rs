//! A portal's page: any text, before every family.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|html: &str| portals::try_anything(html));
