//! What a failed sign-in at a portal means to whoever asked for it (portals §2.16).

use axum::http::StatusCode;
use jiff::Timestamp;
use portals::Kind;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Problem, capitalized};

/// What a portal has to do with a problem.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AtPortal {
    /// What happened there, for programs.
    #[schema(example = "WRONG_CREDENTIALS")]
    kind: &'static str,
    /// The portal, by its identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "monbureaunumerique")]
    id: Option<String>,
    /// The host it happened at.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "educonnect.education.gouv.fr")]
    host: Option<String>,
    /// What that host says about it: plain text, not ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    said: Option<String>,
    /// What the person can do about it.
    advice: String,
    /// Whether the password had been sent there.
    evaluated: bool,
}

/// When to come back to a portal that is closed: they are closed for hours.
const CLOSED_RETRY_SECONDS: u64 = 3600;
/// When to come back to one that is overloaded.
const OVERLOADED_RETRY_SECONDS: u64 = 300;
/// When to come back after too many requests, when nobody says from when.
const BUSY_RETRY_SECONDS: u64 = 3600;

impl Problem {
    /// What a failed sign-in at a portal means. Where clients of `pronote-api` know a number for it, it has that.
    pub(super) fn of_portal(error: &portals::Error, now: Timestamp) -> Self {
        let until = |until: &Option<Timestamp>| match until {
            Some(until) => until.duration_since(now).as_secs().max(1).unsigned_abs(),
            None => BUSY_RETRY_SECONDS,
        };
        let said = || capitalized(&error.kind.to_string());
        let ours = |status| Problem::new(status, said()).ours(error.code());
        let problem = match &error.kind {
            Kind::WrongCredentials { .. } | Kind::AlreadyRefused { .. } => Problem::wrong_credentials(),
            Kind::TooManyAttempts { until: end } | Kind::RateLimited { until: end } => {
                Problem::rate_limited(until(end))
            }
            Kind::IpSuspended { until: end } => Problem::banned(until(end)),
            Kind::PortalClosed { .. } => Problem::closed(CLOSED_RETRY_SECONDS),
            Kind::PortalOverloaded => Problem::closed(OVERLOADED_RETRY_SECONDS),
            Kind::Retired { .. } | Kind::Refused => Problem::unavailable(said()),
            Kind::IdentityConfirmation | Kind::MfaRequired | Kind::ProfileChoice { .. } => {
                ours(StatusCode::UNAUTHORIZED)
            }
            Kind::AccountLocked { .. }
            | Kind::PasswordRenewal
            | Kind::ActivationRequired
            | Kind::PortalAction
            | Kind::CaptchaRequired
            | Kind::NoPortalAccount
            | Kind::NoPronoteAccess
            | Kind::AccountBindingRequired
            | Kind::SecondLoginRequested
            | Kind::PortalMessage => ours(StatusCode::FORBIDDEN),
            Kind::UnknownPortal { .. }
            | Kind::AmbiguousPortal { .. }
            | Kind::NoSuchPortal { .. }
            | Kind::NoPortal
            | Kind::NotPronote
            | Kind::ProfileNotSupported { .. } => ours(StatusCode::BAD_REQUEST),
            Kind::Unreachable => {
                Problem::new(StatusCode::BAD_GATEWAY, "The portal could not be reached").ours("UPSTREAM_UNREACHABLE")
            }
            Kind::Timeout => ours(StatusCode::GATEWAY_TIMEOUT),
            Kind::SelectionRejected
            | Kind::NetworkFiltered
            | Kind::ServiceNotAllowed
            | Kind::ServiceLoop
            | Kind::HostNotAllowed { .. }
            | Kind::Insecure { .. }
            | Kind::CredentialHostRefused { .. }
            | Kind::UnexpectedPage { .. }
            | Kind::Tls
            | Kind::TooLarge
            | Kind::TooManyRedirects => ours(StatusCode::BAD_GATEWAY),
        };
        Problem { portal: Some(Box::new(AtPortal::of(error))), ..problem }
    }
}

impl AtPortal {
    fn of(error: &portals::Error) -> Self {
        AtPortal {
            kind: error.code(),
            id: error.portal.clone(),
            host: error.host.clone(),
            // Words without the name of who says them would pass for ours.
            said: error.said.clone().filter(|_| error.host.is_some()),
            advice: error.advice(),
            evaluated: error.evaluated,
        }
    }
}

#[cfg(test)]
mod tests {
    use portals::Profile;

    use super::*;
    use crate::problem::{Code, ProblemBody};

    fn error(kind: Kind) -> portals::Error {
        let host = Some("educonnect.education.gouv.fr".to_owned());
        portals::Error {
            kind,
            portal: Some("ac-reims".to_owned()),
            host,
            said: Some("Erreur".to_owned()),
            evaluated: true,
        }
    }

    fn of(kind: Kind) -> Problem {
        Problem::of_portal(&error(kind), Timestamp::from_second(1_800_000_000).unwrap())
    }

    #[test]
    fn what_clients_of_pronote_api_know_keeps_its_number_and_text() {
        let idp = "educonnect.education.gouv.fr".to_owned();
        let until = Some(Timestamp::from_second(1_800_000_060).unwrap());
        for (kind, status, number) in [
            (Kind::WrongCredentials { idp, profile: Profile::Pupil }, 401, 3),
            (Kind::AlreadyRefused { until }, 401, 3),
            (Kind::IpSuspended { until }, 429, 2),
            (Kind::TooManyAttempts { until }, 429, 6),
            (Kind::RateLimited { until }, 429, 6),
            (Kind::PortalClosed { pronote: false }, 503, 7),
            (Kind::PortalOverloaded, 503, 7),
        ] {
            let problem = of(kind.clone());
            assert_eq!((problem.status.as_u16(), problem.code), (status, Some(Code::Known(number))), "{kind:?}");
            assert_eq!(problem.retry_after.is_some(), status != 401, "{kind:?}");
        }
        assert_eq!(of(Kind::IpSuspended { until }).retry_after, Some(60));
        assert_eq!(of(Kind::AlreadyRefused { until }).message, "Wrong user credentials");
    }

    #[test]
    fn everything_else_has_its_name() {
        for (kind, status, name) in [
            (Kind::AccountLocked { temporary: true }, 403, "ACCOUNT_LOCKED"),
            (Kind::MfaRequired, 401, "MFA_REQUIRED"),
            (Kind::NetworkFiltered, 502, "NETWORK_FILTERED"),
            (Kind::Timeout, 504, "TIMEOUT"),
            (Kind::Retired { replaced_by: Some("hdf".to_owned()) }, 501, "PORTAL_UNAVAILABLE"),
            (Kind::AmbiguousPortal { candidates: Vec::new() }, 400, "AMBIGUOUS_PORTAL"),
        ] {
            let problem = of(kind);
            assert_eq!((problem.status.as_u16(), problem.code), (status, Some(Code::Ours(name))));
        }
    }

    #[test]
    fn a_portal_s_words_stand_beside_its_host_only() {
        let body = |error: &portals::Error| {
            let problem = Problem::of_portal(error, Timestamp::UNIX_EPOCH);
            let body = ProblemBody { code: problem.code, message: &problem.message, portal: problem.portal.as_deref() };
            serde_json::to_value(&body).unwrap()
        };
        let told = error(Kind::PortalAction);
        assert_eq!(body(&told)["portal"]["said"], "Erreur");
        assert_eq!(body(&told)["portal"]["host"], "educonnect.education.gouv.fr");
        let placeless = portals::Error { host: None, ..told };
        assert_eq!(body(&placeless)["portal"].get("said"), None);
        assert!(!body(&placeless)["message"].as_str().unwrap().contains("Erreur"));
    }
}
