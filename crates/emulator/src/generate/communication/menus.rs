//! Invents four weeks of menus.

use crate::School;
use crate::school::menus::Allergen::{
    Celery, Crustacean, Egg, Fish, Gluten, Lupin, Milk, Mollusc, Mustard, Nuts, Peanut, Sesame, Soya, Sulphites,
};
use crate::school::menus::FoodLabel::{Assembled, HomeMade, Local, Organic, Vegetarian};
use crate::school::menus::{Allergen, Food, FoodLabel, Meal, MenuDay, MenuWeek, Menus};

/// After how many school weeks the menus come round again.
const WEEKS: usize = 4;

type Dish = (&'static str, &'static [FoodLabel], &'static [Allergen]);

const STARTERS: [Dish; 10] = [
    ("Carottes râpées", &[Organic, Local], &[Mustard]),
    ("Salade de betteraves", &[Local], &[]),
    ("Œuf mayonnaise", &[HomeMade], &[Egg, Mustard]),
    ("Céleri rémoulade", &[HomeMade], &[Celery, Mustard, Egg]),
    ("Taboulé", &[Assembled], &[Gluten]),
    ("Velouté de potiron", &[HomeMade, Organic], &[Milk]),
    ("Salade verte aux noix", &[], &[Nuts, Mustard]),
    ("Tarte à l'oignon", &[], &[Gluten, Egg, Milk]),
    ("Houmous", &[Vegetarian], &[Sesame]),
    ("Salade de lupins", &[Vegetarian], &[Lupin, Sulphites]),
];
const MAINS: [Dish; 14] = [
    ("Poulet rôti", &[Local], &[]),
    ("Sauté de dinde", &[], &[Mustard, Milk]),
    ("Lasagnes aux légumes", &[Vegetarian, HomeMade], &[Gluten, Egg, Milk]),
    ("Filet de colin", &[], &[Fish]),
    ("Moules marinières", &[], &[Mollusc, Celery, Sulphites]),
    ("Chili sin carne", &[Vegetarian, Organic], &[Soya]),
    ("Bœuf bourguignon", &[HomeMade], &[Gluten, Sulphites, Celery]),
    ("Omelette aux fines herbes", &[Vegetarian], &[Egg, Milk]),
    ("Paella", &[], &[Crustacean, Fish, Mollusc]),
    ("Poulet satay", &[], &[Peanut, Soya]),
    ("Couscous végétarien", &[Vegetarian], &[Gluten, Celery]),
    ("Steak haché", &[Local], &[]),
    ("Brandade de morue", &[HomeMade], &[Fish, Milk]),
    ("Galette de sarrasin", &[Assembled], &[Egg, Milk]),
];
const SIDES: [Dish; 8] = [
    ("Haricots verts", &[Organic], &[]),
    ("Purée de pommes de terre", &[HomeMade], &[Milk]),
    ("Riz", &[], &[]),
    ("Coquillettes", &[Organic], &[Gluten]),
    ("Ratatouille", &[HomeMade], &[]),
    ("Lentilles", &[Local], &[]),
    ("Gratin de chou-fleur", &[], &[Milk, Gluten]),
    ("Semoule", &[], &[Gluten]),
];
const CHEESES: [Dish; 5] = [
    ("Yaourt nature", &[Organic, Local], &[Milk]),
    ("Comté", &[], &[Milk]),
    ("Camembert", &[], &[Milk]),
    ("Fromage blanc", &[Local], &[Milk]),
    ("Chèvre", &[], &[Milk]),
];
const DESSERTS: [Dish; 8] = [
    ("Pomme", &[Organic, Local], &[]),
    ("Compote de poires", &[HomeMade], &[]),
    ("Crème au chocolat", &[], &[Milk, Egg]),
    ("Clémentine", &[Organic], &[]),
    ("Tarte aux amandes", &[HomeMade], &[Gluten, Egg, Nuts]),
    ("Riz au lait", &[HomeMade], &[Milk]),
    ("Salade de fruits", &[Assembled], &[]),
    ("Gâteau au yaourt", &[HomeMade], &[Gluten, Egg, Milk]),
];
const DRINKS: [Dish; 2] = [("Eau", &[], &[]), ("Jus de pomme", &[Local], &[])];

/// Fills the menus: lunch every day, dinner on the evenings boarders are here.
pub(super) fn fill(school: &mut School, random: &mut fastrand::Rng) {
    let weeks = (0..WEEKS).map(|_| MenuWeek { days: (0..5).map(|day| menu(day, random)).collect() });
    school.menus = Menus { weeks: weeks.collect() };
}

fn menu(day: usize, random: &mut fastrand::Rng) -> MenuDay {
    let lunch = Meal {
        name: String::new(),
        starter: some(&STARTERS, 2, random),
        main: some(&MAINS, 2, random),
        side: some(&SIDES, 2, random),
        drink: Vec::new(),
        cheese: some(&CHEESES, 1, random),
        dessert: some(&DESSERTS, 2, random),
    };
    // Nobody dines here on Wednesdays and Fridays.
    let dinner = (!matches!(day, 2 | 4)).then(|| Meal {
        name: "Dîner des internes".to_owned(),
        starter: some(&STARTERS, 1, random),
        main: some(&MAINS, 1, random),
        side: some(&SIDES, 1, random),
        drink: some(&DRINKS, 1, random),
        cheese: Vec::new(),
        dessert: some(&DESSERTS, 1, random),
    });
    MenuDay { lunch: Some(lunch), dinner }
}

/// Some dishes of a list, in its order.
fn some(dishes: &[Dish], count: usize, random: &mut fastrand::Rng) -> Vec<Food> {
    let chosen = random.choose_multiple(dishes, count);
    let mut chosen: Vec<&Dish> = chosen;
    chosen.sort_by_key(|dish| dishes.iter().position(|other| other.0 == dish.0));
    let food = |(name, labels, allergens): &Dish| Food {
        name: (*name).to_owned(),
        labels: labels.to_vec(),
        allergens: allergens.to_vec(),
    };
    chosen.into_iter().map(food).collect()
}
