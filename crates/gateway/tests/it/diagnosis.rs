#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use std::collections::HashSet;

use emulator::{Emulator, Fault};
use gateway::diagnosis::diagnose;
use pronote::login::Device;
use pronote::{Session, Space};

use crate::school::{config, gateway, open, password};

async fn session(school: &Emulator, space: Space, login: &str) -> Session {
    let data = tempfile::tempdir().unwrap();
    let credentials = password(school, space, login, "pronotevs");
    open(gateway(data.path()).visit(credentials, Device::new("test"), false).await)
}

fn words(text: &str) -> HashSet<String> {
    text.split(|char: char| !char.is_alphanumeric()).map(str::to_lowercase).collect()
}

/// Every identifier (`N`) in an answer.
fn identifiers(json: &str) -> Vec<String> {
    let after = json.split("\"N\":\"").skip(1);
    after.filter_map(|rest| rest.split('"').next()).filter(|id| id.len() > 3).map(Into::into).collect()
}

/// What must never be in a report about this school.
fn forbidden(school: &Emulator) -> HashSet<String> {
    let base = school.school();
    let people = base.people.iter().flat_map(|person| [person.surname.clone(), person.first_name.clone()]);
    let logins = base.accounts.iter().flat_map(|account| [account.login.clone(), account.password.clone()]);
    let classes = base.classes.iter().map(|class| class.name.clone());
    let mut words =
        words(&people.chain(logins).chain(classes).chain([base.name.clone()]).collect::<Vec<_>>().join(" "));
    // Some names are words of our own: a login named `code`, the school `Cartable`.
    words.extend(school.url().split(['/', ':']).map(str::to_owned));
    words.retain(|word| {
        word.chars().count() > 2 && !matches!(word.as_str(), "http" | "pronote" | "cartable" | "des" | "code")
    });
    words
}

#[tokio::test]
async fn a_report_names_nobody() {
    let school = Emulator::start(config()).await.unwrap();
    let forbidden = forbidden(&school);
    assert!(forbidden.len() > 50 && forbidden.contains("fanny") && forbidden.contains("127.0.0.1"));
    for (space, login) in [
        (Space::Student, "demonstration"),
        (Space::Parent, "demonstration"),
        (Space::Teacher, "demonstration"),
        (Space::SchoolLife, "demonstration2"),
    ] {
        for broken in [false, true] {
            if broken {
                // Whatever goes wrong, it is told without a value.
                school.faults().sometimes("*", 1.0, Fault::Malformed);
            }
            let session = session(&school, space, login).await;
            let report = serde_json::to_string(&diagnose(&session).await).unwrap();
            school.faults().clear();
            let found: Vec<_> = words(&report).intersection(&forbidden).cloned().collect();
            assert!(found.is_empty(), "{space:?}: {found:?}");
            assert!(!report.contains("127.0.0.1"));
            let raw = session.request("ParametresUtilisateur", None, &serde_json::Value::Null).await.unwrap();
            for id in identifiers(&raw) {
                assert!(!report.contains(&id), "{space:?}: {id}");
            }
        }
    }
}

#[tokio::test]
async fn a_report_tells_what_works_and_what_does_not() {
    let school = Emulator::start(config()).await.unwrap();
    let session = session(&school, Space::Student, "demonstration").await;
    school.faults().next("PageEmploiDuTemps", 1, Fault::Malformed);
    school.faults().next("DernieresNotes", 1, Fault::RateLimited);
    let report = diagnose(&session).await;
    let page = |function: &str| report.pages.iter().find(|page| page.function == function).unwrap();
    assert!(page("PageCahierDeTexte").failure.is_none());
    assert_eq!(page("PageCahierDeTexte").diagnostics, []);
    assert!(!page("PageEmploiDuTemps").diagnostics.is_empty());
    assert_eq!(page("DernieresNotes").failure.as_ref().unwrap().kind, "rate limited");
    assert_eq!(page("DernieresEvaluations").failure.as_ref().unwrap().kind, "held back", "nothing more is sent");
}
