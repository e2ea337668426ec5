//! Canteen menus.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::School;

/// Canteen menus of the school: some weeks that come round again and again, school week after school week.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Menus {
    /// The weeks, the first one for the first week of school; none when there is no canteen.
    #[serde(default)]
    pub weeks: Vec<MenuWeek>,
}

/// The menus of one week.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MenuWeek {
    /// The days from Monday on, as many as there are.
    pub days: Vec<MenuDay>,
}

/// The meals of one day.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MenuDay {
    /// The meal at noon.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lunch: Option<Meal>,
    /// The meal in the evening.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dinner: Option<Meal>,
}

/// A meal; a course with nothing in it is left out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meal {
    /// A name of its own, such as `Repas de Noël`; usually empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Starters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub starter: Vec<Food>,
    /// Main courses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub main: Vec<Food>,
    /// Side dishes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub side: Vec<Food>,
    /// Drinks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drink: Vec<Food>,
    /// Desserts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dessert: Vec<Food>,
    /// Cheese.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cheese: Vec<Food>,
}

/// Something to eat or drink.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Food {
    /// Its name.
    pub name: String,
    /// What it is praised for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<FoodLabel>,
    /// What may be dangerous in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allergens: Vec<Allergen>,
}

/// What food is praised for; the numbers are PRONOTE's, 0 being labels that a school makes itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FoodLabel {
    /// Without meat or fish: this school's own label.
    Vegetarian = 0,
    /// Organic.
    Organic = 1,
    /// Cooked here.
    HomeMade = 2,
    /// Put together here.
    Assembled = 3,
    /// From near here.
    Local = 4,
}

impl FoodLabel {
    /// All of them, by number.
    pub const ALL: [Self; 5] = [Self::Vegetarian, Self::Organic, Self::HomeMade, Self::Assembled, Self::Local];

    /// PRONOTE's number, the name shown, and its colour.
    pub fn shown(self) -> (u8, &'static str, &'static str) {
        let (name, color) = match self {
            Self::Vegetarian => ("Végétarien", "#5E9732"),
            Self::Organic => ("Issu de l'agriculture biologique", "#00AA00"),
            Self::HomeMade => ("Fait maison", "#C17C2B"),
            Self::Assembled => ("Assemblé sur place", "#8A6FB0"),
            Self::Local => ("Produit local", "#2B78C1"),
        };
        (self as u8, name, color)
    }
}

/// What must be declared on a menu; the numbers are PRONOTE's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say all")]
pub enum Allergen {
    Gluten = 1,
    Crustacean = 2,
    Egg = 3,
    Fish = 4,
    Peanut = 5,
    Soya = 6,
    Milk = 7,
    Nuts = 8,
    Celery = 9,
    Mustard = 10,
    Sesame = 11,
    Sulphites = 12,
    Lupin = 13,
    Mollusc = 14,
}

impl Allergen {
    /// All of them, by number.
    pub const ALL: [Self; 14] = [
        Self::Gluten,
        Self::Crustacean,
        Self::Egg,
        Self::Fish,
        Self::Peanut,
        Self::Soya,
        Self::Milk,
        Self::Nuts,
        Self::Celery,
        Self::Mustard,
        Self::Sesame,
        Self::Sulphites,
        Self::Lupin,
        Self::Mollusc,
    ];

    /// PRONOTE's number, the name shown, and its colour.
    pub fn shown(self) -> (u8, &'static str, &'static str) {
        let (name, color) = match self {
            Self::Gluten => ("Gluten", "#C98B00"),
            Self::Crustacean => ("Crustacés", "#D2553B"),
            Self::Egg => ("Œufs", "#E0B400"),
            Self::Fish => ("Poissons", "#2F6FB3"),
            Self::Peanut => ("Arachides", "#A5652A"),
            Self::Soya => ("Soja", "#6E9B2F"),
            Self::Milk => ("Lait", "#7A8FA6"),
            Self::Nuts => ("Fruits à coque", "#8B5A2B"),
            Self::Celery => ("Céleri", "#4F9D4F"),
            Self::Mustard => ("Moutarde", "#BFA100"),
            Self::Sesame => ("Sésame", "#B59A6A"),
            Self::Sulphites => ("Anhydride sulfureux et sulfites", "#8E4585"),
            Self::Lupin => ("Lupin", "#7C6AC7"),
            Self::Mollusc => ("Mollusques", "#3F8C8C"),
        };
        (self as u8, name, color)
    }
}

impl Meal {
    /// The courses with something in them, with PRONOTE's numbers.
    pub fn courses(&self) -> impl Iterator<Item = (u8, &[Food])> {
        let courses: [&[Food]; 6] = [&self.starter, &self.main, &self.side, &self.drink, &self.dessert, &self.cheese];
        (0..).zip(courses).filter(|(_, foods)| !foods.is_empty())
    }
}

impl MenuDay {
    /// The meals there are, with PRONOTE's numbers: 0 at noon, 1 in the evening.
    pub fn meals(&self) -> impl Iterator<Item = (u8, &Meal)> {
        [(0, &self.lunch), (1, &self.dinner)].into_iter().filter_map(|(number, meal)| Some((number, meal.as_ref()?)))
    }
}

impl Menus {
    /// Whether dinner is ever served.
    pub fn has_dinner(&self) -> bool {
        self.weeks.iter().flat_map(|week| &week.days).any(|day| day.dinner.is_some())
    }
}

impl School {
    /// The menus of a day; none without school or canteen.
    pub fn menu(&self, day: Date) -> Option<&MenuDay> {
        if !self.year.is_open(day) {
            return None;
        }
        let week = self.year.week(day);
        let before = (1..week).filter(|week| self.year.has_school(*week)).count();
        let week = self.menus.weeks.get(before.checked_rem(self.menus.weeks.len())?)?;
        let weekday = usize::try_from(day.weekday().to_monday_zero_offset()).ok()?;
        week.days.get(weekday).filter(|day| day.meals().next().is_some())
    }
}
