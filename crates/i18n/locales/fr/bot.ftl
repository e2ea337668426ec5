# What the bot says. Keys begin with `bot-`.

# The keyboard: each label is a command.
bot-key-homework = devoirs
bot-key-homework-today = devoirs du jour
bot-key-homework-all = tous les devoirs
bot-key-week = toute la semaine
bot-key-timetable-today = emploi du temps du jour
bot-key-timetable-tomorrow = emploi du temps de demain
bot-key-changes = changements

bot-keyboard = Les touches du bot sont là :)
bot-welcome = Bonjour :)

bot-homework-tomorrow = Devoirs pour demain :
bot-homework-today = Devoirs pour aujourd’hui :
bot-homework-for = Devoirs pour { $day } :
bot-homework-none-tomorrow = Rien à faire pour demain
bot-homework-none-today = Rien à faire pour aujourd’hui
bot-homework-none-for = Rien à faire pour { $day }
bot-homework-none-on = { bot-homework-none-for }
bot-homework-day-off = Pas de cours aujourd’hui.
bot-homework-none-sunday =
    Des cours ? Mais c’est dimanche !
    Et rien à faire pour demain :)
bot-homework-all = Tous les devoirs :
bot-homework-all-none = Aucun devoir
bot-homework-line = ∙ { bot-homework-entry }
bot-homework-line-due = ∙ { bot-homework-entry-due }
bot-homework-entry = { $subject } : { $text }
bot-homework-entry-due = { $subject }, pour { $day } : { $text }
bot-subject-unknown = matière n° { $number }

bot-timetable-for = Emploi du temps pour { $day } :
bot-timetable-day-off = Pas de cours aujourd’hui :)
bot-timetable-next = Alors voici l’emploi du temps pour { $day } :
bot-timetable-none = Pas d’emploi du temps
bot-week = Emploi du temps
bot-week-day = Pour { $day } :
bot-lesson = { $row }. { $name }
bot-lesson-timed = { $row }. { $time } { $name }
bot-lesson-cancelled = { $lesson } — annulé
bot-lesson-replaced = { $lesson } (au lieu de : { $instead })
bot-lesson-added = { $lesson } (en plus)

bot-changes-for = Changements pour { $day } :
bot-changes-none = Aucun changement
bot-changes-none-for = Aucun changement pour { $day }
bot-changes-otherwise = Les autres jours :
bot-changes-below = Changements :

bot-no-lessons = Pas de cours
bot-no-lessons-holiday = Pas de cours ({ $holiday })
bot-no-lessons-soon = Pas de cours prochainement
bot-no-such-day = Ce jour n’existe pas

bot-hint = Je ne comprends pas :( Essayez « devoirs », « devoirs pour mercredi », « emploi du temps », « changements ». Tout ce que je sais : « aide ».
bot-help =
    devoirs — ce qu’il faut faire pour demain
    devoirs du jour, devoirs pour mercredi, devoirs pour le 14/09
    tous les devoirs — tout ce qui est à faire
    emploi du temps — celui de demain
    emploi du temps du jour, emploi du temps de vendredi
    toute la semaine — l’emploi du temps de la semaine
    changements, changements du 14/09
    alertes — annoncer aussitôt ce qui est nouveau
    alertes à 18:00 — l’annoncer une fois par jour
    sans alertes — ne plus rien annoncer
    lier CODE — pour que le tableau de la classe réponde ici ; son responsable a le code
    délier — pour qu’il ne réponde plus
    commencer — montrer les touches

bot-unbound = Cette discussion n’est liée à aucune classe. Demandez le code au responsable et écrivez « lier » et le code, par exemple : lier 9Б-4711
bot-bound = C’est fait ! Le tableau de la classe { $class } répond ici désormais.
bot-no-such-code = Ce code n’existe pas. Vérifiez s’il est bien écrit.
bot-left = C’est fait, cette discussion n’est plus liée à une classe.

bot-alerts-at-once = J’annoncerai aussitôt les nouveaux devoirs et changements.
bot-alerts-daily = J’annoncerai les nouveaux devoirs et changements chaque jour à { $time }.
bot-alerts-off = Je n’annoncerai plus rien.
bot-alert = { $class }, du nouveau
bot-alert-homework =
    { $count ->
        [one] { $count } nouveau devoir :
       *[other] { $count } nouveaux devoirs :
    }
