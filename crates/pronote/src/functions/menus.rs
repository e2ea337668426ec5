//! `PageMenus`: what the canteen serves, week by week (data §14).

use jiff::civil::Date;
use serde_json::{Value, json};

use super::common::{color, either, some_text};
use super::{Context, Function, Payload, Read};
use crate::model::{
    Allergen, AllergenKind, Dish, DishKind, Food, FoodLabel, FoodLabelKind, Meal, MealKind, MenuDay, Menus, tab,
};
use crate::wire::{Malformed, Node, write};

/// Asks for the menus of the week a day belongs to.
#[derive(Debug, Clone, Copy)]
pub struct Request {
    /// Any day of that week.
    pub date: Date,
}

impl Function for Request {
    const NAME: &'static str = "PageMenus";
    const TAB: Option<u32> = Some(tab::MENUS);
    type Answer = Menus;

    fn arguments(&self, _: &Context) -> Value {
        json!({ "date": write::request_date(self.date) })
    }

    fn read(payload: Payload<'_>, _: &Context) -> Result<Menus, Malformed> {
        Ok(menus(payload.data))
    }
}

impl Read for Request {}

pub(crate) fn menus(data: Node<'_>) -> Menus {
    Menus {
        lunch: data.flag("AvecRepasMidi"),
        dinner: data.flag("AvecRepasSoir"),
        weeks: data.read("DomaineDePresence").unwrap_or_default(),
        days: data.each("ListeJours", day),
        allergens: data.each("ListeAllergenes", allergen),
        labels: data.each("Listelabels", label),
    }
}

fn day(node: Node<'_>) -> Result<MenuDay, Malformed> {
    Ok(MenuDay { date: node.need("Date")?, meals: meals(node, "ListeRepas") })
}

/// The meals of a day; the home page spells the lists below in lower case.
pub(crate) fn meals(node: Node<'_>, key: &str) -> Vec<Meal> {
    node.each(key, |meal| {
        Ok(Meal {
            kind: meal.read("G").unwrap_or(MealKind::Lunch),
            name: some_text(meal, "L"),
            dishes: meal.each(either(meal, "ListePlats", "listePlats"), dish),
        })
    })
}

fn dish(node: Node<'_>) -> Result<Dish, Malformed> {
    Ok(Dish {
        kind: node.read("G").unwrap_or(DishKind::Main),
        foods: node.each(either(node, "ListeAliments", "listeAliments"), food),
    })
}

fn food(node: Node<'_>) -> Result<Food, Malformed> {
    Ok(Food {
        id: node.id(),
        name: node.need("L")?,
        labels: node.each("listeLabelsAlimentaires", label),
        allergens: node.each("listeAllergenesAlimentaire", allergen),
    })
}

fn label(node: Node<'_>) -> Result<FoodLabel, Malformed> {
    Ok(FoodLabel {
        id: node.id(),
        name: node.need("L")?,
        kind: node.read("G").unwrap_or(FoodLabelKind::Custom),
        color: color(node, "couleur"),
        icon: some_text(node, "icone"),
    })
}

fn allergen(node: Node<'_>) -> Result<Allergen, Malformed> {
    Ok(Allergen {
        id: node.id(),
        name: node.need("L")?,
        kind: node.read("G").unwrap_or(AllergenKind::Other(0)),
        color: color(node, "couleur"),
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::functions::common::reading;

    #[test]
    fn a_week_has_days_meals_courses_and_foods() {
        let (menus, noted) = reading(
            r##"{"AvecRepasMidi":true,"AvecRepasSoir":false,"DomaineDePresence":{"_T":8,"V":"[1..44]"},
             "ListeJours":{"_T":24,"V":[{"Date":{"_T":7,"V":"02/09/2025"},"ListeRepas":{"_T":24,"V":[
               {"N":"63#a","G":0,"ListePlats":{"_T":24,"V":[
                 {"G":0,"ListeAliments":{"_T":24,"V":[{"N":"64#a","L":"Betteraves",
                   "listeLabelsAlimentaires":{"_T":24,"V":[{"N":"65#a","L":"Bio","G":1,"couleur":"#00AA00"}]},
                   "listeAllergenesAlimentaire":{"_T":24,"V":[{"N":"66#a","L":"Moutarde","G":10,"couleur":""}]}}]}},
                 {"G":9,"ListeAliments":{"_T":24,"V":[{"L":"Surprise"}]}}]}},
               {"G":7,"L":"Goûter"}]}}]}}"##,
            menus,
        );
        assert!(noted.is_empty(), "{noted:?}");
        assert!(menus.lunch && !menus.dinner && menus.weeks.contains(44));
        let day = &menus.days[0];
        assert_eq!(day.date, date(2025, 9, 2));
        let lunch = day.meal(MealKind::Lunch).unwrap();
        let food = &lunch.dishes[0].foods[0];
        assert_eq!((lunch.dishes[0].kind, food.name.as_str()), (DishKind::Starter, "Betteraves"));
        assert_eq!(food.labels[0].kind, FoodLabelKind::Organic);
        assert_eq!((food.allergens[0].kind, food.allergens[0].color), (AllergenKind::Mustard, None));
        assert_eq!(lunch.dishes[1].kind, DishKind::Other(9));
        assert_eq!(day.meals[1].kind, MealKind::Other(7));
        assert_eq!(day.meal(MealKind::Dinner), None);
    }

    #[test]
    fn a_day_that_does_not_exist_costs_that_day() {
        let (menus, noted) = reading(
            r#"{"ListeJours":[{"Date":"31/02/2025"},{"ListeRepas":[]},{"Date":"03/09/2025","ListeRepas":"rien"}],
                "AvecRepasMidi":"oui?","DomaineDePresence":"[99999]"}"#,
            menus,
        );
        assert_eq!(menus.days, [MenuDay { date: date(2025, 9, 3), meals: vec![] }]);
        let expected = [
            "AvecRepasMidi",
            "DomaineDePresence",
            "ListeJours[0].Date",
            "ListeJours[1].Date",
            "ListeJours[2].ListeRepas",
        ];
        assert_eq!(noted, expected);
    }

    #[test]
    fn a_week_without_menus_is_empty() {
        assert_eq!(reading("{}", menus), (Menus::default(), vec![]));
    }
}
