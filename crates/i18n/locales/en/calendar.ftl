# Days and dates. Keys begin with `calendar-`.

calendar-weekday =
    { $weekday ->
        [1] Monday
        [2] Tuesday
        [3] Wednesday
        [4] Thursday
        [5] Friday
        [6] Saturday
       *[7] Sunday
    }
# After “for”: “for Wednesday”.
calendar-weekday-for = { calendar-weekday }
calendar-weekday-short =
    { $weekday ->
        [1] Mon
        [2] Tue
        [3] Wed
        [4] Thu
        [5] Fri
        [6] Sat
       *[7] Sun
    }
calendar-month =
    { $month ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[12] December
    }
calendar-date = { $day } { calendar-month }
calendar-date-with-year = { calendar-date } { $year }
calendar-weekday-and-date = { calendar-weekday }, { calendar-date }
calendar-weekday-and-date-for = { calendar-weekday-for }, { calendar-date }
