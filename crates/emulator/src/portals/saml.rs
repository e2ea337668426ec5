//! SAML between a portal and EduConnect: minimal messages, each good once and only where it is meant for (portals §3.3).

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::accounts::Who;
use super::asked::Asked;
use super::educonnect;
use super::reply::{Reply, encode, escape, hidden};

/// What a portal asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    /// Where the answer goes.
    pub(super) consumer: String,
    /// What the portal said beside it.
    pub(super) relay: String,
    /// What the portal wants to remember until then.
    pub(super) context: String,
    /// The profile it knows already: `eleve` or `responsable`.
    pub(super) profile: Option<&'static str>,
}

/// What EduConnect answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asserted {
    /// Where it is meant for.
    pub(super) consumer: String,
    /// The request it answers; none when nobody asked.
    pub(super) request: Option<String>,
    /// Whom it is about.
    pub(super) who: Who,
}

/// What a portal learns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Learned {
    /// Who signed in.
    pub(super) who: Who,
    /// What the portal remembered ([`Wanted::context`]); none when nobody asked EduConnect.
    pub(super) context: Option<String>,
}

impl Asked<'_> {
    /// Asks EduConnect who somebody is, by a page with a form that a script would send. The answer comes to a path of this
    /// host; `context` comes back with it.
    pub(super) fn ask_by_form(&self, consumer: &str, context: &str) -> Reply {
        let (request, relay) = self.request(consumer, context, None);
        Reply::page(
            "Redirection",
            &relay_form(&educonnect::url(educonnect::HOST, "POST"), "SAMLRequest", &STANDARD.encode(request), &relay),
        )
        .says("to EduConnect")
    }

    /// The same by a redirect; `profile` is what the portal knows already.
    pub(super) fn ask_by_redirect(&self, consumer: &str, context: &str, profile: Option<&'static str>) -> Reply {
        self.ask_at(educonnect::HOST, consumer, context, profile)
    }

    /// The same of an identity provider that works as EduConnect does.
    pub(super) fn ask_at(&self, idp: &str, consumer: &str, context: &str, profile: Option<&'static str>) -> Reply {
        let (request, relay) = self.request(consumer, context, profile);
        let request = encode(&STANDARD.encode(deflated(request.as_bytes())));
        let to = format!("{}?SAMLRequest={request}&RelayState={}", educonnect::url(idp, "Redirect"), encode(&relay));
        Reply::redirect(&to).says("to EduConnect")
    }

    /// The request and what is said beside it.
    fn request(&self, consumer: &str, context: &str, profile: Option<&'static str>) -> (String, String) {
        let consumer = self.here(consumer);
        let relay = format!("ss:mem:{}", pronote::protocol::challenge::random_text::<16>());
        let wanted = Wanted { consumer: consumer.clone(), relay: relay.clone(), context: context.to_owned(), profile };
        let id = self.state.wanted.give(self.state.now(), wanted);
        let request = format!(
            "<samlp:AuthnRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"{id}\" Version=\"2.0\" \
             AssertionConsumerServiceURL=\"{}\"/>",
            escape(&consumer)
        );
        (request, relay)
    }

    /// Reads the answer of EduConnect that was posted here, and takes it: it is good once.
    ///
    /// # Errors
    /// What to answer when it is not good.
    pub(super) fn learn(&self) -> Result<Learned, Box<Reply>> {
        let refuse = |why: &str| {
            let sentence = format!("La réponse du fournisseur d'identité est refusée : {why}.");
            Box::new(Reply::notice(StatusCode::FORBIDDEN, "Erreur", &sentence).says(why))
        };
        let response = self.form.filled("SAMLResponse").and_then(|text| STANDARD.decode(text).ok());
        let response = response.and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(|| refuse("illisible"))?;
        let attribute = |name: &str| attribute(&response, name);
        let asserted = attribute("ID").and_then(|id| self.state.asserted.take(self.state.now(), &id));
        let asserted = asserted.ok_or_else(|| refuse("inconnue ou déjà lue"))?;
        if asserted.consumer != self.here(self.path) || attribute("Destination").as_ref() != Some(&asserted.consumer) {
            self.violation("an assertion came that was meant for another");
            return Err(refuse("destinée à un autre"));
        }
        let Some(request) = asserted.request else {
            return Ok(Learned { who: asserted.who, context: None });
        };
        if attribute("InResponseTo").as_ref() != Some(&request) {
            return Err(refuse("réponse à autre chose"));
        }
        let wanted = self.state.wanted.take(self.state.now(), &request).ok_or_else(|| refuse("trop tard"))?;
        if self.form.get("RelayState") != Some(&wanted.relay) {
            return Err(refuse("relais inconnu"));
        }
        Ok(Learned { who: asserted.who, context: Some(wanted.context) })
    }
}

/// A form that a script would send at once. It is the first of its page, and has a button for those without scripts.
pub(super) fn relay_form(action: &str, name: &str, message: &str, relay: &str) -> String {
    format!(
        "<form action=\"{}\" method=\"post\">{}{}<noscript><input type=\"submit\" \
         value=\"Continuer\"></noscript></form>\n<script>document.forms[0].submit()</script>",
        escape(action),
        hidden("RelayState", relay),
        hidden(name, message),
    )
}

/// The response of EduConnect about somebody, and the form that brings it where it is meant for.
pub(super) fn response_form(asked: &Asked<'_>, asserted: Asserted, relay: &str) -> String {
    let consumer = asserted.consumer.clone();
    let answers = asserted.request.as_ref().map(|id| format!(" InResponseTo=\"{id}\"")).unwrap_or_default();
    let id = asked.state.asserted.give(asked.state.now(), asserted);
    let response = format!(
        "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"{id}\" Version=\"2.0\" \
         Destination=\"{}\"{answers}/>",
        escape(&consumer)
    );
    relay_form(&consumer, "SAMLResponse", &STANDARD.encode(response), relay)
}

/// The identifier of a SAML request, from either binding.
pub(super) fn request_id(encoded: &str) -> Option<String> {
    let bytes = STANDARD.decode(encoded).ok()?;
    let bytes = if bytes.starts_with(b"<") { bytes } else { inflated(&bytes)? };
    attribute(std::str::from_utf8(&bytes).ok()?, "ID")
}

/// The value of an attribute in one of the messages above.
fn attribute(message: &str, name: &str) -> Option<String> {
    let (_, rest) = message.split_once(&format!(" {name}=\""))?;
    let (value, _) = rest.split_once('"')?;
    Some(value.replace("&amp;", "&"))
}

/// The head of the only block of [`deflated`] data.
const STORED: u8 = 1;

/// DEFLATE as the redirect binding wants it, in one stored block.
fn deflated(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
    let mut block = vec![STORED];
    block.extend(length.to_le_bytes());
    block.extend((!length).to_le_bytes());
    block.extend_from_slice(&bytes[..usize::from(length)]);
    block
}

fn inflated(block: &[u8]) -> Option<Vec<u8>> {
    let (head, bytes) = block.split_at_checked(5)?;
    let length = u16::from_le_bytes([head[1], head[2]]);
    (head[0] == STORED && usize::from(length) == bytes.len()).then(|| bytes.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_found_again_in_both_bindings() {
        let request = "<samlp:AuthnRequest ID=\"abc\" X=\"1\"/>";
        assert_eq!(request_id(&STANDARD.encode(request)).as_deref(), Some("abc"));
        assert_eq!(request_id(&STANDARD.encode(deflated(request.as_bytes()))).as_deref(), Some("abc"));
        for odd in ["", "%", "AAAA", "AQAA"] {
            assert_eq!(request_id(odd), None);
        }
    }
}
