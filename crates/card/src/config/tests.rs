use std::path::PathBuf;

use super::*;

fn samples() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("samples")
}

fn read_text(text: &str) -> Result<Config, Vec<(String, String)>> {
    let folder = samples();
    let secret = |written: &str| match written {
        "env:CARD_TOKEN" => Ok("a-token-for-the-tests".into()),
        "env:SHORT" => Ok("short".into()),
        "env:UNDEFINED" => Ok("undefined".into()),
        "env:LDAP_PASSWORD" => Ok("reader-secret".into()),
        _ => Err("there is no such variable".to_owned()),
    };
    let other = |kind: &str, _: &toml::Table| (kind == "elsewhere").then(|| Err("it is closed".to_owned()));
    let around = Surroundings { folder: &folder, secret: &secret, other: &other };
    let told = |faults: Vec<Fault>| {
        faults.into_iter().map(|fault| (text[fault.span].lines().next().unwrap_or_default().to_owned(), fault.what))
    };
    parse(text, &around).map_err(|faults| told(faults).collect())
}

fn sample(name: &str) -> String {
    std::fs::read_to_string(samples().join(name)).unwrap()
}

/// Reads the sample of a school with something replaced, which has to be wrong in one way.
fn wrong(from: &str, to: &str) -> String {
    let text = sample("school.toml");
    assert!(text.contains(from), "{from}");
    let Err(faults) = read_text(&text.replacen(from, to, 1)) else { panic!("`{to}` was accepted") };
    let told: Vec<String> = faults.iter().map(|(place, what)| format!("{place} → {what}")).collect();
    assert_eq!(told.len(), 1, "{told:#?}");
    told.concat()
}

#[tokio::test]
async fn the_samples_are_read_whole() {
    for name in ["university.toml", "school.toml"] {
        let config = read_text(&sample(name)).unwrap_or_else(|faults| panic!("{name}: {faults:#?}"));
        assert_eq!(config.warnings, [], "{name}");
    }
}

#[tokio::test]
async fn only_what_is_named_anywhere_is_asked_of_a_source() {
    let config = read_text(&sample("university.toml")).unwrap();
    let asked = &config.sources[0].attributes;
    for name in ["sn", "supannRefId", "supannEtuDateFin", "supannRessourceEtatDate", "eduPersonPrincipalName"] {
        assert!(asked.iter().any(|asked| asked == name), "{name} is not in {asked:?}");
    }
    for name in ["jpegPhoto", "supannCivilite", "userPassword", "supannNomDeNaissance"] {
        assert!(!asked.iter().any(|asked| asked == name), "{name} is in {asked:?}");
    }
    assert_eq!(config.photo[0].to_string(), "ldap.jpegPhoto");
}

#[tokio::test]
async fn everything_that_is_wrong_is_told_at_once_and_where() {
    let text = sample("school.toml")
        .replace("tokens = [\"env:CARD_TOKEN\"]", "tokens = [\"env:SHORT\"]\nbudget = 3\ntimezone = \"Paris\"")
        .replace("{{ people.nom }}", "{{ people.name }}")
        .replace("people.droits is holding('N')", "people.droits is holdin('N')");
    let Err(faults) = read_text(&text) else { panic!("it was accepted") };
    let told: Vec<String> = faults.iter().map(|(place, what)| format!("{place} → {what}")).collect();
    let expected = [
        "\"env:SHORT\" → `tokens`: the token is shorter than 16 characters",
        "budget → [card]: `budget` is not known; did you mean `budget_ms`?",
        "timezone = \"Paris\" → `Paris` is no time zone, such as \"Europe/Paris\"",
        "lastname = \"{{ people.name }}\" → the template: the source `people`: `name` is not known",
        "when = \"people.droits is holdin('N')\" → the expression: when the attributes are empty: unknown test: test \
         holdin is unknown",
    ];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn tokens_that_are_no_secret_are_refused() {
    let with = |token: &str| wrong("[\"env:CARD_TOKEN\"]", token);
    assert!(with("[\"env:SHORT\"]").contains("shorter than 16"));
    assert!(with("[\"env:UNDEFINED\"]").contains("was given none"));
    assert!(with("[\"a-token-in-clear-text\"]").contains("allow_clear_secrets"));
    assert!(with("[\"env:NOWHERE\"]").contains("there is no such variable"));
    assert!(wrong("tokens = [\"env:CARD_TOKEN\"]", "").contains("`tokens` is missing"));
    let both = wrong("tokens = [\"env:CARD_TOKEN\"]", "tokens = [\"env:CARD_TOKEN\"]\nauth = \"none\"");
    assert!(both.contains("cannot both be"));
    let clear = "tokens = [\"a-token-in-clear-text\"]\nallow_clear_secrets = true";
    assert!(read_text(&sample("school.toml").replace("tokens = [\"env:CARD_TOKEN\"]", clear)).is_ok());
    let open = read_text(&sample("school.toml").replace("tokens = [\"env:CARD_TOKEN\"]", "auth = \"none\"")).unwrap();
    assert_eq!(open.access.auth, Auth::Open);
}

#[tokio::test]
async fn what_cannot_be_is_refused() {
    for (from, to, what) in [
        ("kind = \"csv\"", "kind = \"cvs\"", "there are ldap, sql, csv"),
        ("kind = \"csv\"", "kind = \"elsewhere\"", "it is closed"),
        ("role = \"identity\"", "key = \"{{ 'x' }}\"", "exactly one"),
        ("file = \"people.csv\"", "file = \"people.csv\"\nfiel = 1", "unknown field `fiel`"),
        ("role = \"identity\"", "role = \"identity\"\noptional = true", "cannot be optional"),
        ("from = \"{{ people.profil }}\"", "form = \"x\"\nfrom = \"y\"", "did you mean `from`?"),
        ("none = []", "none = [\"STAFF\"]", "is both in `staff` and in `none`"),
        ("title = \"Carte professionnelle\"", "", "`title` is missing"),
        ("title = \"Carte professionnelle\"", "title = \"x\"\nine = \"y\"", "staff has none"),
        ("photo = \"people.photo\"", "photo = \"poeple.photo\"", "did you mean `people`?"),
        ("type = \"text\"", "type = \"image\"", "needs `allow_extended = true`"),
        ("type = \"text\"", "type = \"url\"", ""),
        ("value = \"{{ people.login }}\"", "value = \"{{ people.ine }}\"", "never goes into a code"),
        ("value = \"{{ people.login }}\"", "value = \"{{ field.ine }}\"", "never goes into a code"),
        ("value = \"{{ people.login }}\"", "value = \"{{ verify_url() }}\"", "`verify_url` is not known"),
        ("people.droits is holding('N')", "field.csm", "`csm` is not known; did you mean `csn`?"),
        ("code = \"UNPAID_FEES\"", "code = \"UNPAID_FEES\"\naffiliation = \"staff\"", "for students"),
        ("code = \"UNPAID_FEES\"", "code = \"UNPAID\"", "one of"),
        (
            "code = \"UNPAID_FEES\"\nwhen = \"people.droits is holding('N')\"",
            "code = \"not_found\"\nwhen = \"field.csn\"",
            "`field` is not known",
        ),
        ("[card.enrolment]", "[card.year]\nstarts = \"13-01\"\n[card.enrolment]", "a month and a day"),
        ("[card.enrolment]", "[card.photo]\nwidth = 1\n[card.enrolment]", "width"),
        ("[card.enrolment]", "[card.verify]\nenabled = true\n[card.enrolment]", "needs `public_url`"),
    ] {
        if what.is_empty() {
            continue;
        }
        let told = wrong(from, to);
        assert!(told.contains(what), "{to}: {told}");
    }
}

#[tokio::test]
async fn a_source_may_be_asked_by_what_those_before_it_know() {
    let second =
        "[[card.source]]\nname = \"more\"\nkind = \"csv\"\nfile = \"people.csv\"\nkey = \"{{ people.numero }}\"\n";
    let text = format!("{}\n{second}", sample("school.toml"));
    let config = read_text(&text).unwrap();
    assert_eq!(config.sources[1].name, "more");
    for (name, what) in [("field", "means something else"), ("people", "two sources"), ("2a", "begins with a letter")] {
        let text = text.replace("name = \"more\"", &format!("name = \"{name}\""));
        let Err(faults) = read_text(&text) else { panic!("`{name}` was accepted") };
        assert!(faults.iter().any(|(_, told)| told.contains(what)), "{faults:?}");
    }
    let Err(faults) = read_text(&text.replace("people.numero }}\"\n", "more.numero }}\"\n")) else { panic!() };
    assert!(faults[0].1.contains("is not asked before this is decided"), "{faults:?}");
}

#[tokio::test]
async fn an_attribute_without_its_braces_is_not_taken_for_a_name() {
    for (from, to) in [
        ("lastname = \"{{ people.nom }}\"", "lastname = \"people.nom\""),
        ("from = \"{{ people.profil }}\"", "from = \"people.profil | lower\""),
        ("value = \"{{ people.login }}\"", "value = \" people.login\""),
    ] {
        assert!(wrong(from, to).contains("write `{{ people."), "{to}");
    }
    let text = sample("school.toml").replace("Carte professionnelle", "people. And more");
    assert!(read_text(&text).is_ok());
}

#[tokio::test]
async fn a_configuration_by_which_nobody_can_ask_or_has_a_card_is_told() {
    assert!(wrong("tokens = [\"env:CARD_TOKEN\"]", "tokens = []").contains("nobody may ask"));
    assert!(wrong("[[card.source]]", "allow_from = []\n[[card.source]]").contains("nobody may ask"));
    let pictures = sample("school.toml").replace("tokens = [", "tokens = []\nview_tokens = [");
    assert!(read_text(&pictures).is_ok(), "pictures alone may be asked for");
    let config = read_text(&sample("school.toml").replace("photo = \"people.photo\"", "")).unwrap();
    assert!(config.warnings[0].what.contains("nobody has a card"), "{:?}", config.warnings);
}

#[tokio::test]
async fn a_title_that_is_too_long_is_a_warning() {
    let text = sample("school.toml").replace("Carte d'élève", "Carte d'élève du collège Jean-Jacques Rousseau");
    let config = read_text(&text).unwrap();
    assert_eq!(config.warnings.len(), 1);
    assert!(config.warnings[0].what.contains("runs under the photo"));
}
