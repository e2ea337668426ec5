//! Where each portal is, and how it is played: a table of its own, so that a mistake in the client's meets this one.

use super::families::hostile::{self, HOSTILE};

/// A portal that is played, with a school behind it: `https://{id}.pronote.test/pronote/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Its identifier.
    pub id: String,
    /// The host that a school's PRONOTE sends people to, with its port where that is not the usual one. Places that share
    /// a host must be of the same kind.
    pub host: String,
    /// What is played there.
    pub kind: PlaceKind,
}

/// The families of portals (portals §2), with what differs between portals of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlaceKind {
    /// Skolengo.
    Skolengo {
        /// The selections that lead to EduConnect.
        edu: Vec<String>,
        /// The selections that lead to its own form. The only selection of all is taken for granted.
        local: Vec<String>,
        /// Whether a page with a link onward comes after EduConnect.
        notice: bool,
    },
    /// Edifice.
    Edifice {
        /// Whether pupils and guardians may use its own form; where not, they may while EduConnect is in a legacy mode.
        local: bool,
        /// The providers that a sign-in may start with, such as `student`; the others are forbidden.
        routes: Vec<String>,
        /// Its name at EduConnect, when it has one.
        provider: Option<String>,
        /// The host of the page that asks who one is, when that is not its own.
        chooser: Option<String>,
    },
    /// Keycloak, then Edifice: MonLycée.net, whose hosts are fixed.
    EdificeOidc,
    /// Apereo CAS.
    Apereo,
    /// A plain CAS form.
    CasForm {
        /// The path before `/login`, such as `/connexion`.
        root: String,
        /// Whether it lets people in who bring no service.
        lenient: bool,
    },
    /// A bare SAML entry.
    SamlEntry,
    /// La Classe.
    LaClasse,
    /// A Shibboleth service provider with a discovery page.
    ShibWayf,
    /// Toutatice.
    Toutatice,
    /// The EduConnect hub of PRONOTE's vendor.
    HubEduconnect,
    /// One that means harm: see [`HOSTILE`](super::HOSTILE).
    Hostile,
}

impl PlaceKind {
    /// The hosts that belong to a portal besides its first one.
    pub(super) fn other_hosts(&self) -> Vec<&str> {
        match self {
            Self::Edifice { chooser, .. } => chooser.as_deref().into_iter().collect(),
            Self::EdificeOidc => vec!["psn.monlycee.net", "auth.monlycee.net"],
            _ => Vec::new(),
        }
    }
}

impl Place {
    /// Its host without the port.
    pub(super) fn name(&self) -> &str {
        self.host.split(':').next().unwrap_or_default()
    }

    /// Where a school sends people, to which it adds the service.
    pub(super) fn login(&self) -> String {
        let path = match &self.kind {
            PlaceKind::Skolengo { .. } => "/login",
            PlaceKind::Edifice { .. } | PlaceKind::EdificeOidc | PlaceKind::Apereo => "/cas/login",
            PlaceKind::CasForm { root, .. } => return format!("https://{}{root}/login", self.host),
            PlaceKind::SamlEntry => "/dispatcher/cas/login",
            PlaceKind::LaClasse => "/sso/login",
            PlaceKind::ShibWayf => "/access/login",
            PlaceKind::Toutatice => "/idp/profile/cas/login",
            PlaceKind::HubEduconnect => "/EduConnect/cas/login",
            PlaceKind::Hostile => return format!("https://{}/{}/login", self.host, self.id),
        };
        format!("https://{}{path}", self.host)
    }
}

const EDU: &[&str] = &["EDU"];
const EDU_PARENT: &[&str] = &["EDU_parent_eleve"];
const ATS: &[&str] = &["ATS_parent_eleve"];
const NONE: &[&str] = &[];

/// A Skolengo host, its selections (EduConnect, own form), whether a notice comes in between, and the portals there.
type Skolengo = (&'static str, &'static [&'static str], &'static [&'static str], bool, &'static [&'static str]);

const SKOLENGO: [Skolengo; 16] = [
    ("cas.eclat-bfc.fr", EDU, NONE, true, &["ac-besancon", "ac-dijon"]),
    ("cas.ent.auvergnerhonealpes.fr", EDU, NONE, false, &["ac-clermont", "ac-grenoble", "ac-lyon"]),
    ("cas.cybercolleges42.fr", EDU_PARENT, NONE, false, &["cybercolleges42"]),
    (
        "cas.mon-ent-occitanie.fr",
        &["MONT-EDU_parent_eleve", "TOULO-EDU_parent_eleve"],
        &["CSES-ENT_parent_eleve", "TOULO-ENT_parent_eleve"],
        false,
        &["ac-montpellier", "ac-toulouse"],
    ),
    (
        "cas.monbureaunumerique.fr",
        EDU,
        NONE,
        false,
        &["ac-nancy-metz", "ac-reims", "ac-strasbourg", "monbureaunumerique-educonnect"],
    ),
    ("cas.arsene76.fr", EDU_PARENT, ATS, false, &["arsene76"]),
    ("cas.moncollege.valdoise.fr", NONE, &["eleveparent"], false, &["ac-valdoise"]),
    ("cas.agora06.fr", EDU, NONE, true, &["agora06"]),
    ("cas.ecollege.haute-garonne.fr", EDU_PARENT, NONE, false, &["haute-garonne"]),
    ("cas.kosmoseducation.com", NONE, &["MUNICH-SKO_parent_eleve"], false, &["ljr-munich"]),
    ("cas.ent27.fr", EDU_PARENT, ATS, false, &["eure-normandie"]),
    ("cas.entcreuse.fr", EDU, ATS, false, &["creuse"]),
    ("cas.moncollege.valdemarne.fr", EDU_PARENT, NONE, false, &["val-de-marne"]),
    ("cas.webcollege.seinesaintdenis.fr", EDU_PARENT, NONE, false, &["seine-saint-denis"]),
    ("cas.colleges.ain.fr", EDU, NONE, false, &["ain"]),
    ("cas.ent.exemple.test", EDU, ATS, true, &["exemple-skolengo"]),
];

/// How an Edifice portal starts EduConnect.
enum Start {
    /// Not at all.
    Never,
    /// By its routes `student` and `relative`.
    Routes,
    /// By its route `relative` alone, under a name.
    Named(&'static str),
    /// Under its metadata address.
    Metadata,
    /// By both routes and its metadata address.
    Both,
}

/// An Edifice host, whether everybody may use its form, how EduConnect is started, the chooser's host, and the portals there.
type Edifice = (&'static str, bool, Start, Option<&'static str>, &'static [&'static str]);

const EDIFICE: [Edifice; 33] = [
    (
        "mon.lyceeconnecte.fr",
        false,
        Start::Metadata,
        Some("auth.lyceeconnecte.fr"),
        &["ac-bordeaux", "ac-limoges", "ac-poitiers", "lyceeconnecte"],
    ),
    (
        "ent.l-educdenormandie.fr",
        false,
        Start::Metadata,
        None,
        &["ac-caen", "ac-rouen", "normandie", "agricole-normandie"],
    ),
    ("enthdf.fr", false, Start::Both, None, &["hdf", "ac-lille", "ac-lille2", "somme"]),
    ("ent77.seine-et-marne.fr", true, Start::Routes, None, &["seine-et-marne", "seine-et-marne-educonnect"]),
    ("www.moncollege-ent.essonne.fr", false, Start::Routes, None, &["moncollege-essonne"]),
    ("ent.parisclassenumerique.fr", true, Start::Never, None, &["parisclassenumerique"]),
    ("ent.ecollege78.fr", true, Start::Never, None, &["yvelines"]),
    (
        "mayotte.edifice.io",
        true,
        Start::Named("urn:fi:ent:prod-edifice-mayotte-edu:1.0"),
        None,
        &["mayotte", "mayotte-educonnect"],
    ),
    ("mayotte.opendigitaleducation.com", true, Start::Never, None, &["former-mayotte"]),
    ("neoconnect.opendigitaleducation.com", true, Start::Never, None, &["guadeloupe-neoconnect"]),
    ("ent94.opendigitaleducation.com", false, Start::Named("urn:fi:ent:prod-cd94-edu:1.0"), None, &["ent94"]),
    ("moncollege-ent.var.fr", false, Start::Named("urn:fi:ent:prod-cd83-edu:1.0"), None, &["var"]),
    ("www.aucollege84.vaucluse.fr", false, Start::Routes, None, &["vaucluse"]),
    ("karukera.ac-guadeloupe.fr", false, Start::Routes, None, &["guadeloupe"]),
    ("nati.pf", false, Start::Routes, None, &["polynesie"]),
    ("www.eduprovence.fr", false, Start::Named("urn:fi:ent:prod-cd13-edu:1.0"), None, &["bouches-du-rhone"]),
    ("ent04.fr", false, Start::Named("urn:fi:ent:prod-ent04-edu:1.0"), None, &["alpes-hp"]),
    ("ent.colleges05.fr", false, Start::Named("urn:fi:ent:prod-ent05-edu:1.0"), None, &["hautes-alpes"]),
    ("ent.leia.corsica", false, Start::Named("urn:fi:ent:prod-leia-edu:1.0"), None, &["corse"]),
    ("colibri.ac-martinique.fr", false, Start::Metadata, None, &["martinique"]),
    ("wilapa-guyane.com", false, Start::Metadata, None, &["guyane"]),
    ("ariane57.moselle-education.fr", true, Start::Named("urn:fi:ent:prod-ent57-edu:1.0"), None, &["moselle"]),
    ("mon-ent16.lacharente.fr", false, Start::Routes, None, &["charente"]),
    ("ent.e-primo.fr", true, Start::Routes, None, &["primaire-e-primo"]),
    ("www.primot.fr", true, Start::Routes, None, &["primaire-primot"]),
    ("monecole-ent.essonne.fr", true, Start::Routes, None, &["primaire-essonne"]),
    ("ent.iledefrance.fr", true, Start::Never, None, &["former-iledefrance"]),
    ("ent.edifice.exemple.test", false, Start::Both, None, &["exemple-edifice"]),
    ("local.edifice.exemple.test", true, Start::Never, None, &["exemple-edifice-local"]),
    ("routes.edifice.exemple.test", false, Start::Routes, None, &["exemple-edifice-routes"]),
    ("idp.edifice.exemple.test", false, Start::Metadata, None, &["exemple-edifice-idp"]),
    (
        "chooser.edifice.exemple.test",
        false,
        Start::Both,
        Some("who.edifice.exemple.test"),
        &["exemple-edifice-chooser"],
    ),
    ("either.edifice.exemple.test", true, Start::Both, None, &["exemple-edifice-either"]),
];

/// Every portal that is known.
pub(super) fn known() -> Vec<Place> {
    let owned = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let mut places = Vec::new();
    let mut add = |host: &str, ids: &[&str], kind: PlaceKind| {
        places.extend(ids.iter().map(|id| Place { id: (*id).to_owned(), host: host.to_owned(), kind: kind.clone() }));
    };
    for (host, edu, local, notice, ids) in SKOLENGO {
        add(host, ids, PlaceKind::Skolengo { edu: owned(edu), local: owned(local), notice });
    }
    for (host, local, start, chooser, ids) in EDIFICE {
        let metadata = format!("https://{host}/auth/saml/metadata/idp.xml");
        let both = owned(&["student", "relative"]);
        let (routes, provider) = match start {
            Start::Never => (Vec::new(), None),
            Start::Routes => (both, None),
            Start::Named(name) => (Vec::new(), Some(name.to_owned())),
            Start::Metadata => (Vec::new(), Some(metadata)),
            Start::Both => (both, Some(metadata)),
        };
        add(host, ids, PlaceKind::Edifice { local, routes, provider, chooser: chooser.map(str::to_owned) });
    }
    add("ent.monlycee.net", &["iledefrance"], PlaceKind::EdificeOidc);
    add("auth.recia.fr", &["ac-orleans-tours", "ac-orleans-tours-agricole"], PlaceKind::Apereo);
    add("ent.netocentre.fr", &["former-ac-orleans-tours"], PlaceKind::Apereo);
    add("www.atrium-sud.fr", &["atrium-sud"], PlaceKind::CasForm { root: "/connexion".to_owned(), lenient: true });
    add("sp-ts.ac-poitiers.fr", &["poitiers-dispatcher"], PlaceKind::SamlEntry);
    add("www.laclasse.com", &["laclasse", "laclasse-educonnect"], PlaceKind::LaClasse);
    add("cas3.e-lyco.fr", &["ac-nantes"], PlaceKind::ShibWayf);
    add("sso.ac-reunion.fr", &["ac-reunion"], PlaceKind::ShibWayf);
    add("www.toutatice.fr", &["toutatice"], PlaceKind::Toutatice);
    add("hubeduconnect.index-education.net", &["hub-educonnect", "ac-bordeaux2"], PlaceKind::HubEduconnect);
    for nastiness in HOSTILE {
        add(hostile::HOST, &[&format!("hostile-{nastiness}")], PlaceKind::Hostile);
    }
    places
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_identifier_is_there_twice_and_places_of_a_host_are_the_same() {
        let places = known();
        let ids: BTreeSet<&str> = places.iter().map(|place| place.id.as_str()).collect();
        assert_eq!(ids.len(), places.len());
        for place in &places {
            assert!(places.iter().all(|other| other.host != place.host || other.kind == place.kind), "{}", place.id);
        }
    }
}
