# Days and dates. Keys begin with `calendar-`.

calendar-weekday =
    { $weekday ->
        [1] lundi
        [2] mardi
        [3] mercredi
        [4] jeudi
        [5] vendredi
        [6] samedi
       *[7] dimanche
    }
# After « pour » : « pour mercredi ».
calendar-weekday-for = { calendar-weekday }
calendar-weekday-short =
    { $weekday ->
        [1] lun.
        [2] mar.
        [3] mer.
        [4] jeu.
        [5] ven.
        [6] sam.
       *[7] dim.
    }
calendar-month =
    { $month ->
        [1] janvier
        [2] février
        [3] mars
        [4] avril
        [5] mai
        [6] juin
        [7] juillet
        [8] août
        [9] septembre
        [10] octobre
        [11] novembre
       *[12] décembre
    }
calendar-date =
    { $day ->
        [1] 1er { calendar-month }
       *[other] { $day } { calendar-month }
    }
calendar-date-with-year = { calendar-date } { $year }
calendar-weekday-and-date = { calendar-weekday } { calendar-date }
calendar-weekday-and-date-for = { calendar-weekday-for } { calendar-date }
