# The editor's pages. Keys begin with `editor-`.

## The frame of each page
editor-title = Tableau de la classe
editor-skip = Aller au contenu
editor-menu = Menu
editor-language = Langue
editor-sign-out = Se déconnecter
editor-overview = Vue d’ensemble
editor-homework = Devoirs
editor-changes = Changements
editor-timetable = Emploi du temps
editor-subjects = Matières
editor-preview = Aperçu du bot
editor-history = Historique
editor-keeping = Gestion de la classe
editor-users = Utilisateurs
editor-chats = Discussions
editor-settings = Réglages
editor-account = Mon compte

## Words that many pages need
editor-save = Enregistrer
editor-save-mine = Enregistrer ma version
editor-add = Ajouter
editor-edit = Modifier
editor-remove = Supprimer
editor-rename = Renommer
editor-cancel = Annuler
editor-show = Afficher
editor-undo = Annuler ce changement
editor-filter = Filtrer par nom
editor-choose = Choisir…
editor-nothing = Rien
editor-never = Jamais
editor-yes = oui
editor-no = non
editor-you = vous
editor-date = Date
editor-today = aujourd’hui
editor-go-on = Continuer

## Signing in
editor-sign-in = Connexion
editor-sign-in-help = Mot de passe oublié ? Le responsable de la classe ou l’administrateur peut vous en donner un nouveau.
editor-signed-out = Vous avez été déconnecté après une longue inactivité.
editor-signed-out-kept = Votre saisie est conservée : connectez-vous pour l’enregistrer.
editor-signed-out-lost = Par sécurité, les mots de passe saisis ne sont pas conservés : remplissez à nouveau le formulaire.
editor-user-name = Nom d’utilisateur
editor-password = Mot de passe
editor-kept = Rien n’est perdu
editor-kept-text = Vous êtes reconnecté. Votre saisie n’est pas encore enregistrée.
editor-kept-save = Enregistrer maintenant
editor-kept-drop = Ne pas enregistrer
editor-outside = Un instant…

## What went wrong with a page
editor-problem-missing = Cette page n’existe pas
editor-problem-missing-text = Elle a peut-être été déplacée ou supprimée, ou elle appartient à une classe dont vous ne faites pas partie.
editor-problem-forbidden = Vous n’avez pas ce droit
editor-problem-forbidden-text = Votre rôle ne le permet pas. Le responsable de la classe peut vous en donner un autre.
editor-problem-foreign = Ce formulaire n’est plus valable
editor-problem-foreign-text = Il venait d’un autre site ou d’une connexion précédente : rien n’a été changé. Revenez en arrière, rechargez la page et recommencez.
editor-problem-large = C’est trop à la fois
editor-problem-large-text = Le formulaire dépasse ce que le tableau accepte. Revenez en arrière et raccourcissez-le.
editor-problem-busy = Trop de demandes en ce moment
editor-problem-busy-text = Réessayez dans quelques secondes.
editor-problem-failed = Le tableau ne répond pas pour l’instant
editor-problem-failed-text = Rien n’a été changé. Réessayez dans un instant ; si cela persiste, prévenez l’administrateur.

## Forms: what is wrong, and what others did meanwhile
editor-faults = Vérifiez { $count ->
        [one] un champ
       *[other] { $count } champs
    }
editor-conflict = Quelqu’un d’autre a modifié ceci entre-temps
editor-conflict-by = { $name } a enregistré une autre version ({ $moment }).
editor-conflict-somebody = Une autre version a été enregistrée.
editor-conflict-text = Rien n’est perdu, et votre version n’est pas encore enregistrée. Vous pouvez :
editor-conflict-mine = enregistrer votre version telle qu’elle est ci-dessous ;
editor-conflict-merge = d’abord réunir les deux : à côté de chaque champ différent figure ce qui est sur le tableau ;
editor-conflict-theirs = ou abandonner la vôtre :
editor-conflict-keep = garder ce qui est sur le tableau
editor-conflict-gone = Entre-temps, cela a été retiré du tableau. Votre saisie est ci-dessous : l’enregistrer l’y remet.
editor-conflict-leave = Laisser supprimé
editor-conflict-now = Actuellement sur le tableau :
editor-conflict-take = Prendre ceci
editor-error-invalid = Le tableau n’accepte pas cela.
editor-error-long = Raccourcissez le texte : { $count } caractères au plus.
editor-error-characters = Le texte contient un caractère qui ne peut pas être enregistré. Saisissez-le sans lui.
editor-error-date-missing = Indiquez une date.
editor-error-date = Écrivez la date sous la forme année-mois-jour, par exemple 2026-09-14.
editor-error-time = Indiquez une heure, par exemple 08:30.
editor-error-to = Le dernier jour précède le premier.
editor-error-choose = Faites un choix.
editor-error-cookies = Ce formulaire n’était plus valable, ou votre navigateur refuse les cookies. Réessayez.
editor-error-user-missing = Saisissez un nom d’utilisateur.
editor-error-user-name = Un nom d’utilisateur se compose de lettres, de chiffres et de _, 50 au plus.
editor-error-user-taken = Un compte porte déjà ce nom.
editor-error-user-here = Cette personne est déjà dans la classe.
editor-error-user-elsewhere = Un compte porte déjà ce nom. Pour lui donner un rôle ici, laissez le mot de passe vide ; sinon, choisissez un autre nom.
editor-error-password = Le nom ou le mot de passe est incorrect.
editor-error-password-now = Ce n’est pas votre mot de passe actuel.
editor-error-password-missing = Saisissez un mot de passe.
editor-error-password-short = 8 caractères au moins.
editor-error-password-long = 1024 caractères au plus.
editor-error-password-common = C’est le premier mot de passe que l’on essaie. Choisissez-en un autre.
editor-error-disabled = Ce compte est désactivé. Adressez-vous au responsable de la classe.
editor-error-tries = Trop de mots de passe erronés. Réessayez dans { $count ->
        [one] une seconde
       *[other] { $count } secondes
    }.
editor-error-busy = Beaucoup de connexions en ce moment. Réessayez dans quelques secondes.
editor-error-last-admin = Il faut un administrateur : nommez-en d’abord un autre.
editor-error-name-missing = Saisissez un nom.
editor-error-class-name = Un nom de 100 caractères au plus.
editor-error-slug = Uniquement des minuscules latines, des chiffres et des tirets, 40 au plus ; par exemple 9b.
editor-error-slug-taken = Une autre classe a cette adresse.
editor-error-subject = Choisissez une matière de la liste.
editor-error-subject-missing = Choisissez une matière.
editor-error-subject-name = « { $name } » : uniquement des lettres, des chiffres, des espaces, des parenthèses, des tirets et _.
editor-error-subject-long = « { $name }… » dépasse 50 caractères.
editor-error-subject-taken = Cette matière existe déjà ou figure deux fois : { $name }
editor-error-text-missing = Écrivez ce qu’il faut faire.
editor-error-due = L’échéance précède le jour où c’est donné.
editor-error-link = Un lien commence par https:// ou http:// et n’a pas d’espace : { $link }
editor-error-links-many = { $count } liens au plus.
editor-error-parity = Pour alterner les semaines, indiquez d’abord un jour de semaine A dans les réglages de la classe.
editor-error-zone = Ce fuseau n’existe pas. Écrivez par exemple Europe/Paris.
editor-error-bell-gap = Remplissez d’abord les heures au-dessus.
editor-error-bell-ends = Une heure finit après avoir commencé.
editor-error-bell-order = Elle commence avant la fin de la précédente.
editor-error-holiday-name = 100 caractères au plus.

## Notices
editor-notice-saved = Enregistré.
editor-notice-removed = Supprimé. L’historique peut le rétablir.
editor-notice-gone = Cela n’existait déjà plus.
editor-notice-undone = Changement annulé.
editor-notice-homework-added = Devoir ajouté.
editor-notice-timetable-added = Emploi du temps ajouté.
editor-notice-subjects-added = Matières ajoutées.
editor-notice-subject-archived = Matière archivée. L’historique peut la rétablir.
editor-notice-class-added = Classe ajoutée.
editor-notice-class-archived = Classe archivée.
editor-notice-class-restored = Classe rétablie.
editor-notice-user-added = Utilisateur ajouté.
editor-notice-user-removed = Utilisateur supprimé.
editor-notice-password = Mot de passe changé. Les autres navigateurs et programmes ont été déconnectés.
editor-notice-password-reset = Le nouveau mot de passe est en place. Transmettez-le à son propriétaire.
editor-notice-code = Le code est renouvelé. Les discussions liées le restent.
editor-notice-chat-left = Discussion déliée.
editor-notice-unbound = La classe n’est plus remplie depuis PRONOTE.

## Classes
editor-classes = Classes
editor-classes-none = Vous ne faites encore partie d’aucune classe. Demandez au responsable de vous ajouter.
editor-classes-archived = Archivées
editor-class-add = Ajouter une classe
editor-class-name = Nom de la classe
editor-class-name-hint = Comme on la nomme, par exemple 3e B.
editor-class-slug = Nom dans les adresses
editor-class-slug-hint = Minuscules latines, chiffres et tirets, par exemple 3b. Il ne change plus ensuite.
editor-class-language = Langue du bot
editor-class-archived = Cette classe est archivée : le bot n’y répond plus.
editor-class-archive = Archiver la classe
editor-class-archive-text = La classe quitte la liste et le bot n’y répond plus. Rien n’est perdu, et elle peut être rétablie.
editor-class-restore = Rétablir
editor-role-reader = Lecteur
editor-role-editor = Rédacteur
editor-role-head = Responsable
editor-role-admin = Administrateur
editor-role-none = Aucun rôle

## Overview
editor-day-today = Aujourd’hui
editor-day-next = Prochain jour de classe
editor-day-no-lessons = Pas de cours.
editor-day-no-homework = Pas de devoirs.
editor-holiday = Pas d’école
editor-lesson-cancelled = annulé
editor-lesson-replaced = à la place de { $name }
editor-lesson-added = en plus
editor-steps = Premiers pas
editor-steps-text = Quelques étapes, et la classe pourra interroger son tableau dans la discussion.
editor-step-done = fait
editor-step-subjects = Ajouter les matières
editor-step-subjects-why = tout le reste s’y réfère
editor-step-week = Remplir l’emploi du temps
editor-step-week-why = pour que le bot sache ce qu’il y a chaque jour
editor-step-users = Ajouter des personnes qui aident
editor-step-users-why = les rédacteurs notent devoirs et changements
editor-step-chats = Lier la discussion de la classe
editor-step-chats-why = avec le code de la classe

## Homework
editor-homework-add = Ajouter un devoir
editor-homework-edit = Modifier le devoir
editor-homework-remove = Supprimer ce devoir
editor-homework-due = À partir d’aujourd’hui
editor-homework-due-hint = Avec une échéance. Le bot l’annonce pour ce jour-là.
editor-homework-none = Rien à rendre.
editor-homework-more = Tout ne tient pas ici ; regardez semaine par semaine.
editor-homework-past = Semaines passées
editor-homework-from-today = À partir d’aujourd’hui
editor-homework-text = À faire
editor-week-of = Semaine du { $day }
editor-week-before = Semaine précédente
editor-week-after = Semaine suivante
editor-notes = Sans date
editor-notes-hint = Un texte par matière. Il reste tant que vous ne le changez pas ; le bot l’annonce chaque jour où il y a cette matière.
editor-note-of = Devoir sans date : { $name }
editor-subject = Matière
editor-due = Pour le
editor-given = Donné le
editor-given-hint = Aujourd’hui si rien n’est indiqué.
editor-links = Liens
editor-links-hint = Un par ligne.
editor-subjects-first = Il faut d’abord des matières.
editor-written-over = Modifié à la main
editor-written-over-text = venait de PRONOTE : { $origin }

## Changes
editor-changes-dated = Pour un jour
editor-changes-dated-hint = Les changements d’un jour remplacent ceux sans date.
editor-changes-undated = Changements sans date
editor-changes-undated-hint = Ils valent pour chaque jour qui n’en a pas, tant que vous ne les changez pas.
editor-changes-open = Modifier ce jour
editor-changes-none = Aucun changement à venir.
editor-changes-for = Changements : { $day }
editor-changes-all = Tous les changements
editor-changes-new-hint = Ce jour n’a pas encore ses propres changements.
editor-changes-remove = Supprimer les changements de ce jour
editor-changes-rows = Heure par heure
editor-changes-text = Texte sur les changements
editor-changes-text-hint = Le bot envoie ce texte quand on demande les changements.
editor-change-none = Pas de changement
editor-change-cancelled = Pas de cours
editor-lesson = Heure
editor-lesson-number = Heure { $number }
editor-planned = Prévu : { $name }
editor-planned-nothing = Prévu : rien
editor-day-before = Jour précédent
editor-day-after = Jour suivant

## Timetable
editor-timetables = Emplois du temps datés
editor-timetables-hint = Chacun vaut à partir d’un jour, au besoin pour les semaines A ou B. Le plus récent compte ; les autres jours, celui sans date.
editor-timetables-none = Aucun pour l’instant : celui sans date vaut toujours.
editor-timetable-add = Ajouter un emploi du temps daté
editor-timetable-edit = Modifier l’emploi du temps
editor-timetable-remove = Supprimer cet emploi du temps
editor-timetable-now = en vigueur
editor-timetable-undated = Emploi du temps sans date
editor-timetable-undated-hint = Celui que lisent et écrivent aussi les anciens programmes.
editor-timetable-text = Texte pour la discussion
editor-timetable-from = À partir du { $from }
editor-timetable-between = Du { $from } au { $to }
editor-valid-from = Premier jour
editor-valid-to = Dernier jour
editor-valid-to-hint = Vide : jusqu’au suivant.
editor-parity = Semaines
editor-parity-hint = Les semaines A et B alternent.
editor-parity-every = Chaque semaine
editor-parity-a = Semaines A
editor-parity-b = Semaines B
editor-grid-hint = Choisissez la matière de chaque heure.
editor-grid-keys = Ctrl avec une flèche passe d’une heure à l’autre.
editor-texts = Textes pour la discussion
editor-texts-hint = Ce que le bot envoie. Écrit d’après la grille, ou librement.
editor-text-of = Texte : { $day }
editor-text-from-grid = d’après la grille
editor-text-free = librement

## Subjects
editor-subject-number = Nº
editor-subject-name = Nom de la matière
editor-subject-name-hint = 50 lettres, chiffres, espaces, parenthèses, tirets au plus.
editor-subject-lessons = Heures par semaine
editor-subject-gone = nº { $number } (absente)
editor-subjects-none = Pas encore de matière. Ajoutez les premières : devoirs, emploi du temps et changements s’y réfèrent.
editor-subjects-add = Ajouter des matières
editor-subject-names = Noms
editor-subject-names-hint = Une par ligne.
editor-subject-archive = Archiver la matière
editor-subject-archive-text = Pour une matière qui n’est plus enseignée.
editor-subject-archive-next = Archiver…
editor-subject-archive-ask = Archiver « { $name } » ?
editor-subject-archive-note = Son devoir sans date part aussi : { $text }
editor-subject-archive-lessons = { $count ->
        [0] Elle n’est pas dans l’emploi du temps.
        [one] Une heure par semaine n’affichera plus que son numéro.
       *[other] { $count } heures par semaine n’afficheront plus que son numéro.
    }
editor-subject-archive-homework = { $count ->
        [0] Aucun devoir daté ne la concerne.
        [one] Un devoir daté la concerne et reste.
       *[other] { $count } devoirs datés la concernent et restent.
    }
editor-subject-archive-undo = L’historique peut la rétablir.

## Users
editor-users-all = Tous les comptes
editor-users-none = Personne pour l’instant.
editor-user-add = Ajouter un utilisateur
editor-user-name-hint = Lettres, chiffres et _ ; la casse compte.
editor-user-password-hint = 8 caractères au moins. Laissez vide pour ajouter quelqu’un qui a déjà un compte.
editor-new-password = Nouveau mot de passe
editor-password-hint = 8 caractères au moins, et pas celui que l’on essaie en premier.
editor-role = Rôle
editor-role-hint = Les lecteurs voient le tableau. Les rédacteurs notent devoirs, emploi du temps et changements. Les responsables gèrent aussi matières, utilisateurs, discussions et réglages.
editor-rights = Droits
editor-admin = Administre l’établissement
editor-admin-hint = Responsable de chaque classe ; ajoute des classes et gère tous les comptes.
editor-last-sign-in = Dernière connexion
editor-disabled = désactivé
editor-user-disable = Désactiver
editor-user-disable-hint = Ne peut pas se connecter tant que la case est cochée.
editor-password-reset = Réinitialiser le mot de passe
editor-password-reset-hint = 8 caractères au moins. La personne est déconnectée partout.
editor-user-elsewhere = Ce compte dépasse votre classe : seul un administrateur peut changer son mot de passe ou le désactiver.
editor-user-remove = Supprimer
editor-user-remove-next = Supprimer…
editor-user-remove-text = Le compte disparaît définitivement et est déconnecté partout. Ce qu’il a écrit reste.
editor-user-remove-ask = Supprimer { $name } ?
editor-user-leave-text = Le compte quitte cette classe et est déconnecté partout. Ce qu’il a écrit et ses autres rôles restent.
editor-user-leave-ask = Retirer { $name } de la classe ?

## Chats
editor-code = Code de la classe
editor-code-text = Ajoutez le bot à la discussion de la classe et écrivez-y :
editor-code-command = lier
editor-code-renew = Renouveler le code
editor-code-renew-hint = L’ancien code ne vaut plus ; les discussions liées le restent.
editor-chats-bound = Discussions liées
editor-chats-hint = Le bot peut annoncer de lui-même les nouveaux devoirs et changements.
editor-chats-none = Aucune discussion n’est encore liée.
editor-chat-since = Liée : { $moment }
editor-chat-leave = Délier
editor-alerts = Annoncer les nouveautés
editor-alerts-never = Non
editor-alerts-now = Aussitôt
editor-alerts-daily = Une fois par jour, à
editor-alerts-time = Heure
editor-console = Console

## PRONOTE
editor-pronote-text = Une classe peut être remplie depuis un compte PRONOTE : matières, emploi du temps, changements et devoirs.
editor-pronote-none = Cette classe n’est pas liée. La personne qui gère le serveur la lie à un compte qui y est connecté.
editor-pronote-bound = Liée
editor-pronote-account = Compte
editor-pronote-by = Liée par
editor-pronote-last = Dernier remplissage
editor-pronote-outcome = Résultat
editor-pronote-waiting = Pas encore rempli
editor-pronote-filled = Comme dans PRONOTE
editor-pronote-later = L’établissement sera interrogé plus tard
editor-pronote-failed = Échec, nouvel essai prévu
editor-pronote-stopped = Arrêté jusqu’à une nouvelle liaison
editor-pronote-until = Pas avant : { $moment }
editor-pronote-line = { $what } : { $added } nouveaux, { $changed } modifiés, { $removed } supprimés
editor-pronote-by-hand = Laissé tel que des personnes l’ont écrit : { $count }
editor-pronote-left-out = Ne tient pas sur le tableau : { $count }
editor-pronote-unbind = Délier
editor-pronote-unbind-next = Délier…
editor-pronote-unbind-ask = Ne plus remplir cette classe depuis PRONOTE ?
editor-pronote-unbind-text = Ce qui vient de PRONOTE et n’a pas été modifié disparaît. Ce que des personnes ont écrit ou modifié reste.
editor-pronote-counts = Ce qui vient de PRONOTE
editor-pronote-count = { $count } tel quel
editor-pronote-count-over = { $count } modifié à la main
editor-pronote-rule = Ce que vous modifiez est gardé, et marqué.

## Settings
editor-zone = Fuseau horaire
editor-zone-hint = Vide : celui du serveur.
editor-strict = Compatibilité stricte
editor-strict-hint = Le bot répond exactement comme l’ancien : seulement d’après ce qui n’a pas de date.
editor-strict-on = La compatibilité stricte est active : le bot n’annonce rien de ce qui a une date.
editor-week = Semaine
editor-days = Jours de classe
editor-days-five = Du lundi au vendredi
editor-days-six = Du lundi au samedi
editor-week-a = Un jour de semaine A
editor-week-a-hint = Seulement si les semaines A et B alternent.
editor-bells = Horaires
editor-bells-hint = Dans l’ordre ; laissez vide ce qui n’existe pas.
editor-bell-from = Heure { $number } : début
editor-bell-to = Heure { $number } : fin
editor-holidays = Vacances et jours fériés
editor-holidays-hint = « Demain » les saute. Pour en supprimer un, videz ses champs ; il y a toujours trois places libres.
editor-holiday-number = Vacances, { $number }
editor-holiday-name = Intitulé
editor-first-day = Premier jour
editor-last-day = Dernier jour

## History
editor-history-hint = Qui a changé quoi. On peut annuler tant que personne n’a changé la même chose depuis ; l’annulation figure aussi ici.
editor-history-none = Rien n’a encore été changé.
editor-history-details = Ce qui a changé
editor-history-older = Changements plus anciens
editor-undid = annulation
editor-undo-stale = Ce changement ne peut plus être annulé
editor-undo-stale-text = La même chose a été changée depuis, ou son nom est pris. Rien n’a été fait. Annulez d’abord le changement plus récent.
editor-kind-added = ajout
editor-kind-changed = modification
editor-kind-removed = suppression
editor-what-subject = Matière { $name }
editor-what-assignment = Devoir : { $name }, pour le { $day }
editor-what-timetable = Emploi du temps à partir du { $from }
editor-what-user = Compte { $name }
editor-what-import = Import
editor-fact-lessons = { $name } : cours
editor-fact-text = { $name } : texte
editor-fact-another = remplacé
editor-fact-archived = Archivée
editor-door-php = anciens programmes
editor-door-v2 = un programme
editor-door-editor = cet éditeur
editor-door-command = la ligne de commande
editor-door-pronote = PRONOTE
editor-door-import = un import
editor-door-chat = une discussion
editor-door-other = un autre moyen

## Bot preview
editor-preview-text = Demandez comme dans la discussion, et voyez la réponse du bot. Rien n’est envoyé.
editor-preview-message = Message
editor-preview-ask = Demander
editor-preview-try = Questions à essayer
editor-preview-answer = Réponse du bot
editor-preview-acts = Cela lierait ou délierait la discussion, ou réglerait ses alertes. Rien n’en est fait ici.
editor-preview-silence = Le bot ne répond rien à cela.

## Own account
editor-password-now = Mot de passe actuel
editor-password-change = Changer le mot de passe
editor-keys = Connexions
editor-keys-hint = Les navigateurs et programmes connectés avec votre compte.
editor-key-this = ce navigateur
editor-key-since = Depuis : { $moment }
editor-key-php = Ancien programme
editor-key-api = Programme
editor-key-web = Navigateur
editor-sign-out-everywhere = Se déconnecter partout
