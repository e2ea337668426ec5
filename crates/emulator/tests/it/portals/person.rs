//! Somebody with a browser that runs no scripts: follows redirects, fills forms in.

use std::fmt;

use emulator::portals::Portals;
use transport::{Browser, Config, Detour, Request, Transport};
use url::Url;

/// Redirects in a row; a sign-in has fewer than ten.
const MOST_REDIRECTS: usize = 20;

/// Somebody who looks at pages.
pub(crate) struct Person {
    browser: Browser,
}

/// A page that somebody has come to.
pub(crate) struct Page {
    pub(crate) url: Url,
    pub(crate) status: u16,
    pub(crate) html: String,
}

/// A form of a page, with the values it holds.
#[derive(Debug, Clone)]
pub(crate) struct Form {
    action: Url,
    get: bool,
    fields: Vec<(String, String)>,
}

impl Person {
    /// Somebody whose names all lead to the portals.
    pub(crate) fn new(portals: &Portals) -> Self {
        let detour = Some(Detour::to(portals.address(), portals.authority()));
        Self { browser: Transport::new(Config { detour, ..Config::default() }).unwrap().browser() }
    }

    /// Opens an address and follows its redirects.
    pub(crate) async fn get(&self, url: &str) -> Page {
        self.follow(Request::get(&Url::parse(url).unwrap())).await
    }

    /// Asks once, and follows nothing.
    pub(crate) async fn once(&self, url: &str) -> (u16, Option<Url>) {
        let response = self.browser.send(&Url::parse(url).unwrap()).await.unwrap();
        (response.status, response.location())
    }

    /// Sends a form.
    pub(crate) async fn send(&self, form: Form) -> Page {
        let Form { mut action, get, fields } = form;
        if get {
            action.query_pairs_mut().clear().extend_pairs(fields);
            return self.get(action.as_str()).await;
        }
        self.follow(Request::form(&action, fields)).await
    }

    /// Goes through pages whose form a script would send, from EduConnect's start to its own form or beyond it.
    pub(crate) async fn relay(&self, mut page: Page) -> Page {
        while page.html.contains("SAMLRe") || page.html.contains("shib_idp_ls_") {
            let form = page.form().unwrap().with("_eventId_proceed", "");
            page = self.send(form).await;
        }
        page
    }

    /// Fills EduConnect's form in.
    pub(crate) async fn identify(&self, page: &Page, login: &str, password: &str, profile: &str) -> Page {
        let form = page.form().unwrap().with("j_username", login).with("j_password", password);
        let form = if profile.is_empty() { form } else { form.with("typeUser", profile) };
        self.send(form.with("_eventId_proceed", "")).await
    }

    async fn follow(&self, request: Request) -> Page {
        let mut response = self.browser.send(request).await.unwrap();
        for _ in 0..MOST_REDIRECTS {
            let Some(to) = response.location().filter(|_| (300..400).contains(&response.status)) else {
                let html = response.text().into_owned();
                return Page { url: response.url, status: response.status, html };
            };
            response = self.browser.send(&to).await.unwrap();
        }
        panic!("there is no end to the redirects")
    }
}

impl Page {
    pub(crate) fn host(&self) -> &str {
        self.url.host_str().unwrap()
    }

    /// Whether PRONOTE let somebody in.
    pub(crate) fn is_landing(&self) -> bool {
        self.host().ends_with(".pronote.test") && self.html.contains(",e:'") && self.html.contains(",f:'")
    }

    /// The first form.
    pub(crate) fn form(&self) -> Option<Form> {
        self.forms().into_iter().next()
    }

    /// All forms.
    pub(crate) fn forms(&self) -> Vec<Form> {
        let forms = self.html.split("<form").skip(1).map(|rest| rest.split("</form>").next().unwrap());
        let read = |form: &str| {
            let (tag, body) = form.split_once('>').unwrap();
            let action = self.url.join(&attribute(tag, "action").unwrap_or_default()).unwrap();
            let inputs = body.split("<input").skip(1).map(|rest| rest.split('>').next().unwrap());
            let fields = inputs
                .filter(|input| attribute(input, "type").as_deref() != Some("submit"))
                .filter_map(|input| Some((attribute(input, "name")?, attribute(input, "value").unwrap_or_default())));
            Form { action, get: attribute(tag, "method").as_deref() == Some("get"), fields: fields.collect() }
        };
        forms.map(read).collect()
    }

    /// Where the first link leads.
    pub(crate) fn link(&self) -> Url {
        let (_, rest) = self.html.split_once("<a ").unwrap();
        self.url.join(&attribute(rest, "href").unwrap()).unwrap()
    }
}

impl fmt::Debug for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}\n{}", self.status, self.url, self.html)
    }
}

impl Form {
    /// The same with a field filled in.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(known, _)| known != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The value of a field.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The same for another address.
    pub(crate) fn to(mut self, url: &str) -> Self {
        self.action = Url::parse(url).unwrap();
        self
    }
}

/// The value of an attribute.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!("{name}=\""))?;
    let value = rest.split('"').next()?;
    Some(value.replace("&quot;", "\"").replace("&#x27;", "'").replace("&amp;", "&"))
}
