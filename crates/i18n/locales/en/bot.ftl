# What the bot says. Keys begin with `bot-`.

# The keyboard: each label is a command.
bot-key-homework = homework
bot-key-homework-today = homework for today
bot-key-homework-all = all homework
bot-key-week = whole week
bot-key-timetable-today = timetable for today
bot-key-timetable-tomorrow = timetable for tomorrow
bot-key-changes = changes

bot-keyboard = The bot’s keys are here :)
bot-welcome = Welcome :)

bot-homework-tomorrow = Homework for tomorrow:
bot-homework-today = Homework for today:
bot-homework-for = Homework for { $day }:
bot-homework-none-tomorrow = Nothing to do for tomorrow
bot-homework-none-today = Nothing to do for today
bot-homework-none-for = Nothing to do for { $day }
bot-homework-none-on = { bot-homework-none-for }
bot-homework-day-off = No lessons today.
bot-homework-none-sunday =
    Lessons? It is Sunday!
    And nothing to do for tomorrow :)
bot-homework-all = All homework:
bot-homework-all-none = No homework
bot-homework-line = ∙ { bot-homework-entry }
bot-homework-line-due = ∙ { bot-homework-entry-due }
bot-homework-entry = { $subject }: { $text }
bot-homework-entry-due = { $subject }, for { $day }: { $text }
bot-subject-unknown = subject no. { $number }

bot-timetable-for = Timetable for { $day }:
bot-timetable-day-off = No lessons today :)
bot-timetable-next = Here is the timetable for { $day }:
bot-timetable-none = No timetable
bot-week = Timetable
bot-week-day = For { $day }:
bot-lesson = { $row }. { $name }
bot-lesson-timed = { $row }. { $time } { $name }
bot-lesson-cancelled = { $lesson } — cancelled
bot-lesson-replaced = { $lesson } (instead of: { $instead })
bot-lesson-added = { $lesson } (extra)

bot-changes-for = Changes for { $day }:
bot-changes-none = No changes
bot-changes-none-for = No changes for { $day }
bot-changes-otherwise = On other days:
bot-changes-below = Changes:

bot-no-lessons = No lessons
bot-no-lessons-holiday = No lessons ({ $holiday })
bot-no-lessons-soon = No lessons any time soon
bot-no-such-day = There is no such day

bot-hint = I do not understand :( Try “homework”, “homework for Wednesday”, “timetable”, “changes”. All I know: “help”.
bot-help =
    homework — what is to be done for tomorrow
    homework for today, homework for Wednesday, homework for 14/09
    all homework — all that is to be done
    timetable — tomorrow’s
    timetable for today, timetable for Friday
    whole week — the timetable of the week
    changes, changes for 14/09
    alerts — tell at once what is new
    alerts at 18:00 — tell it once a day
    no alerts — tell nothing
    bind CODE — to have the board of the class answer here; its head has the code
    unbind — to have it answer no more
    start — show the keys

bot-unbound = This chat is bound to no class. Ask the head of the class for its code and write “bind” and the code, for instance: bind 9Б-4711
bot-bound = Done! The board of class { $class } answers here from now on.
bot-no-such-code = There is no such code. Check its spelling.
bot-left = Done, this chat is bound to no class any more.

bot-alerts-at-once = I will tell of new homework and changes at once.
bot-alerts-daily = I will tell of new homework and changes every day at { $time }.
bot-alerts-off = I will tell nothing more.
bot-alert = { $class }, new on the board
bot-alert-homework =
    { $count ->
        [one] { $count } new piece of homework:
       *[other] { $count } new pieces of homework:
    }
