//! From HTML to a [`Page`], token by token, in linear time.

use std::cell::{OnceCell, RefCell};

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::{Rawtext, Rcdata, ScriptData};
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use url::Url;
use zeroize::Zeroizing;

use super::text::clean;
use super::{
    Control, Element, Form, Link, MOST_CONTROLS, MOST_ELEMENTS, MOST_FORMS, Method, Page, TooMuch, is_captcha,
};

/// How deep elements are followed. What lies deeper is read all the same, but as if beside each other.
const DEEPEST: usize = 256;
/// How much is read at once, between two looks at what it has cost.
const PIECE: usize = 4096;
/// How many comparisons of attributes' names a page may cost: the tokenizer compares each of a tag's names with all
/// before it. A tag of 14 000 attributes reaches it; a comment of 64 KiB does not.
const MOST_COMPARISONS: usize = 100_000_000;
/// The longest delay, in seconds, after which a page still counts as going on by itself.
const LONGEST_REFRESH: f64 = 5.0;
/// The longest title kept, in bytes.
const LONGEST_TITLE: usize = 1024;

pub(super) fn read(url: Url, status: u16, html: &str) -> Result<Page, TooMuch> {
    let tokenizer = Tokenizer::new(Sink(RefCell::new(Reader::default())), TokenizerOpts::default());
    let queue = BufferQueue::default();
    let (mut rest, mut silent, mut cost) = (html, 0, 0);
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.floor_char_boundary(PIECE));
        rest = after;
        let before = tokenizer.sink.0.borrow().tokens;
        queue.push_back(StrTendril::from_slice(piece));
        // The sink never asks to run a script, so that all of it is taken.
        let _ = tokenizer.feed(&queue);
        let reader = tokenizer.sink.0.borrow();
        if reader.too_much {
            return Err(TooMuch);
        }
        // Where no token ends, it may be one tag that goes on: what separates its attributes is counted.
        let separators =
            |text: &str| text.bytes().filter(|byte| byte.is_ascii_whitespace() || b"/\"'".contains(byte)).count();
        let here = separators(piece);
        cost += here * silent;
        if reader.tokens == before {
            silent += here;
        } else {
            silent = separators(piece.rsplit('>').next().unwrap_or_default());
        }
        if cost > MOST_COMPARISONS {
            return Err(TooMuch);
        }
    }
    tokenizer.end();
    tokenizer.sink.0.into_inner().finish(url, status, html)
}

struct Sink(RefCell<Reader>);

#[derive(Default)]
struct Reader {
    tokens: usize,
    too_much: bool,
    title: Option<String>,
    base: Option<String>,
    refresh: Option<String>,
    text: String,
    elements: Vec<Element>,
    /// The open elements.
    open: Vec<usize>,
    /// Where, among the open ones, what is not shown begins.
    hidden: Option<usize>,
    forms: Vec<Form>,
    form: Option<usize>,
    controls: Vec<(Option<usize>, Control)>,
    links: Vec<Link>,
    /// What the text that comes now belongs to.
    into: Into,
}

#[derive(Default, PartialEq)]
enum Into {
    /// The page.
    #[default]
    Page,
    Title,
    /// Nothing: a script, a style.
    Nothing,
    /// The value of the last control: a text area.
    Value,
    /// An option of the last control, with whether it has a value of its own.
    Option,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let mut reader = self.0.borrow_mut();
        if !matches!(token, Token::ParseError(_)) {
            reader.tokens += 1;
        }
        match token {
            Token::TagToken(tag) if !reader.too_much => match tag.kind {
                TagKind::StartTag => return reader.start(&tag),
                TagKind::EndTag => reader.end(&tag.name),
            },
            Token::CharacterTokens(text) => reader.characters(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

fn attribute(tag: &Tag, name: &str) -> Option<String> {
    tag.attrs.iter().find(|attribute| &*attribute.name.local == name).map(|attribute| attribute.value.to_string())
}

impl Reader {
    fn start(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name = &*tag.name;
        if self.elements.len() >= MOST_ELEMENTS {
            self.too_much = true;
            return TokenSinkResult::Continue;
        }
        if !is_inline(name) {
            self.blank();
        }
        let get = |name| attribute(tag, name);
        let index = self.elements.len();
        let (id, classes) = (get("id"), get("class").unwrap_or_default());
        let captcha = [&get("src"), &id].into_iter().flatten().chain([&classes]).any(|text| is_captcha(text));
        self.elements.push(Element {
            tag: name.to_owned(),
            captcha,
            id,
            classes,
            name: get(if name == "label" { "for" } else { "name" }),
            disabled: get("disabled").is_some(),
            parent: self.open.last().copied(),
            start: self.text.len(),
            end: self.text.len(),
        });
        if !is_void(name) && self.open.len() < DEEPEST {
            let style = get("style").unwrap_or_default().replace(' ', "").to_ascii_lowercase();
            if self.hidden.is_none()
                && (get("hidden").is_some() || style.contains("display:none") || name == "template")
            {
                self.hidden = Some(self.open.len());
            }
            self.open.push(index);
        }
        match name {
            "base" if self.base.is_none() => self.base = get("href"),
            "meta" if self.refresh.is_none() => {
                let refreshes = get("http-equiv").is_some_and(|header| header.eq_ignore_ascii_case("refresh"));
                self.refresh = refreshes.then(|| get("content")).flatten().as_deref().and_then(refresh_target);
            }
            "a" => self.links.extend(get("href").map(|href| Link { href, element: index })),
            "form" if self.form.is_none() => {
                self.too_much |= self.forms.len() >= MOST_FORMS;
                let post = get("method").is_some_and(|method| method.trim().eq_ignore_ascii_case("post"));
                let method = if post { Method::Post } else { Method::Get };
                self.form = Some(self.forms.len());
                let (id, action) = (get("id"), get("action"));
                self.forms.push(Form { id, action, method, controls: Vec::new(), element: index });
            }
            "input" | "button" | "select" | "textarea" => self.control(tag, index),
            "option" => self.option(tag),
            _ => {}
        }
        // An element inside an SVG that ends itself holds no text.
        match name {
            "title" if !tag.self_closing => {
                self.into = if self.title.is_none() { Into::Title } else { Into::Nothing };
                self.title.get_or_insert_default();
                TokenSinkResult::RawData(Rcdata)
            }
            "textarea" => {
                self.into = Into::Value;
                TokenSinkResult::RawData(Rcdata)
            }
            "script" => {
                self.into = Into::Nothing;
                TokenSinkResult::RawData(ScriptData)
            }
            "style" | "xmp" | "iframe" | "noembed" | "noframes" => {
                self.into = Into::Nothing;
                TokenSinkResult::RawData(Rawtext)
            }
            "plaintext" => TokenSinkResult::Plaintext,
            _ => TokenSinkResult::Continue,
        }
    }

    fn control(&mut self, tag: &Tag, element: usize) {
        let get = |name| attribute(tag, name);
        let kind = get("type").map(|kind| kind.trim().to_ascii_lowercase()).filter(|kind| !kind.is_empty());
        let kind = match &*tag.name {
            "button" => kind.unwrap_or_else(|| "submit".into()),
            "input" => kind.unwrap_or_else(|| "text".into()),
            other => other.to_owned(),
        };
        if self.controls.len() >= 10 * MOST_CONTROLS {
            self.too_much = true;
            return;
        }
        let value = get("value").unwrap_or_else(|| match kind.as_str() {
            "checkbox" | "radio" => "on".into(),
            _ => String::new(),
        });
        let control = Control {
            name: get("name"),
            value: Zeroizing::new(value),
            id: get("id"),
            disabled: get("disabled").is_some() || self.is_in_disabled_fieldset(),
            checked: get("checked").is_some(),
            invalid: get("aria-invalid").is_some_and(|mark| mark.eq_ignore_ascii_case("true")),
            owner: get("form"),
            kind,
            element,
        };
        self.controls.push((self.form, control));
    }

    fn is_in_disabled_fieldset(&self) -> bool {
        let mut open = self.open.iter().map(|index| &self.elements[*index]);
        open.any(|element| element.disabled && element.tag == "fieldset")
    }

    /// A choice sends its selected option, otherwise its first one.
    fn option(&mut self, tag: &Tag) {
        let Some((_, select)) = self.controls.last_mut().filter(|(_, control)| control.kind == "select") else {
            return;
        };
        let selected = attribute(tag, "selected").is_some();
        if selected || (!select.checked && select.value.is_empty()) {
            // `checked` means here that an option was selected.
            select.checked = selected;
            match attribute(tag, "value") {
                Some(value) => *select.value = value,
                None => {
                    select.value.clear();
                    self.into = Into::Option;
                }
            }
        }
    }

    fn end(&mut self, name: &str) {
        if matches!(self.into, Into::Title | Into::Nothing | Into::Value | Into::Option) {
            self.into = Into::Page;
        }
        if !is_inline(name) {
            self.blank();
        }
        if name == "form" {
            self.form = None;
        }
        let Some(at) = self.open.iter().rposition(|index| self.elements[*index].tag == name) else { return };
        for index in self.open.drain(at..) {
            self.elements[index].end = self.text.len();
        }
        if self.hidden.is_some_and(|hidden| hidden >= at) {
            self.hidden = None;
        }
    }

    fn characters(&mut self, text: &str) {
        match self.into {
            Into::Nothing => {}
            Into::Title => {
                if let Some(title) = self.title.as_mut().filter(|title| title.len() < LONGEST_TITLE) {
                    title.push_str(text);
                }
            }
            Into::Value | Into::Option => {
                if let Some((_, control)) = self.controls.last_mut() {
                    control.value.push_str(text);
                }
            }
            Into::Page if self.hidden.is_some() => {}
            Into::Page => {
                for c in text.chars() {
                    if c.is_whitespace() || c.is_control() {
                        self.blank();
                    } else {
                        self.text.push(c);
                    }
                }
            }
        }
    }

    fn blank(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with(' ') {
            self.text.push(' ');
        }
    }

    fn finish(mut self, url: Url, status: u16, html: &str) -> Result<Page, TooMuch> {
        for index in self.open.drain(..) {
            self.elements[index].end = self.text.len();
        }
        for (form, control) in self.controls {
            let form = match &control.owner {
                Some(id) => self.forms.iter().position(|form| form.id.as_ref() == Some(id)),
                None => form,
            };
            if let Some(form) = form {
                let controls = &mut self.forms[form].controls;
                if controls.len() >= MOST_CONTROLS {
                    return Err(TooMuch);
                }
                controls.push(control);
            }
        }
        let Reader { base, refresh, text, elements, forms, links, .. } = self;
        let title = self.title.as_deref().and_then(clean).unwrap_or_default();
        let raw = Zeroizing::new(html.to_owned());
        Ok(Page { url, status, title, raw, base, refresh, text, plain: OnceCell::new(), elements, forms, links })
    }
}

/// `0; url='/next'`: where a page goes by itself.
fn refresh_target(content: &str) -> Option<String> {
    let (delay, rest) = content.split_once([';', ','])?;
    // A page that moves on only after a while is one to read; often it ends the session.
    if delay.trim().parse::<f64>().is_ok_and(|delay| delay > LONGEST_REFRESH) {
        return None;
    }
    let rest = rest.trim_start();
    let target = match rest.get(..3) {
        Some(word) if word.eq_ignore_ascii_case("url") => rest[3..].trim_start().strip_prefix('=')?.trim(),
        _ => rest,
    };
    let target = target.trim_matches(['\'', '"']).trim();
    (!target.is_empty()).then(|| target.to_owned())
}

fn is_void(tag: &str) -> bool {
    matches!(
        tag,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "source"
            | "track"
            | "wbr"
    )
}

fn is_inline(tag: &str) -> bool {
    matches!(tag, "a" | "abbr" | "b" | "code" | "em" | "font" | "i" | "small" | "span" | "strong" | "u" | "wbr")
}
