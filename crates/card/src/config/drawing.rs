//! `[card.panel]` and `[card.render]`: what is drawn, and which attributes it shows.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use jiff::tz::TimeZone;

use super::reader::Section;
use super::{Qr, Surroundings};
use crate::expression::{Compiler, Reference};
use crate::panel::{self, Panels};
use crate::{render, verify};

/// The largest template that is looked through for attributes, in bytes; a larger one is refused when it is tried.
const MOST_BYTES: u64 = 4 << 20;

/// What is drawn.
pub(super) struct Drawn {
    /// Where `[card.render]` is.
    pub(super) render_span: Range<usize>,
    pub(super) render: render::Config,
    pub(super) panels: Option<Arc<Panels>>,
    panel: panel::Config,
}

/// Reads both. Panels are read with their templates when there is a code that they stand around.
pub(super) fn read(
    card: &mut Section<'_, '_>,
    around: &Surroundings<'_>,
    sources: &[String],
    timezone: &TimeZone,
    qr: &Qr,
    verify: &verify::Config,
) -> Drawn {
    let place = |card: &Section<'_, '_>, name| card.place(name).unwrap_or_else(|| card.span.clone());
    let (panel_span, render_span) = (place(card, "panel"), place(card, "render"));
    let mut panel: panel::Config = card.whole("panel", |_| Vec::new());
    let render: render::Config = card.whole("render", |_| Vec::new());
    let turns = verify.enabled && qr.value.as_ref().is_some_and(|value| value.names.contains("verify_url"));
    if turns {
        // Each code is shown for as long as it is good.
        panel.seconds = verify.slot_seconds;
    }
    let mut panels = None;
    if qr.kind.as_deref() == Some("image") {
        match Panels::new(&panel, around.folder, sources, timezone.clone()) {
            Ok(read) => panels = Some(Arc::new(read)),
            Err(faults) => {
                faults.into_iter().for_each(|what| card.fault(panel_span.clone(), format!("[card.panel]: {what}")));
            }
        }
    } else if turns {
        let what = "a code for verification is good for a moment only: with `type = \"image\"` they turn";
        card.warn(qr.value.as_ref().map(|value| value.span.clone()).unwrap_or_default(), what);
    }
    Drawn { render_span, render, panels, panel }
}

impl Drawn {
    /// The attributes that drawings show.
    pub(super) fn mentioned(&self, compiler: &Compiler, folder: &Path) -> Vec<Reference> {
        let panel::Config { student, staff, heading, lines, barcode, .. } = &self.panel;
        let mut texts: Vec<String> = [heading, barcode].into_iter().chain(lines).cloned().collect();
        let render::Config { student: front, staff: other, back, .. } = &self.render;
        for path in [student, staff, front, other, back].into_iter().flatten() {
            let path = folder.join(path);
            if path.metadata().is_ok_and(|about| about.len() <= MOST_BYTES) {
                texts.extend(std::fs::read_to_string(path));
            }
        }
        texts.iter().flat_map(|text| compiler.mentioned(text)).collect()
    }
}
