//! A portal that each test writes itself: hosts over TLS, played by a function from a request to an answer.

use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use portals::{Check, Error, Portals, Progress, Registry, SignIn};
use pronote::pace::{Limits, Memory, Pacer};
use pronote::{Client, Space};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use transport::{Detour, Transport};

/// The school, its portal, its other host, and one that belongs to nobody.
pub(crate) const SCHOOL: &str = "ecole.exemple.test";
pub(crate) const CAS: &str = "cas.exemple.test";
pub(crate) const OTHER: &str = "autre.exemple.test";
pub(crate) const ELSEWHERE: &str = "ailleurs.pirate.test";
pub(crate) const EDUCONNECT: &str = "educonnect.education.gouv.fr";
const ASSISTANCE: &str = "assistance.phm.education.gouv.fr";

pub(crate) const LOGIN: &str = "emilie.dupont";
pub(crate) const PASSWORD: &str = "M0t-de/passe secret";

/// Portals of the families that know a form: one of their own accounts, one by EduConnect.
const ROWS: &str = r#"
schema = 1

[[portal]]
id = "scene"
display = "Scène"
status = "supported"
family = "skolengo"
evidence = "D"
entry = { cas_root = "https://cas.exemple.test" }
detect = { hosts = ["cas.exemple.test"] }
profiles.pupil = { idp = "local" }
profiles.guardian = { idp = "local" }
hosts = { navigate = ["autre.exemple.test"] }

[[portal]]
id = "scene-pressee"
extends = "scene"
display = "Scène pressée"
limits = { request_seconds = 1, total_seconds = 2 }

[[portal]]
id = "scene-edu"
display = "Scène EduConnect"
status = "supported"
family = "skolengo"
evidence = "D"
entry = { cas_root = "https://cas.exemple.test" }
detect = { hosts = ["edu.exemple.test"] }
profiles.pupil = { idp = "educonnect", type_user = "eleve" }
profiles.guardian = { idp = "educonnect", type_user = "responsable" }

[[portal]]
id = "scene-edifice"
extends = "scene-edu"
family = "edifice"
entry = { cas_root = "https://cas.exemple.test/cas" }

[[portal]]
id = "scene-toutatice"
extends = "scene-edu"
family = "toutatice"

[[portal]]
id = "scene-apereo"
extends = "scene"
family = "apereo"
"#;

/// A request.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) host: String,
    pub(crate) method: String,
    /// The path with its query.
    pub(crate) path: String,
    pub(crate) headers: String,
    pub(crate) body: String,
}

/// An answer.
pub(crate) enum Reply {
    /// A page.
    Page(u16, String),
    /// A redirect.
    To(u16, String),
    /// A page with more headers, each with its line's end.
    With(String, String),
    /// These very bytes.
    Raw(Vec<u8>),
    /// Nothing, and the connection stays.
    Silence,
}

pub(crate) fn page(html: impl Into<String>) -> Reply {
    Reply::Page(200, html.into())
}

pub(crate) fn to(location: impl Into<String>) -> Reply {
    Reply::To(302, location.into())
}

/// The portal's usual form.
pub(crate) fn form() -> String {
    "<form class='cas__login-form' method='post' action='/login?x=1'><input type=hidden name=lt value='LT-1'>\
     <input name=username><input type=password name=password></form>"
        .to_owned()
}

/// The portal's form, and what it answers when it is filled in.
pub(crate) fn after_the_form(
    answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static,
) -> impl Fn(&Asked) -> Reply + Send + Sync {
    move |asked| {
        if asked.host == CAS && asked.path.starts_with("/login?service") { page(form()) } else { answer(asked) }
    }
}

type Script = Arc<dyn Fn(&Asked) -> Reply + Send + Sync>;

/// A running stage.
pub(crate) struct Stage {
    asked: Arc<Mutex<Vec<Asked>>>,
    pub(crate) detour: Detour,
    pub(crate) client: Client,
    pub(crate) portals: Portals,
    task: tokio::task::JoinHandle<()>,
}

impl Stage {
    /// Plays every host but the school's by a function. The school is played as it should.
    pub(crate) async fn play(script: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        Stage::play_all(move |asked| if asked.host == SCHOOL { school(asked) } else { script(asked) }).await
    }

    /// Plays every host by a function.
    pub(crate) async fn play_all(script: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let (acceptor, authority) = tls();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let detour = Detour::to(listener.local_addr().unwrap(), authority);
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let task = tokio::spawn(serve(listener, acceptor, Arc::new(script), Arc::clone(&asked)));
        let (registry, faults) = Registry::with_files(&[("scene.toml".to_owned(), ROWS.to_owned())]);
        assert!(faults.is_empty(), "{faults:?}");
        let client = client(detour.clone());
        Stage { asked, detour, client, portals: Portals::new(Arc::new(registry)), task }
    }

    /// Signs in as a pupil.
    pub(crate) async fn enter(&self, portal: &str) -> Result<Progress, Error> {
        self.portals.sign_in(&self.client, sign_in(portal)).await
    }

    /// The same, to the error that it ends with.
    pub(crate) async fn refused(&self, portal: &str) -> Error {
        match self.enter(portal).await {
            Ok(progress) => panic!("{progress:?}\n{}", self.story()),
            Err(error) => error,
        }
    }

    pub(crate) async fn check(&self, portal: &str) -> Check {
        let school = sign_in(portal).school;
        self.portals.check(&self.client, &school, Space::Student, Some(portal)).await.unwrap()
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    pub(crate) fn asked_of(&self, host: &str) -> usize {
        self.asked().iter().filter(|asked| asked.host == host).count()
    }

    /// The requests that hold the password anywhere, in any writing.
    pub(crate) fn passwords(&self) -> Vec<Asked> {
        let holds = |text: &str| {
            ["M0t-de/passe secret", "M0t-de%2Fpasse", "M0t-de/passe+secret"].iter().any(|p| text.contains(p))
        };
        let mut asked = self.asked();
        asked.retain(|asked| [&asked.path, &asked.headers, &asked.body].iter().any(|text| holds(text)));
        asked
    }

    pub(crate) fn story(&self) -> String {
        self.asked().iter().map(|asked| format!("{} {}{}\n", asked.method, asked.host, asked.path)).collect()
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.task.abort();
    }
}

pub(crate) fn sign_in(portal: &str) -> SignIn {
    SignIn {
        school: format!("https://{SCHOOL}/pronote/").parse().unwrap(),
        space: Space::Student,
        portal: Some(portal.to_owned()),
        profile: None,
        login: LOGIN.to_owned(),
        password: PASSWORD.into(),
    }
}

pub(crate) fn client(detour: Detour) -> Client {
    let transport = Transport::new(transport::Config { detour: Some(detour), ..Default::default() }).unwrap();
    let limits = Limits { burst: 1000, ..Limits::default() };
    Client::new(transport, Pacer::new(limits, Arc::new(Timestamp::now), Memory::default()))
}

/// PRONOTE: to the portal, then by a ticket to its own page.
pub(crate) fn school(asked: &Asked) -> Reply {
    if asked.path.contains("ticket=") {
        to(format!("https://{SCHOOL}/pronote/eleve.html?identifiant=0123456789ABCDEF"))
    } else if asked.path.contains("identifiant=") {
        page(
            "<body onload=\"try { Start ({h:'123',a:3,d:true,e:'compte',f:'cle',g:3}) } catch (e) {}\">>PRONOTE 2026.2.5<",
        )
    } else {
        to(format!("https://{CAS}/login?service=https%3A%2F%2F{SCHOOL}%2Fpronote%2Feleve.html"))
    }
}

/// The redirect with which a portal says yes.
pub(crate) fn ticket() -> Reply {
    to(format!("https://{SCHOOL}/pronote/eleve.html?ticket=ST-secret-ticket"))
}

fn tls() -> (TlsAcceptor, Vec<u8>) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let hosts = [SCHOOL, CAS, OTHER, ELSEWHERE, EDUCONNECT, ASSISTANCE, "localhost"].map(str::to_owned);
    let certificate = CertificateParams::new(hosts).unwrap().signed_by(&key, &issuer).unwrap();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_no_client_auth().with_single_cert(vec![certificate.der().clone()], key).unwrap();
    (TlsAcceptor::from(Arc::new(config)), issuer.pem().into_bytes())
}

async fn serve(listener: TcpListener, acceptor: TlsAcceptor, script: Script, asked: Arc<Mutex<Vec<Asked>>>) {
    while let Ok((stream, _)) = listener.accept().await {
        let (acceptor, script, asked) = (acceptor.clone(), script.clone(), asked.clone());
        tokio::spawn(async move {
            let Ok(mut stream) = acceptor.accept(stream).await else { return };
            let mut bytes = Vec::new();
            let head = loop {
                if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
                    break end + 4;
                }
                let mut piece = [0; 4096];
                match stream.read(&mut piece).await {
                    Ok(0) | Err(_) => return,
                    Ok(read) => bytes.extend_from_slice(&piece[..read]),
                }
            };
            let headers = String::from_utf8_lossy(&bytes[..head]).into_owned();
            let header = |name: &str| {
                let lines = headers.lines().filter_map(|line| line.split_once(": "));
                lines.filter(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned()).next()
            };
            let length = header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
            while bytes.len() < head + length {
                let mut piece = [0; 4096];
                match stream.read(&mut piece).await {
                    Ok(0) | Err(_) => return,
                    Ok(read) => bytes.extend_from_slice(&piece[..read]),
                }
            }
            let mut words = headers.split(' ');
            let (method, path) = (words.next().unwrap().to_owned(), words.next().unwrap().to_owned());
            let body = String::from_utf8_lossy(&bytes[head..]).into_owned();
            let request = Asked { host: header("host").unwrap_or_default(), method, path, headers, body };
            asked.lock().unwrap().push(request.clone());
            let bytes = match script(&request) {
                Reply::Page(status, html) => respond(status, "", html.as_bytes()),
                Reply::To(status, location) => respond(status, &format!("Location: {location}\r\n"), b""),
                Reply::With(headers, html) => respond(200, &headers, html.as_bytes()),
                Reply::Raw(bytes) => bytes,
                Reply::Silence => return std::future::pending().await,
            };
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        });
    }
}

pub(crate) fn respond(status: u16, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status} X\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}
