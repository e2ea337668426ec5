//! A row as the families read it: everything that differs between two portals of a family (portals §4.2).

use std::collections::BTreeMap;
use std::time::Duration;

use url::Url;

use super::hosts::{HostRule, Origin, Target};
use super::selector::Selector;
use super::step::Step;
use super::{Family, Profile};
use crate::page::MOST_CONTROLS;

/// What a row says of the way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Row {
    /// How it is gone through; none where nobody goes through it any more.
    pub(crate) family: Option<Family>,
    /// Where it begins.
    pub(crate) entry: Entry,
    /// By what a school's redirect is known.
    pub(crate) detect: Detect,
    /// Where the passwords of each kind of account are checked.
    pub(crate) ways: BTreeMap<Profile, Way>,
    /// The discovery page of a Shibboleth service provider.
    pub(crate) wayf: Option<Wayf>,
    /// The form to fill in, where the family does not know it.
    pub(crate) form: Form,
    /// The hosts, with what the family and the kinds of account add: see [`Row::reach`].
    pub(crate) hosts: Hosts,
    /// Signs of an outcome, beside the family's own.
    pub(crate) markers: Vec<(Meaning, Marker)>,
    /// What may be spent on a sign-in.
    pub(crate) limits: Limits,
    /// The steps of a `form-chain`.
    pub(crate) steps: Vec<Step>,
}

/// Where a sign-in begins (portals §2.2).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Which request comes first.
    pub(crate) mode: EntryMode,
    /// The page that [`EntryMode::PortalFirst`] begins with.
    pub(crate) url: Option<Url>,
    /// The CAS server, without a `/` at its end: `/login` follows it.
    pub(crate) cas_root: Option<Url>,
    /// What is set in the query of the portal's login address.
    pub(crate) set_query: Pairs,
}

/// Names and values, in the order of names.
pub(crate) type Pairs = Vec<(String, String)>;

/// Which request comes first (portals §2.2).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum EntryMode {
    /// PRONOTE's own page, whose redirect holds the service as the school registered it.
    #[default]
    PronoteFirst,
    /// The CAS server's login, with PRONOTE's page as the service.
    CasRoot,
    /// The portal's page; PRONOTE's once it is signed in to.
    PortalFirst,
}

/// By what a school's redirect is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Detect {
    /// The hosts it leads to.
    pub(crate) hosts: Vec<Origin>,
    /// What its query must hold as well.
    pub(crate) query: Pairs,
}

/// Where the password of a kind of account is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Way {
    /// Who checks it.
    pub(crate) idp: Idp,
    /// What EduConnect calls the kind of account: `eleve`, `responsable`.
    pub(crate) type_user: Option<String>,
    /// The portal's own name of the identity provider, in its `/auth/saml/authn/{provider}`.
    pub(crate) provider: Option<String>,
    /// The portal's own name at the identity provider, to begin there.
    pub(crate) provider_id: Option<String>,
    /// What is set in the query of the portal's login address, over [`Entry::set_query`].
    pub(crate) set_query: Pairs,
}

/// Who checks a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Idp {
    /// EduConnect, the ministry's.
    Educonnect,
    /// The portal itself.
    Local,
    /// A Keycloak beside the portal; `hosts.credentials` names it.
    Keycloak,
    /// The one of agricultural schools.
    Agri,
}

impl Idp {
    /// The host that is the same for every portal.
    pub(crate) fn host(self) -> Option<&'static str> {
        match self {
            Idp::Educonnect => Some("educonnect.education.gouv.fr"),
            Idp::Agri => Some("auth.educagri.fr"),
            Idp::Local | Idp::Keycloak => None,
        }
    }
}

/// What a discovery page is sent (portals §2.11).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Wayf {
    /// The service provider's name.
    pub(crate) entity_id: Option<String>,
    /// Where the discovery page sends back to.
    pub(crate) back: Option<Url>,
    /// In which pair the chosen identity provider is sent back.
    pub(crate) return_param: Option<String>,
    /// The identity provider to choose.
    pub(crate) origin: Option<String>,
    /// What is done with the choice.
    pub(crate) action: Option<String>,
    /// More pairs.
    pub(crate) extra: Pairs,
}

/// The form to fill in, where the family does not know it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Form {
    /// Which form.
    pub(crate) selector: Option<Selector>,
    /// The field of the user name; `username` by default.
    pub(crate) user_field: Option<String>,
    /// The field of the password; `password` by default.
    pub(crate) password_field: Option<String>,
    /// More pairs to send.
    pub(crate) extra: Pairs,
}

/// The hosts that a row writes itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Hosts {
    /// What may appear in redirects, links and SAML targets.
    pub(crate) navigate: Vec<HostRule>,
    /// What may be sent the password.
    pub(crate) credentials: Vec<Origin>,
    /// What may be sent a SAML response.
    pub(crate) assertion: Vec<Target>,
}

/// What a marker stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// The user name or the password is wrong.
    Wrong,
    /// The account is locked.
    Locked,
    /// The password has to be changed.
    Renew,
    /// The account has to be activated.
    Activate,
    /// A code is asked for.
    Mfa,
    /// The portal is closed.
    Closed,
    /// The portal has too much to do.
    Overload,
    /// The portal knows no such account.
    NoAccount,
    /// The portal does not know this PRONOTE.
    Service,
}

/// A sign of an outcome: everything that is given must be so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Marker {
    /// An element that is there.
    pub(crate) selector: Option<Selector>,
    /// A text that the element holds, or the page, whatever its accents and case.
    pub(crate) text: Option<String>,
    /// A text that the page's address holds.
    pub(crate) url_contains: Option<String>,
}

/// What may be spent on a sign-in (portals R6, R7); a row can only lower it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Redirects in a row.
    pub(crate) redirects: usize,
    /// Requests of a sign-in.
    pub(crate) requests: usize,
    /// Bytes of a page, unpacked.
    pub(crate) page_bytes: usize,
    /// Controls of a form.
    pub(crate) controls: usize,
    /// For one request.
    pub(crate) request: Duration,
    /// For the whole sign-in, without the time that a person takes to answer.
    pub(crate) total: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            redirects: 15,
            requests: 40,
            page_bytes: 2 << 20,
            controls: MOST_CONTROLS,
            request: Duration::from_secs(20),
            total: Duration::from_secs(60),
        }
    }
}

/// Where a kind of account may be led to: the row's own hosts, and what its family and its identity provider need.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Reach {
    /// What may appear in redirects, links and SAML targets; the school's own host comes on top.
    pub(crate) navigate: Vec<HostRule>,
    /// What may be sent the password.
    pub(crate) credentials: Vec<Origin>,
    /// What may be sent a SAML response.
    pub(crate) assertion: Vec<Target>,
}

impl Row {
    /// The portal's own origin: of its CAS server, else of its first page, else of the first step.
    pub(crate) fn origin(&self) -> Option<Origin> {
        let entry = self.entry.cas_root.as_ref().or(self.entry.url.as_ref());
        entry.and_then(Origin::of).or_else(|| self.steps.first()?.origin())
    }

    /// How a kind of account signs in. Staff have a way of their own or none: their sites are other ones.
    pub(crate) fn way(&self, profile: Profile) -> Option<&Way> {
        self.ways.get(&profile)
    }

    /// The query pairs of the portal's login address: the row's, and over them the profile's.
    pub(crate) fn set_query(&self, profile: Profile) -> Pairs {
        let mut pairs = self.entry.set_query.clone();
        for (name, value) in self.way(profile).map_or(&[][..], |way| &way.set_query) {
            pairs.retain(|(other, _)| other != name);
            pairs.push((name.clone(), value.clone()));
        }
        pairs
    }

    /// Where a kind of account may be led to.
    pub(crate) fn reach(&self, profile: Profile) -> Reach {
        let mut reach = Reach {
            navigate: self.hosts.navigate.clone(),
            credentials: self.hosts.credentials.clone(),
            assertion: self.hosts.assertion.clone(),
        };
        let own = self.origin();
        reach.navigate.extend(own.clone().map(HostRule::Exact));
        let addresses = [&self.entry.cas_root, &self.entry.url];
        reach.navigate.extend(addresses.into_iter().flatten().filter_map(Origin::of).map(HostRule::Exact));
        reach.navigate.extend(self.detect.hosts.iter().cloned().map(HostRule::Exact));
        let idp = self.way(profile).map(|way| way.idp);
        match (idp.and_then(Idp::host), idp) {
            (Some(host), _) => {
                reach.credentials.push(Origin::usual(host));
                if let Some(own) = &own {
                    reach.assertion.extend(self.assertion_paths().map(|path| Target { origin: own.clone(), path }));
                }
            }
            (None, Some(Idp::Local)) => reach.credentials.extend(own),
            (None, _) => {}
        }
        reach.navigate.extend(reach.credentials.iter().cloned().map(HostRule::Exact));
        reach.navigate.extend(reach.assertion.iter().map(|target| HostRule::Exact(target.origin.clone())));
        sort(&mut reach.navigate);
        sort(&mut reach.credentials);
        sort(&mut reach.assertion);
        reach
    }

    /// Where the service provider of the family takes SAML responses, at the portal's own host.
    fn assertion_paths(&self) -> impl Iterator<Item = String> {
        let root = self.entry.cas_root.as_ref().map_or("", |url| url.path().trim_end_matches('/'));
        let path = match self.family {
            Some(Family::Skolengo) => Some(format!("{root}/saml/SAMLAssertionConsumer")),
            Some(Family::Edifice) => Some("/auth/saml/acs".to_owned()),
            Some(Family::Apereo) => Some(format!("{root}/")),
            Some(Family::ShibWayf) => Some("/Shibboleth.sso/SAML2/POST".to_owned()),
            Some(Family::Laclasse) => Some(format!("{root}/")),
            Some(Family::Toutatice) => Some("/idp/".to_owned()),
            Some(Family::HubEduconnect) => Some("/EduConnect/".to_owned()),
            _ => None,
        };
        path.into_iter()
    }

    /// Whether two rows do the same: what they are called, and by what they are known, apart.
    pub(crate) fn same_way(&self, other: &Row) -> bool {
        Row { detect: Detect::default(), ..self.clone() } == Row { detect: Detect::default(), ..other.clone() }
    }
}

fn sort<T: Ord>(list: &mut Vec<T>) {
    list.sort();
    list.dedup();
}

#[cfg(test)]
mod tests {
    use super::super::{Profile, Registry};
    use super::Reach;

    fn reach(id: &str, profile: Profile) -> Reach {
        Registry::builtin().get(id).expect(id).row.reach(profile)
    }

    fn shown<T: ToString>(list: &[T]) -> Vec<String> {
        list.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_family_adds_what_its_identity_provider_needs() {
        let reach = reach("hdf", Profile::Pupil);
        assert_eq!(shown(&reach.navigate), ["educonnect.education.gouv.fr", "enthdf.fr"]);
        assert_eq!(shown(&reach.credentials), ["educonnect.education.gouv.fr"]);
        assert_eq!(shown(&reach.assertion), ["enthdf.fr/auth/saml/acs"]);
    }

    #[test]
    fn the_password_of_one_kind_of_account_has_no_second_host() {
        let own = reach("moselle", Profile::Pupil);
        assert_eq!(shown(&own.credentials), ["ariane57.moselle-education.fr"]);
        assert_eq!(shown(&own.assertion), [""; 0], "no SAML response is expected");
        let national = reach("moselle", Profile::Guardian);
        assert_eq!(shown(&national.credentials), ["educonnect.education.gouv.fr"]);
    }

    #[test]
    fn every_way_that_ships_has_one_place_for_the_password() {
        for portal in Registry::builtin().iter().filter(|portal| portal.status.signs_in()) {
            for profile in portal.row.ways.keys() {
                let reach = portal.row.reach(*profile);
                let expected = usize::from(portal.id != "eole-scribe");
                assert_eq!(reach.credentials.len(), expected, "{} {profile:?}", portal.id);
            }
            assert!(portal.row.way(Profile::Pupil).is_some() && portal.row.way(Profile::Guardian).is_some());
        }
    }

    #[test]
    fn what_a_profile_sets_in_the_query_goes_over_what_its_row_sets() {
        let text = "schema = 1\n[[portal]]\nid = \"mine\"\nextends = \"ac-toulouse\"\n\
                    profiles.pupil = { idp = \"local\", set_query = { selection = \"X\", more = \"\" } }\n";
        let (registry, faults) = Registry::with_files(&[("mine.toml".to_owned(), text.to_owned())]);
        assert_eq!(faults, []);
        let row = &registry.get("mine").expect("a portal").row;
        let pairs = |profile| {
            let mut pairs = row.set_query(profile);
            pairs.sort();
            pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>()
        };
        assert_eq!(pairs(Profile::Pupil), ["more=", "selection=X"]);
        assert_eq!(pairs(Profile::Guardian), ["selection=TOULO-EDU_parent_eleve"]);
    }
}
