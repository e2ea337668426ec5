//! Canteen menus (`PageMenus`, data §14).

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::{Answer, Call, Ids, Refusal, genre, read, write};
use crate::School;
use crate::school::menus::{Allergen, Food, FoodLabel, Meal, MenuDay};
use crate::school::monday_of;

/// Answers with the menus of the whole week that the date asked for belongs to.
pub(crate) fn answer(school: &mut School, ids: &Ids, call: &Call<'_>) -> Result<Answer, Refusal> {
    let monday = monday_of(read::day(&call.data["date"]).unwrap_or_else(|| school.clock.today()));
    let days = (0..7_i64).filter_map(|day| {
        let date = monday.checked_add(day.days()).ok()?;
        school.menu(date).map(|menu| {
            json!({ "Date": write::date(date), "ListeRepas": write::list(meals(ids, date, menu, &Spelling::PAGE)) })
        })
    });
    let served =
        (1..=school.year.weeks()).filter(|week| !school.menus.weeks.is_empty() && school.year.has_school(*week));
    Ok(Answer::read(json!({
        "AvecRepasMidi": !school.menus.weeks.is_empty(),
        "AvecRepasSoir": school.menus.has_dinner(),
        "DomaineDePresence": write::domain(served),
        "ListeJours": write::list(days),
        "ListeAllergenes": write::list(Allergen::ALL.map(|allergen| legend(ids, genre::ALLERGEN, allergen.shown()))),
        "Listelabels": write::list(FoodLabel::ALL.map(|label| legend(ids, genre::FOOD_LABEL, label.shown()))),
    })))
}

/// The names of the lists inside a meal: the home page spells them in its own way.
struct Spelling {
    dishes: &'static str,
    foods: &'static str,
}

impl Spelling {
    const PAGE: Self = Self { dishes: "ListePlats", foods: "ListeAliments" };
    const HOME: Self = Self { dishes: "listePlats", foods: "listeAliments" };
}

/// The menus of one day, as the home page wants them.
pub(super) fn widget(school: &School, ids: &Ids, day: Date) -> Option<Value> {
    let menu = school.menu(day)?;
    let meals = meals(ids, day, menu, &Spelling::HOME);
    Some(json!({ "L": "Menu de la cantine", "date": write::date(day), "listeRepas": write::list(meals) }))
}

fn meals(ids: &Ids, date: Date, menu: &MenuDay, spelling: &Spelling) -> Vec<Value> {
    // A meal has no number of its own: its day, counted from 2000, and its place in the day make one.
    let days = Date::constant(2000, 1, 1).until(date).map_or(0, |span| span.get_days()).unsigned_abs();
    menu.meals()
        .map(|(number, meal)| self::meal(ids, u64::from(days) << 4 | u64::from(number), number, meal, spelling))
        .collect()
}

fn meal(ids: &Ids, key: u64, number: u8, meal: &Meal, spelling: &Spelling) -> Value {
    let dishes = meal.courses().map(|(course, foods)| {
        let foods = (0_u64..).zip(foods).map(|(rank, food)| {
            self::food(ids, ids.write(genre::FOOD, key << 16 | u64::from(course) << 8 | rank), food)
        });
        let mut dish = json!({ "G": course });
        dish[spelling.foods] = write::list(foods);
        dish
    });
    let mut value = json!({ "N": ids.write(genre::MEAL, key), "G": number });
    if !meal.name.is_empty() {
        value["L"] = json!(meal.name);
    }
    value[spelling.dishes] = write::list(dishes);
    value
}

fn food(ids: &Ids, id: String, food: &Food) -> Value {
    let labels = food.labels.iter().map(|label| legend(ids, genre::FOOD_LABEL, label.shown()));
    let allergens = food.allergens.iter().map(|allergen| legend(ids, genre::ALLERGEN, allergen.shown()));
    json!({
        "N": id,
        "L": food.name,
        "listeLabelsAlimentaires": write::list(labels),
        "listeAllergenesAlimentaire": write::list(allergens),
    })
}

fn legend(ids: &Ids, genre: u16, (number, name, color): (u8, &str, &str)) -> Value {
    json!({ "N": ids.write(genre, number), "L": name, "G": number, "couleur": color })
}

#[cfg(test)]
mod tests;
