# The editor's pages. Keys begin with `editor-`.

editor-title = Tableau de la classe
