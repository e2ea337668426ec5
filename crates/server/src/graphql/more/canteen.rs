//! What the canteen serves: a week with everything the school says about it.

use gateway::{Viewer, Whose};
use pronote::functions::menus;

use super::view::{Show, choice, view};
use super::{Answer, Date, Given, day, page, today};

view! {
    /// What the canteen serves in one week.
    Canteen of Menus {
        /// Whether it serves lunch.
        lunch: bool,
        /// Whether it serves dinner.
        dinner: bool,
        /// The weeks of the school year that have menus, counted from 1.
        weeks: Vec<i32>,
        /// The days that have a menu.
        days: Vec<CanteenDay>,
        /// Every allergen the school names.
        allergens: Vec<Allergen>,
        /// Every label the school names.
        labels: Vec<FoodLabel>,
    }
}

view! {
    /// What the canteen serves on one day.
    CanteenDay of MenuDay {
        /// The day.
        date: Date,
        /// Its meals.
        meals: Vec<Meal>,
    }
}

choice! {
    /// Which meal of the day.
    MealKind of MealKind {
        /// At noon.
        Lunch,
        /// In the evening.
        Dinner,
    }
}

view! {
    /// A meal.
    Meal of Meal {
        /// Which meal.
        kind: MealKind,
        /// What the school calls it.
        name: Option<String>,
        /// Its courses.
        dishes: Vec<Dish>,
    }
}

choice! {
    /// Which course of a meal.
    DishKind of DishKind {
        /// The starter.
        Starter,
        /// The main course.
        Main,
        /// What goes with the main course.
        Side,
        /// The drink.
        Drink,
        /// The dessert.
        Dessert,
        /// Cheese and other dairy.
        Cheese,
    }
}

view! {
    /// A course of a meal.
    Dish of Dish {
        /// Which course.
        kind: DishKind,
        /// The choices.
        foods: Vec<Food>,
    }
}

view! {
    /// Something to eat or drink.
    Food of Food {
        /// What it is.
        name: String,
        /// Its labels.
        labels: Vec<FoodLabel>,
        /// What it contains that some cannot eat.
        allergens: Vec<Allergen>,
    }
}

choice! {
    /// What a label of a food vouches for.
    FoodLabelKind of FoodLabelKind {
        /// Whatever the school says.
        Custom,
        /// Organic farming.
        Organic,
        /// Made by the canteen.
        HomeMade,
        /// Assembled by the canteen.
        AssembledOnSite,
        /// Grown nearby.
        Local,
    }
}

view! {
    /// A label of a food.
    FoodLabel of FoodLabel {
        /// What it says.
        name: String,
        /// What it vouches for.
        kind: FoodLabelKind,
        /// Its colour, `#rrggbb`.
        color: Option<String>,
        /// The picture of a label of the school's own, in base64.
        icon: Option<String>,
    }
}

choice! {
    /// What an allergen is, by the European list.
    AllergenKind of AllergenKind {
        /// Cereals containing gluten.
        Gluten,
        /// Crustaceans.
        Crustaceans,
        /// Eggs.
        Eggs,
        /// Fish.
        Fish,
        /// Peanuts.
        Peanuts,
        /// Soya.
        Soya,
        /// Milk.
        Milk,
        /// Nuts.
        Nuts,
        /// Celery.
        Celery,
        /// Mustard.
        Mustard,
        /// Sesame.
        Sesame,
        /// Sulphites.
        Sulphites,
        /// Lupin.
        Lupin,
        /// Molluscs.
        Molluscs,
    }
}

view! {
    /// Something that some cannot eat.
    Allergen of Allergen {
        /// What the school calls it.
        name: String,
        /// What it is.
        kind: AllergenKind,
        /// Its colour, `#rrggbb`.
        color: Option<String>,
    }
}

pub(super) async fn week(viewer: &Viewer, whose: Whose, date: Option<Given>) -> Answer<Canteen> {
    let date = day(viewer, "date", date)?.unwrap_or_else(|| today(viewer));
    let request = menus::Request { date };
    page(viewer, whose, &request, Show::show).await
}
