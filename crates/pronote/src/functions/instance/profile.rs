//! Reads what an instance says of itself beyond its year and hours.

use std::sync::Arc;

use rust_decimal::Decimal;

use crate::functions::common::{color, number, some_text};
use crate::interned::Interned;
use crate::model::{HourLabel, InstanceProfile, Language, ScaleLevel, ScalePosition};
use crate::wire::{FromWire, Malformed, Node, Set};

use super::{MOST_SLOTS, names};

/// The most fonts, languages, lengths and the like that are kept.
const MOST_CHOICES: usize = 500;

pub(super) fn profile(root: Node<'_>, general: Node<'_>) -> Arc<InstanceProfile> {
    static PROFILES: Interned<InstanceProfile> = Interned::new();
    let int = |key: &str| general.read::<i64>(key).unwrap_or(0);
    let sequence_length: Option<Decimal> = general.read("DureeSequence");
    PROFILES.share(InstanceProfile {
        version_text: general.text("version"),
        edition: int("millesime"),
        vendor_url: general.text("urlSiteIndexEducation"),
        legal_notice_url: some_text(general, "lienMentions")
            .or_else(|| some_text(root.get("mentionsPagesPubliques")?, "lien"))
            .unwrap_or_default(),
        help_url: general.text("UrlAide"),
        videos_url: general.text("urlAccesVideos"),
        twitter_url: general.text("urlAccesTwitter"),
        mobile_url: root.text("URLMobile"),
        login_image_url: root.text("urlImageConnexion"),
        login_image: root.read("genreImageConnexion").unwrap_or(0),
        product_logo_css: root.text("logoProduitCss"),
        logo: int("logo"),
        theme: root.read("Theme").unwrap_or(0),
        font: general.text("Police"),
        font_size: int("TaillePolice"),
        fonts: bounded(root.each("listePolices", |font| font.need("L"))),
        language: general.has("langID").then(|| Language { id: int("langID"), name: general.text("langue") }),
        languages: bounded(general.each("listeLangues", language)),
        phone_mask: general.text("maskTelephone"),
        app_cookie: general.text("nomCookieAppli"),
        shown_weeks: general.read("afficherSemainesCalendaires"),
        office_tutorial_url: general.text("O365_UrlTuto_Office"),
        one_drive_tutorial_url: general.text("O365_UrlTuto_OneDrive"),
        office: general.flag("O365_Actif"),
        office_federated: general.flag("O365_ModeFederated"),
        language_activity_color: color(general, "couleurActiviteLangagiere"),
        language_levels: general.read("AvecGestionNiveauxCECRL"),
        new_caledonia: root.flag("pourNouvelleCaledonie"),
        mobile: root.flag("AvecEspaceMobile"),
        forum: general.flag("avecForum"),
        login_choice: general.flag("AvecChoixConnexion"),
        login_recovery: general.flag("AvecRecuperationInfosConnexion"),
        attached_pupils: general.flag("AvecElevesRattaches"),
        guardians_may_write_to_guardians: general.flag("ActivationMessagerieEntreParents"),
        has_lunch: general.flag("activationDemiPension"),
        lunch_start: int("debutDemiPension"),
        lunch_end: int("finDemiPension"),
        lunch_days: general.read("JoursDemiPension").unwrap_or_default(),
        full_hours_after_noon: general.flag("AvecHeuresPleinesApresMidi"),
        half_day_slot: int("PlaceDemiJourneeAbsence"),
        first_hour: general.read("PremiereHeure"),
        first_cycle: general.read("dateDebutPremierCycle"),
        days_per_cycle: int("joursOuvresParCycle"),
        first_weekday: int("premierJourSemaine"),
        timetables_in_cycle: int("grillesEDTEnCycle"),
        sequence_length: sequence_length.unwrap_or_default(),
        shows_sequences: general.flag("afficherSequences"),
        sequences: bounded(names(general)),
        half_days: values(general, "DemiJourneesOuvrees"),
        frequency_names: values(general, "LibellesFrequences"),
        frequency_weeks: values::<Set>(general, "DomainesFrequences"),
        starts: hour_labels(general, "ListeHeures"),
        ends: hour_labels(general, "ListeHeuresFin"),
        scale: bounded(general.each("ListeNiveauxDAcquisitions", scale_level)),
        short_levels: general.flag("AfficherAbbreviationNiveauDAcquisition"),
        evaluation_history: general.flag("AvecEvaluationHistorique"),
        validates_without_middle_levels: general.flag("SansValidationNivIntermediairesDsValidAuto"),
        validates_on_this_year: general.flag("NeComptabiliserQueEvalsAnneeScoDsValidAuto"),
        quiz_smallest_scale: int("minBaremeQuestionQCM"),
        quiz_largest_scale: int("maxBaremeQuestionQCM"),
        quiz_most_points: int("maxNbPointQCM"),
        skill_label_length: int("tailleLibelleElementGrilleCompetence"),
        test_comment_length: int("tailleCommentaireDevoir"),
        most_ects: int("maxECTS"),
        comment_lengths: values(general, "TailleMaxAppreciation"),
    })
}

fn bounded<T>(mut list: Vec<T>) -> Vec<T> {
    list.truncate(MOST_CHOICES);
    list
}

fn values<'a, T: FromWire<'a>>(general: Node<'a>, key: &str) -> Vec<T> {
    general.items(key).filter_map(Node::value).take(MOST_CHOICES).collect()
}

fn language(node: Node<'_>) -> Result<Language, Malformed> {
    Ok(Language { id: node.need("langID")?, name: node.text("description") })
}

fn hour_labels(general: Node<'_>, key: &str) -> Vec<HourLabel> {
    // An hour that cannot be read as a time was noted where it is read so.
    let label = |(place, node): (i32, Node<'_>)| {
        let label = <&str>::from_wire(node.get("L")?).ok()?;
        let slot = node.get("G").and_then(|slot| i64::from_wire(slot).ok()?.try_into().ok());
        Some(HourLabel { label: label.into(), slot: slot.unwrap_or(place), full: !node.has("A") })
    };
    (0..).zip(general.items(key).take(MOST_SLOTS as usize)).filter_map(label).collect()
}

fn scale_level(node: Node<'_>) -> Result<ScaleLevel, Malformed> {
    let position = |node: Node<'_>| {
        Ok(ScalePosition {
            code: node.read("G").unwrap_or(0),
            name: node.text("L"),
            abbreviation: node.text("abbreviation"),
            prefixed: some_text(node, "abbreviationAvecPrefixe"),
        })
    };
    Ok(ScaleLevel {
        code: node.read("G").unwrap_or(0),
        positions: node.each("listePositionnements", position),
        gauge: node.read("positionJauge").unwrap_or(0),
        active_for: node.read("actifPour").unwrap_or_default(),
        abbreviation: node.text("abbreviation"),
        shortcut: node.text("raccourci"),
        color: color(node, "couleur"),
        weight: number(node, "ponderation"),
        diploma_points: number(node, "nombrePointsBrevet"),
        acquired: node.read("estAcqui"),
        counts_for_success: node.read("estNotantPourTxReussite"),
    })
}
