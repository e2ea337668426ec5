//! Toutatice: EduConnect, then a conversation with the portal's own identity provider in XML (portals §2.12).

use roxmltree::{Document, ParsingOptions};
use url::Url;

use crate::error::Kind;
use crate::family::Guide;
use crate::page::{Form, Page};
use crate::step::{Next, Stop, Submission};
use crate::walk::{Walk, query};

pub(crate) struct Toutatice;

/// Where the portal's identity provider tells who has come.
const REMOTE_USER: &str = "/idp/Authn/RemoteUser";
/// The block of the page that asks who one is with the way of pupils and guardians.
const PUPILS: &str = ".eduouprofils";
/// The longest of its answers (portals §5 R14).
const LONGEST_XML: usize = 64 << 10;

impl Guide for Toutatice {
    fn redirect(&self, walk: &mut Walk, from: &Url, to: &Url) -> Result<Option<Next>, Stop> {
        // The page that this leads to would only ask for the same by a script.
        let begins = walk.accepted && from.origin() == to.origin() && query(to, "uidInSession").is_none();
        Ok(conversation(to).filter(|_| begins && walk.once("conversation")).map(Next::Get))
    }

    fn page(&self, walk: &mut Walk, page: &Page) -> Result<Next, Stop> {
        if let Some(form) = chooser(page) {
            walk.choosing("chooser", page)?;
            return Submission::of(page, form)?.send();
        }
        if !walk.accepted {
            return Ok(Next::Unknown);
        }
        if page.url.path() == REMOTE_USER && query(&page.url, "uidInSession").is_none() {
            return answer(page).map(Next::Get);
        }
        if let Some(url) = conversation(&page.url).filter(|_| walk.once("conversation")) {
            return Ok(Next::Get(url));
        }
        Ok(if walk.once("service") { Next::Service } else { Next::Unknown })
    }
}

/// The way of pupils and guardians, who are EduConnect's, on the page that asks who one is.
fn chooser(page: &Page) -> Option<&Form> {
    let asks = |form: &&Form| ["entityID", "return", "_saml_idp"].iter().all(|name| form.control(name).is_some());
    page.forms_in(PUPILS).find(asks).or_else(|| page.forms().iter().find(asks))
}

/// The first question of the conversation, from an address of Toutatice's that opens it: never from EduConnect's.
fn conversation(url: &Url) -> Option<Url> {
    let (conversation, session) = (query(url, "conversation")?, query(url, "sessionid")?);
    let pairs = [("conversation", &*conversation), ("redirectToLoaderRemoteUser", "0"), ("sessionid", &*session)];
    Some(remote_user(url, &pairs))
}

/// The second question, from the answer to the first.
fn answer(page: &Page) -> Result<Url, Stop> {
    let unexpected = || Stop::unexpected(page);
    let raw = page.raw.trim();
    if raw.len() > LONGEST_XML {
        return Err(Stop::at(page, Kind::TooLarge));
    }
    // No document type, so no entities.
    let options = ParsingOptions { allow_dtd: false, nodes_limit: 1000, ..ParsingOptions::default() };
    let document = Document::parse_with_options(raw, options).map_err(|_| unexpected())?;
    let text = |name: &str| {
        let mut named = document.descendants().filter(|node| node.tag_name().name() == name);
        named.find_map(|node| node.text().map(str::trim).map(str::to_owned))
    };
    if let Some(said) = text("erreurFonctionnelle") {
        return Err(Stop::at(page, Kind::NoPortalAccount).saying(&said));
    }
    if let Some(said) = text("erreurTechnique") {
        return Err(Stop::at(page, Kind::PortalOverloaded).saying(&said));
    }
    let (Some(conversation), Some(user), Some(session)) =
        (text("conversation"), text("uidInSession"), query(&page.url, "sessionid"))
    else {
        return Err(unexpected());
    };
    let pairs = [("conversation", &*conversation), ("uidInSession", &*user), ("sessionid", &*session)];
    Ok(remote_user(&page.url, &pairs))
}

fn remote_user(at: &Url, pairs: &[(&str, &str)]) -> Url {
    let mut url = at.clone();
    url.set_path(REMOTE_USER);
    url.query_pairs_mut().clear().extend_pairs(pairs);
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(xml: &str) -> Result<String, Stop> {
        let url = "https://www.toutatice.fr/idp/Authn/RemoteUser?conversation=e3s1&sessionid=S";
        let url = Url::parse(url).map_err(|_| Stop::from(Kind::TooLarge))?;
        let page = Page::read(url, 200, xml).map_err(|_| Stop::from(Kind::TooLarge))?;
        answer(&page).map(|url| url.to_string())
    }

    fn kind(xml: &str) -> Option<Kind> {
        read(xml).err().map(|stop| stop.kind)
    }

    #[test]
    fn the_second_question_is_made_of_the_first_answer() {
        let xml =
            "<?xml version=\"1.0\"?><r><conversation> e3s2 </conversation><uidInSession>a&amp;b</uidInSession></r>";
        assert_eq!(
            read(xml).ok().as_deref(),
            Some("https://www.toutatice.fr/idp/Authn/RemoteUser?conversation=e3s2&uidInSession=a%26b&sessionid=S")
        );
    }

    #[test]
    fn its_errors_are_told_apart() {
        assert_eq!(kind("<r><erreurFonctionnelle>x</erreurFonctionnelle></r>"), Some(Kind::NoPortalAccount));
        assert_eq!(kind("<r><erreurTechnique>x</erreurTechnique></r>"), Some(Kind::PortalOverloaded));
        assert!(matches!(kind("<r></r>"), Some(Kind::UnexpectedPage { .. })));
    }

    #[test]
    fn xml_has_no_entities_and_an_end() {
        let entity =
            "<!DOCTYPE r [<!ENTITY a \"e3s2\">]><r><conversation>&a;</conversation><uidInSession>u</uidInSession></r>";
        assert!(matches!(kind(entity), Some(Kind::UnexpectedPage { .. })));
        let long = format!("<r>{}<conversation>c</conversation><uidInSession>u</uidInSession></r>", " ".repeat(70_000));
        assert_eq!(kind(&long), Some(Kind::TooLarge));
        let deep = "<r>".repeat(900);
        assert!(matches!(kind(&deep), Some(Kind::UnexpectedPage { .. })));
    }
}
