//! What a request may carry: one JSON object, small, in a Unicode encoding, perhaps compressed. Whatever is wrong with
//! the transport of it is refused in plain text.

use std::io::Read as _;
use std::sync::Arc;

use axum::body::{Body, HttpBody as _};
use axum::extract::FromRequest;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::BytesMut;
use flate2::read::{MultiGzDecoder, ZlibDecoder};
use futures_util::StreamExt as _;
use serde_json::{Map, Value};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use utoipa::IntoResponses;

use crate::app::App;
use crate::problem::Problem;
use crate::seats::Seat;

/// The most bytes of a body, compressed or not: far more than any question needs.
const MOST_BYTES: usize = 100 * 1024;

/// The most bytes of a body that takes no place among the large ones; questions are smaller.
const SMALL: usize = 8 * 1024;
/// The most large bodies that are received at once, whoever sends them: together they take some 50 MiB.
const MOST_LARGE: usize = 256;

/// The room for large bodies on their way.
pub(crate) fn room() -> Semaphore {
    Semaphore::new(MOST_LARGE)
}

/// The fields of a JSON body; none when there is no body, or when it is not one of JSON.
pub(crate) struct Fields(Map<String, Value>);

/// A body that is refused, in plain text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    status: StatusCode,
    text: String,
}

/// How a body that cannot be read is refused, beside 400.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it documents what is answered")]
pub(crate) enum UnreadBody {
    #[response(status = 408, description = "The body takes too long", content_type = "text/plain")]
    Slow(String),
    #[response(status = 413, description = "The body is over 100 KiB", content_type = "text/plain")]
    Large(String),
    #[response(
        status = 415,
        description = "The body's charset or coding is none of those read",
        content_type = "text/plain"
    )]
    Unknown(String),
}

impl Fields {
    /// A field; one that is `null` is as good as none.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A text; what JavaScript takes for false (`""`, `0`, `false`, `null`) is as good as none.
    pub(crate) fn text(&self, name: &str) -> Result<Option<&str>, Problem> {
        match self.get(name) {
            None | Some(Value::Bool(false)) => Ok(None),
            Some(Value::Number(number)) if number.as_f64() == Some(0.0) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str()).filter(|text| !text.is_empty())),
            Some(_) => Err(Problem::bad_request(format!("'{name}' must be a string"))),
        }
    }

    /// A text that has to be there.
    pub(crate) fn needed_text(&self, name: &str) -> Result<&str, Problem> {
        self.text(name)?.ok_or_else(|| Problem::bad_request(format!("Missing '{name}'")))
    }

    /// Whether a switch is on.
    pub(crate) fn flag(&self, name: &str) -> Result<bool, Problem> {
        match self.get(name) {
            None => Ok(false),
            Some(Value::Bool(on)) => Ok(*on),
            Some(_) => Err(Problem::bad_request(format!("'{name}' must be true or false"))),
        }
    }

    /// Takes a field out.
    pub(crate) fn take(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name).filter(|value| !value.is_null())
    }
}

impl FromRequest<Arc<App>> for Fields {
    type Rejection = Refused;

    async fn from_request(request: axum::extract::Request, app: &Arc<App>) -> Result<Self, Refused> {
        let (parts, body) = request.into_parts();
        let Some(form) = Form::of(&parts.headers)? else { return Ok(Fields(Map::new())) };
        let bytes = timeout(app.config.patience.body, whole(body, &app.bodies)).await;
        let bytes = bytes.unwrap_or_else(|_| Err(refused(StatusCode::REQUEST_TIMEOUT, "request timeout")))?;
        if let Some(seat) = parts.extensions.get::<Arc<Seat>>() {
            seat.serve();
        }
        parse(&form.text(bytes)?).map(Fields)
    }
}

/// How a JSON body is written.
#[derive(Debug, PartialEq, Eq)]
struct Form {
    charset: Charset,
    coding: Coding,
}

#[derive(Debug, PartialEq, Eq)]
enum Charset {
    Utf8,
    /// In the order its mark says; without one, the little end first.
    Utf16,
    Utf16LittleEnd,
    Utf16BigEnd,
}

#[derive(Debug, PartialEq, Eq)]
enum Coding {
    Identity,
    Gzip,
    Deflate,
}

impl Form {
    /// How a request says its body is written; `None` when it says that it is not JSON.
    fn of(headers: &HeaderMap) -> Result<Option<Self>, Refused> {
        let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let mut parts = kind.split(';');
        if !parts.next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json") {
            return Ok(None);
        }
        let charset = parts.filter_map(|part| part.split_once('=')).find(|(name, _)| name.trim() == "charset");
        let charset = charset.map_or("utf-8".to_owned(), |(_, value)| value.trim().trim_matches('"').to_lowercase());
        let charset = match charset.as_str() {
            "utf-8" => Charset::Utf8,
            "utf-16" => Charset::Utf16,
            "utf-16le" => Charset::Utf16LittleEnd,
            "utf-16be" => Charset::Utf16BigEnd,
            other => {
                let text = format!("unsupported charset \"{}\"", other.to_uppercase());
                return Err(refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, text));
            }
        };
        let coding = headers
            .get(header::CONTENT_ENCODING)
            .map_or("identity".into(), |value| String::from_utf8_lossy(value.as_bytes()).to_lowercase());
        let coding = match coding.as_str() {
            "identity" => Coding::Identity,
            "gzip" => Coding::Gzip,
            "deflate" => Coding::Deflate,
            other => {
                let text = format!("unsupported content encoding \"{other}\"");
                return Err(refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, text));
            }
        };
        Ok(Some(Form { charset, coding }))
    }

    fn text(&self, bytes: BytesMut) -> Result<String, Refused> {
        let bytes = match self.coding {
            Coding::Identity => bytes.into(),
            Coding::Gzip => inflated(MultiGzDecoder::new(&bytes[..]))?,
            Coding::Deflate => inflated(ZlibDecoder::new(&bytes[..]))?,
        };
        let little: fn([u8; 2]) -> u16 = u16::from_le_bytes;
        match self.charset {
            Charset::Utf8 => String::from_utf8(bytes).map_err(|_| malformed("it is not UTF-8")),
            Charset::Utf16BigEnd => utf16(&bytes, u16::from_be_bytes),
            Charset::Utf16 if bytes.starts_with(&[0xfe, 0xff]) => utf16(&bytes, u16::from_be_bytes),
            Charset::Utf16 | Charset::Utf16LittleEnd => utf16(&bytes, little),
        }
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, Refused> {
    let (pairs, rest) = bytes.as_chunks();
    let text = String::from_utf16(&pairs.iter().copied().map(unit).collect::<Vec<_>>());
    text.ok().filter(|_| rest.is_empty()).ok_or_else(|| malformed("it is not UTF-16"))
}

/// What a decoder gives, as long as it is not more than a body may be.
fn inflated(decoder: impl std::io::Read) -> Result<Vec<u8>, Refused> {
    let mut bytes = Vec::new();
    let most = MOST_BYTES as u64 + 1;
    decoder.take(most).read_to_end(&mut bytes).map_err(|_| malformed("its compression is damaged"))?;
    if bytes.len() > MOST_BYTES { Err(too_large()) } else { Ok(bytes) }
}

async fn whole(body: Body, room: &Semaphore) -> Result<BytesMut, Refused> {
    if body.size_hint().lower() > MOST_BYTES as u64 {
        return Err(too_large());
    }
    let (mut bytes, mut chunks, mut place) = (BytesMut::new(), body.into_data_stream(), None);
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| malformed("it was cut short"))?;
        if bytes.len() + chunk.len() > MOST_BYTES {
            return Err(too_large());
        }
        if place.is_none() && bytes.len() + chunk.len() > SMALL {
            // It is never closed; if it were, nothing would have to be waited for.
            place = room.acquire().await.ok();
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Reads a JSON object. An empty text and a list have no fields; anything else is refused, as is too deep a nesting.
fn parse(text: &str) -> Result<Map<String, Value>, Refused> {
    let text = text.trim_start_matches('\u{feff}');
    if text.is_empty() {
        return Ok(Map::new());
    }
    if !text.trim_start().starts_with(['{', '[']) {
        return Err(malformed("it is neither an object nor a list"));
    }
    match serde_json::from_str(text) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Ok(Map::new()),
        Err(error) => Err(malformed(&error.to_string())),
    }
}

fn malformed(why: &str) -> Refused {
    refused(StatusCode::BAD_REQUEST, format!("malformed JSON body: {why}"))
}

fn too_large() -> Refused {
    refused(StatusCode::PAYLOAD_TOO_LARGE, "request entity too large")
}

fn refused(status: StatusCode, text: impl Into<String>) -> Refused {
    Refused { status, text: text.into() }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (self.status, self.text).into_response()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::{GzEncoder, ZlibEncoder};
    use proptest::prelude::*;

    use super::*;

    fn form(kind: &str, coding: &str) -> Result<Option<Form>, Refused> {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, kind.parse().unwrap());
        headers.insert(header::CONTENT_ENCODING, coding.parse().unwrap());
        Form::of(&headers)
    }

    fn read(kind: &str, coding: &str, bytes: &[u8]) -> Result<Map<String, Value>, Refused> {
        parse(&form(kind, coding)?.unwrap().text(bytes.into())?)
    }

    #[test]
    fn only_json_is_read() {
        for kind in ["application/json", "Application/JSON; charset=UTF-8", "application/json;x=y; charset=\"utf-8\""] {
            assert!(form(kind, "identity").unwrap().is_some(), "{kind}");
        }
        for kind in ["text/plain", "application/vnd.x+json", "application/x-www-form-urlencoded", ""] {
            assert_eq!(form(kind, "identity"), Ok(None), "{kind}");
        }
    }

    #[test]
    fn other_charsets_and_codings_are_named_in_their_refusal() {
        assert_eq!(
            form("application/json; charset=latin1", "identity").unwrap_err().text,
            "unsupported charset \"LATIN1\""
        );
        assert_eq!(form("application/json", "foo").unwrap_err().text, "unsupported content encoding \"foo\"");
    }

    #[test]
    fn every_coding_and_charset_gives_the_same_fields() {
        let json = "{\"é\":1}";
        let fields = parse(json).unwrap();
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(json.as_bytes()).unwrap();
        let mut deflate = ZlibEncoder::new(Vec::new(), Compression::fast());
        deflate.write_all(json.as_bytes()).unwrap();
        let little: Vec<u8> = json.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = json.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(read("application/json", "GZIP", &gzip.finish().unwrap()).unwrap(), fields);
        assert_eq!(read("application/json", "deflate", &deflate.finish().unwrap()).unwrap(), fields);
        assert_eq!(read("application/json; charset=utf-16", "identity", &little).unwrap(), fields);
        assert_eq!(read("application/json; charset=utf-16be", "identity", &big).unwrap(), fields);
        assert_eq!(
            read("application/json; charset=utf-16", "identity", &[&[0xfe, 0xff], &big[..]].concat()).unwrap(),
            fields
        );
    }

    #[test]
    fn a_bomb_is_refused_when_it_has_grown_too_large() {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(&vec![b' '; 50 << 20]).unwrap();
        let bomb = gzip.finish().unwrap();
        assert!(bomb.len() < MOST_BYTES);
        assert_eq!(read("application/json", "gzip", &bomb), Err(too_large()));
    }

    #[test]
    fn primitives_and_deep_nestings_are_refused_and_lists_are_empty() {
        for text in ["{bad", "\"str\"", "12", "null", " ", &"[".repeat(50_000), &"{\"a\":".repeat(10_000)] {
            assert_eq!(parse(text).unwrap_err().status, StatusCode::BAD_REQUEST, "{}", &text[..text.len().min(9)]);
        }
        assert!(parse("").unwrap().is_empty() && parse("[{\"query\":1}]").unwrap().is_empty());
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), kind in 0..4) {
            let charset = ["utf-8", "utf-16", "utf-16le", "utf-16be"][kind as usize];
            for coding in ["identity", "gzip", "deflate"] {
                let _ = read(&format!("application/json; charset={charset}"), coding, &bytes);
            }
        }
    }
}
