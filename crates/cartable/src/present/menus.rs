//! The canteen's menus, day by day.

use pronote::model::{Food, MealKind, Menus};

use super::{Look, cell, joined, table, table_or};
use crate::when;

/// One row per course.
pub(crate) fn menus(menus: &Menus, look: Look) -> String {
    let mut table = table(look, ["day", "meal", "course", "allergens"]);
    for day in &menus.days {
        for meal in &day.meals {
            let kind = match meal.kind {
                MealKind::Lunch => "lunch",
                MealKind::Dinner => "dinner",
                MealKind::Other(_) => "meal",
            };
            let mut when_and_what =
                [when::short(day.date), joined([kind, meal.name.as_deref().unwrap_or_default()], ": ")];
            for dish in &meal.dishes {
                let foods = dish.foods.iter().map(food);
                let mut allergens: Vec<&str> =
                    dish.foods.iter().flat_map(|food| &food.allergens).map(|allergen| allergen.name.as_str()).collect();
                allergens.sort_unstable();
                allergens.dedup();
                table.add_row([
                    cell(&when_and_what[0]),
                    cell(&when_and_what[1]),
                    cell(joined(foods, " or ")),
                    cell(allergens.join(", ")),
                ]);
                if look.width.is_some() {
                    when_and_what = Default::default();
                }
            }
        }
    }
    table_or(&table, "No menus.")
}

fn food(food: &Food) -> String {
    let labels = food.labels.iter().map(|label| label.name.as_str()).filter(|name| !name.is_empty());
    let labels = joined(labels, ", ");
    if labels.is_empty() { food.name.clone() } else { format!("{} ({labels})", food.name) }
}
