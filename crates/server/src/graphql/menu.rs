//! `menu`: what the canteen serves, day by day.

use std::sync::Arc;

use async_graphql::Object;
use gateway::{Fresh, Viewer};
use pronote::model::{self, Dish, Food, FoodLabel, Meal, MealKind, Menus};

use super::asked::Asked;
use super::date::{self, Date, Given};
use super::failure::Failure;

/// Answers `menu`.
///
/// # Errors
/// A date makes no sense, or the school does not answer.
pub(crate) async fn menu(
    asked: Result<Asked, Failure>,
    from: Option<Given>,
    to: Option<Given>,
) -> Result<Option<Vec<MenuDay>>, Failure> {
    let Asked { viewer, whose } = asked?;
    let range = viewer.menu_range(date::moment(&viewer, "from", from)?, date::moment(&viewer, "to", to)?);
    let Some(pages) = viewer.menus(whose, &range).await? else { return Ok(None) };
    let days = pages.into_iter().flat_map(|chosen| {
        let (viewer, page) = (Arc::clone(&viewer), chosen.page);
        chosen.places.into_iter().map(move |place| MenuDay { viewer: Arc::clone(&viewer), page: page.clone(), place })
    });
    Ok(Some(days.collect()))
}

/// What is served on a day.
pub(crate) struct MenuDay {
    viewer: Arc<Viewer>,
    page: Fresh<Menus>,
    place: usize,
}

impl MenuDay {
    fn day(&self) -> &model::MenuDay {
        &self.page.days[self.place]
    }
}

#[Object]
impl MenuDay {
    async fn date(&self) -> Date {
        Date::of(&self.viewer, self.day().date)
    }
    /// Meal by meal, course by course, what can be chosen.
    async fn meals(&self) -> Vec<Vec<Vec<MenuMealEntry<'_>>>> {
        self.day().meals.iter().map(|meal| meal.dishes.iter().map(choices).collect()).collect()
    }
    /// The same with the names of the meals.
    async fn named_meals(&self) -> Option<Vec<MenuMeal<'_>>> {
        Some(self.day().meals.iter().map(MenuMeal).collect())
    }
}

fn choices(dish: &Dish) -> Vec<MenuMealEntry<'_>> {
    dish.foods.iter().map(MenuMealEntry).collect()
}

/// A meal.
pub(crate) struct MenuMeal<'a>(&'a Meal);

#[Object]
impl MenuMeal<'_> {
    /// What the school calls it.
    async fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }
    /// Whether it is served in the evening.
    async fn is_dinner(&self) -> bool {
        self.0.kind == MealKind::Dinner
    }
    /// Course by course, what can be chosen.
    async fn courses(&self) -> Vec<Vec<MenuMealEntry<'_>>> {
        self.0.dishes.iter().map(choices).collect()
    }
}

/// Something to eat or drink.
pub(crate) struct MenuMealEntry<'a>(&'a Food);

#[Object]
impl MenuMealEntry<'_> {
    async fn name(&self) -> &str {
        &self.0.name
    }
    async fn labels(&self) -> Vec<MenuMealLabel<'_>> {
        self.0.labels.iter().map(MenuMealLabel).collect()
    }
    /// What it contains that some cannot eat.
    async fn allergens(&self) -> Option<Vec<&str>> {
        Some(self.0.allergens.iter().map(|allergen| allergen.name.as_str()).collect())
    }
}

/// A label of a food: organic, local…
pub(crate) struct MenuMealLabel<'a>(&'a FoodLabel);

#[Object]
impl MenuMealLabel<'_> {
    async fn name(&self) -> &str {
        &self.0.name
    }
    async fn color(&self) -> String {
        self.0.color.map(|color| color.written()).unwrap_or_default()
    }
}
