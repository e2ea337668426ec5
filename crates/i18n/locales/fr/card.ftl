# The pages on which a card is verified. Keys begin with `card-`. The verdicts are two words: they are read from afar.

card-valid = Carte valable
card-valid-hint = L’établissement confirme cette carte à l’instant.
card-shown = Déjà montrée
card-shown-hint = Ce code a déjà été vérifié à { $time }. Demandez à la personne de rouvrir sa carte, puis vérifiez le nouveau code.
card-expired = Code périmé
card-expired-hint = Demandez à la personne de rouvrir sa carte, puis vérifiez le nouveau code. Une capture d’écran ne suffit pas.
card-revoked = Carte retirée
card-revoked-hint = L’établissement ne reconnaît plus cette carte.
card-unknown = Code inconnu
card-unknown-hint = Ce code ne vient pas de l’établissement.
card-too-often = Trop souvent
card-too-often-hint = Attendez quelques instants, puis réessayez.
card-student = Carte étudiante
card-staff = Carte professionnelle
card-photo = Photo
card-checked = Vérification à
card-checker-link = Vérificateur ? Voir la photo
card-checker-title = Vérifier des cartes
card-checker-hint = Avec le jeton que l’établissement vous a remis, vous verrez aussi la photo des personnes dont vous vérifiez la carte.
card-checker-token = Jeton
card-checker-wrong = Ce jeton n’est pas valable.
card-checker-enter = Se connecter
card-checker-inside = La session est ouverte. Scannez le code d’une carte : la photo s’affichera aussi, pendant douze heures.
card-checker-leave = Se déconnecter
