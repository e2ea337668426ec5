# What the bot says. Keys begin with `bot-`.
# Much of it is compared byte for byte with what the bot before it said, slips and blanks included: section 10 of the
# contract of the board. Lines end where the sources put a line end.

# The keyboard: each label is a command.
bot-key-homework = дз
bot-key-homework-today = дз на сегодня
bot-key-homework-all = все дз
bot-key-week = все расписание
bot-key-timetable-today = расписание на сегодня
bot-key-timetable-tomorrow = расписание на завтра
bot-key-changes = замены

bot-keyboard = Теперь здесь можно пользоваться клавишами бота :)
bot-welcome = Welcome :)

bot-homework-tomorrow = Домашнее задание на завтра:
bot-homework-today = Домашнее задание на сегодня:
bot-homework-for = Домашнее задание на { $day }:
bot-homework-none-tomorrow = На завтра ничего не задали
bot-homework-none-today = На сегодня ничего не задали
bot-homework-none-for = На { $day } ничего не задали
bot-homework-none-on = Ничего не задали на { $day }
bot-homework-day-off = Сегодня уроков нет.{" "}
bot-homework-none-sunday =
    Какие уроки?! Сегодня воскресенье!
    Но на завтра ничего не задали :)
bot-homework-all = Всё домашнее задание:
bot-homework-all-none = Задание отсутствует
bot-homework-line = ∙ { bot-homework-entry }
bot-homework-line-due = ∙ { bot-homework-entry-due }
bot-homework-entry = { $subject }: { $text }
bot-homework-entry-due = { $subject }, на { $day }: { $text }
bot-subject-unknown = предмет № { $number }

bot-timetable-for = Расписание на { $day }:
bot-timetable-day-off = Сегодняя уроков нет :)
bot-timetable-next = Ладно, расписание на { $day }:
bot-timetable-none = Расписания нет
bot-week = Расписание
bot-week-day = На { $day }:
bot-lesson = { $row }. { $name }
bot-lesson-timed = { $row }. { $time } { $name }
bot-lesson-cancelled = { $lesson } — отменяется
bot-lesson-replaced = { $lesson } (вместо: { $instead })
bot-lesson-added = { $lesson } (дополнительно)

bot-changes-for = Замены на { $day }:
bot-changes-none = Изменений нет
bot-changes-none-for = Изменений нет на { $day }
bot-changes-otherwise = В остальные дни:
bot-changes-below = Изменения:

bot-no-lessons = Уроков нет
bot-no-lessons-holiday = Уроков нет ({ $holiday })
bot-no-lessons-soon = В ближайшее время уроков нет
bot-no-such-day = Такого дня нет

bot-hint = Не понимаю :( Попробуйте «дз», «дз на среду», «расписание», «замены». Всё, что я знаю: «помощь».
bot-help =
    дз — что задали на завтра
    дз на сегодня, дз на среду, дз на 14.09
    все дз — всё, что задано
    расписание — на завтра
    расписание на сегодня, расписание на пятницу
    все расписание — на всю неделю
    замены, замены на 14.09
    уведомления — сообщать о новом сразу
    уведомления в 18:00 — сообщать раз в день
    без уведомлений — не сообщать
    привязать КОД — чтобы здесь отвечала доска класса; код есть у старосты
    отвязать — чтобы больше не отвечала
    начать — показать клавиши

bot-unbound = Этот чат не привязан к классу. Код есть у старосты, напишите «привязать» и код, например: привязать 9Б-4711
bot-bound = Готово! Теперь здесь отвечает доска класса { $class }.
bot-no-such-code = Такого кода нет. Проверьте, нет ли в нём ошибки.
bot-left = Готово, чат больше не привязан к классу.

bot-alerts-at-once = Буду сразу сообщать о новых заданиях и заменах.
bot-alerts-daily = Буду сообщать о новых заданиях и заменах каждый день в { $time }.
bot-alerts-off = Больше не буду сообщать о новом.
bot-alert = { $class }, новое на доске
bot-alert-homework =
    { $count ->
        [one] { $count } новое задание:
        [few] { $count } новых задания:
       *[other] { $count } новых заданий:
    }
