//! Every row that ships, as pupil and as guardian, at EduConnect in every mode, and with every account that fails
//! (portals §3.6).

use emulator::portals::IdpMode;
use futures_util::StreamExt as _;
use portals::{Error, Kind, Pending, Portal, Progress, Question, Registry};
use pronote::Space;

use crate::stage::Stage;

/// How many sign-ins go at once: more would wait for the same two cores.
const AT_ONCE: usize = 16;

/// The rows to sign in through.
fn rows() -> Vec<Portal> {
    // A school of its own host each: there is none to play. `chain.rs` signs in through one that extends it.
    let played = |portal: &&Portal| portal.status.signs_in() && portal.id != "eole-scribe";
    Registry::builtin().iter().filter(played).cloned().collect()
}

/// Runs every cell, and says which went wrong.
async fn all<C, F: Future<Output = Result<(), String>>>(cells: Vec<C>, run: impl Fn(C) -> F) {
    let count = cells.len();
    let results: Vec<_> = futures_util::stream::iter(cells).map(run).buffer_unordered(AT_ONCE).collect().await;
    let wrong: Vec<_> = results.into_iter().filter_map(Result::err).collect();
    assert!(wrong.is_empty(), "{} of {count} cells:\n{}", wrong.len(), wrong.join("\n"));
}

/// The password of an account went to one site, once, and that one may have it.
fn once(stage: &Stage, portal: &Portal, login: &str) -> Result<(), String> {
    let hosts: Vec<_> = stage.passwords(login).into_iter().map(|visit| visit.host).collect();
    match &hosts[..] {
        [host] if portal.credential_hosts.contains(host) => Ok(()),
        _ => Err(format!("the password went to {hosts:?}")),
    }
}

/// Answers the chooser of a portal whose selection is not known, as somebody with an account of EduConnect would.
async fn choose(pending: Box<Pending>, space: Space) -> Result<Result<Progress, Error>, String> {
    let Question::Choice { options } = pending.question() else {
        return Err(format!("{:?} is asked", pending.question()));
    };
    let wanted = if space == Space::Student { ["EDU", "student"] } else { ["EDU", "relative"] };
    let chosen = options.iter().position(|option| wanted.iter().any(|name| option.contains(name)));
    let chosen = chosen.ok_or_else(|| format!("{options:?} are offered"))?;
    let answer = pending.question().answer(&(chosen + 1).to_string()).expect("an answer");
    Ok(pending.answer(answer).await)
}

async fn everybody_signs_in(idp: IdpMode) {
    let stage = Stage::new(idp).await;
    let people = [(Space::Student, "eleve.ok"), (Space::Parent, "parent.ok")];
    let cells = rows().into_iter().flat_map(|portal| people.map(|person| (portal.clone(), person))).collect();
    all(cells, |(portal, (space, scenario))| {
        let stage = &stage;
        async move {
            let login = stage.account(scenario);
            let cell = |what: String| format!("{} as {scenario}: {what}", portal.id);
            let mut progress = stage.sign_in(Some(&portal.id), &portal.id, space, &login).await;
            // The chooser of a portal whose selection is not known.
            if let Ok(Progress::Question(pending)) = progress {
                progress = choose(pending, space).await.map_err(cell)?;
            }
            match progress {
                Ok(Progress::Landed(_)) => once(stage, &portal, &login).map_err(cell),
                other => Err(cell(format!("{other:?}"))),
            }
        }
    })
    .await;
    assert_eq!(stage.emulated.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_signs_in_through_every_row_as_educonnect_is_today() {
    everybody_signs_in(IdpMode::Current).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_signs_in_through_every_row_with_a_form_at_once() {
    everybody_signs_in(IdpMode::OnePage).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_signs_in_through_every_row_without_tokens() {
    everybody_signs_in(IdpMode::Legacy).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_signs_in_through_every_row_with_the_same_form_twice() {
    everybody_signs_in(IdpMode::Legacy2).await;
}

/// What an account must end with.
fn expected(scenario: &str, end: &Result<Progress, Error>) -> bool {
    let kind = match end {
        Ok(Progress::Landed(_)) => return false,
        Ok(Progress::Question(pending)) => {
            return match scenario {
                "naissance" => *pending.question() == Question::BirthDate,
                "code.sms" => *pending.question() == Question::Code,
                "deux.ecoles" => matches!(pending.question(), Question::Choice { .. }),
                _ => false,
            };
        }
        Err(error) => &error.kind,
    };
    match scenario {
        "faux.mdp" => matches!(kind, Kind::WrongCredentials { .. }),
        "verrou" => matches!(kind, Kind::AccountLocked { .. }),
        "renouv" => *kind == Kind::PasswordRenewal,
        "activer" => *kind == Kind::ActivationRequired,
        "cgu" => *kind == Kind::PortalAction,
        "code.sms" => *kind == Kind::MfaRequired,
        "inconnu" => *kind == Kind::NoPortalAccount,
        "sans.pronote" => *kind == Kind::NoPronoteAccess,
        "ferme" => matches!(kind, Kind::PortalClosed { .. }),
        "surcharge" => *kind == Kind::PortalOverloaded,
        "redirige.ailleurs" => matches!(kind, Kind::HostNotAllowed { .. }),
        "form.ailleurs" => matches!(kind, Kind::CredentialHostRefused { .. } | Kind::HostNotAllowed { .. }),
        "http.clair" => matches!(kind, Kind::Insecure { .. }),
        "boucle" => *kind == Kind::TooManyRedirects,
        "gros" => *kind == Kind::TooLarge,
        "gros.lent" => *kind == Kind::Timeout,
        _ => false,
    }
}

/// The accounts that end in another way than PRONOTE, wherever their password is checked.
const FAILURES: [&str; 12] = [
    "faux.mdp",
    "verrou",
    "renouv",
    "activer",
    "cgu",
    "sans.pronote",
    "ferme",
    "surcharge",
    "redirige.ailleurs",
    "form.ailleurs",
    "http.clair",
    "boucle",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_account_that_fails_gives_its_kind_at_every_row() {
    let stage = Stage::new(IdpMode::Current).await;
    let cells = rows().into_iter().flat_map(|portal| FAILURES.map(|scenario| (portal.clone(), scenario))).collect();
    all(cells, |(portal, scenario)| {
        let stage = &stage;
        async move {
            let login = stage.account(scenario);
            let cell = |what: String| format!("{} as {scenario}: {what}", portal.id);
            let end = stage.sign_in(Some(&portal.id), &portal.id, Space::Student, &login).await;
            let end = match end {
                Ok(Progress::Question(pending)) if matches!(pending.question(), Question::Choice { .. }) => {
                    choose(pending, Space::Student).await.map_err(cell)?
                }
                end => end,
            };
            if !expected(scenario, &end) {
                return Err(cell(format!("{end:?}")));
            }
            once(stage, &portal, &login).map_err(cell)
        }
    })
    .await;
    assert_eq!(stage.emulated.violations(), [""; 0]);
}
