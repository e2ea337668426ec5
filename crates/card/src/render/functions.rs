//! What templates of drawings can do: write text that fits, and draw codes. What they print is escaped by itself.

use std::fmt::Write as _;
use std::sync::Arc;

use minijinja::value::{Kwargs, Object};
use minijinja::{Environment, Error, ErrorKind, Output, State, Value};

use super::fit::{Fitted, Room, fit};
use super::fonts::{Face, Fonts};
use crate::qr::{self, Bars, Code, Color, Correction};

/// Instructions that a template may take: a card takes some thousands.
const FUEL: u64 = 200_000;
/// The greatest number that is a size or a place in a drawing.
const FAR: f32 = 100_000.0;

/// An environment for templates of drawings.
pub(crate) fn environment(fonts: &Fonts) -> Environment<'static> {
    let mut env = Environment::new();
    crate::expression::prepare(&mut env);
    qr::prepare(&mut env);
    env.set_fuel(Some(FUEL));
    env.set_formatter(print);
    env.add_function("fit", {
        let fonts = fonts.clone();
        move |state: &State<'_, '_>, text: Value, width: f32, size: f32, options: Kwargs| {
            let fitted = fitted(state, &fonts, &text, (width, size), &options)?.0;
            options.assert_all_used()?;
            Ok::<_, Error>(Value::from_object(fitted))
        }
    });
    env.add_function("write", {
        let fonts = fonts.clone();
        move |state: &State<'_, '_>, text: Value, options: Kwargs| write(state, &fonts, &text, &options)
    });
    env.add_function("qr", draw_qr);
    env.add_function("code128", |text: Value, options: Kwargs| bars(&text, qr::code128, &options));
    env.add_function("code39", |text: Value, options: Kwargs| bars(&text, qr::code39, &options));
    env
}

/// Prints a value as the text of a drawing; what is not there prints nothing.
fn print(out: &mut Output<'_>, _: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    if value.is_none() || value.is_undefined() {
        return Ok(());
    }
    match value.as_str() {
        Some(text) if value.is_safe() => out.write_str(text)?,
        Some(text) => out.write_str(&escaped(text))?,
        None => out.write_str(&escaped(&value.to_string()))?,
    }
    Ok(())
}

/// A text as it is written in XML, also within quotes; what XML cannot say is left out.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\t' | '\n' | '\r' => escaped.push(letter),
            '\0'..='\x1f' | '\u{fffe}' | '\u{ffff}' => {}
            _ => escaped.push(letter),
        }
    }
    escaped
}

/// A text that is given to a function; an attribute gives its first value.
fn said(value: &Value) -> Result<String, Error> {
    match value {
        value if value.is_undefined() => Err(ErrorKind::UndefinedError.into()),
        value if value.is_none() => Ok(String::new()),
        value => Ok(value.to_string().trim().to_owned()),
    }
}

fn wrong(what: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::InvalidOperation, what)
}

/// A size or a place that has to be given.
fn measure(options: &Kwargs, name: &str) -> Result<f32, Error> {
    sane(options.get(name)?)
}

fn sane(number: f32) -> Result<f32, Error> {
    if number.abs() <= FAR { Ok(number) } else { Err(wrong("a size or a place is too far out")) }
}

/// Fits a text, which is a fault of the template when it is tried with a sample and the text becomes too small.
fn fitted(
    state: &State<'_, '_>,
    fonts: &Fonts,
    text: &Value,
    (width, size): (f32, f32),
    options: &Kwargs,
) -> Result<(Fitted, Face), Error> {
    let face = Face {
        family: options.get::<Option<String>>("font")?.unwrap_or_else(|| "sans-serif".to_owned()),
        weight: options.get::<Option<u16>>("weight")?.unwrap_or(400),
        condensed: options.get::<Option<bool>>("condensed")?.unwrap_or(false),
        italic: options.get::<Option<bool>>("italic")?.unwrap_or(false),
    };
    let min = options.get::<Option<f32>>("min")?.unwrap_or(size);
    let lines = options.get::<Option<usize>>("lines")?.unwrap_or(1);
    let (width, size, min) = (sane(width)?, sane(size)?, sane(min)?);
    let text = said(text)?;
    let fitted = fit(&text, &Room { width, size, min, lines }, &face, fonts);
    let sample = state.lookup("sample").is_some_and(|sample| sample.is_true());
    if sample && fitted.size < min * 0.999 {
        let (length, size) = (text.chars().count(), fitted.size);
        return Err(wrong(format!(
            "a text of {length} letters has to be written in size {size:.1} to fit in {width} × {lines} lines, smaller \
             than {min}"
        )));
    }
    Ok((fitted, face))
}

/// Writes a text as a whole element, with the font it was measured in.
fn write(state: &State<'_, '_>, fonts: &Fonts, text: &Value, options: &Kwargs) -> Result<Value, Error> {
    let (x, y, width) = (measure(options, "x")?, measure(options, "y")?, measure(options, "width")?);
    let (fitted, face) = fitted(state, fonts, text, (width, measure(options, "size")?), options)?;
    let anchor = options.get::<Option<String>>("anchor")?.unwrap_or_else(|| "start".to_owned());
    let fill = options.get::<Option<String>>("fill")?.unwrap_or_else(|| "#000000".to_owned());
    let leading = sane(options.get::<Option<f32>>("leading")?.unwrap_or(1.2))?;
    // Upwards: the last line is at the place, and those before it above.
    let up = options.get::<Option<bool>>("up")?.unwrap_or(false);
    let class = options.get::<Option<String>>("class")?;
    options.assert_all_used()?;
    if !["start", "middle", "end"].contains(&anchor.as_str()) {
        return Err(wrong("the anchor of a text is start, middle or end"));
    }
    if fitted.lines.is_empty() {
        return Ok(Value::from_safe_string(String::new()));
    }
    let size = round(fitted.size);
    let mut svg =
        format!("<text font-family=\"{}\" font-size=\"{size}\" fill=\"{}\"", escaped(&face.family), escaped(&fill));
    // Writing to a text cannot fail.
    if face.weight != 400 {
        let _ = write!(svg, " font-weight=\"{}\"", face.weight);
    }
    if face.condensed {
        svg.push_str(" font-stretch=\"condensed\"");
    }
    if face.italic {
        svg.push_str(" font-style=\"italic\"");
    }
    if anchor != "start" {
        let _ = write!(svg, " text-anchor=\"{anchor}\"");
    }
    if let Some(class) = class {
        let _ = write!(svg, " class=\"{}\"", escaped(&class));
    }
    svg.push('>');
    let above = if up { fitted.lines.len() - 1 } else { 0 } as f32;
    for (line, (text, _)) in fitted.lines.iter().enumerate() {
        let y = round(y + (line as f32 - above) * fitted.size * leading);
        let _ = write!(svg, "<tspan x=\"{}\" y=\"{y}\">{}</tspan>", round(x), escaped(text));
    }
    svg.push_str("</text>");
    Ok(Value::from_safe_string(svg))
}

fn round(number: f32) -> f32 {
    (number * 100.0).round() / 100.0
}

/// A fitted text in a template: its `size`, its `lines`, its `width`.
impl Object for Fitted {
    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        match key {
            "size" => Some(Value::from(round(self.size))),
            "lines" => Some(self.lines.iter().map(|(line, _)| Value::from(line)).collect()),
            "width" => Some(Value::from(round(self.lines.iter().map(|(_, width)| *width).fold(0.0, f32::max)))),
            _ => None,
        }
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn render(self: &Arc<Self>, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let lines: Vec<&str> = self.lines.iter().map(|(line, _)| line.as_str()).collect();
        f.write_str(&lines.join(" "))
    }
}

fn draw_qr(text: Value, options: Kwargs) -> Result<Value, Error> {
    let text = said(&text)?;
    let (x, y, size) = (measure(&options, "x")?, measure(&options, "y")?, measure(&options, "size")?);
    let correction: Correction = given(&options, "correction", "M")?;
    let dark: Color = given(&options, "dark", "#000000")?;
    let light: Color = given(&options, "light", "#ffffff")?;
    let quiet = usize::from(options.get::<Option<u8>>("quiet")?.unwrap_or(4));
    let version = options.get::<Option<u8>>("version")?;
    options.assert_all_used()?;
    if text.is_empty() {
        return Ok(Value::from_safe_string(String::new()));
    }
    let code = Code::new(&text, correction, version).map_err(|fault| wrong(fault.to_string()))?;
    let side = code.width() + 2 * quiet;
    Ok(Value::from_safe_string(format!(
        "<g transform=\"translate({} {}) scale({})\" shape-rendering=\"crispEdges\">\
         <path fill=\"{light}\" d=\"M0 0h{side}v{side}H0z\"/><path fill=\"{dark}\" d=\"{}\"/></g>",
        round(x),
        round(y),
        size / side as f32,
        code.path(quiet)
    )))
}

/// An option that is read from a text.
fn given<T: std::str::FromStr<Err = qr::Fault>>(options: &Kwargs, name: &str, otherwise: &str) -> Result<T, Error> {
    let text = options.get::<Option<String>>(name)?;
    text.as_deref().unwrap_or(otherwise).parse().map_err(|fault: qr::Fault| wrong(fault.to_string()))
}

/// A bar code. One that cannot be drawn is left out: the rest is worth showing without it.
fn bars(text: &Value, draw: fn(&str) -> Result<Bars, qr::Fault>, options: &Kwargs) -> Result<Value, Error> {
    let text = said(text)?;
    let (x, y) = (measure(options, "x")?, measure(options, "y")?);
    let (width, height) = (measure(options, "width")?, measure(options, "height")?);
    let dark: Color = given(options, "dark", "#000000")?;
    options.assert_all_used()?;
    let bars = match draw(&text) {
        Ok(bars) => bars,
        Err(qr::Fault::Empty) => return Ok(Value::from_safe_string(String::new())),
        Err(fault) => {
            tracing::warn!("A bar code is left out of a drawing: {fault}");
            return Ok(Value::from_safe_string(String::new()));
        }
    };
    Ok(Value::from_safe_string(format!(
        "<path transform=\"translate({} {}) scale({} {})\" shape-rendering=\"crispEdges\" fill=\"{dark}\" d=\"{}\"/>",
        round(x),
        round(y),
        width / bars.width() as f32,
        round(height),
        bars.path()
    )))
}
