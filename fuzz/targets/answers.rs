//! Answers: a line with the name of a function, then any text read as its answer, at a school and at none.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use pronote::functions::decode::{decode, read};
use pronote::functions::{Context, instance};

const SCHOOL: &str = r#"{"General":{"PremierLundi":{"_T":7,"V":"01/09/2025"},"DerniereDate":{"_T":7,"V":"04/07/2026"},
  "PlacesParJour":2,"PlacesParHeure":2,"DureeSequence":60,
  "ListeHeures":{"_T":24,"V":[{"G":0,"L":"08h00"},{"G":1,"L":"08h30"},{"G":2,"L":"09h00"}]},
  "ListeHeuresFin":{"_T":24,"V":[{"G":0,"L":"08h30"},{"G":1,"L":"09h00"},{"G":2,"L":"09h30"}]},
  "ListePeriodes":[{"N":"11#a","L":"Trimestre 1","G":1,"dateDebut":{"_T":7,"V":"01/09/2025"},"dateFin":{"_T":7,"V":"30/11/2025"}}]}}"#;

static CONTEXTS: LazyLock<[Context; 2]> = LazyLock::new(|| {
    let none = Context::default();
    let (school, _) = read::<instance::Request>(SCHOOL, &none).expect("the school above makes sense");
    [none, Context { instance: school.into(), ..Context::default() }]
});

fuzz_target!(|input: &str| {
    let Some((name, text)) = input.split_once('\n') else { return };
    for context in CONTEXTS.iter() {
        if let Ok(decoded) = decode(name, None, text, context) {
            assert!(decoded.diagnostics.len() <= 100);
        }
    }
});
