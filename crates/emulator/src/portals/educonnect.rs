//! EduConnect, the national identity provider, in every mode (portals §2.5 and §3.3).

mod pages;

use axum::http::StatusCode;
use pronote::protocol::challenge::random_text;

use super::IdpMode;
use super::accounts::{BIRTH_DATE, CODE, Scenario, Who};
use super::asked::{Asked, Verdict};
use super::places::PlaceKind;
use super::reply::Reply;
use super::saml::{self, Asserted};

/// Its host.
pub(super) const HOST: &str = "educonnect.education.gouv.fr";
/// The one of agricultural schools, which works in the same way.
pub(super) const AGRICULTURAL: &str = "auth.educagri.fr";
/// Its name among identity providers.
pub(super) const ENTITY: &str = "https://educonnect.education.gouv.fr/idp";
/// The cookie of its conversations.
const COOKIE: &str = "JSESSIONID";
/// The most conversations of one browser; with more it begins anew.
const MOST_FLOWS: usize = 100;
/// Where its profiles are.
const PROFILES: &str = "/idp/profile/SAML2/";

/// The address of an entry at one of the two hosts: `POST`, `Redirect` or `Unsolicited`.
pub(super) fn url(host: &str, binding: &str) -> String {
    format!("https://{host}{PROFILES}{binding}/SSO")
}

/// How far a conversation has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Probe,
    /// The form; with whether it was refused, and why.
    Credentials(Option<pages::Refused>),
    BirthDate,
    Code,
    Over,
}

/// One conversation: `execution=e{its number}s{step}`.
#[derive(Debug, Clone)]
pub(super) struct Flow {
    mode: IdpMode,
    step: u32,
    stage: Stage,
    csrf: String,
    /// Where the answer goes, which request it answers, and what is said beside it.
    consumer: String,
    request: Option<String>,
    relay: String,
    profile: Option<&'static str>,
    who: Option<Who>,
}

impl Flow {
    fn begin(mode: IdpMode, consumer: String) -> Self {
        let stage = match mode {
            IdpMode::OnePage | IdpMode::Legacy => Stage::Credentials(None),
            _ => Stage::Probe,
        };
        let csrf = random_text::<20>();
        Self { mode, step: 1, stage, csrf, consumer, request: None, relay: String::new(), profile: None, who: None }
    }

    /// Whether forms hold a token.
    fn has_token(&self) -> bool {
        !matches!(self.mode, IdpMode::Legacy | IdpMode::Legacy2)
    }

    /// Whether the form asks for the profile.
    fn has_profile(&self) -> bool {
        matches!(self.mode, IdpMode::Current | IdpMode::CurrentWithBirthDate)
    }
}

/// Answers for the host.
pub(super) fn answer(asked: &Asked<'_>) -> Reply {
    if asked.state.idp() == IdpMode::Filtered {
        return Reply::redirect("https://assistance.phm.education.gouv.fr/").says("filtered");
    }
    let binding = asked.path.strip_prefix(PROFILES).and_then(|rest| rest.strip_suffix("/SSO"));
    match (binding, asked.query.filled("execution")) {
        (Some("POST" | "Redirect" | "Unsolicited"), Some(execution)) => go_on(asked, execution),
        (Some("POST"), None) if asked.is_post() => {
            enter(asked, asked.form.filled("SAMLRequest"), asked.form.get("RelayState"))
        }
        (Some("Redirect"), None) => enter(asked, asked.query.filled("SAMLRequest"), asked.query.get("RelayState")),
        (Some("Unsolicited"), None) => enter_unasked(asked),
        _ => match asked.path {
            "/idp/renouvellement" => pages::renewal(asked),
            "/idp/activation" => pages::activation(asked),
            "/idp/conditions" => pages::terms(asked),
            _ => Reply::missing(),
        },
    }
}

/// A portal asks who somebody is.
fn enter(asked: &Asked<'_>, request: Option<&str>, relay: Option<&str>) -> Reply {
    let id = request.and_then(saml::request_id);
    let wanted = id.as_ref().and_then(|id| asked.state.wanted.look(asked.state.now(), id));
    let Some(wanted) = wanted else { return pages::stale().says("unknown request") };
    let flow = Flow::begin(asked.state.idp(), wanted.consumer);
    let relay = relay.unwrap_or_default().to_owned();
    begin(asked, Flow { request: id, relay, profile: wanted.profile, ..flow })
}

/// Nobody asked; the answer goes to the portal that has a name here.
fn enter_unasked(asked: &Asked<'_>) -> Reply {
    let name = asked.query.filled("providerId").unwrap_or_default();
    let place =
        asked.state.places.iter().find(
            |place| matches!(&place.kind, PlaceKind::Edifice { provider: Some(provider), .. } if provider == name),
        );
    match place {
        Some(place) => begin(asked, Flow::begin(asked.state.idp(), format!("https://{}/auth/saml/acs", place.host))),
        None => {
            Reply::notice(StatusCode::BAD_REQUEST, "Erreur", "Fournisseur de service inconnu.").says("unknown provider")
        }
    }
}

/// Begins a conversation; a browser that is in one already has several.
fn begin(asked: &Asked<'_>, flow: Flow) -> Reply {
    let now = asked.state.now();
    let known = asked.cookies.filled(COOKIE).and_then(|cookie| {
        let one_more = |flows: &mut Vec<Flow>| {
            flows.push(flow.clone());
            flows.len()
        };
        asked.state.flows.change(now, cookie, |flows| (flows.len() < MOST_FLOWS).then(|| one_more(flows))).flatten()
    });
    match known {
        Some(number) => to_step(asked, number, 1),
        None => {
            let cookie = asked.state.flows.give(now, vec![flow]);
            to_step(asked, 1, 1).cookie(COOKIE, &cookie)
        }
    }
}

fn to_step(asked: &Asked<'_>, number: usize, step: u32) -> Reply {
    Reply::redirect(&format!("{}?execution=e{number}s{step}", asked.path))
}

/// A step of a conversation.
fn go_on(asked: &Asked<'_>, execution: &str) -> Reply {
    let now = asked.state.now();
    let named = execution.strip_prefix('e').and_then(|rest| rest.split_once('s'));
    let numbers = named.and_then(|(number, step)| Some((number.parse::<usize>().ok()?, step.parse::<u32>().ok()?)));
    let (Some((number, step)), Some(cookie)) = (numbers, asked.cookies.filled(COOKIE)) else {
        return pages::stale().says("no conversation");
    };
    let place = number.checked_sub(1);
    let flow = asked.state.flows.look(now, cookie).and_then(|flows| flows.get(place?).cloned());
    let Some(mut flow) = flow.filter(|flow| flow.step == step && flow.stage != Stage::Over) else {
        return pages::stale().says("stale conversation");
    };
    if !asked.is_post() {
        return show(asked, &flow);
    }
    let before = flow.step;
    let reply = act(asked, &mut flow);
    let step = flow.step;
    asked.state.flows.change(now, cookie, |flows| {
        if let Some(kept) = place.and_then(|place| flows.get_mut(place)) {
            *kept = flow;
        }
    });
    match reply {
        Some(reply) => reply,
        None if step == before => pages::stale(),
        None => to_step(asked, number, step),
    }
}

/// The page of a stage.
fn show(asked: &Asked<'_>, flow: &Flow) -> Reply {
    let token = flow.has_token().then_some(flow.csrf.as_str());
    let action = asked.path_and_query();
    match flow.stage {
        Stage::Probe => pages::probe(&action, token),
        Stage::Credentials(refused) => {
            let profile = flow.has_profile().then(|| flow.profile.unwrap_or_default());
            pages::credentials(&action, token, profile, refused)
        }
        Stage::BirthDate => pages::birth_date(&action, token),
        Stage::Code => pages::code(&action, token),
        Stage::Over => pages::stale(),
    }
}

/// Takes a form. None means: the next step is shown by a redirect.
fn act(asked: &Asked<'_>, flow: &mut Flow) -> Option<Reply> {
    let brings_credentials = asked.form.get("j_username").is_some() || asked.form.get("j_password").is_some();
    if flow.has_token() && asked.form.get("csrf_token") != Some(&flow.csrf) {
        flow.stage = Stage::Over;
        return Some(pages::stale().says("no token"));
    }
    match flow.stage {
        Stage::Probe => {
            if flow.mode == IdpMode::Legacy2 {
                // Clients of that time send everything to every page.
                asked.expects_password.set(true);
            } else if brings_credentials {
                flow.stage = Stage::Over;
                return Some(pages::stale().says("credentials at the probe"));
            }
            next(flow, Stage::Credentials(None))
        }
        Stage::Credentials(_) => judge(asked, flow),
        Stage::BirthDate => match asked.form.get("password-input") {
            Some(BIRTH_DATE) => Some(finish(asked, flow)),
            _ => next(flow, Stage::BirthDate),
        },
        Stage::Code => match asked.form.get("code") {
            Some(CODE) => Some(finish(asked, flow)),
            _ => next(flow, Stage::Code),
        },
        Stage::Over => None,
    }
}

fn next(flow: &mut Flow, stage: Stage) -> Option<Reply> {
    flow.step += 1;
    flow.stage = stage;
    flow.csrf = random_text::<20>();
    None
}

/// Judges the credentials.
fn judge(asked: &Asked<'_>, flow: &mut Flow) -> Option<Reply> {
    if asked.form.get("_eventId_proceed").is_none() {
        return Some(pages::stale().says("no event"));
    }
    let refused = match asked.judge("j_username", "j_password") {
        Verdict::Right(who) => {
            let profile = asked.form.get("typeUser").unwrap_or_default();
            if flow.has_profile() && !who.is(profile) {
                pages::Refused::Wrong
            } else {
                return welcome(asked, flow, who);
            }
        }
        Verdict::Wrong => pages::Refused::Wrong,
        Verdict::Locked | Verdict::Blocked => pages::Refused::Locked,
        Verdict::Renewal => return over(flow, Reply::redirect("/idp/renouvellement").says("renewal")),
        Verdict::Activation => return over(flow, Reply::redirect("/idp/activation").says("activation")),
        Verdict::Terms => return over(flow, Reply::redirect("/idp/conditions").says("terms")),
        Verdict::Odd(reply) => return over(flow, reply),
    };
    let outcome = if refused == pages::Refused::Locked { "locked" } else { "refused" };
    if flow.has_token() {
        next(flow, Stage::Credentials(Some(refused)));
        return Some(redirect_to(asked, flow).says(outcome));
    }
    // The old form comes again in place: its clients would send everything once more where a redirect leads.
    flow.stage = Stage::Credentials(Some(refused));
    Some(show(asked, flow).says(outcome))
}

/// Shows the step that a conversation has come to.
fn redirect_to(asked: &Asked<'_>, flow: &Flow) -> Reply {
    let execution = asked.query.get("execution").unwrap_or_default();
    let (number, _) = execution.split_once('s').unwrap_or_default();
    Reply::redirect(&format!("{}?execution={number}s{}", asked.path, flow.step))
}

fn over(flow: &mut Flow, reply: Reply) -> Option<Reply> {
    flow.stage = Stage::Over;
    Some(reply)
}

/// The password was right.
fn welcome(asked: &Asked<'_>, flow: &mut Flow, who: Who) -> Option<Reply> {
    let scenario = who.scenario;
    flow.who = Some(who);
    match scenario {
        Scenario::BirthDate => next(flow, Stage::BirthDate),
        Scenario::Code => next(flow, Stage::Code),
        _ if flow.mode == IdpMode::CurrentWithBirthDate => next(flow, Stage::BirthDate),
        _ => Some(finish(asked, flow)),
    }
}

/// The answer for the portal.
fn finish(asked: &Asked<'_>, flow: &mut Flow) -> Reply {
    flow.stage = Stage::Over;
    let Some(who) = flow.who.clone() else { return pages::stale() };
    let asserted = Asserted { consumer: flow.consumer.clone(), request: flow.request.clone(), who };
    Reply::page("EduConnect", &saml::response_form(asked, asserted, &flow.relay)).says("asserted")
}
