use jiff::civil::Date;
use serde::Serialize;

use super::{Color, codes};
use crate::wire::{RemoteId, Set};

/// The canteen's menus of one week (data §14).
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Menus {
    /// Whether the canteen serves lunch.
    pub lunch: bool,
    /// Whether the canteen serves dinner.
    pub dinner: bool,
    /// The weeks of the year that have menus.
    pub weeks: Set,
    /// The days that have a menu.
    pub days: Vec<MenuDay>,
    /// Every allergen the school names.
    pub allergens: Vec<Allergen>,
    /// Every label the school names.
    pub labels: Vec<FoodLabel>,
}

/// What is served on one day.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MenuDay {
    /// The day.
    pub date: Date,
    /// Its meals, in the order of the server.
    pub meals: Vec<Meal>,
}

impl MenuDay {
    /// The first meal of a kind.
    #[must_use]
    pub fn meal(&self, kind: MealKind) -> Option<&Meal> {
        self.meals.iter().find(|meal| meal.kind == kind)
    }
}

codes! {
    /// Which meal of the day.
    MealKind {
        /// At noon.
        Lunch = 0,
        /// In the evening.
        Dinner = 1,
    }
}

/// A meal: its courses.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Meal {
    /// Which meal.
    pub kind: MealKind,
    /// What the school calls it, if it has a name.
    pub name: Option<String>,
    /// Its courses, in the order of the server.
    pub dishes: Vec<Dish>,
}

codes! {
    /// Which course of a meal.
    DishKind {
        /// The starter.
        Starter = 0,
        /// The main course.
        Main = 1,
        /// What goes with the main course.
        Side = 2,
        /// The drink.
        Drink = 3,
        /// The dessert.
        Dessert = 4,
        /// Cheese and other dairy.
        Cheese = 5,
    }
}

/// A course: what can be had.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Dish {
    /// Which course.
    pub kind: DishKind,
    /// The choices.
    pub foods: Vec<Food>,
}

/// Something to eat or drink.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Food {
    /// What the server calls it.
    pub id: Option<RemoteId>,
    /// What it is.
    pub name: String,
    /// Its labels: organic, local…
    pub labels: Vec<FoodLabel>,
    /// What it contains that some cannot eat.
    pub allergens: Vec<Allergen>,
}

codes! {
    /// What a label vouches for.
    FoodLabelKind {
        /// Whatever the school says.
        Custom = 0,
        /// Organic farming.
        Organic = 1,
        /// Made by the canteen.
        HomeMade = 2,
        /// Assembled by the canteen.
        AssembledOnSite = 3,
        /// Grown nearby.
        Local = 4,
    }
}

/// A label of a food.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FoodLabel {
    /// What the server calls it.
    pub id: Option<RemoteId>,
    /// What it says.
    pub name: String,
    /// What it vouches for.
    pub kind: FoodLabelKind,
    /// Its color.
    pub color: Option<Color>,
    /// The picture of a label of the school's own, in base64.
    pub icon: Option<String>,
}

codes! {
    /// What an allergen is, by the European list.
    AllergenKind {
        /// Cereals containing gluten.
        Gluten = 1,
        /// Crustaceans.
        Crustaceans = 2,
        /// Eggs.
        Eggs = 3,
        /// Fish.
        Fish = 4,
        /// Peanuts.
        Peanuts = 5,
        /// Soya.
        Soya = 6,
        /// Milk.
        Milk = 7,
        /// Nuts.
        Nuts = 8,
        /// Celery.
        Celery = 9,
        /// Mustard.
        Mustard = 10,
        /// Sesame.
        Sesame = 11,
        /// Sulphites.
        Sulphites = 12,
        /// Lupin.
        Lupin = 13,
        /// Molluscs.
        Molluscs = 14,
    }
}

/// Something that some cannot eat.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Allergen {
    /// What the server calls it.
    pub id: Option<RemoteId>,
    /// What the school calls it.
    pub name: String,
    /// What it is.
    pub kind: AllergenKind,
    /// Its color.
    pub color: Option<Color>,
}
