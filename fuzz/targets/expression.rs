//! Templates and expressions, over what a directory says of somebody: what they give has an end.
#![no_main]

use libfuzzer_sys::fuzz_target;

/// What is said of somebody.
const SOURCES: &str = r#"{
    "ldap": {
        "uid": ["amartin"],
        "sn": ["Martin"],
        "schacDateOfBirth": ["20040229"],
        "supannRefId": ["{OTHER}1", "{ISO15693}04:a1:b2:c3:d4:e5:80"],
        "supannEtuInscription": ["[anneeinsc=2025][etape={UAI:1}L3]", "[anneeinsc=2026][etape={UAI:1}M1]"],
        "supannRessourceEtatDate": ["{COMPTE}A:SupannActif::", "{CARTE}S:DroitsImpayes:20260901:"],
        "supannEtuDateFin": ["20260831215959Z", "20281231"],
        "eduPersonAffiliation": ["member", "student"],
        "description": ["  ", "é"]
    },
    "sgc": {"csn": ["80e5d4c3b2a104"], "due_date": ["1798675200000"], "card_id": ["7"]}
}"#;
/// The longest text that becomes a line of a card.
const LINE: usize = 16 << 10;
/// The most that an expression makes of its fuel.
const MOST: usize = 4 << 20;

fuzz_target!(|text: &str| {
    if let Ok(line) = card::expression::try_anything(text, SOURCES) {
        assert!(line.len() <= LINE && line.trim() == line);
    }
    if let Ok(texts) = card::expression::try_any_expression(text, SOURCES) {
        assert!(texts.iter().map(String::len).sum::<usize>() <= MOST);
        assert!(texts.iter().all(|text| !text.trim().is_empty()));
    }
});
