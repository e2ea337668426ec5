//! The subjects of an invented school, with what is done in them.

/// A subject and all that is said in it.
pub(super) struct Course {
    /// The name, in capitals.
    pub(super) name: &'static str,
    /// `#RRGGBB`.
    pub(super) color: &'static str,
    /// The lengths in slots of its weekly lessons with the whole class.
    pub(super) lessons: &'static [u16],
    /// Whether its lessons take place in the teacher's room instead of the class's.
    pub(super) own_room: Option<&'static str>,
    /// Themes with what is done about them.
    pub(super) topics: &'static [(&'static str, &'static str)],
    /// Homework.
    pub(super) homework: &'static [&'static str],
    /// A domain of skills with an item.
    pub(super) skill: (&'static str, &'static str),
    /// The codes of the common frame.
    pub(super) pillar: (&'static str, &'static str),
}

/// The place of the subjects that are also taught to half a class, every other week: natural sciences and physics.
pub(super) const ALTERNATING: [usize; 2] = [6, 5];
/// The place of French, which gives the homework that is handed in.
pub(super) const FRENCH: usize = 0;
/// The place of sport, which pupils are exempted from.
pub(super) const SPORT: usize = 8;

pub(super) const COURSES: [Course; 11] = [
    Course {
        name: "FRANÇAIS",
        color: "#E8A33D",
        lessons: &[2, 2, 2, 2],
        own_room: None,
        topics: &[
            (
                "Le récit de voyage",
                "<p>Lecture d'un extrait&nbsp;: relever les verbes de <strong>mouvement</strong>.</p>",
            ),
            ("La poésie lyrique", "<p>Étude de la strophe et de la rime&nbsp;; apprendre le vocabulaire.</p>"),
            ("Les valeurs du présent", "<p>Leçon et exercices 3 à 5.</p>"),
            ("Le dialogue de théâtre", "<p>Mise en voix de la scène d'exposition.</p>"),
        ],
        homework: &[
            "<div>Lire le chapitre 3 et répondre aux <em>questions 1 à 4</em>.</div>",
            "<div>Apprendre la leçon sur les valeurs du présent.</div>",
            "<div>Rédiger un paragraphe de dix lignes.</div>",
        ],
        skill: ("Écrire", "Exploiter des lectures pour enrichir son écrit"),
        pillar: ("Langue française à l'oral et à l'écrit", "D1.1"),
    },
    Course {
        name: "MATHÉMATIQUES",
        color: "#3E7CB1",
        lessons: &[2, 2, 2, 2],
        own_room: None,
        topics: &[
            ("Fractions", "<p>Addition de fractions de dénominateurs différents.</p>"),
            ("Théorème de Thalès", "<p>Énoncé, configuration et premiers calculs.</p>"),
            ("Calcul littéral", "<p>Développer avec la distributivité&nbsp;: <em>k(a&nbsp;+&nbsp;b)</em>.</p>"),
            ("Statistiques", "<p>Moyenne, médiane, étendue.</p>"),
        ],
        homework: &[
            "<div>Ex.&nbsp;4 et 5 p.&nbsp;12</div>",
            "<div>Terminer la fiche&nbsp;; revoir la leçon.</div>",
            "<div>Ex.&nbsp;18 p.&nbsp;43, au propre.</div>",
        ],
        skill: ("Calculer", "Additionner deux fractions"),
        pillar: ("Langages mathématiques, scientifiques et informatiques", "D1.3"),
    },
    Course {
        name: "HISTOIRE-GÉOGRAPHIE",
        color: "#81A4CD",
        lessons: &[2, 2, 2],
        own_room: None,
        topics: &[
            ("L'Europe des villes", "<p>Étude d'un plan et d'un témoignage.</p>"),
            ("Les mobilités humaines", "<p>Croquis à compléter.</p>"),
            ("Une société en guerre", "<p>Chronologie et carte.</p>"),
        ],
        homework: &["<div>Compléter le croquis.</div>", "<div>Apprendre les repères 1 à 5.</div>"],
        skill: ("Se repérer dans le temps", "Situer un fait dans une époque"),
        pillar: ("Les représentations du monde et l'activité humaine", "D5"),
    },
    Course {
        name: "ANGLAIS LV1",
        color: "#D1495B",
        lessons: &[2, 2, 2],
        own_room: None,
        topics: &[
            ("Telling a story", "<p>Past simple / past continuous.</p>"),
            ("Food and manners", "<p>Listening: at the table.</p>"),
            ("City life", "<p>Giving directions, comparatives.</p>"),
        ],
        homework: &["<div>Learn the vocabulary of unit 2.</div>", "<div>Workbook p.&nbsp;14, ex.&nbsp;1 to 3.</div>"],
        skill: ("Parler en continu", "Décrire un lieu"),
        pillar: ("Langues étrangères et régionales", "D1.2, D2"),
    },
    Course {
        name: "ESPAGNOL LV2",
        color: "#EDAE49",
        lessons: &[2, 2],
        own_room: None,
        topics: &[("La familia", "<p>Describir a alguien.</p>"), ("Mi ciudad", "<p>Ser, estar, hay.</p>")],
        homework: &["<div>Aprender los verbos.</div>", "<div>Ejercicio 2 p.&nbsp;20</div>"],
        skill: ("Comprendre à l'oral", "Repérer des informations"),
        pillar: ("Langues étrangères et régionales", "D1.2"),
    },
    Course {
        name: "PHYSIQUE-CHIMIE",
        color: "#66A182",
        lessons: &[2],
        own_room: Some("Labo"),
        topics: &[
            ("La masse volumique", "<p>Mesures et calculs&nbsp;; compte rendu à rendre.</p>"),
            ("Circuits en dérivation", "<p>Schéma et montage.</p>"),
        ],
        homework: &["<div>Finir le compte rendu.</div>", "<div>Ex.&nbsp;7 p.&nbsp;61</div>"],
        skill: ("Pratiquer des démarches scientifiques", "Exploiter une mesure"),
        pillar: ("Les systèmes naturels et les systèmes techniques", "D4"),
    },
    Course {
        name: "SCIENCES DE LA VIE ET DE LA TERRE",
        color: "#2E933C",
        lessons: &[2],
        own_room: Some("Labo"),
        topics: &[
            ("La respiration", "<p>Observation au microscope.</p>"),
            ("Séismes et volcans", "<p>Travail sur la carte des plaques.</p>"),
        ],
        homework: &["<div>Légender le schéma.</div>", "<div>Apprendre le bilan 2.</div>"],
        skill: ("Utiliser des outils", "Réaliser une préparation microscopique"),
        pillar: ("Les systèmes naturels et les systèmes techniques", "D4"),
    },
    Course {
        name: "TECHNOLOGIE",
        color: "#8D6A9F",
        lessons: &[2],
        own_room: Some("Techno"),
        topics: &[
            ("Le pont levant", "<p>Modélisation du mécanisme.</p>"),
            ("Programmer un robot", "<p>Boucles et conditions.</p>"),
        ],
        homework: &["<div>Terminer le croquis.</div>"],
        skill: ("Concevoir", "Imaginer une solution technique"),
        pillar: ("Les systèmes naturels et les systèmes techniques", ""),
    },
    Course {
        name: "ÉDUCATION PHYSIQUE ET SPORTIVE",
        color: "#F2CC8F",
        lessons: &[4, 2],
        own_room: Some("Gymnase"),
        topics: &[
            ("Demi-fond", "<p>Allure régulière sur 800&nbsp;m.</p>"),
            ("Badminton", "<p>Service long, déplacement.</p>"),
        ],
        homework: &["<div>Apporter une tenue chaude.</div>"],
        skill: ("S'engager", "Gérer son effort"),
        pillar: ("La formation de la personne et du citoyen", "D3"),
    },
    Course {
        name: "ARTS PLASTIQUES",
        color: "#B5838D",
        lessons: &[2],
        own_room: Some("Arts"),
        topics: &[("L'autoportrait", "<p>Séance de croquis.</p>"), ("Le paysage", "<p>Plans et profondeur.</p>")],
        homework: &["<div>Apporter trois images de paysages.</div>"],
        skill: ("Expérimenter", "Choisir ses outils"),
        pillar: ("Langages des arts et du corps", "D1.4"),
    },
    Course {
        name: "ÉDUCATION MUSICALE",
        color: "#6D597A",
        lessons: &[2],
        own_room: Some("Musique"),
        topics: &[("La voix", "<p>Échauffement et canon.</p>"), ("Le rythme", "<p>Ostinatos.</p>")],
        homework: &["<div>Apprendre le premier couplet.</div>"],
        skill: ("Écouter", "Reconnaître un timbre"),
        pillar: ("Langages des arts et du corps", "D1.4"),
    },
];
