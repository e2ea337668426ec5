//! A portal of every family, and what a sign-in through several at once ends with.

use futures_util::future::join_all;
use portals::{Error, Progress, Question, SignIn};

use crate::world::{World, landed};

/// A way in: a row, the school it is tried at, and who checks the password.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Way {
    pub(crate) portal: &'static str,
    pub(crate) school: &'static str,
    pub(crate) idp: &'static str,
    /// PRONOTE is asked last, so that what it says comes after the password.
    pub(crate) portal_first: bool,
    /// Wherever the portal redirects to, the identity provider is asked first: what the portal does with it comes later.
    pub(crate) idp_first: bool,
}

pub(crate) const EDUCONNECT: &str = "educonnect.education.gouv.fr";

pub(crate) const fn way(portal: &'static str, idp: &'static str) -> Way {
    Way { portal, school: portal, idp, portal_first: false, idp_first: false }
}

/// Every family, by every way in that it has.
pub(crate) const WAYS: [Way; 16] = [
    way("agora06", EDUCONNECT),
    way("ac-reims", EDUCONNECT),
    way("ac-valdoise", "cas.moncollege.valdoise.fr"),
    way("vaucluse", EDUCONNECT),
    Way { idp_first: true, ..way("var", EDUCONNECT) },
    way("parisclassenumerique", "ent.parisclassenumerique.fr"),
    Way { portal_first: true, ..way("iledefrance", "auth.monlycee.net") },
    way("ac-orleans-tours", EDUCONNECT),
    way("atrium-sud", "www.atrium-sud.fr"),
    Way { portal_first: true, ..way("poitiers-dispatcher", EDUCONNECT) },
    way("laclasse", "www.laclasse.com"),
    Way { school: "laclasse", ..way("laclasse-educonnect", EDUCONNECT) },
    way("ac-nantes", EDUCONNECT),
    Way { portal_first: true, ..way("ac-reunion", EDUCONNECT) },
    Way { portal_first: true, ..way("toutatice", EDUCONNECT) },
    Way { portal_first: true, ..way("hub-educonnect", EDUCONNECT) },
];

pub(crate) fn by_educonnect() -> Vec<Way> {
    WAYS.into_iter().filter(|way| way.idp == EDUCONNECT).collect()
}

pub(crate) fn only(portals: &[&str]) -> Vec<Way> {
    WAYS.into_iter().filter(|way| portals.contains(&way.portal)).collect()
}

impl Way {
    /// A sign-in with an account of its own, which behaves as one of the emulator's.
    pub(crate) fn sign_in(self, world: &World, scenario: &str) -> SignIn {
        let login = format!("{scenario}+{}", self.portal);
        SignIn { school: world.school(self.school), ..world.sign_in(self.portal, &login) }
    }

    pub(crate) async fn enter(self, world: &World, scenario: &str) -> Result<Progress, Error> {
        world.portals.sign_in(&world.client, self.sign_in(world, scenario)).await
    }
}

/// Signs in by several ways at once. Every error must be of the kind that is expected of its way; passwords went nowhere
/// but where somebody asked for them.
pub(crate) async fn all_end(world: &World, ways: &[Way], scenario: &str, expected: impl Fn(Way, &Error) -> bool) {
    let ends = join_all(ways.iter().map(|way| way.enter(world, scenario))).await;
    let wrong = ways.iter().zip(ends).filter_map(|(way, end)| match end {
        Err(error) if expected(*way, &error) => None,
        end => Some(format!("{} as {scenario}: {end:?}\n", way.portal)),
    });
    let wrong: String = wrong.collect();
    assert!(wrong.is_empty(), "{wrong}{}", world.story());
    assert_eq!(world.emulated.violations(), [""; 0], "{}", world.story());
}

/// Signs in by several ways at once; each is asked something, is answered, and comes to PRONOTE's page.
pub(crate) async fn all_are_asked(
    world: &World,
    ways: &[Way],
    scenario: &str,
    expected: impl Fn(&Question) -> bool,
    text: &str,
) {
    join_all(ways.iter().map(async |way| {
        let pending = match way.enter(world, scenario).await {
            Ok(Progress::Question(pending)) => pending,
            end => panic!("{} as {scenario}: {end:?}\n{}", way.portal, world.story()),
        };
        assert!(expected(pending.question()), "{}: {:?}", way.portal, pending.question());
        let answer = pending.question().answer(text).unwrap();
        landed(pending.answer(answer).await, world);
    }))
    .await;
    assert_eq!(world.passwords().len(), ways.len(), "{}", world.story());
    assert_eq!(world.emulated.violations(), [""; 0]);
}
