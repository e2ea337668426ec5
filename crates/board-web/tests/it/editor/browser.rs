//! A browser without JavaScript: keeps cookies, follows redirects, fills in the forms it finds and sends them.

use std::collections::BTreeMap;

use scraper::{ElementRef, Html, Selector};

use crate::house::{House, form_urlencoded};
use crate::wire::{Ask, Told};

pub(crate) struct Browser<'a> {
    house: &'a House,
    pub(crate) language: &'static str,
    pub(crate) cookies: BTreeMap<String, String>,
}

/// A page that was shown.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    pub(crate) status: u16,
    /// Where it was found in the end.
    pub(crate) address: String,
    pub(crate) html: String,
    pub(crate) told: Told,
}

/// A form of a page, to be filled in and sent.
#[derive(Debug, Clone)]
pub(crate) struct Form {
    pub(crate) action: String,
    pub(crate) fields: BTreeMap<String, String>,
}

impl<'a> Browser<'a> {
    pub(crate) fn new(house: &'a House, language: &'static str) -> Self {
        Browser { house, language, cookies: BTreeMap::new() }
    }

    /// Opens a page and goes wherever it leads.
    pub(crate) async fn open(&mut self, address: &str) -> Page {
        self.follow(Ask::get(address)).await
    }

    /// Sends a form, as the page's own origin.
    pub(crate) async fn send(&mut self, form: &Form) -> Page {
        self.follow(self.posted(form).header("Sec-Fetch-Site", "same-origin")).await
    }

    /// A form as a request, without a word about where it comes from.
    pub(crate) fn posted(&self, form: &Form) -> Ask {
        let fields: Vec<_> = form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        Ask::form(&form.action, &form_urlencoded(&fields))
    }

    pub(crate) async fn sign_in(&mut self, name: &str, password: &str) -> Page {
        let page = self.open("/board/sign-in").await;
        self.send(&page.form("sign-in").set("name", name).set("password", password)).await
    }

    /// Asks once.
    pub(crate) async fn ask(&mut self, ask: Ask) -> Told {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let ask = ask.header("Accept-Language", self.language).header("Cookie", &cookies.join("; "));
        let told = self.house.ask(&ask).await;
        for (name, value) in told.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie")) {
            let (pair, rest) = value.split_once(';').unwrap_or((value, name));
            let (name, value) = pair.split_once('=').unwrap();
            match rest.contains("Max-Age=0") {
                true => drop(self.cookies.remove(name)),
                false => drop(self.cookies.insert(name.to_owned(), value.to_owned())),
            }
        }
        told
    }

    pub(crate) async fn follow(&mut self, ask: Ask) -> Page {
        let mut address = ask.path.clone();
        let mut told = self.ask(ask).await;
        for _ in 0..5 {
            let Some(next) = told.header("location").map(str::to_owned) else { break };
            assert_eq!(told.status, 303, "{address}");
            told = self.ask(Ask::get(&next)).await;
            address = next;
        }
        Page { status: told.status, address, html: told.text(), told }
    }
}

impl Page {
    /// The form whose action ends so.
    pub(crate) fn form(&self, action: &str) -> Form {
        self.forms().into_iter().find(|form| form.action.ends_with(action)).unwrap_or_else(|| {
            panic!("no form is sent to {action} on {} ({}):\n{}", self.address, self.status, self.html)
        })
    }

    pub(crate) fn forms(&self) -> Vec<Form> {
        let html = Html::parse_document(&self.html);
        html.select(&selector("form")).map(Form::read).collect()
    }

    /// The texts of the elements of a kind.
    pub(crate) fn texts(&self, wanted: &str) -> Vec<String> {
        let html = Html::parse_document(&self.html);
        html.select(&selector(wanted)).map(|element| words(&element.text().collect::<String>())).collect()
    }

    /// What is said to be wrong with a field, where a screen reader finds it too.
    pub(crate) fn wrong_with(&self, field: &str) -> Option<String> {
        let html = Html::parse_document(&self.html);
        let field = html.select(&selector(&format!("[name='{field}'][aria-invalid]"))).next()?;
        let described = field.attr("aria-describedby")?.split(' ').next_back()?;
        let fault = html.select(&selector(&format!("[id='{described}'].wrong"))).next()?;
        Some(words(&fault.text().collect::<String>()))
    }

    /// The addresses it leads to among the pages.
    pub(crate) fn links(&self) -> Vec<String> {
        let html = Html::parse_document(&self.html);
        let links = selector("a[href]");
        let all = html.select(&links).filter_map(|link| link.attr("href"));
        let here = self.address.split('?').next().unwrap_or_default();
        let whole = |link: &str| match link.starts_with('?') {
            true => format!("{here}{link}"),
            false => link.to_owned(),
        };
        all.map(whole).filter(|link| link.starts_with("/board")).collect()
    }

    pub(crate) fn says(&self, text: &str) -> bool {
        words(&Html::parse_document(&self.html).root_element().text().collect::<String>()).contains(text)
    }
}

impl Form {
    pub(crate) fn set(mut self, name: &str, value: &str) -> Self {
        assert!(self.fields.contains_key(name), "there is no field {name} in {self:?}");
        self.fields.insert(name.to_owned(), value.to_owned());
        self
    }

    pub(crate) fn tick(mut self, name: &str) -> Self {
        self.fields.insert(name.to_owned(), "on".to_owned());
        self
    }

    /// What a browser would send.
    fn read(form: ElementRef<'_>) -> Self {
        let mut fields = BTreeMap::new();
        for field in form.select(&selector("input, textarea, select")) {
            let Some(name) = field.attr("name") else { continue };
            let value = match (field.value().name(), field.attr("type")) {
                ("textarea", _) => Some(field.text().collect::<String>()),
                ("select", _) => {
                    let chosen = field.select(&selector("option[selected]")).next();
                    chosen.or(field.select(&selector("option")).next()).map(|one| one.attr("value").unwrap().to_owned())
                }
                (_, Some("checkbox" | "radio")) if field.attr("checked").is_none() => None,
                _ => field.attr("value").map(str::to_owned),
            };
            if let Some(value) = value {
                fields.insert(name.to_owned(), value);
            }
        }
        Form { action: form.attr("action").unwrap_or_default().to_owned(), fields }
    }
}

fn selector(wanted: &str) -> Selector {
    Selector::parse(wanted).unwrap()
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
