# Days and dates. Keys begin with `calendar-`.

calendar-weekday =
    { $weekday ->
        [1] понедельник
        [2] вторник
        [3] среда
        [4] четверг
        [5] пятница
        [6] суббота
       *[7] воскресенье
    }
# After «на»: «на среду».
calendar-weekday-for =
    { $weekday ->
        [1] понедельник
        [2] вторник
        [3] среду
        [4] четверг
        [5] пятницу
        [6] субботу
       *[7] воскресенье
    }
calendar-weekday-short =
    { $weekday ->
        [1] пн
        [2] вт
        [3] ср
        [4] чт
        [5] пт
        [6] сб
       *[7] вс
    }
calendar-month =
    { $month ->
        [1] января
        [2] февраля
        [3] марта
        [4] апреля
        [5] мая
        [6] июня
        [7] июля
        [8] августа
        [9] сентября
        [10] октября
        [11] ноября
       *[12] декабря
    }
calendar-date = { $day } { calendar-month }
calendar-date-with-year = { calendar-date } { $year } г.
calendar-weekday-and-date = { calendar-weekday }, { calendar-date }
calendar-weekday-and-date-for = { calendar-weekday-for }, { calendar-date }
