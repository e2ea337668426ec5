//! The rows that users write: what they can say, and how they are told what is wrong (portals §4.3).

use portals::{Family, Fault, Portal, Registry, Status};

/// What one file of a user makes of the registry.
fn with(text: &str) -> (Registry, Vec<Fault>) {
    Registry::with_files(&[("mine.toml".to_owned(), text.to_owned())])
}

/// The only fault of a file, as a person reads it.
fn fault(text: &str) -> String {
    let (_, faults) = with(text);
    assert_eq!(faults.len(), 1, "{faults:?}");
    faults[0].to_string()
}

/// A row that is good, with more lines at its end.
fn row(more: &str) -> String {
    format!(
        "schema = 1\n[[portal]]\nid = \"mine\"\nfamily = \"skolengo\"\nentry.cas_root = \"https://cas.example.fr\"\n\
         profiles.pupil = {{ idp = \"educonnect\" }}\n{more}\n"
    )
}

fn ids<'r>(portals: impl IntoIterator<Item = &'r Portal>) -> Vec<&'r str> {
    portals.into_iter().map(|portal| portal.id.as_str()).collect()
}

#[test]
fn the_example_of_the_contract_is_read() {
    let (registry, faults) = with(
        r#"
schema = 1

[[portal]]
id = "mon-bureau"
display = "Mon Bureau Numérique (Grand Est)"
status = "supported"
family = "skolengo"
evidence = "A"
entry = { mode = "pronote-first", cas_root = "https://cas.bureau.example.fr", set_query = { selection = "EDU" } }
detect = { hosts = ["cas.bureau.example.fr"] }
profiles.pupil = { idp = "educonnect", type_user = "eleve" }
profiles.guardian = { idp = "educonnect", type_user = "responsable" }

[[portal]]
id = "mon-reims"
extends = "mon-bureau"
display = "Académie de Reims"

[[portal]]
id = "mon-portail-famille"
display = "Portail Famille (Orléans-Tours)"
status = "retired"
replaced_by = "ac-orleans-tours"
detect = { hosts = ["famille.example.fr"] }
"#,
    );
    assert_eq!(faults, []);
    let reims = registry.get("mon-reims").expect("the second row");
    assert_eq!((reims.display.as_str(), reims.status, reims.evidence), ("Académie de Reims", Status::Supported, 'A'));
    assert_eq!((reims.family, reims.file.as_deref()), (Some(Family::Skolengo), Some("mine.toml")));
    assert_eq!(reims.credential_hosts, ["educonnect.education.gouv.fr"]);
    assert_eq!(ids(registry.of_host("cas.bureau.example.fr")), ["mon-bureau", "mon-reims"]);
    let retired = registry.get("mon-portail-famille").expect("the third row");
    assert_eq!((retired.family, retired.replaced_by.as_deref()), (None, Some("ac-orleans-tours")));
}

#[test]
fn an_unknown_key_or_word_is_shown_with_its_line_and_what_was_probably_meant() {
    assert_eq!(
        fault(&row("profiles.pupils = { idp = \"local\" }")),
        "mine.toml:7: portal `mine`: `profiles.pupils` is unknown; did you mean `profiles.pupil`?"
    );
    assert_eq!(
        fault(&row("cas_root = \"https://cas.example.fr\"")),
        "mine.toml:7: portal `mine`: `cas_root` is unknown; did you mean `entry.cas_root`?"
    );
    assert_eq!(
        fault(&row("").replace("skolengo", "skolango")),
        "mine.toml:4: portal `mine`: `family`: `skolango` is none of `skolengo`, `edifice`, `edifice-oidc`, `apereo`, \
         `cas-form`, `laclasse`, `shib-wayf`, `toutatice`, `hub-educonnect`, `saml-entry`, `form-chain`; did you mean \
         `skolengo`?"
    );
    assert_eq!(
        fault(&row("[portal.form]\nselecter = \"#fm1\"")),
        "mine.toml:8: portal `mine`: `form`: `selecter` is unknown; did you mean `selector`?"
    );
    assert_eq!(
        fault("schema = 1\n[[portals]]\nid = \"x\""),
        "mine.toml:2: `portals` is unknown here; did you mean `portal`?"
    );
}

#[test]
fn an_address_or_a_host_that_is_not_safe_refuses_its_row() {
    let address = |value: &str| fault(&row("").replace("https://cas.example.fr", value));
    assert!(address("http://cas.example.fr").ends_with("portals are only signed in through over `https`"));
    assert!(address("https://192.0.2.7/cas").ends_with("a portal has a name, not a bare IP address"));
    assert!(address("https://[2001:db8::1]/cas").ends_with("a portal has a name, not a bare IP address"));
    assert!(address("https://0x7f.1/cas").ends_with("a portal has a name, not a bare IP address"));
    assert!(address("https://me:secret@cas.example.fr").ends_with("an address holds no user name and no password"));
    assert!(address("https://intranet/cas").contains("is a single word"));
    assert!(address("https://gouv.fr/cas").contains("is a public suffix"));
    let hosts = |name: &str, host: &str| fault(&row(&format!("hosts.{name} = [\"{host}\"]")));
    assert!(hosts("credentials", "*.example.fr").starts_with("mine.toml:7: portal `mine`: `hosts.credentials`: "));
    assert!(hosts("credentials", "*.example.fr").contains("a wildcard is only possible in `hosts.navigate`"));
    assert!(hosts("assertion", "*.example.fr/acs").contains("a wildcard is only possible in `hosts.navigate`"));
    assert!(hosts("navigate", "*.fr").contains("at least two fixed labels"));
    assert!(hosts("navigate", "*.gouv.fr").contains("at least two fixed labels"));
    assert!(hosts("navigate", "a.*.example.fr").contains("one `*.` at the beginning"));
    assert!(hosts("navigate", "https://cas.example.fr").contains("is not a host"));
    assert!(hosts("navigate", "me@cas.example.fr").contains("is not a host"));
    let (_, faults) = with(&row("hosts.navigate = [\"*.example.fr\", \"cas.example.fr:8443\"]"));
    assert_eq!(faults, []);
}

#[test]
fn other_rows_still_load_beside_one_that_cannot_be_used() {
    let (registry, faults) = with(
        "schema = 1\n\
         [[portal]]\nid = \"first\"\nextends = \"hdf\"\n\
         [[portal]]\nid = \"second\"\nextends = \"hdf\"\nfamily = \n\
         [[portal]]\nid = \"third\"\nextends = \"nothing\"\n\
         [[portal]]\nid = \"fourth\"\nextends = \"hdf\"\n",
    );
    assert!(registry.get("first").is_some() && registry.get("fourth").is_some());
    assert!(registry.get("second").is_none() && registry.get("third").is_none());
    let lines: Vec<_> = faults.iter().map(|fault| fault.line).collect();
    assert_eq!(lines, [8, 11], "{faults:?}");
    assert_eq!(
        faults[1].to_string(),
        "mine.toml:11: portal `third`: `extends`: there is no portal `nothing` to extend"
    );
}

#[test]
fn a_row_that_ships_is_replaced_only_on_purpose_and_what_differs_is_listed() {
    let replacing = "schema = 1\n[[portal]]\nid = \"hdf\"\nextends = \"hdf\"\nhosts.navigate = [\"new.enthdf.fr\"]\n";
    assert_eq!(
        fault(replacing),
        "mine.toml:3: portal `hdf`: `id`: this program has a portal of that name: `override = true` replaces it"
    );
    let (registry, faults) = with(&format!("{replacing}override = true\ndisplay = \"Mine\"\n"));
    assert_eq!(faults, []);
    let portal = registry.get("hdf").expect("a portal");
    assert_eq!(
        (portal.overrides.clone(), portal.file.as_deref()),
        (vec!["display".to_owned(), "hosts.navigate".to_owned()], Some("mine.toml"))
    );
    assert_eq!(registry.iter().count(), 74, "in its place");
    assert!(registry.get("somme").is_some_and(|portal| portal.overrides.is_empty()), "what extends it stays as it was");
}

#[test]
fn names_are_given_once() {
    let (registry, faults) = with(
        "schema = 1\n\
         [[portal]]\nid = \"mine\"\nextends = \"hdf\"\naliases = [\"ours\"]\n\
         [[portal]]\nid = \"ours\"\nextends = \"hdf\"\n\
         [[portal]]\nid = \"other\"\nextends = \"hdf\"\naliases = [\"ac-reims\"]\n\
         [[portal]]\nid = \"none\"\nextends = \"hdf\"\n\
         [[portal]]\nid = \"demonstration\"\nextends = \"hdf\"\noverride = true\n\
         [[portal]]\nid = \"absent\"\nextends = \"hdf\"\noverride = true\n",
    );
    assert_eq!(registry.get("ours").map(|portal| portal.id.as_str()), Some("mine"));
    let whys: Vec<_> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(
        whys,
        [
            "mine.toml:7: portal `ours`: `id`: `ours` is already a portal of mine.toml:2",
            "mine.toml:10: portal `other`: `id`: `ac-reims` is already a portal of this program",
            "mine.toml:14: portal `none`: `id`: `none` is a word of its own where a portal is chosen",
            "mine.toml:17: portal `demonstration`: `id`: this identifier is kept for the demonstration",
            "mine.toml:21: portal `absent`: `id`: `override = true`, but there is no such portal",
        ]
    );
}

#[test]
fn a_row_extends_one_that_is_whole() {
    let (registry, faults) = with(
        "schema = 1\n\
         [[portal]]\nid = \"base\"\nextends = \"ac-reims\"\n\
         [[portal]]\nid = \"too-far\"\nextends = \"base\"\n",
    );
    assert!(registry.get("base").is_some(), "rows that ship are whole");
    let whys: Vec<_> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(whys, ["mine.toml:7: portal `too-far`: `extends`: `base` itself extends `ac-reims`: extend that one"]);
}

#[test]
fn a_row_that_is_refused_is_no_ground_for_another() {
    let evil = "schema = 1\n[[portal]]\nid = \"hdf\"\nextends = \"hdf\"\nhosts.credentials = [\"evil.example.fr\"]\n";
    let mine = "schema = 1\n[[portal]]\nid = \"mine\"\nextends = \"hdf\"\n";
    let files = [("a.toml".to_owned(), evil.to_owned()), ("b.toml".to_owned(), mine.to_owned())];
    let (registry, faults) = Registry::with_files(&files);
    assert_eq!(faults.len(), 1, "{faults:?}");
    let hosts = |registry: &Registry| registry.get("mine").map(|portal| portal.credential_hosts.clone()).unwrap();
    assert_eq!(hosts(&registry), ["educonnect.education.gouv.fr"]);

    let files = [files[1].clone(), ("c.toml".to_owned(), format!("{evil}override = true\n"))];
    let (registry, faults) = Registry::with_files(&files);
    assert_eq!(faults, []);
    assert_eq!(hosts(&registry), ["educonnect.education.gouv.fr", "evil.example.fr"], "what the user has replaced");
    assert_eq!(registry.get("mine").unwrap().file.as_deref(), Some("b.toml"));
}

#[test]
fn rows_that_extend_each_other_end() {
    let (registry, faults) = with(
        "schema = 1\n[[portal]]\nid = \"one\"\nextends = \"two\"\n[[portal]]\nid = \"two\"\nextends = \"one\"\n\
         [[portal]]\nid = \"self\"\nextends = \"self\"\n",
    );
    assert!(["one", "two", "self"].iter().all(|id| registry.get(id).is_none()));
    let whys: Vec<_> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(
        whys,
        [
            "mine.toml:4: portal `one`: `extends`: `two` itself extends `one`: extend that one",
            "mine.toml:7: portal `two`: `extends`: `one` itself extends `two`: extend that one",
            "mine.toml:10: portal `self`: `extends`: there is no portal `self` to extend",
        ]
    );
}

#[test]
fn what_a_row_lacks_is_said_together() {
    let (_, faults) = with("schema = 1\n[[portal]]\ndisplay = \"Mine\"\n");
    let whys: Vec<_> = faults.iter().map(|fault| fault.why.split(':').next().unwrap_or_default()).collect();
    assert_eq!(whys, ["`id` is missing", "`family` is missing"]);
    let (_, faults) = with("schema = 1\n[[portal]]\nid = \"mine\"\nfamily = \"skolengo\"\n");
    let whys: Vec<_> = faults.iter().map(|fault| fault.why.as_str()).collect();
    assert_eq!(
        whys,
        [
            "portal `mine`: `profiles` is missing: such as `profiles.pupil = { idp = \"educonnect\" }`",
            "portal `mine`: `entry.cas_root` is missing: the CAS server's address up to `/login`, or `entry.url` for a first page",
        ]
    );
    assert_eq!(
        fault(&row("").replace("skolengo", "cas-form")),
        "mine.toml:6: portal `mine`: `profiles.pupil`: `idp` is `local` in this family"
    );
}

#[test]
fn limits_can_only_be_lowered() {
    assert!(fault(&row("limits = { requests = 41 }")).ends_with("`requests` can only be lowered: 1 to 40"));
    assert!(fault(&row("limits = { requests = 0 }")).ends_with("`requests` can only be lowered: 1 to 40"));
    assert_eq!(with(&row("limits = { requests = 20, total_seconds = 30 }")).1, []);
}

#[test]
fn a_chain_sends_one_password_and_has_known_steps_and_placeholders() {
    let chain = |steps: &str| {
        row(&format!("steps = {steps}"))
            .replace("skolengo", "form-chain")
            .replace("idp = \"educonnect\"", "idp = \"local\"")
    };
    let good = "[{ get = { url = \"https://{host}/login?service={service}\" } }, \
                { submit = { selector = \"#login\", set = { space = \"{space}\" }, credentials = true } }, \
                \"relay_saml\", { expect = { marker = { text = \"Bienvenue\" } } }, { service = { url = \"{service}\" } }]";
    assert_eq!(with(&chain(good)).1, []);
    let wrong = |steps: &str| fault(&chain(steps));
    assert!(wrong("[]").ends_with("a `form-chain` has 1 to 12 steps"));
    assert!(wrong(&format!("[{}]", "\"relay_saml\",".repeat(13))).ends_with("a `form-chain` has 1 to 12 steps"));
    let send = "{ submit = { selector = \"form\", credentials = true } }";
    assert!(
        wrong(&format!("[{{ get = {{ url = \"{{service}}\" }} }}, {send}, {send}]")).contains("only one step sends")
    );
    assert!(wrong("[\"relay_saml\"]").contains("the first step is a `get`"));
    assert!(wrong("[{ get = { url = \"http://{host}/\" } }]").contains("over `https`"));
    assert!(wrong("[{ get = { url = \"https://{host}/?p={password}\" } }]").contains("`{password}` is none of"));
    assert!(wrong("[{ run = { command = \"x\" } }]").contains("`run` is unknown"));
    let national = row(&format!("steps = [{{ get = {{ url = \"{{service}}\" }} }}, {send}]"));
    assert!(fault(&national.replace("skolengo", "form-chain")).ends_with("has `idp = \"local\"` or `\"keycloak\"`"));
    assert!(
        wrong("[{ get = { url = \"{service}\" } }, \"educonnect\"]")
            .contains("every profile has `idp = \"educonnect\"`")
    );
    assert!(fault(&row("form = { user_field = \"password\" }")).ends_with("go into two fields"));
    assert!(fault(&row("steps = [\"relay_saml\"]")).contains("the first step"));
}

#[test]
fn a_chain_may_say_in_its_first_step_where_it_begins() {
    let chain = |url: &str| {
        format!(
            "schema = 1\n[[portal]]\nid = \"mine\"\nfamily = \"form-chain\"\nprofiles.pupil = {{ idp = \"local\" }}\n\
             steps = [{{ get = {{ url = \"{url}\" }} }}, {{ submit = {{ selector = \"form\", credentials = true }} }}]\n"
        )
    };
    let (registry, faults) = with(&chain("https://portail.example.fr/in?to={service}"));
    assert_eq!(faults, []);
    assert_eq!(
        registry.get("mine").map(|portal| portal.credential_hosts.clone()),
        Some(vec!["portail.example.fr".to_owned()])
    );
    assert!(fault(&chain("https://{host}/in")).contains("`entry.cas_root` is missing"));
    assert!(fault(&chain("{service}")).contains("`entry.cas_root` is missing"));
}

#[test]
fn files_that_are_too_large_or_too_many_are_not_read() {
    let large = format!("schema = 1\n#{}", "x".repeat(256 << 10));
    assert_eq!(fault(&large), "mine.toml:1: the file is longer than 256 KiB");
    let files: Vec<_> = (0..66).map(|number| (format!("{number}.toml"), "schema = 1\n".to_owned())).collect();
    let (_, faults) = Registry::with_files(&files);
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].file, "64.toml");
    let rows: String =
        (0..1001).map(|number| format!("[[portal]]\nid = \"row-{number}\"\nextends = \"hdf\"\n")).collect();
    let (registry, faults) = with(&format!("schema = 1\n{rows}"));
    assert_eq!((faults.len(), faults[0].line), (1, 3003));
    assert!(registry.get("row-999").is_some() && registry.get("row-1000").is_none());
}

#[test]
fn a_file_that_is_something_else_is_told_in_a_few_lines() {
    let (_, faults) = with(&format!("schema = 1\n{}", "x\n".repeat(100_000)));
    assert!(faults.len() == 51 && faults[50].why.contains("99950 faults"), "{:?}", faults.last());
}

#[test]
fn a_file_of_another_time_is_not_guessed_at() {
    assert_eq!(fault("[[portal]]\nid = \"x\""), "mine.toml:1: the file begins with `schema = 1`");
    assert_eq!(fault("\nschema = 2\n"), "mine.toml:2: this program reads files of `schema = 1`");
}

proptest::proptest! {
    #[test]
    fn no_file_is_too_odd_to_be_told_about(text in "\\PC*") {
        let (_, faults) = with(&text);
        assert!(!faults.is_empty());
    }

    #[test]
    fn no_value_is_too_odd_to_be_told_about(field in 0..8_usize, value in "\\PC{0,40}") {
        let names = ["id", "entry.url", "entry.cas_root", "detect.hosts", "hosts.navigate", "form", "steps", "family"];
        let quoted = format!("{value:?}");
        for value in [quoted.clone(), format!("[{quoted}]"), format!("{{ selector = {quoted} }}"), value.clone()] {
            let (registry, _) = with(&row(&format!("{} = {value}", names[field])));
            assert!(registry.iter().count() >= 74);
        }
    }
}
