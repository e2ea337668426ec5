# The editor's pages. Keys begin with `editor-`.

editor-title = Доска класса
