# What is said of lessons and homework that come from PRONOTE. Keys begin with `filling-`.

filling-cancelled = cours annulé
filling-instead = à la place de { $subject }
filling-added = en plus
filling-room = salle { $rooms }
filling-files = Fichiers dans PRONOTE : { $files }
filling-other-subject = Divers
