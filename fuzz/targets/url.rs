//! Addresses that people type: what is made of one is an address that is made into itself.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pronote::SchoolAddress;

fuzz_target!(|text: &str| {
    if let Ok(school) = text.parse::<SchoolAddress>() {
        assert!(matches!(school.root().scheme(), "http" | "https"));
        let again: SchoolAddress = school.root().as_str().parse().expect("a root is an address");
        assert_eq!(again.root(), school.root());
        let _ = (school.space(), school.key(), school.below(text));
    }
});
