//! A place that means harm: what no portal should answer and some may, one nastiness per path.
//!
//! A school of the portal `hostile-{nastiness}` leads there; a row of the family `cas-form` is enough to follow it.

use std::fmt::Write as _;
use std::io::Write as _;
use std::iter;
use std::sync::LazyLock;
use std::time::Duration;
use std::{convert::Infallible, io};

use axum::body::Body;
use axum::http::{HeaderName, StatusCode, header};
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use futures_util::stream;

use super::FOREIGN;
use crate::portals::asked::Asked;
use crate::portals::reply::Reply;

/// The host.
pub(crate) const HOST: &str = "hostile.exemple.test";
/// What its portals are called, before what they do.
const PORTAL: &str = "hostile-";

/// What there is to fear: `hostile-{one of these}` is a portal.
pub const HOSTILE: [&str; 37] = [
    "redirects",
    "refresh",
    "huge",
    "endless",
    "gzip",
    "gzip-endless",
    "slow",
    "silent",
    "truncated",
    "headers",
    "cookies",
    "malformed",
    "deep",
    "nested-forms",
    "fields",
    "attributes",
    "title",
    "entities",
    "not-html",
    "base",
    "get-form",
    "script-action",
    "data-action",
    "plain-action",
    "plain-redirect",
    "user-info",
    "port",
    "loopback",
    "loopback-v6",
    "mapped",
    "private",
    "replay",
    "rude-text",
    "two-passwords",
    "relay-state",
    "saml-elsewhere",
    "captcha",
];

/// How much is too much: what a portal's page never has.
const HUGE: usize = 64 << 20;
/// What huge answers are sent in.
const CHUNK: usize = 64 << 10;
/// Longer than anybody waits.
const FOREVER: Duration = Duration::from_secs(600);

/// The length of the head of packed data.
const HEAD: usize = 10;
/// Packed data that goes on: a head, and blanks that unpack to a chunk however often they come.
static PACKED: LazyLock<Bytes> = LazyLock::new(|| {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    // A vector takes every write.
    let _ = packed.write_all(&[b' '; CHUNK]);
    let _ = packed.flush();
    packed.get_ref().clone().into()
});

/// What comes back from a path of this host: `/hostile-{nastiness}/login`.
pub(crate) fn answer(asked: &Asked<'_>) -> Reply {
    let portal = asked.path.trim_start_matches('/').split('/').next().unwrap_or_default();
    let nastiness = portal.strip_prefix(PORTAL).unwrap_or_default();
    let posted = asked.is_post();
    if posted && asks_honestly(nastiness) {
        // It is the portal that the user chose; what it does with the password nobody can help.
        let _ = asked.judge("username", "password");
    }
    let step: u64 = asked.query.get("n").and_then(|n| n.parse().ok()).unwrap_or(0);
    let next = format!("/{portal}/login?n={}", step + 1);
    let reply = match nastiness {
        "redirects" => Reply::redirect(&next),
        "refresh" => page(&format!("<meta http-equiv=\"refresh\" content=\"0; url={next}\">")),
        "huge" => huge(),
        "endless" => stream_of(iter::repeat(Bytes::from_static(&[b'<'; CHUNK]))),
        "gzip" => packed(HUGE / CHUNK),
        "gzip-endless" => packed(usize::MAX),
        "slow" => slow(),
        "silent" => html(Body::from_stream(stream::pending::<Result<Bytes, Infallible>>())),
        "truncated" => truncated(),
        "headers" => headers(),
        "cookies" if !posted => cookies(step, &next),
        "malformed" => html(malformed()),
        "deep" => page(&"<div><b><table><form>".repeat(60_000)),
        "nested-forms" => page(&nested_forms()),
        "fields" => page(&fields()),
        "attributes" => page(&attributes()),
        "title" => html(format!("<title>{}</title>", "Très long ".repeat(150_000))),
        "entities" => entities(),
        "not-html" => Reply::new(StatusCode::OK, "application/pdf", "%PDF-1.7"),
        "base" => page(&format!("<base href=\"https://{FOREIGN}/\">{}", form("post", "login"))),
        "get-form" => page(&form("get", "login")),
        "script-action" => page(&form("post", "javascript:alert(1)")),
        "data-action" => page(&form("post", "data:text/html,<p>")),
        "plain-action" => page(&form("post", &format!("http://{HOST}/{portal}/login"))),
        "plain-redirect" => Reply::redirect(&format!("http://{HOST}/{portal}/login")),
        "user-info" => Reply::redirect(&format!("https://{HOST}@{FOREIGN}/")),
        "port" => page(&form("post", &format!("https://{HOST}:8443/{portal}/login"))),
        "loopback" => Reply::redirect("https://127.0.0.1/"),
        "loopback-v6" => Reply::redirect("https://[::1]/"),
        "mapped" => Reply::redirect("https://[::ffff:127.0.0.1]/"),
        "private" => Reply::redirect("https://10.0.0.1/"),
        "replay" if posted => {
            Reply::new(StatusCode::TEMPORARY_REDIRECT, "text/plain", "").header(header::LOCATION, &next)
        }
        "rude-text" if posted => page(&rude_text()),
        "two-passwords" => page(
            "<form id=\"fm1\" method=\"post\" action=\"login\"><input name=\"username\"><input type=\"password\" \
             name=\"password\"><input type=\"password\" name=\"confirmation\"></form>",
        ),
        "relay-state" => page(&saml(HOST, &"x".repeat(8 << 10))),
        "saml-elsewhere" => page(&saml(FOREIGN, "e1")),
        "captcha" => page(
            "<form id=\"fm1\" method=\"post\" action=\"login\"><input name=\"username\"><input type=\"password\" \
             name=\"password\"><iframe src=\"https://www.google.com/recaptcha/api2/anchor\"></iframe></form>",
        ),
        "replay" | "rude-text" | "cookies" => page(&form("post", "login")),
        _ => Reply::missing(),
    };
    reply.says(nastiness)
}

/// Whether this place is asked for a password in an honest form.
fn asks_honestly(nastiness: &str) -> bool {
    matches!(nastiness, "replay" | "rude-text" | "headers" | "cookies" | "fields" | "attributes" | "malformed" | "deep")
}

/// A sign-in form as the family `cas-form` looks for.
fn form(method: &str, action: &str) -> String {
    format!(
        "<form id=\"fm1\" method=\"{method}\" action=\"{action}\"><input type=\"hidden\" name=\"execution\" \
         value=\"e1\"><input name=\"username\"><input type=\"password\" name=\"password\"></form>"
    )
}

/// A form that brings a SAML response to a host.
fn saml(host: &str, relay_state: &str) -> String {
    format!(
        "<form method=\"post\" action=\"https://{host}/acs\"><input type=\"hidden\" name=\"SAMLResponse\" \
         value=\"PHNhbWw+\"><input type=\"hidden\" name=\"RelayState\" value=\"{relay_state}\"></form>"
    )
}

fn page(body: &str) -> Reply {
    Reply::page("Portail", body)
}

fn html(body: impl Into<Body>) -> Reply {
    Reply::new(StatusCode::OK, "text/html; charset=utf-8", body)
}

fn stream_of(chunks: impl Iterator<Item = Bytes> + Send + 'static) -> Reply {
    html(Body::from_stream(stream::iter(chunks.map(Ok::<_, Infallible>))))
}

/// So many chunks of blanks, packed to next to nothing.
fn packed(chunks: usize) -> Reply {
    let (head, blanks) = (PACKED.slice(..HEAD), PACKED.slice(HEAD..));
    stream_of(iter::once(head).chain(iter::repeat_n(blanks, chunks))).header(header::CONTENT_ENCODING, "gzip")
}

/// One byte a second, for longer than anybody waits.
pub(crate) fn slow() -> Reply {
    let seconds = stream::unfold(FOREVER.as_secs(), async |left| {
        tokio::time::sleep(Duration::from_secs(1)).await;
        (left > 0).then(|| (Ok::<_, Infallible>(Bytes::from_static(b" ")), left - 1))
    });
    html(Body::from_stream(seconds))
}

/// 64 MiB.
pub(crate) fn huge() -> Reply {
    stream_of(iter::repeat_n(Bytes::from_static(&[b' '; CHUNK]), HUGE / CHUNK))
}

/// Breaks off in the middle.
fn truncated() -> Reply {
    let broken = stream::iter([
        Ok(Bytes::from_static(b"<!DOCTYPE html><form method=post><input name=username>")),
        Err(io::Error::from(io::ErrorKind::ConnectionReset)),
    ]);
    html(Body::from_stream(broken))
}

/// Some 400 KiB of headers.
fn headers() -> Reply {
    let filling = "x".repeat(4096);
    (0..100).fold(page(&form("post", "login")), |reply, number| {
        match HeaderName::try_from(format!("x-bombe-{number}")) {
            Ok(name) => reply.header(name, &filling),
            Err(_) => reply,
        }
    })
}

/// Cookies by the hundred, too large, for everybody, for other hosts: some at each of several steps, as a client takes only
/// so many headers at once.
fn cookies(step: u64, next: &str) -> Reply {
    let large = "x".repeat(8192);
    let odd = [
        format!("grosse={large}; Path=/"),
        "partout=1; Domain=test".to_owned(),
        "pronote=1; Domain=pronote.test".to_owned(),
        "=; ;;; Max-Age=zzz; Expires=never".to_owned(),
    ];
    let crumbs = (0..80).map(|number| format!("miette{step}-{number}={}; Path=/", "x".repeat(400)));
    let reply = if step < 5 { Reply::redirect(next) } else { page(&form("post", "login")) };
    crumbs.chain(odd).fold(reply, |reply, cookie| reply.header(header::SET_COOKIE, &cookie))
}

/// Nothing that a browser would not swallow somehow.
fn malformed() -> Vec<u8> {
    let mut page = b"<!DOCTYPE <html <<form <form action=login method=post<input name=\"username><p>".to_vec();
    page.extend_from_slice(b"<script>if (a < b) document.write('<form><input type=password>')</scr\0ipt><!-- -- > --!");
    page.extend(
        iter::repeat_n([0_u8, 0xFF, 0xC3, b'<', b'&', b'#', b'x', b'1', b'1', b'0', b'0', b'0'], 4000).flatten(),
    );
    page.extend_from_slice(b"<![CDATA[<form>]]></form></form><textarea><input name=password type=password></svg>");
    page
}

/// A form within a form: to a browser, the fields belong to the outer one, and so does where they go.
fn nested_forms() -> String {
    format!(
        "<form id=\"fm0\" method=\"post\" action=\"https://{FOREIGN}/vol\"><form id=\"fm1\" method=\"post\" \
         action=\"login\"><input name=\"username\"><input type=\"password\" name=\"password\"></form></form>"
    )
}

fn fields() -> String {
    let mut fields = String::from("<form id=\"fm1\" method=\"post\" action=\"login\">");
    for number in 0..10_000 {
        let _ = write!(fields, "<input type=\"hidden\" name=\"champ{number}\" value=\"{number}\">");
    }
    fields + "<input name=\"username\"><input type=\"password\" name=\"password\"></form>"
}

fn attributes() -> String {
    let mut tag = String::from("<form id=\"fm1\" ");
    for number in 0..90_000 {
        let _ = write!(tag, "data-{number}=\"{number}\" ");
    }
    tag + "method=\"post\" action=\"login\"><input name=\"username\"><input type=\"password\" name=\"password\"></form>"
}

/// A document that grows when its entities are put in.
fn entities() -> Reply {
    Reply::new(StatusCode::OK, "application/xml; charset=utf-8", entity_bomb())
}

/// Ten entities, each ten times the one before, and one that reads a file.
pub(crate) fn entity_bomb() -> String {
    let mut bomb = String::from(
        "<?xml version=\"1.0\"?><!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/hostname\"><!ENTITY e0 \"boum\">",
    );
    for number in 1..10 {
        let _ = write!(bomb, "<!ENTITY e{number} \"{}\">", format!("&e{};", number - 1).repeat(10));
    }
    bomb + "]><r><conversation>&e9;</conversation><uidInSession>&x;</uidInSession></r>"
}

/// What tries to look like something else where it is shown (portals §5, R15).
fn rude_text() -> String {
    format!(
        "<div id=\"loginErrorsPanel\" class=\"errors alert\">Compte <b>refusé</b>\u{202E}\u{1B}[31m\u{7} \
         <script>alert(1)</script>https://{FOREIGN}/ {}</div>{}",
        "très long ".repeat(200),
        form("post", "login")
    )
}
